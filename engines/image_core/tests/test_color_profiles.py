"""Compositions in a colour space of their own: what is a value of it, and what is converted."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engines.image_core import (
    CompositionError,
    ImageComposition,
    ImageCoreService,
    RenderedImage,
    Renderer,
    SourceError,
)
from engines.image_core.tests.composing import (
    Layer,
    Pixels,
    composed,
    largest_step,
    photo,
    random_pixels,
    solid,
)
from engines.image_core.tests.encoded import SRGB, encoded, gray_profile, rgb_profile, srgb_curve
from engines.image_core.tests.profiled import GREY, P3, P3_TO_SRGB, curved, document, linear

RGB = np.random.default_rng(3).integers(0, 256, (8, 8, 3), dtype=np.uint8)
OPAQUE = np.dstack([RGB, np.full((8, 8), 255, np.uint8)])
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">'
    '<rect width="8" height="8" fill="#c81e32"/></svg>'
)

FILES: dict[str, bytes] = {
    "p3.icc": P3,
    "grey.icc": GREY,
    "srgb.icc": rgb_profile(SRGB, srgb_curve()),
    "grey-srgb.icc": gray_profile(srgb_curve()),
    "damaged.icc": P3[:200],
    "empty.icc": b"",
    "plain.png": encoded(Image.fromarray(RGB), "PNG"),
    "p3.png": encoded(Image.fromarray(RGB), "PNG", icc_profile=P3),
    "alpha.png": encoded(Image.fromarray(random_pixels(5, 8, 8)), "PNG"),
    "p3.psd": document(RGB, P3),
    "plain.psd": document(RGB),
    "grey.psd": document(RGB, GREY, "L"),
    "inks.psd": document(RGB, None, "CMYK"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with profiles, pictures and Photoshop files."""
    path = tmp_path_factory.mktemp("profiles")
    for name, data in FILES.items():
        (path / name).write_bytes(data)
    return path


@pytest.fixture(scope="module")
def renderer(folder: Path) -> Any:
    """NumPy, of that folder: the canvas is converted alike on every backend, on the CPU."""
    with Renderer("numpy", root=folder) as opened:
        yield opened


def rendered(
    renderer: Renderer, *layers: Layer, profile: str | None = "p3.icc", **fields: Any
) -> RenderedImage:
    """An image of layers on a canvas that has the profile."""
    given: dict[str, Any] = {} if profile is None else {"color_profile": {"path": profile}}
    return renderer.render(composed(*layers, **given, **fields))


def kept(renderer: Renderer, *layers: Layer, profile: str = "p3.icc") -> Pixels:
    """The canvas itself, in its own space."""
    return rendered(renderer, *layers, profile=profile, output_profile="keep").pixels


def part(name: str, path: str = "p3.psd") -> Layer:
    """A layer of a part of a Photoshop file."""
    return {"type": "raster", "source": {"psd": {"path": path, "part": name}}}


def test_a_colour_is_a_value_of_the_space(renderer: Renderer) -> None:
    """The finished picture has it as the sRGB of the same colour, within a step and a half; alpha stays."""
    color = np.array([[200, 30, 50]], np.uint8)
    pixels = rendered(renderer, solid("#c81e3280")).pixels
    assert largest_step(pixels[0, 0, :3], curved(linear(color) @ P3_TO_SRGB.T)[0]) <= 1.5
    assert (pixels[..., 3] == 0x80).all()
    assert (kept(renderer, solid("#c81e3280")) == [200, 30, 50, 0x80]).all()


def test_layers_are_blended_before_they_are_converted(renderer: Renderer) -> None:
    """The conversion is of the canvas: what is composited without a profile, converted."""
    layers = solid("#c81e32"), solid("#20a040", blend_mode="multiply", opacity=0.5)
    plain = rendered(renderer, *layers, profile=None).pixels
    assert np.array_equal(kept(renderer, *layers), plain)
    expected = curved(linear(plain[..., :3]) @ P3_TO_SRGB.T)
    assert largest_step(rendered(renderer, *layers).pixels[..., :3], expected) <= 1.5


def test_a_picture_without_a_profile_is_srgb(renderer: Renderer) -> None:
    """It is converted to the space, and with the canvas back."""
    canvas = kept(renderer, photo("plain.png"))
    expected = curved(linear(RGB) @ np.linalg.inv(P3_TO_SRGB).T)
    assert largest_step(canvas[..., :3], expected) <= 1.5
    assert largest_step(rendered(renderer, photo("plain.png")).pixels, OPAQUE) <= 3


def test_a_picture_of_the_space_itself_is_as_it_is(renderer: Renderer) -> None:
    """Its own profile moves no colour."""
    assert np.array_equal(kept(renderer, photo("p3.png")), OPAQUE)


def test_a_picture_with_alpha_keeps_it(renderer: Renderer) -> None:
    """Every alpha is the file's."""
    drawn = rendered(renderer, photo("alpha.png")).pixels
    assert np.array_equal(drawn[..., 3], random_pixels(5, 8, 8)[..., 3])


