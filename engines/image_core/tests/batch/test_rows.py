"""Rows of JSON Lines, and rows that are jobs for several variants of a template."""

from pathlib import Path
from typing import Any

import pytest

from engines.image_core.batch.jobs import BadJob, Job
from engines.image_core.batch.rows import read_rows
from engines.image_core.documents.templates import Template

TEMPLATE = Template.parse(
    {
        "tenant_id": "acme", "env": "dev", "width": 8, "height": 8,
        "variables": {"headline": None, "size": {"type": "number", "default": 12}},
        "variants": {"square": {}, "story": {"height": 16}},
        "layers": [{"type": "text", "text": "{{headline}}", "size": "{{size}}"}],
    }
)  # fmt: skip


def _rows(name: str, text: bytes, folder: Path, variants: Any = (None,)) -> list[Job | BadJob]:
    (folder / name).write_bytes(text)
    return list(read_rows(folder / name, TEMPLATE, variants))


def test_rows_of_json_have_values_of_their_types(tmp_path: Path) -> None:
    """A line each, named by its number, empty ones passed over."""
    lines = b'{"headline": "a", "size": 9.5}\n\n{"headline": "b", "output": "x.webp"}\n'
    first, second = _rows("rows.jsonl", lines, tmp_path)
    assert isinstance(first, Job)
    assert isinstance(second, Job)
    assert (first.name, first.output, first.values) == ("row 1", "000001.png", {"headline": "a", "size": 9.5})
    assert (second.name, second.output, second.values) == ("row 3", "x.webp", {"headline": "b"})


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"[]", "a row is a JSON object"),
        (b"{", "not JSON"),
        (b'{"output": 3}', "output 3 is not allowed"),
        (b'{"output": "../a.png"}', "inside the batch's folder"),
    ],
)
def test_a_bad_line_is_told_and_those_around_it_are_read(line: bytes, told: str, tmp_path: Path) -> None:
    """By its number."""
    good = b'{"headline": "a"}'
    first, bad, last = _rows("rows.ndjson", b"\n".join([good, line, good]), tmp_path)
    assert isinstance(first, Job)
    assert isinstance(last, Job)
    assert isinstance(bad, BadJob)
    assert bad.name == "row 2"
    assert told in bad.error


def test_a_row_is_a_job_for_each_variant(tmp_path: Path) -> None:
    """Whose files have its name, where {variant} stands or before the suffix; each may fail alone."""
    table = b"headline,output\na,cards/a.png\nb,{variant}/b.png\nc,{variant}.gif\n"
    jobs = _rows("rows.csv", table, tmp_path, ("square", "story"))
    assert [job.output for job in jobs] == [
        "cards/a-square.png", "cards/a-story.png",
        "square/b.png", "story/b.png",
        "square.gif", "story.gif",
    ]  # fmt: skip
    assert [job.variant for job in jobs if isinstance(job, Job)] == ["square", "story"] * 2
