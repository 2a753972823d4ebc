"""Jobs as they are read: what a line or row becomes, what a bad one is told, that none is kept."""

import json
import tracemalloc
from pathlib import Path

import pytest

from engines.image_core import CompositionError, SourceError
from engines.image_core.batch.jobs import BadJob, Job, read_list
from engines.image_core.batch.rows import read_rows
from engines.image_core.documents.templates import Template
from engines.image_core.export import Format

COMPOSITION = {"tenant_id": "acme", "env": "dev", "width": 8, "height": 8}
TEMPLATE = Template.parse(
    {
        **COMPOSITION,
        "variables": {"headline": None, "tint": "#102030"},
        "background_color": "{{tint}}",
        "layers": [{"type": "text", "text": "{{headline}}"}],
    }
)


def _one(line: object, folder: Path) -> Job | BadJob:
    text = line if isinstance(line, bytes) else json.dumps(line).encode()
    (folder / "jobs.jsonl").write_bytes(text + b"\n")
    (job,) = read_list(folder / "jobs.jsonl")
    return job


def test_a_line_is_a_composition_or_the_path_of_one(tmp_path: Path) -> None:
    """Its format is what the suffix says, or what is written."""
    job = _one({"composition": COMPOSITION, "output": "./a//b.WEBP"}, tmp_path)
    assert job == Job("line 1", "a/b.WEBP", Format.WEBP, composition=COMPOSITION)
    job = _one({"composition": COMPOSITION, "output": "a.jpg"}, tmp_path)
    assert isinstance(job, Job)
    assert job.format is Format.JPEG
    job = _one({"composition_path": "c.json", "output": "a", "format": "png"}, tmp_path)
    assert job == Job("line 1", "a", Format.PNG, composition_path="c.json")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{", "not JSON"),
        (b"\xff", "UTF-8"),
        ([], "object"),
        ({"output": "a.png"}, "exactly one of composition, composition_path"),
        ({"composition": COMPOSITION}, "output: this field is required"),
        ({"composition": COMPOSITION, "output": "a.png", "ouput": 1}, "no such field"),
        ({"composition": COMPOSITION, "output": "a.gif"}, "'a.gif': its suffix"),
        ({"composition": COMPOSITION, "output": "a", "format": "bmp"}, "'bmp'"),
        ({"composition": COMPOSITION, "output": "../a.png"}, "inside the batch's folder"),
        ({"composition": COMPOSITION, "output": "b/../../a.png"}, "inside the batch's folder"),
        ({"composition": COMPOSITION, "output": "/a.png"}, "inside the batch's folder"),
        ({"composition": COMPOSITION, "output": ".batch.jsonl", "format": "png"}, "own files"),
        ({"composition": COMPOSITION, "output": "failures.jsonl", "format": "png"}, "own files"),
    ],
)
def test_a_bad_line_is_told_by_its_number(line: object, told: str, tmp_path: Path) -> None:
    """It is a job that has failed, not the end of the list."""
    job = _one(line, tmp_path)
    assert isinstance(job, BadJob)
    assert job.name == "line 1"
    assert told in job.error


def _rows(text: bytes, folder: Path) -> list[Job | BadJob]:
    (folder / "rows.csv").write_bytes(text)
    return list(read_rows(folder / "rows.csv", TEMPLATE))


def test_rows_are_values_with_names_of_their_own_or_numbers(tmp_path: Path) -> None:
    """A byte order mark, quotes and line breaks inside quotes are read as spreadsheets write them."""
    (job,) = _rows(b'\xef\xbb\xbfheadline,output\r\n"one, ""two""\nthree",x.webp\r\n', tmp_path)
    assert job == Job("row 1", "x.webp", Format.WEBP, values={"headline": 'one, "two"\nthree'})
    first, second = _rows(b"tint,headline\n#ffffff,a\n,b\n", tmp_path)
    assert isinstance(first, Job)
    assert first.output == "000001.png"
    assert isinstance(second, Job)
    assert second.values == {"tint": "", "headline": "b"}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (b"a", "1 cells for 2 columns"),
        (b"\xff,a.png", "not UTF-8"),
        (b'"a"b,a.png', "not CSV"),
        (b"a,../a.png", "inside the batch's folder"),
        (b"a,a.gif", "suffix"),
    ],
)
def test_a_bad_row_is_told_and_those_around_it_are_read(row: bytes, told: str, tmp_path: Path) -> None:
    """By its number."""
    first, bad, last = _rows(b"headline,output\nx,x.png\n" + row + b"\ny,y.png\n", tmp_path)
    assert isinstance(first, Job)
    assert isinstance(last, Job)
    assert isinstance(bad, BadJob)
    assert bad.name == "row 2"
    assert told in bad.error


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (b"", "first row"),
        (b"headline,color", "'color' is no variable"),
        (b"headline,headline", "given twice"),
        (b"tint", "'headline' has no column"),
    ],
)
def test_columns_that_do_not_fit_the_template_are_told_before_any_row(
    header: bytes, told: str, tmp_path: Path
) -> None:
    """Nothing is rendered then."""
    with pytest.raises(CompositionError, match=told):
        _rows(header + b"\nx\n", tmp_path)


def test_a_missing_list_is_told(tmp_path: Path) -> None:
    """With its name."""
    with pytest.raises(SourceError, match=r"none\.jsonl"):
        next(read_list(tmp_path / "none.jsonl"))


def test_a_list_is_not_kept_in_memory(tmp_path: Path) -> None:
    """Reading 9 MB of jobs takes less than half a megabyte at any time."""
    line = json.dumps({"composition": {"note": "x" * 3000}, "output": "a.png"})
    (tmp_path / "jobs.jsonl").write_text(f"{line}\n" * 3000)
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_list(tmp_path / "jobs.jsonl")) == 3000
        assert tracemalloc.get_traced_memory()[1] < 500_000
    finally:
        tracemalloc.stop()
