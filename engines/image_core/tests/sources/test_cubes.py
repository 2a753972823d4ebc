""".cube files: what they say, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.image_core import Renderer, SourceError
from engines.image_core.planning.color_ops import Channels, Cube, Table
from engines.image_core.sources import cubes
from engines.image_core.sources.cubes import decode_cube
from engines.image_core.tests.composing import composed, picture, random_pixels
from tests.adjustments import cube_text

CORNERS = "\n".join(f"{r} {g} {b}" for b in (0, 1) for g in (0, 1) for r in (0, 1))
IDENTITY = f"LUT_3D_SIZE 2\n{CORNERS}\n"
LINE = "LUT_1D_SIZE 3\n0 0 0\n0.25 0.5 1\n1 1 1\n"


def decoded(text: str) -> Any:
    """The colour operations of a text."""
    return decode_cube(text.encode(), "digest", "layer 'a', lookup").color_ops


def looked_up(renderer: Renderer, folder: Path, text: str, pixels: Any) -> Any:
    """A picture through a .cube file."""
    (folder / "look.cube").write_text(text)
    step = {"type": "color-lookup", "source": {"path": "look.cube"}}
    return renderer.render(composed(picture(pixels, filters=[step]), size=pixels.shape[1::-1])).pixels


@pytest.mark.parametrize("backend", ["numpy", "gl"])
def test_the_identity_changes_nothing(tmp_path: Path, backend: Any, request: pytest.FixtureRequest) -> None:
    """A cube of the eight corners, and one of 17^3."""
    request.getfixturevalue(f"{backend}_renderer")
    pixels = random_pixels(1, 40, 40)
    grid = [f"{r / 16} {g / 16} {b / 16}" for b in range(17) for g in range(17) for r in range(17)]
    with Renderer(backend, root=tmp_path) as renderer:
        plain = renderer.render(composed(picture(pixels), size=(40, 40))).pixels
        assert np.array_equal(looked_up(renderer, tmp_path, IDENTITY, pixels), plain)
        assert np.array_equal(
            looked_up(renderer, tmp_path, "LUT_3D_SIZE 17\n" + "\n".join(grid), pixels), plain
        )


def test_an_adjustment_layer_looks_up_what_lies_below(tmp_path: Path) -> None:
    """As a filter of the picture does, where it is opaque; its file may be another than a filter's."""
    pixels = random_pixels(3, 16, 16)
    pixels[..., 3] = 255
    (tmp_path / "look.cube").write_text(cube_text(1, 4))
    step = {"type": "color-lookup", "source": {"path": "look.cube"}}
    with Renderer("numpy", root=tmp_path) as renderer:
        filtered, layered = (
            renderer.render(composed(*layers, size=(16, 16))).pixels
            for layers in (
                [picture(pixels, filters=[step])],
                [picture(pixels), {"type": "adjustment", "adjust": step}],
            )
        )
        again = composed(picture(pixels), {"type": "adjustment", "adjust": step}, size=(16, 16))
        assert np.array_equal(filtered, layered)
        (tmp_path / "look.cube").write_text(cube_text(2, 4))
        assert not np.array_equal(renderer.render(again).pixels, layered)


def test_a_changed_file_is_another_picture(tmp_path: Path) -> None:
    """The content of the file counts, in the plan and in what is kept of it."""
    pixels = random_pixels(2, 8, 8)
    with Renderer("numpy", root=tmp_path) as renderer:
        first = looked_up(renderer, tmp_path, IDENTITY, pixels)
        second = looked_up(renderer, tmp_path, IDENTITY.replace("1 1 1", "0 1 1"), pixels)
        assert not np.array_equal(first, second)
        assert np.array_equal(looked_up(renderer, tmp_path, IDENTITY, pixels), first)


def test_red_is_fastest_and_the_middle_is_interpolated(tmp_path: Path) -> None:
    """The second row is red; halfway between black and red lies half of it."""
    rows = ["0 0 0", "0 0 1", *["0 1 0"] * 6]
    pixels = np.array([[[255, 0, 0, 255], [128, 0, 0, 255]]], np.uint8)
    with Renderer("numpy", root=tmp_path) as renderer:
        out = looked_up(renderer, tmp_path, "LUT_3D_SIZE 2\n" + "\n".join(rows), pixels)
    assert out[0].tolist() == [[0, 0, 255, 255], [0, 0, 128, 255]]


def test_a_table_of_one_dimension_is_three_curves() -> None:
    """Straight lines between its entries."""
    (step,) = decoded(LINE)
    assert isinstance(step, Channels)
    assert [int(curve[8192]) for curve in (step.red, step.green, step.blue)] == [4096, 8192, 16384]
    (grey,) = decoded("LUT_1D_SIZE 2\n0 0 0\n1 1 1\n")
    assert isinstance(grey, Table)


