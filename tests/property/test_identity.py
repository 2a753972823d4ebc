"""What a plan is known by: every field that changes pixels, and nothing that does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from shutil import copy
from typing import Any, get_args

import numpy as np
import pytest
from PIL import Image
from pydantic import BaseModel

from engines.image_core import Renderer
from engines.image_core.models import ImageComposition, LayerBase, PlacedLayer
from engines.image_core.planning.entries import Matrix
from engines.image_core.planning.identity import digest, step_digest
from engines.image_core.planning.steps import Blur, Raster, Solid
from tests.adjustments import cube_text
from tests.parity.support import composed, noise
from tests.property.adjustment_changes import adjustment_changes
from tests.property.box_changes import BOX_CHANGES
from tests.property.code_changes import CODE_CHANGES
from tests.property.effect_changes import EFFECT_CHANGES
from tests.property.fill_changes import FILL_CHANGES
from tests.property.text_changes import text_changes
from tests.property.text_path_changes import TEXT_PATH_CHANGES
from tests.property.warp_changes import WARP_CHANGES

PICTURE = {"type": "raster", "source": {"path": "coffee.png"}, "transform": {"x": 7.5, "y": 3.25}}
FITTED = {**PICTURE, "fit": "contain", "width": 30.0, "height": 40.0}
PAINT = {"type": "raster", "source": {"color": "#406080c0"}, "width": 50.0, "height": 40.0}
SHAPE = {
    "type": "vector",
    "shapes": [{"type": "rect", "x": 5, "y": 5, "width": 40, "height": 30, "fill": "#ff0000"}],
}
TEXT = {"type": "text", "text": "Rag and\nbone", "size": 14.0, "box_width": 70.0, "box_height": 60.0}
LETTER = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><text y="25">a</text></svg>'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="30" height="20"/></svg>'
ENGLISH = SVG.replace("<rect", '<rect systemLanguage="en"')
ADJUSTMENT = {"type": "adjustment", "adjust": {"type": "invert"}}
POLYGON = {"type": "polygon", "points": [[5, 5], [70, 10], [40, 55]]}
MASKED = {**PAINT, "mask": {"selection": POLYGON}}
BRUSH = {"type": "brush", "strokes": [{"points": [[10, 10], [50, 40]], "width": 9.0}]}


def _shape(**fields: Any) -> dict[str, Any]:
    return {"type": "vector", "shapes": [fields]}


def _line(**stroke: Any) -> dict[str, Any]:
    stroked = {"color": "#2040c0", "width": 9.0, **stroke}
    return _shape(type="line", points=[[10, 10], [50, 15], [20, 40]], stroke=stroked)


def _gradient(**paint: Any) -> dict[str, Any]:
    stops = [{"offset": 0, "color": "#ff0000"}, {"offset": 1, "color": "#0000ff"}]
    return {**PAINT, "source": {"color": {"stops": stops, **paint}}}


CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "LayerBase.visible": (PAINT, {"visible": False}),
    "LayerBase.clip": ({**PAINT, "transform": {"x": 30}}, {"clip": True}),
    "LayerBase.fill_opacity": ({**PAINT, "blend_mode": "add"}, {"fill_opacity": 0.5}),
    "LayerBase.channels": (PAINT, {"channels": ["red", "blue"]}),
    "LayerBase.blend_if": (PAINT, {"blend_if": {"gray": {"this": [200, 200, 255, 255]}}}),
    **{
        f"BlendIf.{name}": (PAINT, {"blend_if": {name: {"this": [200, 200, 255, 255]}}})
        for name in ("gray", "red", "green", "blue")
    },
    **{
        f"BlendRange.{name}": (
            {**PAINT, "blend_if": {"gray": {"this": [0, 150, 255, 255]}}},
            {"blend_if": {"gray": {"this": [0, 150, 255, 255], name: [60, 200, 255, 255]}}},
        )
        for name in ("this", "underlying")
    },
    "PlacedLayer.knockout": ({**PAINT, "blend_mode": "multiply"}, {"knockout": "shallow"}),
    "PlacedLayer.transform": (PAINT, {"transform": {"x": 3}}),
    "PlacedLayer.blend_gamma": ({**PAINT, "opacity": 0.5}, {"blend_gamma": 1.0}),
    "LayerBase.opacity": (PAINT, {"opacity": 0.5}),
    "RasterLayer.blend_mode": (PAINT, {"blend_mode": "screen"}),
    "TextLayer.blend_mode": ({**TEXT, "color": "#808080"}, {"blend_mode": "screen"}),
    "VectorLayer.blend_mode": (SHAPE, {"blend_mode": "screen"}),
    "GroupLayer.blend_mode": (
        {"type": "group", "layers": [{**PAINT, "blend_mode": "multiply"}]},
        {"blend_mode": "pass-through"},
    ),
    "AdjustmentLayer.blend_mode": (ADJUSTMENT, {"blend_mode": "screen"}),
    "AdjustmentLayer.adjust": (ADJUSTMENT, {"adjust": {"type": "posterize", "levels": 2}}),
    "Posterize.levels": (
        {"type": "adjustment", "adjust": {"type": "posterize", "levels": 3}},
        {"adjust": {"type": "posterize", "levels": 2}},
    ),
    "PlacedLayer.adjustments": (PAINT, {"adjustments": {"gamma": 2}}),
    "PlacedLayer.filters": (PAINT, {"filters": [{"type": "blur", "radius": 2}]}),
    "LayerBase.mask": (PAINT, {"mask": {"selection": POLYGON}}),
    "RasterLayer.source": (PICTURE, {"source": {"path": "rocket.jpg"}}),
    "RasterLayer.fit": (FITTED, {"fit": "cover"}),
    "RasterLayer.width": (FITTED, {"width": 25.0}),
    "RasterLayer.height": (FITTED, {"height": 15.0}),
    "RasterSource.path": (PICTURE, {"source": {"path": "rocket.jpg"}}),
    "RasterSource.color": (PAINT, {"source": {"color": "#406080"}}),
    "RasterSource.frame": (
        {**PICTURE, "source": {"path": "moving.gif"}},
        {"source": {"path": "moving.gif", "frame": 1}},
    ),
    "RasterSource.array": (
        {**PICTURE, "source": {"array": np.full((20, 30, 3), 90, np.uint8)}},
        {"source": {"array": np.full((20, 30, 3), 91, np.uint8)}},
    ),
    "TextLayer.text": (TEXT, {"text": "Rag"}),
    "TextLayer.font": (TEXT, {"font": {"path": "other.ttf"}}),
    "TextLayer.weight": (TEXT, {"weight": 900}),
    "TextLayer.italic": (TEXT, {"italic": True}),
    "TextLayer.size": (TEXT, {"size": 15.0}),
    "TextLayer.color": (TEXT, {"color": "#ff0000"}),
    "TextLayer.align": (TEXT, {"align": "right"}),
    "TextLayer.box_width": (TEXT, {"box_width": 40.0}),
    "TextLayer.box_height": ({**TEXT, "auto_fit": True, "size": 90.0}, {"box_height": 30.0}),
    "TextLayer.line_height": (TEXT, {"line_height": 1.5}),
    "TextLayer.letter_spacing": (TEXT, {"letter_spacing": 2.0}),
    "TextLayer.auto_fit": ({**TEXT, "size": 90.0}, {"auto_fit": True}),
    "TextLayer.missing_glyphs": (TEXT, {"missing_glyphs": "box"}),
    "TextLayer.direction": ({**TEXT, "align": "start", "box_width": 60.0}, {"direction": "rtl"}),
    "TextLayer.features": (TEXT, {"features": {"kern": 0}}),
    **text_changes(),
    "VectorLayer.svg": ({"type": "vector", "svg": SVG}, {"svg": SVG.replace("30", "31")}),
    "VectorLayer.shapes": (SHAPE, _shape(type="ellipse", cx=30, cy=20, rx=9, ry=8, fill="#ff0000")),
    "VectorLayer.width": ({"type": "vector", "svg": SVG}, {"width": 30.0}),
    "VectorLayer.height": ({"type": "vector", "svg": SVG}, {"height": 20.0}),
    "VectorLayer.fonts": ({"type": "vector", "svg": LETTER}, {"fonts": ["SourceSansPro-Black"]}),
    "VectorLayer.language": ({"type": "vector", "svg": ENGLISH}, {"language": "de"}),
    "GroupLayer.layers": ({"type": "group", "layers": [PAINT]}, {"layers": [SHAPE]}),
    "Transform.x": (PAINT, {"transform": {"x": 3}}),
    "Transform.y": (PAINT, {"transform": {"y": 3}}),
    "Transform.scale": (PAINT, {"transform": {"scale": 0.5}}),
    "Transform.scale_y": (PAINT, {"transform": {"scale_y": 0.5}}),
    "Transform.rotation": (PAINT, {"transform": {"rotation": 5}}),
    "Transform.anchor": (PAINT, {"transform": {"anchor": "center"}}),
    **{
        f"Adjustments.{name}": (PICTURE, {"adjustments": {name: 0.5}})
        for name in ("exposure", "brightness", "contrast", "saturation", "gamma", "sharpness")
    },
    "BlurFilter.radius": (
        {**PAINT, "filters": [{"type": "blur", "radius": 2}]},
        {"filters": [{"type": "blur", "radius": 3}]},
    ),
    "BlurFilter.edges": (
        {**PAINT, "filters": [{"type": "blur", "radius": 2}]},
        {"filters": [{"type": "blur", "radius": 2, "edges": "extend"}]},
    ),
    **{
        f"SharpenFilter.{name}": (
            {**PICTURE, "filters": [{"type": "sharpen"}]},
            {"filters": [{"type": "sharpen", name: value}]},
        )
        for name, value in (("radius", 3), ("amount", 2), ("threshold", 9), ("edges", "mirror"))
    },
    **adjustment_changes(),
    "Mask.selection": (MASKED, {"mask": {"selection": BRUSH}}),
    "Mask.path": (MASKED, {"mask": {"path": "mask.png"}}),
    "LayerBase.masks": (MASKED, {"mask": None, "masks": [{"selection": POLYGON}, {"selection": BRUSH}]}),
    "Mask.vector": (MASKED, {"mask": {"vector": SHAPE["shapes"]}}),
    "Mask.density": (MASKED, {"mask": {"selection": POLYGON, "density": 0.5}}),
    "Mask.feather_radius": (MASKED, {"mask": {"selection": POLYGON, "feather_radius": 2}}),
    "Mask.position": (
        {**PAINT, "mask": {"path": "mask.png"}},
        {"mask": {"path": "mask.png", "position": [9, -5]}},
    ),
    "Mask.outside": (
        {**PAINT, "mask": {"path": "mask.png", "position": [9, 5]}},
        {"mask": {"path": "mask.png", "position": [9, 5], "outside": "visible"}},
    ),
    "Mask.linked": (
        {**PAINT, "mask": {"selection": POLYGON}, "transform": {"x": 5}},
        {"mask": {"selection": POLYGON, "linked": True}},
    ),
    "Mask.inverted": (MASKED, {"mask": {"selection": POLYGON, "inverted": True}}),
    "Selection.type": (MASKED, {"mask": {"selection": {"type": "rect", "points": [[5, 5], [70, 10]]}}}),
    "Selection.points": (MASKED, {"mask": {"selection": {**POLYGON, "points": [[5, 5], [70, 9], [40, 55]]}}}),
    "Selection.strokes": (MASKED, {"mask": {"selection": BRUSH}}),
    "Selection.feather_radius": (MASKED, {"mask": {"selection": {**POLYGON, "feather_radius": 2}}}),
    "Selection.inverted": (MASKED, {"mask": {"selection": {**POLYGON, "inverted": True}}}),
    **{
        f"BrushStroke.{name}": (
            {**PAINT, "mask": {"selection": BRUSH}},
            {"mask": {"selection": {**BRUSH, "strokes": [{**BRUSH["strokes"][0], name: value}]}}},  # type: ignore[dict-item]
        )
        for name, value in (("points", [[10, 10], [50, 41]]), ("width", 8.0), ("opacity", 0.5))
    },
    "LinearGradient.start": (_gradient(type="linear"), _gradient(type="linear", start=[0, 0.5])),
    "LinearGradient.end": (_gradient(type="linear"), _gradient(type="linear", end=[1, 1])),
    "LinearGradient.stops": (
        _gradient(type="linear"),
        _gradient(type="linear", stops=[{"offset": o, "color": "#00ff00"} for o in (0, 1)]),
    ),
    "RadialGradient.center": (_gradient(type="radial"), _gradient(type="radial", center=[0, 0.5])),
    "RadialGradient.radius": (_gradient(type="radial"), _gradient(type="radial", radius=0.7)),
    "RadialGradient.stops": (
        _gradient(type="radial"),
        _gradient(type="radial", stops=[{"offset": o, "color": "#00ff00"} for o in (0, 1)]),
    ),
    "GradientStop.offset": (
        _gradient(type="linear"),
        _gradient(
            type="linear", stops=[{"offset": 0.5, "color": "#ff0000"}, {"offset": 1, "color": "#0000ff"}]
        ),
    ),
    "GradientStop.color": (
        _gradient(type="linear"),
        _gradient(
            type="linear", stops=[{"offset": 0, "color": "#fe0000"}, {"offset": 1, "color": "#0000ff"}]
        ),
    ),
    **FILL_CHANGES,
    **EFFECT_CHANGES,
    **BOX_CHANGES,
    **CODE_CHANGES,
    **TEXT_PATH_CHANGES,
    **WARP_CHANGES,
    "_Shape.fill": (SHAPE, _shape(type="rect", x=5, y=5, width=40, height=30, fill="#ff00ff")),
    "_Shape.stroke": (_line(), _line(width=7.0)),
    "Stroke.color": (_line(), _line(color="#ff0000")),
    "Stroke.width": (_line(), _line(width=7.0)),
    "Stroke.cap": (_line(), _line(cap="round")),
    "Stroke.join": (_line(), _line(join="bevel")),
    **{
        f"RectShape.{name}": (
            SHAPE,
            _shape(**{"type": "rect", "x": 5, "y": 5, "width": 40, "height": 30, "fill": "#ff0000", name: 8}),
        )
        for name in ("x", "y", "width", "height", "radius")
    },
    **{
        f"EllipseShape.{name}": (
            _shape(type="ellipse", cx=30, cy=20, rx=9, ry=8, fill="#ff0000"),
            _shape(**{"type": "ellipse", "cx": 30, "cy": 20, "rx": 9, "ry": 8, "fill": "#ff0000", name: 12}),
        )
        for name in ("cx", "cy", "rx", "ry")
    },
    "PolygonShape.points": (
        _shape(type="polygon", points=[[5, 5], [70, 10], [40, 55]], fill="#ff0000"),
        _shape(type="polygon", points=[[5, 5], [70, 10], [40, 50]], fill="#ff0000"),
    ),
    "PathShape.d": (
        _shape(type="path", d="M5 5 L60 10 L30 50 Z", fill="#ff0000"),
        _shape(type="path", d="M5 5 L60 10 L30 40 Z", fill="#ff0000"),
    ),
    "LineShape.points": (_line(), {"shapes": [{**_line()["shapes"][0], "points": [[10, 10], [50, 25]]}]}),
}
"""For each field of each model a layer and a change of that field alone."""

NOT_DRAWING = {"LayerBase.id", "LayerBase.name"}
"""Fields that change no pixel."""

ELSEWHERE = {
    "RasterSource.asset_id",
    "RasterSource.data",
    "PictureSource.asset_id",
    "PictureSource.data",
    "FontSource.path",
    "FontSource.asset_id",
    "FontSource.index",
    "LookupSource.asset_id",
    "Mask.mask_artifact_id",
    "RasterSource.psd",
    "PictureSource.psd",
    "LookupSource.psd",
    "Mask.psd",
    "PsdPart.path",
    "PsdPart.asset_id",
    "PsdPart.part",
}
"""Fields that name bytes: what is in them counts, not where they lie (see `test_i01_pipeline.py`)."""


def _fields() -> set[str]:
    """Every field of every model below a layer, by the class that brings it."""
    found = set()
    seen: set[type[BaseModel]] = set()
    pending: list[type[BaseModel]] = [*LayerBase.__subclasses__(), *PlacedLayer.__subclasses__()]
    while pending:
        model = pending.pop()
        if model in seen:
            continue
        seen.add(model)
        for name, info in model.model_fields.items():
            owner = next(
                base for base in reversed(model.__mro__) if name in getattr(base, "__annotations__", {})
            )
            if name != "type" or owner.__name__ == "Selection":
                found.add(f"{owner.__name__}.{name}")
            pending += [kind for kind in _annotated(info.annotation) if kind not in seen]
    return found


def _annotated(kind: Any) -> list[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    return [model for argument in get_args(kind) for model in _annotated(argument)]


def test_every_field_of_every_model_is_tried_or_named_as_not_drawing() -> None:
    """A new field fails here until it says which it is."""
    assert _fields() == {*CHANGES, *NOT_DRAWING, *ELSEWHERE}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_field_that_draws_is_in_the_pipeline_hash(mask_renderer: Renderer, name: str) -> None:
    """Changed alone, it makes another hash where it makes other pixels."""
    layer, change = CHANGES[name]
    before, after = (mask_renderer.render(_canvas(fields)) for fields in (layer, {**layer, **change}))
    assert before.pixel_hash != after.pixel_hash or name == "TextLayer.missing_glyphs"  # none is missing
    assert before.pipeline_hash != after.pipeline_hash


@pytest.mark.parametrize("name", sorted(name for name in CHANGES if name.startswith("PatternFill.")))
@pytest.mark.parametrize("painted", ["text", "shape", "background", "stroke"])
def test_a_pattern_counts_whatever_it_fills(mask_renderer: Renderer, painted: str, name: str) -> None:
    """As that of a raster layer does."""
    renders = [
        mask_renderer.render(_canvas(_filled(painted, layer["source"]["color"]))) for layer in CHANGES[name]
    ]
    assert len({render.pixel_hash for render in renders}) == 2
    assert len({render.pipeline_hash for render in renders}) == 2


def _filled(painted: str, paint: dict[str, Any]) -> dict[str, Any]:
    match painted:
        case "text":
            return {**TEXT, "size": 40.0, "weight": 900, "color": paint}
        case "background":
            return {**TEXT, "background": {"fill": paint}}
        case "shape":
            return _shape(type="rect", x=5, y=5, width=40, height=30, fill=paint)
    return _line(color=paint)


@pytest.mark.parametrize("name", sorted(NOT_DRAWING))
def test_a_field_that_does_not_draw_is_not_in_the_pipeline_hash(numpy_renderer: Renderer, name: str) -> None:
    """Names are for people."""
    for layer in (PAINT, TEXT, SHAPE, {"type": "group", "layers": [PAINT]}):
        named = {**layer, name.rpartition(".")[2]: "a name"}
        plans = [numpy_renderer.plan(_canvas(fields)).plan for fields in (layer, named)]
        assert plans[0].pipeline_hash == plans[1].pipeline_hash


@pytest.fixture(scope="module")
def mask_renderer(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    """A renderer whose folder has two photographs and a mask of the canvas's size."""
    folder = tmp_path_factory.mktemp("sources")
    for name in ("coffee.png", "rocket.jpg"):
        copy(photos / name, folder / name)
    font = files("fontpkg_rubik") / "files/Rubik[wght].ttf"
    (folder / "other.ttf").write_bytes(font.read_bytes())
    for number, name in enumerate(("look.cube", "other.cube")):
        (folder / name).write_text(cube_text(number, 3))
    first, second = (Image.new("L", (20, 16), grey) for grey in (30, 200))
    first.save(folder / "moving.gif", save_all=True, append_images=[second])
    values = np.random.default_rng(1).integers(0, 256, (64, 80), dtype=np.uint8)
    Image.fromarray(values).save(folder / "mask.png")
    with Renderer("numpy", root=folder) as renderer:
        yield renderer


