"""Layers onto a canvas: blend modes, alpha, opacity, order, and what comes back unchanged.

Expected values are worked out by hand or by the float64 oracle, which knows nothing of the library.
"""

from __future__ import annotations

import numpy as np
import pytest

from engines.image_core import BlendMode, CompositionError, ImageComposition, Renderer
from engines.image_core.tests.composing import (
    Pixels,
    composed,
    flat,
    largest_step,
    photo,
    picture,
    random_pixels,
    solid,
    told_choices,
)
from tests import oracle

BACKDROP, SOURCE = "#4064c0", "#96c832"
"""64, 100, 192 and 150, 200, 50."""

BY_HAND = {
    "normal": (150, 200, 50),
    "multiply": (38, 78, 38),  # 64 * 150 / 255 = 37.65; 78.43; 37.65
    "screen": (176, 222, 204),  # 64 + 150 - 37.65 = 176.35; 221.57; 204.35
    "overlay": (75, 157, 154),  # 2 * 37.65 = 75.29; 156.86; 255 - 2 * 63 * 205 / 255 = 153.71
    "darken": (64, 100, 50),
    "lighten": (150, 200, 192),
    "add": (214, 255, 242),  # 100 + 200 stops at 255
    "dissolve": (150, 200, 50),
    "color-burn": (0, 57, 0),  # 255 - 155 * 255 / 200 = 57.38
    "linear-burn": (0, 45, 0),
    "darker-color": (64, 100, 192),  # luminosity 99.32 against 168.5
    "color-dodge": (155, 255, 239),  # 64 * 255 / 105 = 155.43; 192 * 255 / 205 = 238.83
    "lighter-color": (150, 200, 50),
    "soft-light": (75, 134, 163),  # 75.25; 133.94; 163.17
    "hard-light": (98, 188, 75),  # 64 + 45 - 64 * 45 / 255 = 97.71; 188.14; 75.29
    "vivid-light": (78, 232, 94),  # 64 * 255 / 210 = 77.71; 231.82; 255 - 63 * 255 / 100 = 94.35
    "linear-light": (109, 245, 37),
    "pin-light": (64, 145, 100),
    "hard-mix": (0, 255, 0),
    "difference": (86, 100, 142),
    "exclusion": (139, 143, 167),  # 214 - 75.29 = 138.71; 143.14; 166.71
    "subtract": (0, 0, 142),
    "divide": (109, 128, 255),  # 64 * 255 / 150 = 108.8; 127.5
    "hue": (84, 126, 0),  # 83.81; 125.72
    "saturation": (58, 100, 208),  # 57.93; 100.12; 207.93
    "color": (84, 126, 0),  # 99.32 - 18.5 * 99.32 / 118.5 = 83.81; 125.72
    "luminosity": (136, 169, 255),  # 168.5 - 35.32 * 86.5 / 92.68 = 135.54; 169.13
}

STEADY = [mode for mode in BlendMode if mode not in oracle.UNSTEADY]

ONE_OF_TWO = {BlendMode.DISSOLVE, BlendMode.DARKER_COLOR, BlendMode.LIGHTER_COLOR}
"""What shows, of alpha or of two colours, may turn on a rounding."""


def one_pixel(renderer: Renderer, composition: ImageComposition) -> tuple[int, ...]:
    """The one colour of all pixels of a composition."""
    pixels = renderer.render(composition).pixels
    assert (pixels == pixels[0, 0]).all()
    return tuple(int(value) for value in pixels[0, 0])


@pytest.mark.parametrize("mode", BY_HAND)
def test_each_blend_mode_by_hand(renderer: Renderer, mode: str) -> None:
    """An opaque colour over an opaque colour gives what the mode's formula gives on paper."""
    composition = composed(solid(BACKDROP), solid(SOURCE, blend_mode=mode))
    assert one_pixel(renderer, composition) == (*BY_HAND[mode], 255)


def test_the_oracle_and_the_hand_agree() -> None:
    """The oracle itself gives the values worked out by hand."""
    cb, cs = (oracle.from8(flat(color, 1, 1)[0, 0, :3]) for color in (BACKDROP, SOURCE))
    for mode, expected in BY_HAND.items():
        assert tuple(np.rint(oracle.to8(oracle.blend(mode, cb, cs)))) == expected


