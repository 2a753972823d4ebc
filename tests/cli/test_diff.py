"""`image-core diff`, and the picture that a failing comparison leaves behind."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from typer.testing import CliRunner, Result

from engines.image_core.cli.diff_sheet import FLOOR, amplified
from engines.image_core.cli.main import app
from tests.failures import told


def _diff(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["diff", *map(str, arguments)], input=stdin)


def _pixels() -> NDArray[np.uint8]:
    pixels = np.zeros((20, 30, 4), np.uint8)
    pixels[..., 0], pixels[..., 3] = np.arange(30), 255
    return pixels


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Two pictures that differ in the pixels (4, 7), by 1 of red, and (9, 11), by 100 of alpha."""
    paths = tmp_path / "a.png", tmp_path / "b.png"
    pixels = _pixels()
    Image.fromarray(pixels).save(paths[0])
    pixels[7, 4, 0] += 1
    pixels[11, 9, 3] = 155
    Image.fromarray(pixels).save(paths[1])
    return paths


def test_equal_pictures_end_with_0(files: tuple[Path, Path], tmp_path: Path) -> None:
    """The pixels count, not the file: the same as WEBP is equal."""
    webp = tmp_path / "a.webp"
    with Image.open(files[0]) as image:
        image.save(webp, lossless=True, exact=True)
    result = _diff(files[0], webp)
    assert result.exit_code == 0
    assert "all 600 pixels are equal" in result.stdout


def test_different_pictures_end_with_1_and_say_where(files: tuple[Path, Path]) -> None:
    """The line has how many differ, by how much, in which box, and the first pixel of both."""
    result = _diff(*files)
    assert result.exit_code == 1
    line = result.stdout
    assert "2 of 600 pixels differ by up to 100 (red 1, green 0, blue 0, alpha 100" in line
    assert "within 6 x 5 at (4, 7), first at (4, 7): expected [4, 0, 0, 255], actual [5, 0, 0, 255]" in line


def test_json_tells_the_same(files: tuple[Path, Path]) -> None:
    """--json for programs; standard input is one of the pictures."""
    report = json.loads(_diff("-", files[1], "--json", stdin=files[0].read_bytes()).stdout)
    assert report["equal"] is False
    assert report["different"] == 2
    assert report["largest"] == {"red": 1, "green": 0, "blue": 0, "alpha": 100}
    assert report["box"] == {"x": 4, "y": 7, "width": 6, "height": 5}
    assert report["first"]["actual"] == [5, 0, 0, 255]


def test_a_sheet_is_written(files: tuple[Path, Path], tmp_path: Path) -> None:
    """-o writes one opaque PNG with room for the three panels side by side, 16 times enlarged."""
    sheet = tmp_path / "diff.png"
    assert _diff(*files, "-o", sheet).exit_code == 1
    with Image.open(sheet) as image:
        assert image.width > 3 * 16 * 30
        assert image.height > 16 * 20
        assert np.asarray(image.convert("RGBA"))[..., 3].min() == 255


def test_sizes_that_differ_are_told(files: tuple[Path, Path], tmp_path: Path) -> None:
    """They are a difference, and no sheet is drawn, which is said."""
    small, sheet = tmp_path / "small.png", tmp_path / "diff.png"
    Image.fromarray(_pixels()[:10]).save(small)
    result = _diff(files[0], small, "-o", sheet)
    assert result.exit_code == 1
    assert "their sizes differ, 30 x 20 and 30 x 10" in result.stdout
    assert "is not written" in result.stdout
    assert not sheet.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("missing.png", "missing.png"), "missing.png"),
        (("-", "-"), "standard input"),
        (("a.png", "b.png", "-o", "diff.jpg"), "use .png"),
    ],
)
def test_bad_input_ends_with_2(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    """One line says what is wrong."""
    monkeypatch.chdir(files[0].parent)
    result = _diff(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_the_slightest_difference_can_be_seen() -> None:
    """Equal is black; one step of red is a red of FLOOR beside a largest of 255; alpha alone is grey."""
    expected = _pixels()
    actual = expected.copy()
    actual[0, 0, 0] += 1
    actual[0, 1, 3] = 155
    shown = amplified(expected, actual, 100)
    assert shown[0, 0].tolist() == [FLOOR, 0, 0, 255]
    assert shown[0, 1].tolist() == [255, 255, 255, 255]
    assert (shown[1:, :, :3] == 0).all()


def test_a_failing_comparison_leaves_its_picture(tmp_path: Path) -> None:
    """What golden and parity tests say on a mismatch names the file, which is there."""
    actual = _pixels()
    actual[3, 5, 1] = 9
    line = told("test_x.py::test_y[gl-1] (call)", _pixels(), actual, tmp_path / "failures")
    path = tmp_path / "failures" / "test_x_py_test_y_gl_1_call.png"
    assert line.endswith(f"first at (5, 3): expected [5, 0, 0, 255], actual [5, 9, 0, 255]: see {path}")
    assert path.exists()
