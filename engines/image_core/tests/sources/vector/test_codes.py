"""QR codes and barcodes: a reader reads what is allowed, and what it might not is told in a line."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from engines.image_core import CompositionError, ImageComposition, RenderedImage, Renderer
from engines.image_core.composition.codes import STANDARDS
from engines.image_core.documents.templates import Template

ADDRESS = "https://example.org/a?b=1"
NUMBERS = {"ean13": "4006381333931", "ean8": "96385074", "upca": "036000291452"}


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    """NumPy's alone: what both backends draw is compared at the end."""
    with Renderer("numpy") as opened:
        yield opened


def composition(
    code: dict[str, Any], width: float, canvas: str = "#ffffff", **fields: Any
) -> ImageComposition:
    """A code in the middle of a canvas with room to turn it."""
    side = int(1.5 * width) + 10
    place = {"x": side / 2, "y": side / 2, "anchor": "center", **fields.pop("transform", {})}
    height = {} if code["type"] == "qr" else {"height": round(0.6 * width)}
    layer = {"type": "vector", "code": code, "width": width, **height, **fields, "transform": place}
    scope = {"tenant_id": "tests", "env": "codes", "width": side, "height": side, "background_color": canvas}
    return ImageComposition.model_validate({**scope, "layers": [layer]})


def read(image: RenderedImage) -> list[str]:
    """What is read of an image as a PNG has it and as a JPEG of quality 75 does."""
    lossless = Image.fromarray(image.pixels).convert("RGB")
    lossless.save(stored := io.BytesIO(), "JPEG", quality=75)
    return [
        code.text for picture in (lossless, Image.open(stored)) for code in zxingcpp.read_barcodes(picture)
    ]


def expected(kind: str, data: str) -> list[str]:
    """The same twice; a UPC-A is read as the EAN-13 that it is."""
    return 2 * [data.zfill(13) if kind == "upca" else data]


def modules(code: dict[str, Any]) -> int:
    """How many modules wide a code is, as the error about too few pixels says."""
    with pytest.raises(CompositionError, match="modules") as told, Renderer("numpy") as renderer:
        renderer.render(composition(code, 10))
    return int(str(told.value).split(" modules")[0].rpartition(" ")[2])


CODES = [
    *({"type": "qr", "data": ADDRESS, "error_correction": level} for level in "LMQH"),
    {"type": "qr", "data": "0123456789"},
    {"type": "qr", "data": "Grüße, 日本 €5"},
    {"type": "qr", "data": "long " * 60, "error_correction": "H"},
    {"type": "code128", "data": "Ab 12345-x~"},
    {"type": "code128", "data": "1234567"},
    {"type": "code128", "data": "0"},
    *({"type": kind, "data": data} for kind, data in NUMBERS.items()),
]


@pytest.mark.parametrize("code", CODES, ids=lambda code: "-".join(code.values())[:24])
def test_a_reader_reads_it_from_the_smallest_size_on(renderer: Renderer, code: dict[str, Any]) -> None:
    """Whole and fractional modules, upright, turned by a quarter and by 17 degrees; as PNG and as JPEG."""
    wide = modules(code)
    wanted = expected(code["type"], code["data"])
    for size, turned, moved in ((2.5, 0, 0), (2.5, 17, 0.5), (2.63, 90, 0.3), (3, 0, 0.5), (4, -9, 0)):
        place = {"x": 0.75 * size * wide + moved, "rotation": turned}
        image = renderer.render(composition(code, size * wide, transform=place))
        assert read(image) == wanted, (size, turned, moved)


QR_LIMITS = [("#c9c9c9", "#ffffff"), ("#000000", "#ababab"), ("#ff0000", "#ffffff"), ("#656565", "#c9c9c9")]
BAR_LIMITS = [("#b2b2b2", "#ffffff"), ("#000000", "#c4c4c4"), ("#606060", "#d6d6d6"), ("#ab0000", "#ffffff")]


@pytest.mark.parametrize("kind", STANDARDS)
def test_a_reader_reads_it_in_the_least_contrast(renderer: Renderer, kind: str) -> None:
    """On a white canvas and on one of its own colour, modules of whole pixels and others."""
    data = NUMBERS.get(kind, ADDRESS)
    wide = modules({"type": kind, "data": data})
    for color, background in QR_LIMITS if kind == "qr" else BAR_LIMITS:
        for canvas in ("#ffffff", background):
            for size in (2.5, 3):
                code = {"type": kind, "data": data, "color": color, "background": background}
                image = renderer.render(composition(code, size * wide, canvas))
                assert read(image) == expected(kind, data), (color, background, canvas, size)