@pytest.mark.parametrize("mode", list(BlendMode))
def test_every_pair_of_values_blends_within_half_a_step(renderer: Renderer, mode: BlendMode) -> None:
    """All 65,536 pairs of backdrop and source, opaque, round to a neighbour of the exact value: at most 0.02
    of a step beyond the half that rounding to 8 bits takes; a step where fractions of small numbers are."""
    ramp = flat("#000000", 256, 256)
    ramp[..., :3] = np.arange(256, dtype=np.uint8)[:, None]
    backdrop, source = ramp.transpose(1, 0, 2), ramp
    stack = composed(picture(backdrop), picture(source, blend_mode=mode.value), size=(256, 256))
    pixels = renderer.render(stack).pixels
    exact = oracle.blend(mode.value, oracle.from8(backdrop[..., :3]), oracle.from8(source[..., :3]))
    limit = 0.52 if mode in STEADY else 1.5
    assert largest_step(pixels[..., :3], oracle.to8(exact)) < limit
    assert (pixels[..., 3] == 255).all()


@pytest.mark.parametrize("mode", [mode for mode in BlendMode if mode not in ONE_OF_TWO])
def test_any_alpha_over_any_alpha(renderer: Renderer, mode: BlendMode) -> None:
    """Colour and alpha of half-transparent pixels stay within one step of the exact compositing formula, and
    a pixel of alpha 0 is stored as four zeros."""
    backdrop, source = random_pixels(1, 128, 96), random_pixels(2, 128, 96)
    stack = composed(picture(backdrop), picture(source, blend_mode=mode.value, opacity=0.75), size=(128, 96))
    pixels = renderer.render(stack).pixels
    color, alpha = exact(backdrop, source, 0.75, mode.value)
    visible = pixels[..., 3] > 0
    assert largest_step(pixels[..., 3], oracle.to8(alpha)) < 1
    assert largest_step(pixels[visible, :3], oracle.to8(color)[visible]) < 1
    assert 0 < (~visible).sum() < visible.size
    assert (pixels[~visible] == 0).all()


def exact(backdrop: Pixels, source: Pixels, opacity: float, mode: str) -> tuple[oracle.Floats, oracle.Floats]:
    """Colour (height, width, 3) and alpha (height, width) of a source over a backdrop."""
    cb, cs = oracle.from8(backdrop), oracle.from8(source)
    color, alpha = oracle.composite(cb[..., :3], cb[..., 3:], cs[..., :3], cs[..., 3:] * opacity, mode)
    return color, alpha[..., 0]


def test_opacity_by_hand(renderer: Renderer) -> None:
    """White at opacity 0.25 over black is 63.75; over nothing it is white of alpha 63.75."""
    faint = solid("#ffffff", opacity=0.25)
    assert one_pixel(renderer, composed(faint, background_color="#000000")) == (64, 64, 64, 255)
    assert one_pixel(renderer, composed(faint)) == (255, 255, 255, 64)


def test_two_half_transparent_layers_by_hand(renderer: Renderer) -> None:
    """Blue at one half over red at one half: alpha 3/4, of which blue has two thirds."""
    stack = composed(solid("#ff0000", opacity=0.5), solid("#0000ff", opacity=0.5))
    assert one_pixel(renderer, stack) == (85, 0, 170, 191)


def test_a_mode_needs_a_backdrop(renderer: Renderer) -> None:
    """Over nothing every mode shows the source itself: there is nothing to blend with."""
    for mode in {*BlendMode} - {BlendMode.DISSOLVE}:
        stack = composed(solid("#96c83280", blend_mode=mode.value))
        assert one_pixel(renderer, stack) == (150, 200, 50, 128), mode


def test_layers_are_listed_from_the_bottom(renderer: Renderer) -> None:
    """The last layer lies on top."""
    red, blue = solid("#ff0000"), solid("#0000ff")
    assert one_pixel(renderer, composed(red, blue)) == (0, 0, 255, 255)
    assert one_pixel(renderer, composed(blue, red)) == (255, 0, 0, 255)


