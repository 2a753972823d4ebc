"""The rows that a batch fills its template with, read one at a time: of CSV, or objects of JSON Lines."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from engines.image_core.batch.jobs import BadJob, Job, checked_output
from engines.image_core.documents.loading import object_from_json
from engines.image_core.documents.templates import RowTemplate, shortened, variant_output
from engines.image_core.errors import CompositionError, ExportError, ImageCoreError, SourceError
from engines.image_core.export import format_of

__all__ = ["is_lines", "read_rows"]

OUTPUT = "output"


def is_lines(path: Path) -> bool:
    """Whether a file of rows is JSON Lines, by its name; any other is CSV."""
    return path.suffix.lower() in {".jsonl", ".ndjson"}


def read_rows(
    path: Path, template: RowTemplate, variants: Sequence[str | None] = (None,)
) -> Iterator[Job | BadJob]:
    """The jobs of a file of rows, read as they are asked for.

    The first row of a CSV file names the columns: variables of the template, and `output` where the files
    shall have names of their own; without it they are 000001.png, 000002.png and so on. A variable that has a
    default may be left out; an empty cell is an empty value, not the default. A line of JSON Lines is an
    object of the same names, with values of the variables' types; empty lines are passed over.

    Args:
        path: a CSV file, or one of JSON Lines by its suffix, .jsonl or .ndjson.
        template: what the rows are for.
        variants: those of the template that each row is a job for, None for the template as it stands.
            Outputs of variants have their name, see `variant_output`.

    Raises:
        SourceError: the file cannot be read.
        CompositionError: a column is no variable, or given twice; or a variable without a default has none.
    """
    if OUTPUT in template.variables:
        raise CompositionError(f"the variable {OUTPUT!r} is the column of file names in a batch: rename it")
    rows = _lines(path) if is_lines(path) else _table(path, template)
    for number, row in rows:
        if isinstance(row, BadJob):
            yield row
            continue
        output = row.pop(OUTPUT, f"{number:06d}.png")
        for variant in variants:
            yield _job(f"row {number}", output, row, variant)


def _job(name: str, output: Any, values: dict[str, Any], variant: str | None) -> Job | BadJob:
    if not isinstance(output, str):
        return BadJob(name, None, f"output {output!r} is not allowed: allowed is text")
    named = output if variant is None else variant_output(output, variant)
    try:
        return Job(name, checked_output(named), format_of(named), values=values, variant=variant)
    except ExportError as error:
        return BadJob(name, named, str(error))


_Row = tuple[int, dict[str, Any] | BadJob]
"""A row's number, counted from 1, and its values."""


def _lines(path: Path) -> Iterator[_Row]:
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, _line(line, f"row {number}")
    except OSError as error:
        raise SourceError(f"rows {str(path)!r}: {error.strerror or error}") from error


def _line(line: bytes, name: str) -> dict[str, Any] | BadJob:
    try:
        return object_from_json(line, "the line", "a row")
    except ImageCoreError as error:
        return BadJob(name, None, str(error))


def _table(path: Path, template: RowTemplate) -> Iterator[_Row]:
    try:
        # What is not UTF-8 gets through as surrogates, to be told by row.
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            rows = csv.reader(file, strict=True)
            columns = _columns(next(_safely(rows), []), template, f"rows {str(path)!r}")
            for number, row in enumerate(_safely(rows), 1):
                if row != []:
                    yield number, _row(row, columns, f"row {number}")
    except OSError as error:
        raise SourceError(f"rows {str(path)!r}: {error.strerror or error}") from error


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


def _row(row: list[str] | str, columns: list[str], name: str) -> dict[str, Any] | BadJob:
    if isinstance(row, str):
        return BadJob(name, None, f"not CSV: {row}")
    if len(row) != len(columns):
        return BadJob(name, None, f"{len(row)} cells for {len(columns)} columns")
    if any("\udc80" <= char <= "\udcff" for cell in row for char in cell):
        return BadJob(name, None, "not UTF-8 text")
    return dict(zip(columns, row, strict=True))