def test_a_domain_is_a_curve_before_the_cube() -> None:
    """Values between its ends are spread over the cube; beyond them the cube's faces hold."""
    first, cube = decoded("LUT_3D_SIZE 2\nDOMAIN_MIN 0.5 0 0\nDOMAIN_MAX 1 1 2\n" + CORNERS)
    assert isinstance(first, Channels)
    assert isinstance(cube, Cube)
    assert [int(first.red[v]) for v in (0, 16384, 24576, 32768)] == [0, 0, 16384, 32768]
    assert int(first.blue[32768]) == 16384


def test_comments_titles_and_line_ends_do_not_matter() -> None:
    """A byte order mark, comments between the entries, Windows' line ends."""
    text = '\ufeffTITLE "a b"\r\n\r\n# c\r\nLUT_3D_SIZE 2\r\n' + CORNERS.replace("\n", "\r\n# d\r\n")
    (step,) = decoded(text)
    assert isinstance(step, Cube)
    assert np.array_equal(step.values, decoded(IDENTITY)[0].values)


BROKEN = [
    (IDENTITY.replace("1 1 1", "1 nan 1"),
     "line 9: 'nan' is not allowed: allowed are numbers of -1000000 to 1000000"),
    (IDENTITY.replace("1 1 1", "1 inf 1"),
     "line 9: 'inf' is not allowed: allowed are numbers of -1000000 to 1000000"),
    (IDENTITY.replace("1 1 1", "1 1_0 1"),
     "line 9: '1_0' is not allowed: allowed are numbers of -1000000 to 1000000"),
    (IDENTITY.replace("1 1 1", "1 x 1"),
     "line 9: 'x' is not allowed: allowed are numbers of -1000000 to 1000000"),
    (IDENTITY.replace("1 1 1", "1 1"), "line 9 has 2 numbers: allowed are 3"),
    (IDENTITY.replace("1 1 1", ""), "entries end after 7: allowed are 8"),
    (IDENTITY + "0 0 0\n", "line 10 is one entry too many: allowed are 8"),
    ("0 0 0\n", "line 1 is an entry, and no LUT_1D_SIZE or LUT_3D_SIZE came before"),
    ("", "entries are missing"),
    ("LUT_3D_SIZE 2\n", "entries are missing"),
    ("LUT_3D_SIZE 130\n", "line 1, LUT_3D_SIZE: '130' is not allowed: allowed is 2 to 129"),
    ("LUT_3D_SIZE 99999999999999999999\n",
     "line 1, LUT_3D_SIZE: '99999999999999999999' is not allowed: allowed is 2 to 129"),
    ("LUT_3D_SIZE 1\n", "line 1, LUT_3D_SIZE: '1' is not allowed: allowed is 2 to 129"),
    ("LUT_1D_SIZE 65537\n", "line 1, LUT_1D_SIZE: '65537' is not allowed: allowed is 2 to 65536"),
    ("LUT_1D_SIZE 2\nLUT_3D_SIZE 2\n", "line 2, LUT_3D_SIZE: a second size is not allowed: one table a file"),
    ("LUT_3D_SIZE 2\nDOMAIN_MIN 0 0\n", "line 2, DOMAIN_MIN: 2 numbers are given: allowed are 3"),
    ("LUT_3D_SIZE 2\nDOMAIN_MIN 0 nan 0\n",
     "line 2, DOMAIN_MIN: 'nan' is not allowed: allowed are numbers of -1000000 to 1000000"),
    ("LUT_3D_SIZE 2\nDOMAIN_MIN 0 1 0\n" + CORNERS, "domain is empty: DOMAIN_MIN must be below DOMAIN_MAX"),
    ("LUT_4D_SIZE 2\n", "line 1, LUT_4D_SIZE: there is no such keyword"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), BROKEN, ids=[line for _, line in BROKEN])
def test_what_is_wrong_is_told_with_the_line(text: str, line: str) -> None:
    """Not a number, too few, too many, unknown words."""
    with pytest.raises(SourceError) as caught:
        decoded(text)
    assert str(caught.value) == f"layer 'a', lookup: the .cube file's {line}"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """2 GB, of which none is on the disk."""
    with (tmp_path / "huge.cube").open("wb") as file:
        file.truncate(2 << 30)
    step = {"type": "color-lookup", "source": {"path": "huge.cube"}}
    stack = composed({**picture(random_pixels(1, 4, 4), filters=[step]), "name": "a"})
    with Renderer("numpy", root=tmp_path) as renderer, pytest.raises(SourceError) as caught:
        renderer.render(stack)
    told = "the file 'huge.cube' is too large: 2147483648 bytes, allowed are 134217728"
    assert str(caught.value) == f"layer 'a' (layers[0]), lookup: {told}"


def test_an_assets_bytes_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a store gives is counted before it is read as text."""
    monkeypatch.setattr(cubes, "MAX_CUBE_BYTES", 10)
    with pytest.raises(SourceError, match=r"the \.cube file has 111 bytes: allowed are 10"):
        decoded("#" * 111)


def test_bytes_that_are_no_text_are_one_line() -> None:
    """As of a picture that was named by mistake."""
    with pytest.raises(SourceError, match=r"^a: the \.cube file is not text: invalid start byte$"):
        decode_cube(b"\x89PNG\r\n", "digest", "a")