def _canvas(layer: dict[str, Any]) -> ImageComposition:
    return composed(80, 64, [{"type": "raster", "source": {"color": "#c0a040"}, "width": 60.0}, layer])


@dataclass(frozen=True, eq=False)
class _BlurOfTomorrow(Blur):
    """The step `Blur` under another name, with a field more."""

    edges: str = "transparent"


def test_a_new_optional_field_and_a_new_name_change_no_hash() -> None:
    """A step is known by its tag and by what is not at its default."""
    source = Raster(noise(1, 9, 9))
    kernel = np.array([40000, 12768], np.int32)
    today = Blur(5, 6, source, kernel, 1, 2)
    assert step_digest(_BlurOfTomorrow(5, 6, source, kernel, 1, 2)) == step_digest(today)
    assert step_digest(_BlurOfTomorrow(5, 6, source, kernel, 1, 2, edges="mirrored")) != step_digest(today)


def test_steps_of_the_same_fields_differ_by_their_tags_and_types() -> None:
    """Nothing that differs is written alike."""
    values = [
        Solid(1, 2, (0, 0, 0, 0)),
        Matrix((1, 2)),
        (1, 2),
        (True, 2),
        ("1", 2),
        (None, 2),
        ((1,), 2),
        12,
        "12",
    ]
    assert len({digest(value) for value in values}) == len(values)


def test_a_float_is_in_no_plan() -> None:
    """Every float has become an integer before."""
    with pytest.raises(TypeError, match="float"):
        digest((1.5,))
