"""Variants of a template by the command line: one, several, all; alone and in batches."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from engines.image_core.cli.main import app

TEMPLATE: dict[str, Any] = {
    "tenant_id": "acme", "env": "dev", "width": 40, "height": 20, "background_color": "#203040",
    "variables": {"title": None, "size": {"type": "number", "default": 9}},
    "variants": {
        "square": {"width": 30, "height": 30},
        "story": {"width": 20, "height": 40, "layers": {"title": {"size": 5000}}},
        "wide": {"width": 60},
    },
    "layers": [{"type": "text", "id": "title", "text": "{{title}}", "size": "{{size}}", "color": "#ffffff"}],
}  # fmt: skip


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The file of a template, whose story is not valid."""
    path = tmp_path / "card.json"
    path.write_text(json.dumps(TEMPLATE))
    return path


def _run(command: str, path: Path, *options: str) -> Result:
    return CliRunner().invoke(app, [command, str(path), "--backend", "numpy", *options])


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def test_one_variant_is_drawn_under_the_name_that_is_given(template: Path) -> None:
    """And none is the template as it stands."""
    out = template.with_name("a.png")
    assert _run("render", template, "--var", "title=x", "-o", str(out)).exit_code == 0
    assert _size(out) == (40, 20)
    assert _run("render", template, "--var", "title=x", "-o", str(out), "--variant", "wide").exit_code == 0
    assert _size(out) == (60, 20)


def test_several_have_names_of_their_own_and_one_that_fails_stops_no_other(template: Path) -> None:
    """It is one line, and the exit status tells."""
    out = template.with_name("a.png")
    result = _run("render", template, "--var", "title=x", "-o", str(out), "--all-variants", "--json")
    assert result.exit_code == 1
    assert result.stderr.startswith(
        f"image-core: composition {str(template)!r}, variant 'story': layer 'title'"
    )
    assert result.stderr.count("\n") == 1
    reports = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(report["variant"], Path(report["output"]).name) for report in reports] == [
        ("square", "a-square.png"),
        ("wide", "a-wide.png"),
    ]
    assert _size(template.with_name("a-square.png")) == (30, 30)
    assert not template.with_name("a-story.png").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--variant", "stroy"), "there is no variant 'stroy': did you mean 'story'?"),
        (("--variant", "wide", "--variant", "wide"), "--variant 'wide' is given twice"),
        (("--variant", "wide", "--all-variants"), "give either"),
    ],
)
def test_a_variant_there_is_none_of_is_told(template: Path, options: tuple[str, ...], told: str) -> None:
    """Before anything is drawn."""
    result = _run("render", template, "--var", "title=x", "-o", str(template.with_name("a.png")), *options)
    assert result.exit_code == 2
    assert told in result.stderr


def test_a_batch_draws_variants_of_each_row(template: Path) -> None:
    """Rows of JSON; what fails is told apart."""
    rows = template.with_name("rows.jsonl")
    rows.write_text('{"title": "a", "size": 8}\n{"title": "b"}\n')
    out = template.with_name("out")
    options = ("--data", str(rows), "--out", str(out), "--workers", "1")
    assert _run("batch", template, *options, "--all-variants").exit_code == 1
    drawn = {path.name: _size(path) for path in out.glob("*.png")}
    assert drawn == {
        "000001-square.png": (30, 30), "000001-wide.png": (60, 20),
        "000002-square.png": (30, 30), "000002-wide.png": (60, 20),
    }  # fmt: skip
    failures = [json.loads(line) for line in (out / "failures.jsonl").read_text().splitlines()]
    assert [failure["output"] for failure in failures] == ["000001-story.png", "000002-story.png"]
    assert failures[0]["error"].startswith("row 1, variant 'story': layer 'title', layers[0].size: ")


def test_variants_without_a_template_are_told(template: Path) -> None:
    """They would be lost otherwise."""
    jobs = template.with_name("jobs.jsonl")
    jobs.write_text("")
    result = _run("batch", jobs, "--out", str(template.with_name("out")), "--all-variants")
    assert result.exit_code == 2
    assert "--variant and --all-variants are of a template" in result.stderr
