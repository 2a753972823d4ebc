"""The command `image-core psd write`."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engines.image_core.cli.main import app

COMPOSITION = {
    "tenant_id": "t",
    "env": "test",
    "width": 20,
    "height": 10,
    "bit_depth": 8,
    "layers": [{"type": "raster", "source": {"color": "#ff0000"}, "opacity": 0.5, "name": "red"}],
}


@pytest.fixture
def composition(tmp_path: Path) -> Path:
    """A composition's file."""
    path = tmp_path / "composition.json"
    path.write_text(json.dumps(COMPOSITION))
    return path


def _run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["psd", "write", *map(str, words), "--backend", "numpy"])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("suffix", "start"), [("psd", b"8BPS\0\1"), ("psb", b"8BPS\0\2"), ("ora", b"PK\3\4")]
)
def test_the_suffix_says_the_format(composition: Path, suffix: str, start: bytes) -> None:
    """PSD, PSB or OpenRaster."""
    output = composition.with_name(f"out.{suffix}")
    status, told = _run(composition, "-o", output)
    assert status == 0, told
    assert output.read_bytes().startswith(start)
    assert told.startswith(f"{output}: {suffix}, 1 layer, ")


def test_a_format_that_is_said_is_taken(composition: Path) -> None:
    """Whatever the suffix."""
    output = composition.with_name("out.layers")
    status, told = _run(composition, "-o", output, "--format", "ora")
    assert status == 0, told
    assert zipfile.is_zipfile(output)


def test_what_is_not_exact_is_told(composition: Path) -> None:
    """A line each, or in the JSON object."""
    output = composition.with_name("out.psd")
    _, told = _run(composition, "-o", output)
    assert "  layer 'red' (layers[0]): approximated: opacity 0.5 is 0.501961 in the file" in told
    _, report = _run(composition, "-o", output, "--json")
    assert json.loads(report)["notes"] == [
        {
            "layer": "layer 'red' (layers[0])",
            "kind": "approximated",
            "text": "opacity 0.5 is 0.501961 in the file",
        }
    ]


def test_a_suffix_without_layers_is_refused(composition: Path) -> None:
    """In one line that says which there are."""
    output = composition.with_name("out.png")
    status, told = _run(composition, "-o", output)
    assert status == 2
    assert "allowed suffixes are .psd, .psb, .ora; or say --format" in told
    assert not output.exists()
