"""What is not valid is told in one line: the layer, the field, the value and what is allowed."""

from __future__ import annotations

import base64
import math
from pathlib import Path
from typing import Any

import pytest

from engines.image_core import BlendMode, CompositionError, ImageComposition, Renderer, SourceError
from engines.image_core.tests.composing import Layer, composed, flat, group, picture, solid, told_choices
from engines.image_core.tests.encoded import chunk
from tests.adjustments import ADJUSTMENT_TYPES

COLORS = "allowed is #rgb, #rgba, #rrggbb, #rrggbbaa, a CSS name, rgb(), hsl(), hwb(), oklab() or oklch()"

CANVAS: list[tuple[dict[str, Any], str]] = [
    ({"tenant_id": ""}, "tenant_id: '' is not allowed: allowed are 1 to 64 letters, digits, "
                        "'-', '_' and '.', but not '.' or '..'"),
    ({"tenant_id": "a/b"}, "tenant_id: 'a/b' is not allowed: allowed are 1 to 64 letters, digits, "
                           "'-', '_' and '.', but not '.' or '..'"),
    ({"env": ".."}, "env: '..' is not allowed: allowed are 1 to 64 letters, digits, "
                    "'-', '_' and '.', but not '.' or '..'"),
    ({"env": 7}, "env: 7 is not allowed: allowed is text"),
    ({"width": 0}, "width: 0 is not allowed: allowed is 1 to 16384"),
    ({"height": 16385}, "height: 16385 is not allowed: allowed is 1 to 16384"),
    ({"width": "8"}, "width: '8' is not allowed: allowed is a whole number"),
    ({"width": 8.5}, "width: 8.5 is not allowed: allowed is a whole number"),
    ({"width": True}, "width: True is not allowed: allowed is a whole number"),
    ({"background_color": "organe"}, "background_color: 'organe' is not allowed: did you mean 'orange'? "
                                     + COLORS),
    ({"background": "#fff"}, "background: '#fff' is not allowed: there is no such field: did you mean "
                             "'background_color'? allowed are tenant_id, env, width, height, "
                             "background_color, bit_depth, color_profile, output_profile, layers"),
    ({"layers": 5}, "layers: 5 is not allowed: allowed is a list"),
    ({"layers": [5]}, "layers[0]: 5 is not allowed: allowed is an object"),
    ({"layers": [{}]}, "layers[0]: the field 'type' is required"),
    ({"layers": [{"type": "pixel"}]}, "layers[0]: type 'pixel' is not allowed: "
                                      "allowed is 'raster', 'text', 'vector', 'group', 'adjustment'"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "line"), CANVAS, ids=str)
def test_canvas(fields: dict[str, Any], line: str) -> None:
    """Faults of the composition itself."""
    with pytest.raises(CompositionError) as caught:
        composed(**fields)
    assert str(caught.value) == line


@pytest.mark.parametrize("field", ["tenant_id", "env", "width", "height"])
def test_required_fields(field: str) -> None:
    """Nothing stands in for the tenant, the env or the size."""
    fields = {"tenant_id": "acme", "env": "dev", "width": 8, "height": 8}
    del fields[field]
    with pytest.raises(CompositionError) as caught:
        ImageComposition(**fields)
    assert str(caught.value) == f"{field}: this field is required"


STOPS = [{"offset": 0, "color": "#ff0000"}, {"offset": 1, "color": "#0000ff80"}]
FADING = [{"offset": 0, "opacity": 1}, {"offset": 1, "opacity": 0}]

MODES = told_choices(BlendMode)
RECT = {"type": "rect", "points": [[0, 0], [4, 4]]}
ONE_SOURCE = "give exactly one of path, asset_id, color, data, psd, array"

