"""A blend mode is a row, a NumPy function, a shader, a line of the oracle, and what `make bless` writes.

Each test takes one mode, so that what is missing is told by the mode's name and the piece's.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from docs.gallery import IMAGES, mode_tiles, render_picture
from docs.tables import shown
from engines.image_core import BlendMode
from engines.image_core.conformance import expected_hashes
from engines.image_core.conformance.case import MODES
from engines.image_core.gl.programs import shader_root
from engines.image_core.reference import blend
from tests import oracle
from tests.golden.compositions import FOLDER, blend_scene
from tests.others.blending import KNOWN, OPERATIONS, Program

SHADERS = shader_root() / "blend"
BLESS = "make bless, and look at the picture"


def _shader(mode: BlendMode) -> bool:
    path = SHADERS / f"{mode.identifier}.glsl"
    return path.exists() and f"ivec3 blend_{mode.identifier}(ivec3 cb, ivec3 cs)" in path.read_text()


def _named(program: Program) -> Callable[[BlendMode], bool]:
    return lambda mode: mode in OPERATIONS[program] or mode.value in KNOWN[program]


PIECES: dict[str, Callable[[BlendMode], bool]] = {
    "blend_MODE() in reference/blend.py": lambda mode: mode in blend.BLEND,
    "shaders/blend/MODE.glsl with ivec3 blend_MODE(ivec3 cb, ivec3 cs)": _shader,
    "its line in MODES of tests/oracle.py": lambda mode: mode.value in oracle.MODES,
    "a suite in its row that came after the first": lambda mode: mode.facts.suite > 1 or mode in MODES,
    "its conformance cases: make bless": lambda mode: (
        {f"blend/{mode}-pairs", f"alpha/{mode}-grid"} <= set(expected_hashes())
    ),
    f"its golden: {BLESS}": lambda mode: (FOLDER / f"{blend_scene(mode)}.png").exists(),
    "its row in docs/PIXEL_RULES.md: make bless": lambda mode: f"| {mode} |" in shown("blend rules"),
    "its row in the manual: make bless": lambda mode: f"| `{mode}` |" in shown("blend modes"),
    "what Chromium calls it, or None: OPERATIONS in tests/others/blending.py": _named("Chromium"),
    "what ImageMagick calls it, or None: OPERATIONS in tests/others/blending.py": _named("ImageMagick"),
}


@pytest.mark.parametrize("mode", list(BlendMode))
def test_a_mode_has_all_its_pieces(mode: BlendMode) -> None:
    """Those that are missing are listed."""
    missing = [f"{mode}: {piece}" for piece, is_there in PIECES.items() if not is_there(mode)]
    assert not missing, "\n".join(missing)


@pytest.fixture(scope="module")
def sheets() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The gallery's sheet of modes as it is stored and as it is rendered now."""
    if len(blend.BLEND) < len(BlendMode):
        pytest.skip("a mode without a function is not rendered")
    with Image.open(IMAGES / "blend_modes.png") as picture:
        return np.asarray(picture.convert("RGBA")), render_picture("blend_modes").pixels


TILES = dict(mode_tiles())


@pytest.mark.parametrize("mode", list(BlendMode))
def test_a_mode_has_its_tile_in_the_gallery(
    sheets: tuple[NDArray[np.uint8], NDArray[np.uint8]], mode: BlendMode
) -> None:
    """The stored picture shows the mode where the sheet has it now."""
    stored, made = (sheet[TILES[mode]] for sheet in sheets)
    assert np.array_equal(stored, made), f"{mode} is not in docs/images/blend_modes.png: {BLESS}"


def _left_over() -> Iterator[str]:
    names = {mode.value for mode in BlendMode}
    identifiers = {mode.identifier for mode in BlendMode}
    functions = {name.removeprefix("blend_") for name in vars(blend) if name.startswith("blend_")}
    yield from (f"reference/blend.py: blend_{name}" for name in functions - identifiers)
    yield from (f"shaders/blend/{path.name}" for path in SHADERS.iterdir() if path.stem not in identifiers)
    yield from (f"tests/oracle.py: {name}" for name in oracle.MODES.keys() - names)
    scenes = {blend_scene(mode) for mode in BlendMode}
    yield from (f"golden {path.name}" for path in FOLDER.glob("blend_*") if path.stem not in scenes)


def test_nothing_is_there_without_a_row() -> None:
    """A function, shader, line of the oracle or golden that no row asks for is told by name."""
    left_over = list(_left_over())
    assert not left_over, "\n".join(left_over)


def test_no_two_modes_share_a_key() -> None:
    """A PSD file's four bytes stand for one mode."""
    assert len({mode.facts.psd_key for mode in BlendMode}) == len(BlendMode)


@pytest.mark.parametrize("mode", list(BlendMode))
def test_a_row_is_well_formed(mode: BlendMode) -> None:
    """Named by lower-case words and hyphens, by an identifier and by four bytes for PSD; told in full."""
    assert mode.identifier.isidentifier()
    assert mode.value == mode.value.lower() == mode.name.lower().replace("_", "-")
    assert len(mode.facts.psd_key) == 4
    assert mode.facts.psd_key.isascii()
    assert all(mode.facts.__dict__[told] for told in ("result", "rule", "source"))
