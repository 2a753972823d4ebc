"""Colours as CSS writes them."""

import PIL.ImageColor
import pytest

from engines.image_core import Composition, CompositionError, Fill, JpegOptions, Renderer, StrokeEffect, Text
from engines.image_core.composition.color_names import NAMES
from engines.image_core.composition.colors import canonical_color

# By the formulas of CSS Color 4; the last is a colour of Tailwind CSS 4 with the hex code published for it.
WRITTEN = {
    "#F00": "#ff0000", "#f008": "#ff000088", "#FF0000FF": "#ff0000", "#12345678": "#12345678",
    "RebeccaPurple": "#663399", "transparent": "#00000000",
    "rgb(255 0 0)": "#ff0000", "rgb(255, 0, 0)": "#ff0000", "rgb(100% 0 0 / 50%)": "#ff000080",
    "rgba(255,0,0,.7)": "#ff0000b3", "rgb(0.5 1.49 2.5)": "#010103", "rgb(none 1e1 0 / none)": "#000a0000",
    "hsl(120deg 100% 25%)": "#008000", "hsl(-0.5turn, 100%, 50%)": "#00ffff",
    "hsla(400grad 0 50 / 1)": "#808080",
    "hsl(9 100% 64%)": "#ff6347", "hsl(3.14159265358979rad 100% 50%)": "#00ffff",
    "hwb(194 0% 0%)": "#00c4ff", "hwb(0 60% 60%)": "#808080",
    "oklab(1 0 0)": "#ffffff", "oklab(0 0.1 0)": "#000000", "oklab(59.69% 0.1007 0.1191)": "#c65d07",
    "oklch(0 0.4 20)": "#000000", "oklch(1 0.4 20)": "#ffffff", "oklch(40.1% 0.123 21.57)": "#7d2429",
    "oklch(63.7% 0.237 25.331)": "#fb2c36",
}  # fmt: skip


@pytest.mark.parametrize(("written", "color"), WRITTEN.items())
def test_a_color_is_brought_to_one_way_to_write_it(written: str, color: str) -> None:
    """In any case, with the spaces that CSS allows."""
    assert canonical_color(written) == canonical_color(written.upper()) == color


def test_the_names_are_those_of_css() -> None:
    """Pillow has the same table, but for transparent, and keeps in it what it has parsed."""
    own = {name: tuple(bytes.fromhex(color[1:])) for name, color in NAMES.items() if name != "transparent"}
    assert own == {name: PIL.ImageColor.getrgb(name) for name in PIL.ImageColor.colormap}


FAULTS = {
    "rgb(300 0 0)": "red, green and blue: allowed is 0 to 255, or 0 to 100 %",
    "rgb(1 2)": r"three values",
    "rgb(1 2 3 4)": r"three values",
    "rgb(1, 2%, 3)": "three numbers or three percentages",
    "hsl(10% 20% 30%)": "a hue is a number of degrees or an angle",
    "hwb(1, 2%, 3%)": "takes no commas",
    "oklch(2 0 0)": "lightness: allowed is 0 to 1, or 0 to 100 %",
    "oklch(0.5 -0.1 0)": "chroma: allowed is 0 to 100",
    "oklch(1e999 0 0)": "no number",
    "#12345": "allowed is #rgb, ",
    "purpel": "did you mean 'purple'[?] allowed is #rgb, ",
    "rgb(" + "1" * 1000 + " 0 0)": "allowed is #rgb, ",
}


@pytest.mark.parametrize("written", FAULTS, ids=lambda value: value[:20])
def test_what_is_no_color_is_told(written: str) -> None:
    """What CSS would clamp is an error too."""
    with pytest.raises(CompositionError, match=f"^background_color: .*{FAULTS[written]}"):
        Composition.canvas(1, 1, background_color=written)


def test_one_color_is_one_picture() -> None:
    """However it is written, in every place for a color, the hash of the plan is the same."""
    hashes = set()
    with Renderer("numpy") as renderer:
        for red in ("#f00", "#ff0000ff", "red", "rgb(100%, 0%, 0%)", "hsl(0 100% 50%)", "hwb(360 0% 0%)"):
            edge = StrokeEffect(size=2, color=red)
            card = Composition.canvas(9, 9, background_color=red).add(Fill(red, width=2, height=2))
            hashes.add(
                renderer.plan(card.add(Text("a", size=9, color=red, effects=[edge]))).plan.pipeline_hash
            )
    assert len(hashes) == 1


def test_a_color_outside_of_srgb_keeps_its_hue_and_lightness() -> None:
    """Its chroma is what sRGB has: the same, however much was asked for."""
    assert canonical_color("oklch(0.7 0.3 150)") == canonical_color("oklch(0.7 40 150)") == "#00be58"


def test_a_matte_is_such_a_color() -> None:
    """Options of files take the same."""
    assert JpegOptions(matte="white").matte == "#ffffff"
