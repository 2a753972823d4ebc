"""The jobs of a batch, read one at a time: compositions a line of JSON each, or a template's rows of CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Self

from pydantic import model_validator

from engines.image_core.composition.fields import Model, exactly_one, parse
from engines.image_core.documents.loading import composition_from_json, object_from_json
from engines.image_core.documents.templates import RowTemplate, shortened
from engines.image_core.errors import CompositionError, ExportError, ImageCoreError, SourceError
from engines.image_core.export import Format, format_of, parse_format
from engines.image_core.models import ImageComposition
from engines.image_core.sources.files import FileRoot

__all__ = ["BadJob", "Job", "composition_of", "read_list", "read_rows"]

OUTPUT = "output"
_RESERVED = "failures.jsonl"


@dataclass(frozen=True)
class Job:
    """One picture to render: just one of a composition, the path of one, and values for the batch's template.

    Attributes:
        name: where it was read, such as "line 3".
        output: its file, relative to the batch's folder, without `..`.
    """

    name: str
    output: str
    format: Format
    composition: dict[str, Any] | None = None
    composition_path: str | None = None
    values: dict[str, str] = field(default_factory=dict)


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
        return Job(name, _checked(output), chosen, fields.composition, fields.composition_path)
    except ImageCoreError as error:
        return BadJob(name, output, str(error))


def read_rows(path: Path, template: RowTemplate) -> Iterator[Job | BadJob]:
    """The jobs of a CSV file, a row each, read as they are asked for.

    Its first row names the columns: variables of the template, and `output` where the files shall have names
    of their own; without it they are 000001.png, 000002.png and so on. A variable that has a default may
    be left out; an empty cell is an empty text, not the default.

    Raises:
        SourceError: the file cannot be read.
        CompositionError: a column is no variable, or given twice; or a variable without a default has none.
    """
    try:
        # What is not UTF-8 gets through as surrogates, to be told by row.
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            rows = csv.reader(file, strict=True)
            columns = _columns(next(_safely(rows), []), template, f"rows {str(path)!r}")
            for number, row in enumerate(_safely(rows), 1):
                if row != []:
                    yield _row(row, columns, number)
    except OSError as error:
        raise SourceError(f"rows {str(path)!r}: {error.strerror or error}") from error


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
    return template.fill(job.values, job.name)


def _safely(rows: Iterator[list[str]]) -> Iterator[list[str] | str]:
    """The rows, and for one that is not CSV its fault as text."""
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield str(error)


def _columns(header: list[str] | str, template: RowTemplate, name: str) -> list[str]:
    columns = header if isinstance(header, list) else []
    if not columns:
        raise CompositionError(f"{name}: the first row names the columns, the template's variables")
    if OUTPUT in template.variables:
        raise CompositionError(f"the variable {OUTPUT!r} is the column of file names in a batch: rename it")
    for column in columns:
        if column not in template.variables and column != OUTPUT:
            known = shortened(template.variables)
            raise CompositionError(f"{name}: the column {column!r} is no variable: there are {known}")
        if columns.count(column) > 1:
            raise CompositionError(f"{name}: the column {column!r} is given twice")
    for variable, default in template.variables.items():
        if default is None and variable not in columns:
            raise CompositionError(f"{name}: the variable {variable!r} has no column and no default")
    return columns


def _row(row: list[str] | str, columns: list[str], number: int) -> Job | BadJob:
    name = f"row {number}"
    if isinstance(row, str):
        return BadJob(name, None, f"not CSV: {row}")
    if len(row) != len(columns):
        return BadJob(name, None, f"{len(row)} cells for {len(columns)} columns")
    if any("\udc80" <= char <= "\udcff" for cell in row for char in cell):
        return BadJob(name, None, "not UTF-8 text")
    values = dict(zip(columns, row, strict=True))
    output = values.pop(OUTPUT, f"{number:06d}.png")
    try:
        return Job(name, _checked(output), format_of(output), values=values)
    except ExportError as error:
        return BadJob(name, output, str(error))


def _checked(output: str) -> str:
    """An output's name in its plain form; whether a link leads out of the folder is seen on writing."""
    path = PurePosixPath(output)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\0" in output:
        raise ExportError(f"output {output!r} is not allowed: outputs are files inside the batch's folder")
    if any(part.startswith(".") for part in path.parts) or str(path) == _RESERVED:
        raise ExportError(f"output {output!r} is not allowed: such names are for the batch's own files")
    return str(path)
