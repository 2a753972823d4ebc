"""A page of samples for Chromium: text layers written as HTML and CSS."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from engines.image_core.composition.type import TextStyle
from engines.image_core.models import TextLayer
from tests.chromium.fonts import FontFile
from tests.chromium.samples import Sample, run_texts

__all__ = ["Place", "page"]

_TEMPLATE = Path(__file__).with_name("page.html")
_TRANSFORMS = {"upper": "uppercase", "lower": "lowercase", "title": "capitalize"}
_LINES = {"underline": "underline", "strikethrough": "line-through", "overline": "overline"}


class Place(NamedTuple):
    """Where on the page a sample's box begins."""

    x: int
    y: int


def page(samples: Iterable[tuple[Sample, Place]], fonts: Iterable[FontFile]) -> str:
    """The page as text."""
    sections = "\n".join(_section(sample, place) for sample, place in samples)
    faces = "\n".join(map(_face, fonts))
    return _TEMPLATE.read_text().replace("FACES", faces, 1).replace("SECTIONS", sections, 1)


def _face(font: FontFile) -> str:
    low, high = font.weights
    style = "italic" if font.italic else "normal"
    return (
        f'@font-face {{ font-family: "{font.family}"; src: url("{font.path.as_uri()}"); '
        f"font-weight: {low:g} {high:g}; font-style: {style}; }}"
    )


def _section(sample: Sample, place: Place) -> str:
    layer = sample.layer
    box = {"left": f"{place.x}px", "top": f"{place.y}px", "width": f"{layer.box_width}px"}
    pairs = zip(run_texts(layer), (style for _, style in layer.styled), strict=True)
    spans = "".join(_span(text, style) for text, style in pairs)
    block = f'<p dir="{layer.direction}" style="{_css(dict(_block(layer)))}">{spans}</p>'
    return f'<section style="{_css(box)}">{block}</section>'


def _span(text: str, style: TextStyle) -> str:
    language = f' lang="{style.language}"' if style.language else ""
    return f'<span{language} style="{_css(dict(_inline(style)))}">{html.escape(text)}</span>'


def _css(rules: dict[str, str]) -> str:
    return html.escape("; ".join(f"{name}: {value}" for name, value in rules.items()))


def _block(layer: TextLayer) -> Iterator[tuple[str, str]]:
    """Of the paragraph: its box, its lines, and its own font, which each line is as high as at least."""
    fonts = layer.fonts or (layer.font,)
    yield "font-family", _families(fonts)
    yield "font-size", f"{layer.size}px"
    yield "line-height", f"{layer.line_height}"
    yield "text-align", layer.align
    yield "text-indent", f"{layer.indent}px"
    if layer.balance:
        yield "text-wrap", "balance"
    if layer.max_lines is not None:
        yield "display", "-webkit-box"
        yield "-webkit-box-orient", "vertical"
        yield "-webkit-line-clamp", f"{layer.max_lines}"
        yield "overflow", "hidden"


def _inline(style: TextStyle) -> Iterator[tuple[str, str]]:
    yield "font-family", _families(style.fonts)
    yield "font-size", f"{style.size}px"
    yield "font-weight", f"{style.weight}"
    yield "font-style", "italic" if style.italic else "normal"
    yield "letter-spacing", f"{style.letter_spacing}px"
    yield "word-spacing", f"{style.word_spacing}px"
    if style.baseline_shift:  # a length, even of nothing, would part a run from its neighbours
        yield "vertical-align", f"{style.baseline_shift}em"
    if style.case == "small-caps":
        yield "font-variant-caps", "small-caps"
    elif style.case != "none":
        yield "text-transform", _TRANSFORMS[style.case]
    if style.features:
        settings = (f'"{tag}" {value}' for tag, value in style.features.items())
        yield "font-feature-settings", ", ".join(settings)
    if style.decoration:
        # As the font says, as ours are; left alone, Chromium chooses, and leaves gaps around descenders.
        yield "text-decoration", " ".join(_LINES[line] for line in style.decoration)
        yield "text-decoration-thickness", "from-font"
        yield "text-underline-position", "from-font"
        yield "text-decoration-skip-ink", "none"


def _families(fonts: Iterable[object]) -> str:
    return ", ".join(f'"{font}"' for font in fonts)
