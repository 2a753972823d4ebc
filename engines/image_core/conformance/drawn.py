"""Cases of what is drawn: text and vectors. Libraries have a part in them; their pixels have to agree too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from engines.image_core.conformance.case import Case, case
from engines.image_core.conformance.pictures import noise

__all__ = ["MARK", "text", "vector"]

_LINE = "Quartz glyphs, fjord: AVATAR fi ffi 0123"
_PARAGRAPH = "The quick onyx goblin jumps over the lazy dwarf, again and again, until\nit is tired."


def _text(text: str = _LINE, **fields: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, "color": "#102040", **fields}


def text() -> Iterator[Case]:
    """Sizes, weights, alignment, wrapping, fitting, spacing, accents, missing glyphs; placed and turned."""
    for size in (1, 5.5, 9, 16, 31.25, 90, 400):
        layer, paper = _text(size=size), "#f4f0e8"
        least = size == 16
        yield case(f"text/size-{size:g}", (320, 110), [layer], background=paper, self_test=least)
    for weight in (200, 300, 400, 600, 700, 900):
        for italic in (False, True):
            name = f"text/weight-{weight}{'-italic' if italic else ''}"
            yield case(name, (320, 40), [_text(size=18, weight=weight, italic=italic)], background="#ffffff")
    for align in ("left", "center", "right"):
        wrapped = _text(_PARAGRAPH, size=17, align=align, box_width=150)
        yield case(f"text/wrapped-{align}", (160, 160), [wrapped], background="#ffffff")
    fitted = _text(_PARAGRAPH, size=80, auto_fit=True, box_width=200, box_height=90)
    yield case("text/fitted", (210, 100), [fitted], background="#ffffff")
    yield case("text/cut-by-its-box", (210, 60), [fitted | {"auto_fit": False, "size": 12}])
    for spacing in (-2.5, 0.3, 12):
        yield case(f"text/spaced-{spacing:g}", (320, 40), [_text(size=20, letter_spacing=spacing)])
    for height in (0.5, 1, 2.25):
        lines = _text("one\ntwo\nthree", size=20, line_height=height)
        yield case(f"text/lines-{height:g}", (80, 160), [lines])
    others = {
        "accents": "Ångström, naïve, façade, Žižek, Việt Nam",
        "greek-and-cyrillic": "Θάλασσα  Привет, Україно",
        "joined-accents": "e\u0301 a\u0308 n\u0303 o\u0302\u0323",
        "digits-and-marks": "1/2 ½ € £ ¥ § ¶ † ‡ … — “quoted”",
        "missing": "boxes: \u0645\u0631\u062d\u0628\u0627 \u4f60\u597d",
    }
    for name, words in others.items():
        layer = _text(words, size=24, missing_glyphs="box")
        yield case(f"text/{name}", (420, 40), [layer], background="#ffffff")
    for name, place in {
        "moved": {"x": 7.3, "y": 2.6},
        "turned": {"x": 20, "y": 10, "rotation": 14},
        "reduced": {"scale": 0.37},
        "enlarged": {"scale": 2.6, "y": -20},
    }.items():
        yield case(f"text/{name}", (320, 110), [_text(size=26, transform=place)], background="#ffffff")
    faded = _text(size=30, color="#ff204080", opacity=0.5, blend_mode="multiply")
    yield case("text/faded", (320, 50), [faded], background="#e0e8f0")


_STOPS = [
    {"offset": 0, "color": "#ff4020"},
    {"offset": 0.4, "color": "#20c0ff60"},
    {"offset": 1, "color": "#102030"},
]
_LINEAR = {"type": "linear", "start": [0.1, 0], "end": [0.8, 1], "stops": _STOPS}
_RADIAL = {"type": "radial", "center": [0.3, 0.6], "radius": 0.7, "stops": _STOPS}
_CURVES = "M10 60C20 5 40 5 50 40S80 90 90 20Q95 5 60 10T30 30A18 9 30 1 0 60 50L70 66H20V50Z"
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30">'
    '<rect x="2" y="3" width="30" height="20" rx="4" fill="#3366cc"/>'
    '<circle cx="26" cy="18" r="9.5" fill="#ffcc00" fill-opacity="0.8"/></svg>'
)

_SHAPES: dict[str, dict[str, Any]] = {
    "rect": {"type": "rect", "x": 6.5, "y": 5.25, "width": 80, "height": 55.5},
    "round-rect": {"type": "rect", "x": 4, "y": 4, "width": 88, "height": 60, "radius": 17.5},
    "ellipse": {"type": "ellipse", "cx": 48, "cy": 34, "rx": 41.3, "ry": 25.8},
    "polygon": {"type": "polygon", "points": [[48, 2], [80, 68], [4, 26], [92, 26], [16, 68]]},
    "path": {"type": "path", "d": _CURVES},
}


def vector() -> Iterator[Case]:
    """Every shape with every paint, filled and stroked; caps, joins, hairlines; an SVG; placed and turned."""
    for name, shape in _SHAPES.items():
        for paint_name, paint in {"solid": "#2060a0c0", "linear": _LINEAR, "radial": _RADIAL}.items():
            layers = [_drawing(shape | {"fill": paint})]
            yield case(f"vector/{name}-{paint_name}", (97, 71), layers, background="#f8f8f0")
        stroke = {"color": _LINEAR, "width": 5.5, "join": "round"}
        yield case(
            f"vector/{name}-stroked", (97, 71), [_drawing(shape | {"fill": "#e0c040", "stroke": stroke})]
        )
    for cap in ("butt", "round", "square"):
        for join in ("miter", "round", "bevel"):
            stroke = {"color": "#204080c0", "width": 11, "cap": cap, "join": join}
            line = {"type": "line", "points": [[12, 12], [80, 20], [20, 40], [70, 64]], "stroke": stroke}
            least = (cap, join) == ("round", "miter")
            yield case(f"vector/line-{cap}-{join}", (97, 71), [_drawing(line)], self_test=least)
    for width in (0.05, 0.5, 1):
        hairline = {"type": "line", "points": [[3, 3], [90, 60.5], [94, 2]]}
        thin = hairline | {"stroke": {"color": "#000000", "width": width}}
        yield case(f"vector/hairline-{width:g}", (97, 71), [_drawing(thin)], background="#ffffff")
    for name, place in {
        "moved": {"x": 7.3, "y": 2.6},
        "turned": {"x": 20, "y": -10, "rotation": 24},
        "reduced": {"scale": 0.37},
        "enlarged": {"scale": 2.6, "x": -50, "y": -20},
    }.items():
        both = [_SHAPES["round-rect"] | {"fill": _RADIAL}, _SHAPES["path"] | {"fill": "#ff8000"}]
        yield case(f"vector/{name}", (97, 71), [_drawing(*both, transform=place)])
    for width in (40, 93.5):
        drawing = {"type": "vector", "svg": MARK, "width": width}
        yield case(f"vector/svg-{width:g}", (97, 71), [drawing])
    for name, gradient in {"linear": _LINEAR, "radial": _RADIAL}.items():
        filled: dict[str, Any] = {"type": "raster", "source": {"color": gradient}}
        turned = filled | {"transform": {"x": 3.5, "rotation": 9}, "width": 70, "height": 60}
        yield case(f"vector/raster-{name}", (97, 71), [turned])
        yield case(f"vector/raster-{name}-of-the-canvas", (97, 71), [filled])
    yield from (replace(one, suite=2) for one in (*_fills(), *_documents(), *_codes()))


def _documents() -> Iterator[Case]:
    """SVG in a box of other proportions, with lengths, a language and text."""
    head, box = '<svg xmlns="http://www.w3.org/2000/svg"', 'viewBox="0 0 40 30"'
    body = MARK.partition(">")[2]
    for aspect in ("xMidYMid meet", "xMaxYMin meet", "xMidYMax slice", "none"):
        svg = f'{head} width="80" height="20" {box} preserveAspectRatio="{aspect}">{body}'
        name = aspect.replace(" ", "-").lower()
        yield case(f"vector/svg-{name}", (97, 71), [{"type": "vector", "svg": svg, "width": 96}])
    lengths = f'{head} {box}><rect x="1mm" y="2pt" width="1.5pc" height=".2in" fill="#3366cc"/></svg>'
    yield case("vector/svg-lengths", (97, 71), [{"type": "vector", "svg": lengths, "width": 93}])
    switch = '<switch><circle systemLanguage="de" r="20"/><rect width="20" height="9"/></switch>'
    for language in ("en", "de-AT"):
        german = {"type": "vector", "svg": f"{head} {box}>{switch}</svg>", "language": language}
        yield case(f"vector/svg-{language.lower()}", (97, 71), [german])
    written = f'{head} {box}><text y="20" font-size="15" font-family="serif">Hag</text></svg>'
    for fonts in (None, ["SourceSansPro-BlackIt"]):
        drawing = {"type": "vector", "svg": written, "width": 90} | ({"fonts": fonts} if fonts else {})
        yield case(f"vector/svg-text-{'named' if fonts else 'builtin'}", (97, 71), [drawing])


def _codes() -> Iterator[Case]:
    """Codes on whole pixels, between them and turned, with and without a background."""
    qr = {"type": "qr", "data": "https://example.org", "color": "#10204f", "background": "#fff0d0"}
    bars = {"type": "code128", "data": "Rag 42"}
    for name, fields in {
        "qr": {"code": qr, "width": 99, "transform": {"x": 3, "y": 4}},
        "qr-turned": {
            "code": qr | {"background": "transparent", "error_correction": "H"},
            "width": 95.7,
            "transform": {"x": 55, "y": 53, "rotation": 17, "anchor": "center"},
        },
        "bars": {"code": bars, "width": 347.25, "height": 90.5, "transform": {"x": 0.75, "y": 1}},
    }.items():
        size = (350, 93) if name == "bars" else (107, 107)
        yield case(f"vector/code-{name}", size, [{"type": "vector", **fields}], background="#f8f8f0")


_BENT_STOPS = [
    {"offset": 0.05, "color": "#ff4020"},
    {"offset": 0.4, "color": "#20c0ff", "midpoint": 0.25},
    {"offset": 0.4, "color": "#f0e020"},
    {"offset": 0.95, "color": "#102030", "midpoint": 0.7},
]
_OPACITY_STOPS = [{"offset": 0, "opacity": 1}, {"offset": 0.7, "opacity": 0.6}, {"offset": 1, "opacity": 0}]


def _fills() -> Iterator[Case]:
    """Gradient fills of every style, of boxes, shapes, strokes and text; patterns placed in many ways."""
    for style in ("linear", "radial", "angle", "reflected", "diamond"):
        plain: dict[str, Any] = {"type": "gradient", "style": style, "stops": _BENT_STOPS}
        fancy = plain | {"angle": -37.5, "scale": 0.7, "offset": [0.1, -0.2], "opacity_stops": _OPACITY_STOPS}
        whole: dict[str, Any] = {
            "type": "raster",
            "source": {"color": plain | {"angle": 30, "smoothness": 0.5}},
        }
        turned: dict[str, Any] = {
            "type": "raster",
            "source": {"color": fancy | {"reverse": True}},
            "width": 70,
            "height": 40.5,
        }
        layers = [whole, turned | {"transform": {"x": 20.5, "y": 5, "rotation": 9, "scale": 1.25}}]
        yield case(f"vector/fill-{style}", (97, 71), layers)
        grainy: dict[str, Any] = {"color": fancy | {"dither": True, "snap": True}}
        yield case(f"vector/fill-{style}-dithered", (97, 71), [{"type": "raster", "source": grainy}])
        shape = _SHAPES["round-rect"] | {"fill": plain, "stroke": {"color": fancy, "width": 9}}
        yield case(f"vector/fill-{style}-of-a-shape", (97, 71), [_drawing(shape)])
        words = _text("Rag fi", size=34, color=fancy, transform={"x": 4, "y": 9, "rotation": 7})
        yield case(f"vector/fill-{style}-of-a-text", (97, 71), [words], background="#ffffff")
    source = noise("pattern", 11, 9)
    for name, pattern, place in (
        ("plain", {}, {}),
        ("moved", {"offset": [-4, 30]}, {"x": 5, "y": -3}),
        ("moved-by-parts", {"offset": [0.4, 0.75]}, {}),
        ("enlarged", {"scale": 2.3}, {}),
        ("reduced", {"scale": 0.2, "offset": [3, 1.5]}, {}),
        ("turned", {"scale": 1.5}, {"x": 30, "rotation": 25}),
    ):
        fill = {"type": "pattern", "source": source, **pattern}
        box = {"type": "raster", "source": {"color": fill}, "width": 80, "height": 60.5, "transform": place}
        yield case(f"vector/pattern-{name}", (97, 71), [box], background="#f8f8f0")
    for name, change, move in (
        ("plain", {}, {}),
        ("moved-by-parts", {"offset": [0.4, 0.75], "scale": 1.6, "sampling": "linear"}, {"x": 3.5}),
        ("turned", {"scale": 0.7}, {"x": 14, "y": -9, "rotation": 25}),
    ):
        fill = {"type": "pattern", "source": source, **change}
        oval = {"type": "ellipse", "cx": 48, "cy": 35, "rx": 31, "ry": 22, "fill": fill}
        line = {"type": "line", "points": [[8, 60], [30, 9], [80, 50]], "stroke": {"color": fill, "width": 7}}
        drawing = _drawing(oval, line, transform=move)
        yield case(f"vector/pattern-of-shapes-{name}", (97, 71), [drawing], background="#f8f8f0")


def _drawing(*shapes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"type": "vector", "shapes": list(shapes), **fields}
