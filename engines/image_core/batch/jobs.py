"""The jobs of a batch, and lists of them: compositions, a line of JSON each, read one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Self

from pydantic import model_validator

from engines.image_core.composition.fields import Model, exactly_one, parse
from engines.image_core.documents.loading import composition_from_json, object_from_json
from engines.image_core.documents.templates import RowTemplate
from engines.image_core.errors import ExportError, ImageCoreError, SourceError
from engines.image_core.export import Format, format_of, parse_format
from engines.image_core.models import ImageComposition
from engines.image_core.sources.files import FileRoot

__all__ = ["BadJob", "Job", "checked_output", "composition_of", "read_list"]

_RESERVED = "failures.jsonl"


@dataclass(frozen=True)
class Job:
    """One picture to render: just one of a composition, the path of one, and values for the batch's template.

    Attributes:
        name: where it was read, such as "line 3".
        output: its file, relative to the batch's folder, without `..`.
        variant: of the template, if not the template as it stands.
    """

    name: str
    output: str
    format: Format
    composition: dict[str, Any] | None = None
    composition_path: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    variant: str | None = None


@dataclass(frozen=True)
class BadJob:
    """A job that cannot be started, and why; `output` is None where it could not be read."""

    name: str
    output: str | None
    error: str


class _Line(Model):
    composition: dict[str, Any] | None = None
    composition_path: str | None = None
    output: str
    format: str | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        exactly_one(self, "composition", "composition_path")
        return self


def read_list(path: Path) -> Iterator[Job | BadJob]:
    """The jobs of a JSON Lines file, read as they are asked for; empty lines are passed over.

    A line is an object of `composition` (an object) or `composition_path` (a file below the list's folder),
    `output`, and `format` where the suffix of `output` does not say it.

    Raises:
        SourceError: the file cannot be read.
    """
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _listed(line, f"line {number}")
    except OSError as error:
        raise SourceError(f"jobs {str(path)!r}: {error.strerror or error}") from error


def _listed(line: bytes, name: str) -> Job | BadJob:
    output = None
    try:
        fields = parse(_Line, object_from_json(line, "the line", "a job"), "job")
        output = fields.output
        chosen = format_of(output) if fields.format is None else parse_format(fields.format)
        return Job(name, checked_output(output), chosen, fields.composition, fields.composition_path)
    except ImageCoreError as error:
        return BadJob(name, output, str(error))


def composition_of(job: Job, root: Path, template: RowTemplate | None) -> ImageComposition:
    """What a job is to draw.

    Args:
        root: the folder that a `composition_path` starts at and may not leave.
        template: what a job of values fills.

    Raises:
        CompositionError: the composition is not valid; the message names the layer and the field.
        SourceError: its file cannot be read.
    """
    if job.composition is not None:
        return ImageComposition.model_validate(job.composition)
    if job.composition_path is not None:
        data = FileRoot(root).read(job.composition_path, "composition_path")
        return composition_from_json(data, f"composition {job.composition_path!r}")
    assert template is not None  # jobs of values come with a template
    return template.fill(job.values, job.name, variant=job.variant)


def checked_output(output: str) -> str:
    """An output's name in its plain form; whether a link leads out of the folder is seen on writing.

    Raises:
        ExportError: such a name is not allowed.
    """
    path = PurePosixPath(output)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\0" in output:
        raise ExportError(f"output {output!r} is not allowed: outputs are files inside the batch's folder")
    if any(part.startswith(".") for part in path.parts) or str(path) == _RESERVED:
        raise ExportError(f"output {output!r} is not allowed: such names are for the batch's own files")
    return str(path)