LAYER: list[tuple[dict[str, Any], str]] = [
    ({"blend_mode": "multply"},
     f".blend_mode: 'multply' is not allowed: did you mean 'multiply'? allowed is {MODES}"),
    ({"blend_mode": None}, f".blend_mode: None is not allowed: allowed is {MODES}"),
    ({"opacity": 1.5}, ".opacity: 1.5 is not allowed: allowed is 0 to 1"),
    ({"opacity": -0.1}, ".opacity: -0.1 is not allowed: allowed is 0 to 1"),
    ({"opacity": math.nan}, ".opacity: nan is not allowed: allowed is 0 to 1"),
    ({"opacity": math.inf}, ".opacity: inf is not allowed: allowed is 0 to 1"),
    ({"opacity": "1"}, ".opacity: '1' is not allowed: allowed is a number"),
    ({"opacity": True}, ".opacity: True is not allowed: allowed is a number"),
    ({"opacty": 1}, ".opacty: 1 is not allowed: there is no such field: did you mean 'opacity'?"),
    ({"visible": "no"}, ".visible: 'no' is not allowed: allowed is true or false"),
    ({"visible": 0}, ".visible: 0 is not allowed: allowed is true or false"),
    ({"adjustments": 5}, ".adjustments: 5 is not allowed: allowed is an object"),
    ({"adjustments": {"hue": 5}}, ".adjustments.hue: 5 is not allowed: there is no such field: "
                               "allowed are exposure, brightness, contrast, saturation, gamma, sharpness"),
    ({"adjustments": {"exposure": 11}}, ".adjustments.exposure: 11 is not allowed: allowed is -10 to 10"),
    ({"adjustments": {"brightness": -1}}, ".adjustments.brightness: -1 is not allowed: allowed is 0 to 4"),
    ({"adjustments": {"contrast": 4.5}}, ".adjustments.contrast: 4.5 is not allowed: allowed is 0 to 4"),
    ({"adjustments": {"saturation": math.nan}},
     ".adjustments.saturation: nan is not allowed: allowed is 0 to 4"),
    ({"adjustments": {"gamma": 0}}, ".adjustments.gamma: 0 is not allowed: allowed is 0.1 to 10"),
    ({"adjustments": {"sharpness": 5}}, ".adjustments.sharpness: 5 is not allowed: allowed is 0 to 4"),
    ({"filters": [{"type": "blur", "radius": 251}]},
     ".filters[0].radius: 251 is not allowed: allowed is 0 to 250"),
    ({"filters": [{"type": "blur"}]}, ".filters[0].radius: this field is required"),
    ({"filters": [{"type": "sharpen", "amount": 6}]},
     ".filters[0].amount: 6 is not allowed: allowed is 0 to 5"),
    ({"filters": [{"type": "sharpen", "threshold": 256}]},
     ".filters[0].threshold: 256 is not allowed: allowed is 0 to 255"),
    ({"filters": [{"type": "glow"}]},
     f".filters[0]: type 'glow' is not allowed: allowed is 'blur', 'sharpen', {ADJUSTMENT_TYPES}"),
    ({"filters": {"type": "blur", "radius": 1}}, ".filters: allowed is a list"),
    ({"transform": {"x": 1e7}}, ".transform.x: 10000000.0 is not allowed: allowed is -1000000 to 1000000"),
    ({"transform": {"scale": 0}}, ".transform.scale: 0 is not allowed: "
                                  "allowed is -1000 to 1000 except 0 (a negative scale mirrors)"),
    ({"transform": {"rotation": math.inf}},
     ".transform.rotation: inf is not allowed: allowed is any finite number"),
    ({"transform": {"anchor": "middle"}}, ".transform.anchor: 'middle' is not allowed: "
                                          "allowed is 'top-left', 'top', 'top-right', 'left', "
                                          "'center', 'right', 'bottom-left', 'bottom' or 'bottom-right'"),
    ({"fit": "stretch"}, ".fit: 'stretch' is not allowed: allowed is 'none', 'cover', 'contain' or 'fill'"),
    ({"fit": "cover"}, ": fit is for pictures; a color source fills its width and height"),
    ({"width": 0}, ".width: 0 is not allowed: allowed is above 0 and up to 16384"),
    ({"source": {"path": "a.png"}, "width": 5},
     ": width and height of a picture need fit cover, contain or fill, or a tile"),
    ({"source": {}}, f".source: {ONE_SOURCE} (given: none)"),
    ({"source": {"color": "#ffffff", "path": "x"}}, f".source: {ONE_SOURCE} (given: path, color)"),
    ({"source": {"path": ""}}, ".source.path: '' is not allowed: allowed is a length of 1 or more"),
    ({"source": {"color": "#ggg"}}, f".source.color: '#ggg' is not allowed: {COLORS}"),
    ({"source": {"color": {"type": "conic"}}},
     ".source.color: allowed is a color, such as '#ff4400', or a paint of type linear, radial, gradient"
     " or pattern"),
    ({"source": {"color": {"type": "gradient"}}}, ".source.color.stops: this field is required"),
    ({"source": {"color": {"type": "gradient", "stops": STOPS[::-1]}}},
     ".source.color: stops must come in ascending order of offset"),
    ({"source": {"color": {"type": "gradient", "stops": STOPS, "style": "conic"}}},
     ".source.color.style: 'conic' is not allowed: "
     "allowed is 'linear', 'radial', 'angle', 'reflected' or 'diamond'"),
    ({"source": {"color": {"type": "gradient", "stops": [{**STOPS[0], "midpoint": 1}, STOPS[1]]}}},
     ".source.color.stops[0].midpoint: 1 is not allowed: allowed is 0.01 to 0.99"),
    ({"source": {"color": {"type": "gradient", "stops": STOPS, "opacity_stops": FADING}}},
     ".source.color: beside opacity_stops colors are #rrggbb (given: '#0000ff80')"),
    ({"source": {"color": {"type": "gradient", "stops": STOPS, "opacity_stops": FADING[::-1]}}},
     ".source.color: opacity_stops must come in ascending order of offset"),
    ({"source": {"color": {"type": "pattern", "source": {}}}},
     ".source.color.source: give exactly one of path, asset_id, data, psd (given: none)"),
    ({"source": {"color": {"type": "pattern", "source": {"path": "a.png"}, "scale": 0}}},
     ".source.color.scale: 0 is not allowed: allowed is 0.01 to 100"),
    ({"mask": {}}, ".mask: give exactly one of selection, vector, mask_artifact_id, path, psd (given: none)"),
    ({"mask": {"path": "a.png", "selection": RECT}},
     ".mask: give exactly one of selection, vector, mask_artifact_id, path, psd (given: selection, path)"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "line"), LAYER, ids=str)