def test_a_reader_reads_light_on_dark(renderer: Renderer) -> None:
    """A QR code may be light on dark where its author says so."""
    code = {
        "type": "qr",
        "data": ADDRESS,
        "color": "#ababab",
        "background": "#000000",
        "light_on_dark": True,
    }
    assert read(renderer.render(composition(code, 90, "#000000"))) == expected("qr", ADDRESS)


def test_a_logo_may_cover_what_the_error_correction_gives_back(renderer: Renderer) -> None:
    """A twelfth of a code of level H is under a disc."""
    coded = composition({"type": "qr", "data": ADDRESS, "error_correction": "H"}, 330)
    middle = coded.width / 2
    disc = {"type": "ellipse", "cx": middle, "cy": middle, "rx": 48, "ry": 48, "fill": "#ff7a45"}
    logo = ImageComposition.model_validate(
        coded.model_dump() | {"layers": [*coded.layers, {"type": "vector", "shapes": [disc]}]}
    )
    assert read(renderer.render(logo)) == expected("qr", ADDRESS)


def test_modules_fall_on_whole_pixels_where_the_size_is_a_multiple(renderer: Renderer) -> None:
    """33 modules of 4 pixels: of two colours, each in squares of 4 pixels."""
    layer = {
        "type": "vector",
        "code": {"type": "qr", "data": ADDRESS},
        "width": 132,
        "transform": {"x": 3, "y": 5},
    }
    made = {"tenant_id": "a", "env": "b", "width": 140, "height": 140, "layers": [layer]}
    pixels = renderer.render(ImageComposition.model_validate(made)).pixels
    inside = pixels[5:137, 3:135]
    assert {tuple(color) for color in inside.reshape(-1, 4)} == {(0, 0, 0, 255), (255, 255, 255, 255)}
    squares = inside.reshape(33, 4, 33, 4, 4)
    assert (squares == squares[:, :1, :, :1]).all()
    assert not pixels[:5].any()
    assert not pixels[:, 135:].any()


def test_between_pixels_a_module_covers_what_it_covers(renderer: Renderer) -> None:
    """The darkness of all pixels is that of the dark modules' area, whatever the size."""
    code = {"type": "qr", "data": ADDRESS, "background": "transparent"}
    whole, other = (renderer.render(composition(code, size, "transparent")).pixels for size in (99, 101.3))
    dark = [float(pixels[..., 3].sum()) / size**2 for pixels, size in ((whole, 99), (other, 101.3))]
    assert dark[0] == pytest.approx(dark[1], rel=0.002)


def test_a_background_may_be_transparent(renderer: Renderer) -> None:
    """What lies below shows between the modules, and may be the quiet zone."""
    code = {"type": "qr", "data": ADDRESS, "background": "transparent", "quiet_zone": 0}
    image = renderer.render(composition(code, 100, "#ffe9c0"))
    assert {tuple(pixel) for pixel in image.pixels[:20].reshape(-1, 4)} == {(255, 233, 192, 255)}
    assert read(image) == expected("qr", ADDRESS)


def test_it_has_effects_masks_and_percentages_as_shapes_do(renderer: Renderer) -> None:
    """A code under a shadow of its box is read; its width may be a part of the canvas's."""
    shadow = {"type": "drop-shadow", "size": 9, "distance": 4}
    made = composition({"type": "qr", "data": ADDRESS}, 150, effects=[shadow]).model_dump()
    made["layers"][0]["width"] = "50%"
    assert read(renderer.render(ImageComposition.model_validate(made))) == expected("qr", ADDRESS)


def test_a_missing_check_digit_is_added(renderer: Renderer) -> None:
    """With it and without it the code is the same."""
    for kind, number in NUMBERS.items():
        both = [composition({"type": kind, "data": data}, 300) for data in (number, number[:-1])]
        assert len({renderer.render(made).pipeline_hash for made in both}) == 1


def test_a_template_fills_its_data_and_its_colours(renderer: Renderer) -> None:
    """A row that is too long for the code, say, is told as any composition's is."""
    code = {"type": "qr", "data": "https://example.org/{{id}}", "color": "{{ink}}", "background": "{{paper}}"}
    document = composition({"type": "qr", "data": "x"}, 150).model_dump(mode="json")
    document["layers"][0]["code"] = code
    variables = {"id": None, "ink": "#102040", "paper": "#fff0d0"}
    filled = Template.parse({**document, "variables": variables}).fill({"id": "42"})
    assert read(renderer.render(filled)) == expected("qr", "https://example.org/42")