def test_a_single_layer_comes_back_unchanged(renderer: Renderer) -> None:
    """Pixels over nothing keep every bit at every alpha; only those of alpha 0 lose their colour."""
    pixels = random_pixels(3, 97, 61)
    expected = np.where(pixels[..., 3:] == 0, 0, pixels)
    for mode in {*BlendMode} - {BlendMode.DISSOLVE}:
        layer = picture(pixels, blend_mode=mode.value)
        assert np.array_equal(renderer.render(composed(layer, size=(97, 61))).pixels, expected), mode


def test_the_background_is_the_lowest_backdrop(renderer: Renderer) -> None:
    """Layers blend with the background's colour as far as it is opaque."""
    half = composed(solid("#808080", blend_mode="multiply"), background_color="#ff000080")
    cb, cs = oracle.from8(flat("#ff000080", 1, 1)), oracle.from8(flat("#808080", 1, 1))
    color, _ = oracle.composite(cb[..., :3], cb[..., 3:], cs[..., :3], cs[..., 3:], "multiply")
    assert one_pixel(renderer, half) == (*np.rint(oracle.to8(color))[0, 0], 255)


def test_an_empty_composition_is_its_background(renderer: Renderer) -> None:
    """Without layers the canvas is the background, and nothing at all by default."""
    assert one_pixel(renderer, composed(background_color="#10203080")) == (16, 32, 48, 128)
    assert one_pixel(renderer, composed()) == (0, 0, 0, 0)
    assert one_pixel(renderer, composed(background_color="#10203000")) == (0, 0, 0, 0)


def test_a_canvas_of_one_pixel(renderer: Renderer) -> None:
    """1 x 1 is a canvas like any other."""
    image = renderer.render(composed(photo("coffee.png", fit="cover"), size=(1, 1)))
    assert image.pixels.shape == (1, 1, 4)
    assert image.pixels[0, 0, 3] == 255


def test_layers_may_hang_over_every_edge(renderer: Renderer) -> None:
    """What lies off the canvas is cut, in all four corners."""
    size, square = (5, 5), flat("#40c080", 4, 4)
    for x, y in ((-2, -2), (3, -2), (-2, 3), (3, 3)):
        expected = np.zeros((5, 5, 4), np.uint8)
        expected[max(y, 0) : y + 4, max(x, 0) : x + 4] = square[0, 0]
        stack = composed(picture(square, transform={"x": x, "y": y}), size=size)
        assert np.array_equal(renderer.render(stack).pixels, expected)


def test_many_layers(renderer: Renderer) -> None:
    """Sixty faint pictures in turning modes stay within one step of exact arithmetic."""
    base, modes = random_pixels(4, 40, 30), STEADY
    color, alpha = oracle.from8(base)[..., :3], oracle.from8(base)[..., 3:]
    layers = [picture(base)]
    for number in range(60):
        mode, top = modes[number % len(modes)].value, random_pixels(10 + number, 40, 30)
        layers.append(picture(top, opacity=0.125, blend_mode=mode))
        source = oracle.from8(top)
        color, alpha = oracle.composite(color, alpha, source[..., :3], source[..., 3:] * 0.125, mode)
    pixels = renderer.render(composed(*layers, size=(40, 30))).pixels
    assert largest_step(pixels[..., :3], oracle.to8(color)) < 1
    assert largest_step(pixels[..., 3], oracle.to8(alpha[..., 0])) < 1


def test_the_pixels_are_read_only(numpy_renderer: Renderer) -> None:
    """A rendered image is a result, not a scratch pad."""
    pixels = numpy_renderer.render(composed(solid("#ffffff"))).pixels
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0] = 0


def test_an_unknown_mode_is_an_error() -> None:
    """A typo is told with the layer, the value and all that is allowed; it never means normal."""
    with pytest.raises(CompositionError) as caught:
        composed(solid("#ffffff", name="glow", blend_mode="screeen"))
    assert str(caught.value) == (
        "layer 'glow', layers[0].blend_mode: 'screeen' is not allowed: did you mean 'screen'?"
        f" allowed is {told_choices(BlendMode)}"
    )