@pytest.mark.parametrize("name", ["merged", "layers[0]"])
def test_a_part_of_a_photoshop_file_is_as_it_is(renderer: Renderer, name: str) -> None:
    """Its values are those of the space, whatever the file's profile."""
    for path in ("p3.psd", "plain.psd"):
        assert np.array_equal(kept(renderer, part(name, path)), OPAQUE)


def test_a_part_that_was_brought_to_srgb_goes_on_to_the_space(renderer: Renderer) -> None:
    """Of a file of four inks: what it draws without a profile is a picture like any other."""
    plain = rendered(renderer, part("merged", "inks.psd"), profile=None).pixels
    expected = curved(linear(plain[..., :3]) @ np.linalg.inv(P3_TO_SRGB).T)
    assert largest_step(kept(renderer, part("merged", "inks.psd"))[..., :3], expected) <= 1.5


def test_a_photoshop_file_as_a_picture_is_converted_from_its_profile(renderer: Renderer) -> None:
    """Named as a whole it is a picture like any other, with a space of its own or none."""
    assert np.array_equal(kept(renderer, photo("p3.psd")), OPAQUE)
    assert np.array_equal(kept(renderer, photo("plain.psd")), kept(renderer, photo("plain.png")))
    for name in ("p3", "plain"):
        drawn, expected = (
            rendered(renderer, photo(f"{name}.{suffix}"), profile=None).pixels for suffix in ("psd", "png")
        )
        assert np.array_equal(drawn, expected)
    grey = rendered(renderer, photo("grey.psd"), profile=None).pixels
    value = np.asarray(Image.fromarray(RGB).convert("L"))
    assert largest_step(grey[..., 0], curved(value / 255)) <= 1


def test_a_drawing_is_srgb(renderer: Renderer) -> None:
    """SVG's colours are sRGB by its specification."""
    back = rendered(renderer, {"type": "vector", "svg": SVG}).pixels
    assert largest_step(back, np.array([200, 30, 50, 255])) <= 3
    assert largest_step(kept(renderer, {"type": "vector", "svg": SVG}), back) > 10


def test_a_pattern_is_a_picture(renderer: Renderer) -> None:
    """Of a fill as of an effect."""
    fill = {"type": "pattern", "source": {"path": "plain.png"}}
    canvas = kept(renderer, photo("plain.png"))
    assert np.array_equal(kept(renderer, {"type": "raster", "source": {"color": fill}}), canvas)
    overlay = {"type": "pattern-overlay", "pattern": fill}
    assert np.array_equal(kept(renderer, solid("#ffffff", effects=[overlay])), canvas)


def test_a_grey_space_is_drawn_with_all_channels_alike(renderer: Renderer) -> None:
    """Its values are light here: a colour becomes sRGB by the curve, a picture its luminance, under D50 as
    profiles have it."""
    pixels = rendered(renderer, solid("#40404080"), profile="grey.icc").pixels
    assert largest_step(pixels[0, 0], np.array([*[float(curved(np.array(64 / 255)))] * 3, 0x80])) <= 1
    canvas = kept(renderer, photo("alpha.png"), profile="grey.icc")
    assert (canvas[..., :1] == canvas[..., 1:3]).all()
    source = random_pixels(5, 8, 8)
    assert np.array_equal(canvas[..., 3], source[..., 3])
    luminance = 255 * linear(source[..., :3]) @ np.array([0.2225, 0.7169, 0.0606])  # Y under D50
    shown = source[..., 3] > 0
    assert largest_step(canvas[..., 0][shown], luminance[shown]) <= 2


def test_colour_in_a_grey_space_stays_colour(renderer: Renderer) -> None:
    """Each channel is a value on its curve."""
    pixels = rendered(renderer, solid("#ff4000"), profile="grey.icc").pixels[0, 0]
    assert largest_step(pixels, np.array([255, float(curved(np.array(64 / 255))), 0, 255])) <= 1


def test_a_profile_that_is_srgb_for_our_purposes_changes_nothing(renderer: Renderer) -> None:
    """Neither pixels nor hash nor the file's profile."""
    layers = solid("#c81e32"), photo("p3.png", opacity=0.5)
    plain, *others = (
        rendered(renderer, *layers, profile=profile, output_profile=output)
        for profile, output in ((None, "srgb"), (None, "keep"), ("srgb.icc", "srgb"), ("srgb.icc", "keep"))
    )
    for other in others:
        assert np.array_equal(plain.pixels, other.pixels)
        assert plain.pipeline_hash == other.pipeline_hash
        assert other.icc_profile is None


def test_grey_of_srgb_s_curve_makes_pictures_grey(renderer: Renderer) -> None:
    """And its canvas is sRGB as it is."""
    image = rendered(renderer, photo("plain.png"), profile="grey-srgb.icc")
    assert (image.pixels[..., :1] == image.pixels[..., 1:3]).all()
    assert image.pipeline_hash != rendered(renderer, photo("plain.png"), profile=None).pipeline_hash


