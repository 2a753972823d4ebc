"""The composition that ARCHITECTURE.md takes apart: its plan, and the pass that is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

from engines.image_core import ImageComposition, Renderer
from engines.image_core.gl.device import LEAST_IMAGE_UNITS
from engines.image_core.gl.textures import Format, Texture
from engines.image_core.gl.writing import PassWriter
from engines.image_core.planning.entries import Compose
from engines.image_core.planning.identity import step_digest
from engines.image_core.planning.instructions import program
from engines.image_core.planning.outline import outline
from engines.image_core.planning.planner import Plan
from engines.image_core.planning.runs import cut
from engines.image_core.planning.steps import MaskRaster, Raster, Step

__all__ = ["COMPOSITION", "example_composition", "example_pass", "example_plan", "pass_writer"]

COMPOSITION = """\
{
  "tenant_id": "docs", "env": "example", "width": 320, "height": 200,
  "layers": [
    {"type": "raster", "source": {"path": "rocket.jpg"}, "fit": "cover", "filters": [{"type": "sharpen"}]},
    {"type": "group", "transform": {"x": 16, "y": 128}, "opacity": 0.8,
     "mask": {"selection": {"type": "rect", "points": [[16, 128], [208, 184]], "feather_radius": 3}},
     "layers": [
       {"type": "vector", "shapes": [
         {"type": "rect", "x": 0, "y": 0, "width": 192, "height": 56, "radius": 12, "fill": "#243b6b"}]},
       {"type": "text", "text": "Lift-off", "size": 40, "color": "#ffffff", "transform": {"x": 16, "y": 2}}]}
  ]
}"""


def _planned() -> Plan:
    """The composition's plan."""
    with (
        resources.as_file(resources.files("skimage") / "data") as photos,
        Renderer("numpy", root=photos) as renderer,
    ):
        return renderer.plan(ImageComposition.model_validate_json(COMPOSITION)).plan


def example_composition() -> Iterator[str]:
    """The composition, as it is written."""
    yield from ("```json", COMPOSITION, "```")


def example_plan() -> Iterator[str]:
    """Its plan as an outline."""
    yield from ("```text", outline(_planned().root), "```")


def example_pass() -> Iterator[str]:
    """What is generated for its pass, and the numbers that go with it."""
    writer = pass_writer(_planned().root)
    numbers = " ".join(map(str, writer.parameters))
    yield from ("```glsl", writer.source(), f"// parameters: {numbers}", "```")


def pass_writer(root: Compose) -> PassWriter:
    """The writer of a plan whose program is one run; it needs no device."""
    (run,) = cut(program(root), lambda _: True)
    values = {step_digest(step): _texture(step) for step in run.steps()}
    target = Texture(None, root.width, root.height, "rgba8")
    return PassWriter(root, run, values, {}, [target], LEAST_IMAGE_UNITS)


def _texture(step: Step) -> Texture:
    """What stands for a step's value on a device."""
    format: Format = "plane15" if step.plane else "rgba15"
    if isinstance(step, Raster | MaskRaster):
        format = "mask" if step.plane else "rgba8"
    return Texture(None, step.width, step.height, format)