def test_layers(fields: dict[str, Any], line: str) -> None:
    """Faults of a layer's fields, told with its name and its place."""
    with pytest.raises(CompositionError) as caught:
        composed(solid("#ffffff"), {**solid("#ffffff"), "name": "photo", **fields})
    assert str(caught.value) == f"layer 'photo', layers[1]{line}"


def test_how_layers_are_named() -> None:
    """By name, else by id, else by place alone; a layer in a group by its own name, never the group's."""
    bad: Layer = solid("#ffffff", opacity=2)
    fault = "opacity: 2 is not allowed: allowed is 0 to 1"
    cases: list[tuple[Layer, str]] = [
        ({**bad, "id": "x1"}, f"layer 'x1', layers[0].{fault}"),
        ({**bad, "id": "x1", "name": "sky"}, f"layer 'sky', layers[0].{fault}"),
        (bad, f"layers[0].{fault}"),
        (group({**bad, "name": "sun"}, name="card"), f"layer 'sun', layers[0].layers[0].{fault}"),
        (group(bad, name="card"), f"layers[0].layers[0].{fault}"),
    ]
    for layer, line in cases:
        with pytest.raises(CompositionError) as caught:
            composed(layer)
        assert str(caught.value) == line


def test_json() -> None:
    """Reading JSON raises the same lines, for what is not JSON too."""
    with pytest.raises(CompositionError, match=r"^composition: .* invalid JSON: EOF .* line 1 column 5$"):
        ImageComposition.model_validate_json('{"a":')
    text = '{"tenant_id": "acme", "env": "dev", "width": 8, "height": 8, "layers": [{"type": "raster"}]}'
    with pytest.raises(CompositionError) as caught:
        ImageComposition.model_validate_json(text)
    assert str(caught.value) == "layers[0].source: this field is required"


@pytest.mark.parametrize("depth", [300, 3_000])
def test_groups_far_too_deep_are_told_in_few_words(depth: int) -> None:
    """Of hundreds of groups in one another the line does not tell the way to the last."""
    layer = solid("#ffffff")
    for _ in range(depth):
        layer = group(layer)
    with pytest.raises(CompositionError, match=r"^composition: groups nest too deep: allowed is 32$"):
        composed(layer)


def test_a_composition_is_frozen() -> None:
    """What was checked once stays as it was."""
    composition = composed(solid("#ffffff"))
    with pytest.raises(ValueError, match="frozen"):
        composition.width = 0  # type: ignore[misc]  # the very thing that is not allowed


TORN = picture(flat("#ff8000", 9, 9))["source"]["data"]
HEADER_60K = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", (60_000).to_bytes(4) * 2 + bytes([8, 6, 0, 0, 0]))
HEADER_60K += chunk(b"IDAT", b"") + chunk(b"IEND", b"")

SOURCES: list[tuple[dict[str, Any], str]] = [
    ({"path": "no such.png"}, "the file 'no such.png' does not exist"),
    ({"path": "../../secret.png"}, "the file '../../secret.png' lies outside the allowed folder"),
    ({"path": "README.txt"}, "not a picture in a format this library reads"),
    ({"data": "###"}, "data is not base64"),
    ({"data": base64.b64encode(b"plain text").decode()}, "not a picture in a format this library reads"),
    ({"data": TORN[:40]}, "this PNG file is "),
    ({"data": base64.b64encode(HEADER_60K).decode()}, "60000 x 60000 is too large"),
    ({"asset_id": "a1"}, "assets and artifacts need a media store"),
]


@pytest.mark.parametrize(("source", "reason"), SOURCES, ids=lambda value: str(value)[:40])
def test_sources(renderer: Renderer, source: dict[str, Any], reason: str) -> None:
    """A source that cannot be drawn is told in one line with the layer, and the next render works."""
    with pytest.raises(SourceError) as caught:
        renderer.render(composed({"type": "raster", "name": "photo", "source": source}))
    assert str(caught.value).startswith(f"layer 'photo' (layers[0]), source: {reason}")
    assert "\n" not in str(caught.value)
    assert (renderer.render(composed(solid("#102030"))).pixels == (16, 32, 48, 255)).all()


def test_local_files_need_a_root(photos: Path) -> None:
    """A renderer without a root reads no local file, not even by its absolute path."""
    with Renderer("numpy") as renderer, pytest.raises(SourceError, match="is not allowed here"):
        renderer.render(composed({"type": "raster", "source": {"path": str(photos / "cell.png")}}))