@pytest.mark.parametrize("source", [{"path": "p3.icc"}, {"psd": {"path": "p3.psd", "part": "profile"}}])
def test_a_profile_may_lie_in_a_photoshop_file(renderer: Renderer, source: dict[str, Any]) -> None:
    """What is in it counts, not where it lies."""
    image = renderer.render(composed(solid("#c81e32"), color_profile=source))
    expected = rendered(renderer, solid("#c81e32"))
    assert np.array_equal(image.pixels, expected.pixels)
    assert image.pipeline_hash == expected.pipeline_hash


def test_the_space_and_the_output_are_in_the_pipeline_hash(renderer: Renderer) -> None:
    """Each that makes other pixels, or files, makes another hash."""
    hashes = {
        rendered(renderer, solid("#c81e32"), profile=profile, output_profile=output).pipeline_hash
        for profile in (None, "p3.icc", "grey.icc")
        for output in ("srgb", "keep")
    }
    assert len(hashes) == 5


def test_the_same_on_every_path(renderer: Renderer, folder: Path) -> None:
    """Rendered alone, among many, and begun: the same pixels, and how long the conversion took."""
    card = composed(solid("#c81e3280"), color_profile={"path": "p3.icc"})
    image = renderer.render(card)
    (many,) = renderer.render_many([card])
    begun = renderer.begin(renderer.plan(card))()
    assert np.array_equal(image.pixels, many.pixels)
    assert np.array_equal(image.pixels, begun.pixels)
    assert image.timings["convert"] >= 0
    assert not image.pixels.flags.writeable
    assert "convert" not in renderer.render(composed(solid("#c81e3280"))).timings


def test_both_backends_agree(renderer: Renderer, gl_renderer: Renderer, folder: Path) -> None:
    """They draw the same canvas, and it is converted alike."""
    with Renderer("gl", root=folder) as device:
        layers = photo("alpha.png"), solid("#c81e3280", blend_mode="screen")
        assert np.array_equal(rendered(device, *layers).pixels, rendered(renderer, *layers).pixels)


ERRORS: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"color_profile": {}}, CompositionError, r"color_profile: give exactly one of path, asset_id, psd"),
    (
        {"color_profile": {"psd": {"path": "p3.psd", "part": "merged"}}},
        CompositionError,
        r"color_profile: psd.part: allowed is profile \(given: 'merged'\)",
    ),
    (
        {"output_profile": "p3"},
        CompositionError,
        r"output_profile: 'p3' is not allowed: allowed is 'srgb' or 'keep'",
    ),
    (
        {"color_profile": {"path": "none.icc"}},
        SourceError,
        r"color_profile: the file 'none.icc' does not exist",
    ),
    (
        {"color_profile": {"asset_id": "a"}},
        SourceError,
        r"color_profile: assets and artifacts need a media store",
    ),
    (
        {"color_profile": {"path": "damaged.icc"}},
        SourceError,
        r"color_profile: the colour profile is damaged",
    ),
    ({"color_profile": {"path": "empty.icc"}}, SourceError, r"color_profile: the colour profile is damaged"),
    ({"color_profile": {"path": "plain.png"}}, SourceError, r"color_profile: the colour profile is damaged"),
    (
        {"color_profile": {"psd": {"path": "plain.psd", "part": "profile"}}},
        SourceError,
        r"color_profile: the PSD file has no profile",
    ),
]


@pytest.mark.parametrize(("fields", "kind", "message"), ERRORS)
def test_errors_are_one_line(
    renderer: Renderer, fields: dict[str, Any], kind: type[Exception], message: str
) -> None:
    """It names the field, and what is allowed."""
    with pytest.raises(kind, match=f"^{message}") as caught:
        renderer.render(composed(solid("#ffffff"), **fields))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("kind", "told"), [(b"CMYK", "CMYK"), (b"Lab ", "Lab")])
def test_other_spaces_are_refused(folder: Path, renderer: Renderer, kind: bytes, told: str) -> None:
    """Compositions have red, green and blue."""
    (folder / "other.icc").write_bytes(P3[:16] + kind + P3[20:])
    message = f"^color_profile: a profile for {told} pixels is not allowed: allowed is one for RGB or GRAY$"
    with pytest.raises(SourceError, match=message):
        rendered(renderer, solid("#ffffff"), profile="other.icc")


def test_a_composition_says_it_in_json() -> None:
    """The profile comes back as it was written."""
    card = composed(color_profile={"path": "p3.icc"}, output_profile="keep")
    assert ImageComposition.model_validate_json(card.model_dump_json()) == card


def test_a_tenant_s_profile_and_its_artifacts(service: ImageCoreService) -> None:
    """The profile may be an asset; what is kept is another artifact, whose file carries it."""
    scope: dict[str, Any] = {"tenant_id": "acme", "env": "dev"}
    asset = service.media.register_asset(P3, **scope, kind="other", filename="p3.icc")
    given: dict[str, Any] = {"color_profile": {"asset_id": asset.id}}
    converted, kept = (
        service.render_composition(composed(solid("#c81e32"), output_profile=output, **given))
        for output in ("srgb", "keep")
    )
    assert converted.id != kept.id
    read = [service.media.read_artifact(one.id, **scope) for one in (converted, kept)]
    assert [Image.open(io.BytesIO(data)).info.get("icc_profile") for data in read] == [None, P3]
