"""A blend mode is four things: an enum member, a NumPy function, a shader and a golden."""

from pathlib import Path

from engines.image_core import BlendMode
from engines.image_core.gl.programs import shader_root
from engines.image_core.reference.blend import BLEND

SCENES = Path(__file__).parents[1] / "golden" / "scenes"


def test_every_blend_mode_has_its_function_its_shader_and_its_golden() -> None:
    """The four sets are equal, so a forgotten piece fails by name."""
    modes = {mode.value for mode in BlendMode}
    assert {mode.value for mode in BLEND} == modes
    assert {path.stem for path in (shader_root() / "blend").glob("*.glsl")} == modes
    assert {path.stem.removeprefix("blend_") for path in SCENES.glob("blend_*.png")} == modes
