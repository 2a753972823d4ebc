"""`image-core mask import` and `image-core mask generate`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from engines.image_core import ImageCoreService
from engines.image_core.cli.main import app

SELECTION = {"type": "ellipse", "points": [[2, 2], [30, 20]], "feather_radius": 1.5}


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    """A grey picture."""
    path = tmp_path / "frame.png"
    Image.linear_gradient("L").save(path)
    return path


def _mask(tmp_path: Path, *arguments: str | Path, stdin: bytes | None = None) -> Result:
    scope = ["--tenant-id", "acme", "--env", "dev", "--data", str(tmp_path / "data")]
    return CliRunner().invoke(app, ["mask", *map(str, arguments), *scope], input=stdin)


def test_import_registers_the_picture(frame: Path, tmp_path: Path) -> None:
    """The JSON is the artifact, with its times; the blob holds the picture's values."""
    times = ["--start-ms", "1200", "--end-ms", "1240"]
    result = _mask(tmp_path, "import", frame, *times, "--json")
    assert result.exit_code == 0, result.stderr
    artifact = json.loads(result.stdout)
    assert (artifact["kind"], artifact["tenant_id"], artifact["env"]) == ("mask", "acme", "dev")
    assert (artifact["meta"]["start_ms"], artifact["meta"]["end_ms"]) == (1200, 1240)
    assert artifact["meta"]["mask_type"] == "imported"
    with Image.open(tmp_path / "data" / "blobs" / artifact["uri"]) as picture:
        assert np.array_equal(np.array(picture), np.array(Image.linear_gradient("L")))


def test_import_reads_a_pipe_and_prints_for_people(frame: Path, tmp_path: Path) -> None:
    """`-` is standard input; the first line names the artifact, the others its meta."""
    result = _mask(tmp_path, "import", "-", stdin=frame.read_bytes())
    artifact = json.loads(_mask(tmp_path, "import", frame, "--json").stdout)
    lines = result.stdout.splitlines()
    assert lines[0] == f"{artifact['id']}: mask at {artifact['uri']}"
    assert "  mask_type: imported" in lines


def test_import_takes_the_named_channel(tmp_path: Path) -> None:
    """A picture in colour is refused with one line, and taken with --channel."""
    path = tmp_path / "colour.png"
    Image.new("RGB", (4, 4), (10, 20, 30)).save(path)
    refused = _mask(tmp_path, "import", path)
    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert refused.stderr == (
        f"image-core: mask {str(path)!r}: a mask has one channel, but this picture is RGB: "
        "name the channel to take, red, green, blue\n"
    )
    taken = json.loads(_mask(tmp_path, "import", path, "--channel", "blue", "--json").stdout)
    with Image.open(tmp_path / "data" / "blobs" / taken["uri"]) as picture:
        assert picture.getcolors() == [(16, 30)]


def test_generate_registers_what_the_service_does(tmp_path: Path) -> None:
    """The artifact of the command is the one that `generate_mask` finds."""
    path = tmp_path / "selection.json"
    path.write_text(json.dumps(SELECTION))
    size = ["--width", "32", "--height", "24"]
    artifact = json.loads(_mask(tmp_path, "generate", path, *size, "--json").stdout)
    with ImageCoreService.open(tmp_path / "data", backend="numpy") as service:
        assert service.generate_mask(SELECTION, 32, 24, "acme", "dev").id == artifact["id"]
    timed = json.loads(_mask(tmp_path, "generate", path, *size, "--start-ms", "5", "--json").stdout)
    assert timed["meta"] == {**artifact["meta"], "start_ms": 5}
    assert timed["id"] != artifact["id"]


@pytest.mark.parametrize(
    ("selection", "told"),
    [
        (b"{", "standard input: not JSON: line 1, column 2: "),
        (b"[1]", "standard input: a selection is a JSON object"),
        (b'{"type": "rect", "points": [[1, 1]]}', "selection: type rect takes 2 points"),
        (b'{"type": "star"}', "type: 'star' is not allowed: allowed is 'polygon', "),
    ],
)
def test_a_selection_at_fault_is_one_line(selection: bytes, told: str, tmp_path: Path) -> None:
    """Exit status 2, and standard error names the field or the place."""
    result = _mask(tmp_path, "generate", "-", "--width", "8", "--height", "8", stdin=selection)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert told in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--end-ms", "5"], "end_ms: 5 is not allowed: an end needs a start_ms"),
        (["--start-ms", "-1"], "start_ms: -1 is not allowed"),
        (["--channel", "alpha"], "channel: 'alpha' is not allowed: this picture is grey"),
    ],
)
def test_options_at_fault_are_one_line(arguments: list[str], told: str, frame: Path, tmp_path: Path) -> None:
    """Exit status 2, and standard error names the option's field."""
    result = _mask(tmp_path, "import", frame, *arguments)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert told in result.stderr


def test_a_missing_frame_is_one_line(tmp_path: Path) -> None:
    """The line names the file."""
    result = _mask(tmp_path, "import", tmp_path / "none.png")
    assert result.exit_code == 2
    assert result.stderr == f"image-core: mask {str(tmp_path / 'none.png')!r}: No such file or directory\n"


def test_the_store_may_be_named_by_urls(frame: Path, tmp_path: Path) -> None:
    """The database and the blobs of another place are used as they are for renders."""
    blobs = tmp_path / "blobs"
    store = ["--database-url", f"sqlite:///{tmp_path}/store.sqlite3", "--blob-url", blobs.as_uri()]
    scope = ["--tenant-id", "acme", "--env", "dev"]
    result = CliRunner().invoke(app, ["mask", "import", str(frame), *scope, *store, "--json"])
    assert result.exit_code == 0, result.stderr
    assert (blobs / json.loads(result.stdout)["uri"]).exists()