REFUSED = [
    ({"data": ""}, "data"),
    ({"quiet_zone": 3}, "quiet_zone: 3 is too small for qr: allowed is 4 and more"),
    ({"color": "#ffffff", "background": "#000000"}, "lighter than the background '#000000'"),
    ({"color": "#cccccc"}, "contrast of '#cccccc' with '#ffffff' is 39.6%: allowed of qr is 40% and more"),
    ({"color": "#000000", "light_on_dark": True}, "is 0.0%"),
    ({"color": "#00000080"}, "color: '#00000080' is translucent"),
    ({"background": "#ffffff80"}, "background: '#ffffff80' is translucent"),
    ({"error_correction": "X"}, "error_correction"),
    ({"type": "ean13", "data": "4006381333932"}, "the check digit of '4006381333932' is 1, not 2"),
    ({"type": "ean13", "data": "40063813339"}, "ean13 takes 13 digits, or 12 that the check"),
    ({"type": "ean8", "data": "٤٠٠٦٣٨١"}, "ean8 takes 8 digits"),
    ({"type": "upca", "data": "03600029145x"}, "upca takes 12 digits"),
    ({"type": "code128", "data": "Größe"}, "code128 has no 'ö'"),
    ({"type": "ean13", "data": "400638133393", "quiet_zone": 10}, "allowed is 11 and more"),
    ({"type": "ean13", "data": "400638133393", "color": "#ff0000"}, "is 0.0%: .* in a scanner's red light"),
    ({"type": "ean13", "data": "400638133393", "error_correction": "H"}, "error_correction"),
    ({"type": "aztec"}, "aztec"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "told"), REFUSED)
def test_what_could_not_be_read_is_refused(fields: dict[str, Any], told: str) -> None:
    """In a line that says the field, the value and what is allowed."""
    with pytest.raises(CompositionError, match=told) as error:
        composition({"type": "qr", "data": ADDRESS, **fields}, 200)
    assert "layers[0]" in str(error.value)


SIZES: list[tuple[dict[str, Any], str]] = [
    ({"code": {"type": "qr", "data": "x" * 1274, "error_correction": "H"}, "width": 900},
     "code.data: 1274 characters are too many for a QR code with error_correction 'H'"),
    ({"width": 82}, "width: 82 pixels are too few for 33 modules: allowed are 2.5 a module, 82.5, and more"),
    ({"width": 164, "transform": {"scale": 0.5}}, "width: 82 pixels are too few"),
    ({"width": 90, "height": 91}, "a QR code is square: 90 x 91 pixels are not"),
    ({"width": 90, "transform": {"scale": 2, "scale_y": 1}}, "a QR code is square"),
    ({"code": {"type": "ean8", "data": "96385074"}, "width": 243, "height": 30},
     "height: 30 pixels are too low for bars 201 long: allowed is 15% of that, 30.15, and more"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "told"), SIZES)
def test_a_box_in_which_it_could_not_be_read_is_refused(
    renderer: Renderer, fields: dict[str, Any], told: str
) -> None:
    """Its layer is named."""
    layer = {"type": "vector", "name": "code", "code": {"type": "qr", "data": ADDRESS}, **fields}
    made = {"tenant_id": "a", "env": "b", "width": 200, "height": 200, "layers": [layer]}
    with pytest.raises(CompositionError, match=told) as error:
        renderer.render(ImageComposition.model_validate(made))
    assert str(error.value).startswith("layer 'code' (layers[0])")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"code": {"type": "qr", "data": "a"}}, "a qr code needs a width"),
        (
            {"code": {"type": "ean8", "data": "9638507"}, "width": 200},
            "a ean8 code needs a width and a height",
        ),
        ({"code": {"type": "qr", "data": "a"}, "svg": "<svg/>"}, "give exactly one of svg, shapes, code"),
        ({"code": {"type": "qr", "data": "a"}, "width": 90, "language": "de"}, "shapes and codes have none"),
    ],
)
def test_a_layer_of_a_code_has_a_size_and_no_other_drawing(fields: dict[str, Any], told: str) -> None:
    """Barcodes need both sides."""
    with pytest.raises(CompositionError, match=told):
        ImageComposition.model_validate(
            {"tenant_id": "a", "env": "b", "width": 9, "height": 9, "layers": [{"type": "vector", **fields}]}
        )


def test_pixels_are_those_of_the_device(gl_renderer: Renderer, renderer: Renderer) -> None:
    """Turned, between pixels, under a shadow."""
    code = {"type": "qr", "data": ADDRESS, "color": "#102040", "background": "#fff0d0"}
    shadow = {"type": "drop-shadow", "size": 9, "distance": 4}
    made = composition(code, 90, transform={"rotation": 17}, effects=[shadow])
    assert np.array_equal(gl_renderer.render(made).pixels, renderer.render(made).pixels)
