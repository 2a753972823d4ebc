"""Cases of type: runs, fallback, decorations, spacing, breaking, boxes that text must fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from engines.image_core.conformance.case import Case, case
from engines.image_core.conformance.pictures import noise

__all__ = ["type_cases"]

_CANVAS = (220, 120)
_WORDS = "Of the letters that a page is set in, the reader should not see a single one; only what they say."
_STOPS = [{"offset": 0, "color": "#ff2060"}, {"offset": 1, "color": "#2040ff"}]
_ACROSS = {"type": "linear", "start": [0, 0], "end": [1, 0], "stops": _STOPS}
_YELLOW = {"fill": "#ffe04a", "padding": 3.5, "radius": 5}
_HEBREW_AND_ARABIC = "\u05e9\u05dc\u05d5\u05dd 12 \u0645\u0631\u062d\u0628\u0627"
_THAI = "\u0e19\u0e42\u0e22\u0e1a\u0e32\u0e22\u0e2a\u0e32\u0e18\u0e32\u0e23\u0e13\u0e30\u0e21\u0e35"


def _text(text: str | None = _WORDS, **fields: Any) -> dict[str, Any]:
    own = {} if text is None else {"text": text}
    return {"type": "text", **own, "size": 17, "color": "#102040", "transform": {"x": 8, "y": 6}, **fields}


def _box(text: str = _WORDS, **fields: Any) -> dict[str, Any]:
    return _text(text, **{"box_width": 200, "box_height": 80, **fields})


def _runs(*runs: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return _text(None, runs=list(runs), **fields)


def type_cases() -> Iterator[Case]:
    """Each layer alone, upright; some turned."""
    for name, layer in _layers().items():
        yield replace(case(f"type/{name}", _CANVAS, [layer], background="#f4f0e8"), suite=2)


def _layers() -> dict[str, dict[str, Any]]:
    return {**_styles(), **_lines(), **_along(), **_fitted(), **_painted(), **_patterned(), **_leaded()}


def _styles() -> dict[str, dict[str, Any]]:
    return {
        "runs": _runs(
            {"text": "Only "},
            {"text": "today", "weight": 900, "color": "#ff4400", "decoration": "underline"},
            {"text": "\n50", "size": 52, "italic": True, "color": _ACROSS},
            {"text": "%", "size": 20, "baseline_shift": 1.2},
            {"text": " off", "letter_spacing": 6, "decoration": ["overline", "strikethrough"]},
        ),
        "kerned-across-runs": _runs({"text": "AVA", "color": "#c00000"}, {"text": "VAV To"}, size=40),
        "features-of-runs": _runs({"text": "ffi 12 "}, {"text": "ffi 12", "features": {"liga": 0, "onum": 1}},
                                  size=40),
        "small-caps": _text("Small Caps", case="small-caps", size=32),
        "title-case": _text("the reader's page", case="title", word_spacing=9),
        "upper-and-lower": _runs({"text": "straße ", "case": "upper"}, {"text": "LOW", "case": "lower"}),
        "language": _runs({"text": "\u0431\u0433 "}, {"text": "\u0431\u0433", "language": "sr"}, size=40),
        "fallback": _text("A \u4e2d b", fonts=["Source Sans Pro", "Source Sans Pro"], missing_glyphs="box"),
        "decorated-turned": _text(
            "gjy turned", size=34, decoration=["underline", "overline"],
            transform={"x": 10, "y": 40, "rotation": -9},
        ),
        "raised-and-lowered": _text("H2O", baseline_shift=-0.25, size=40, decoration="underline"),
        "two-directions": _text(_HEBREW_AND_ARABIC, missing_glyphs="box", letter_spacing=3),
    }  # fmt: skip


def _lines() -> dict[str, dict[str, Any]]:
    paragraphs = "One paragraph of a few words.\nAnother one of as many words."
    return {
        "justified": _box(align="justify"),
        "justified-turned": _box(align="justify", transform={"x": 14, "y": 4, "rotation": 4}),
        "balanced": _box(balance=True, align="center"),
        "hyphenated": _box("Typographical conventions everywhere", hyphenate=True, language="en-US",
                           box_width=110, size=24),
        "thai": _box(_THAI, missing_glyphs="box", box_width=90, direction="ltr"),
        "paragraphs": _box(paragraphs, indent=22, paragraph_spacing=9, box_width=150),
        "hanging-indent": _box(paragraphs, indent=-6, line_height=1),
        "middle": _box("One line", vertical_align="middle"),
        "bottom": _box("One line\nand another", vertical_align="bottom", align="end"),
        "vertical": _box("Columns \u2014 of 12\nletters", writing_mode="vertical-rl", box_height=100,
                         decoration="underline"),
        "vertical-boxes": _runs(
            {"text": "\u4e00\u4e8c"}, {"text": "12", "combine_upright": True}, {"text": "\u3042 a"},
            writing_mode="vertical-rl", missing_glyphs="box", background=_YELLOW,
        ),
        "vertical-turned": _box(_WORDS, writing_mode="vertical-rl", color=_ACROSS, overflow="ellipsis",
                                box_height=90, box_width=100, transform={"x": 40, "y": 14, "rotation": 8}),
        "baseline": _text("Baseline", vertical_align="baseline", transform={"x": 8, "y": 60}, size=40),
    }  # fmt: skip


def _along() -> dict[str, dict[str, Any]]:
    circle = {"type": "arc", "center": [104, 54], "radius": 36}
    wave = {"d": "M4 60 C50 0 80 0 104 54 S170 110 200 40"}
    return {
        "badge": _text("AROUND A BADGE", path=circle, align="center", weight=700, size=18),
        "wave": _text("Ride the wave", path=wave, size=26, decoration="underline", color=_ACROSS),
        "wave-with-background": _text("On a band", path=wave, size=22, background=_YELLOW, letter_spacing=2),
        "arc-from-below": _text(
            "from below", path={**circle, "start_angle": 90, "sweep": -360}, overflow="shrink", size=60,
            align="center", transform={"x": 8, "y": 6, "rotation": 20},
        ),
        "path-clipped": _text(_WORDS, path={**wave, "side": "right", "start_offset": 0.1}, overflow="clip"),
        "path-cut": _text(_WORDS, path=wave, overflow="ellipsis"),
    }  # fmt: skip


def _fitted() -> dict[str, dict[str, Any]]:
    return {
        "ellipsis": _box(overflow="ellipsis"),
        "ellipsis-of-one-line": _box(overflow="ellipsis", max_lines=1, ellipsis=" [more]"),
        "ellipsis-to-the-left": _box(
            f"{_HEBREW_AND_ARABIC} " * 3, overflow="ellipsis", max_lines=1, missing_glyphs="box",
            align="start",
        ),
        "clipped": _box(overflow="clip", size=30),
        "clipped-turned": _box(
            overflow="clip", size=30, color=_ACROSS, transform={"x": 14, "y": 22, "rotation": -7}
        ),
        "clipped-lines": _box(overflow="clip", max_lines=2),
        "shrunk": _box(overflow="shrink", size=60),
        "shrunk-runs": _runs(
            {"text": "Large "}, {"text": "and larger", "size": 160, "weight": 700},
            size=80, box_width=200, box_height=100, auto_fit=True,
        ),
        "shrunk-and-cut": _box(overflow="ellipsis", auto_fit=True, min_size=18, size=30),
        "shrunk-to-lines": _box(auto_fit=True, max_lines=2, size=30),
    }  # fmt: skip


def _painted() -> dict[str, dict[str, Any]]:
    wrapped = {"size": 30, "weight": 900, "color": _ACROSS, "box_width": 200}
    return {
        "gradient-of-a-run": _runs({"text": "Plain "}, {"text": "gradient", "color": _ACROSS}, size=36),
        "gradient-by-line": _text("Line by line and on", gradient_box="line", **wrapped),
        "gradient-by-glyph": _text("Glyph", gradient_box="glyph", decoration="underline", **wrapped),
        "gradient-by-box": _text("Box", gradient_box="box", **wrapped),
        "highlighter": _text("Highlighter over several lines", background=_YELLOW, size=26, box_width=180),
        "plate": _box("A plate", background={**_YELLOW, "fill": _ACROSS, "per": "box"}, align="center"),
        "run-with-background": _runs(
            {"text": "A "}, {"text": "marked", "background": _YELLOW, "baseline_shift": 0.1},
            {"text": " word"}, size=28, opacity=0.8,
        ),
        "thin-paint-decorated": _text("gjypq", size=60, color="#10204080", decoration="underline"),
    }  # fmt: skip


def _patterned() -> dict[str, dict[str, Any]]:
    plain: dict[str, Any] = {"type": "pattern", "source": noise("paper", 13, 11, opaque=True)}
    translucent = {"type": "pattern", "source": noise("pattern", 11, 9)}
    heavy = {"size": 44, "weight": 900}
    return {
        "pattern": _text("Paper", color=plain, **heavy),
        "pattern-moved": _text("Paper", color=plain | {"offset": [4, -3.5]}, gradient_box="box", **heavy),
        "pattern-by-line": _text("Line by\nline", color=plain | {"scale": 1.7}, gradient_box="line", **heavy),
        "pattern-by-glyph": _text("gjy", color=plain, gradient_box="glyph", decoration="underline", **heavy),
        "pattern-turned": _text("Turned", color=plain | {"scale": 2.5, "sampling": "linear"}, **heavy,
                                transform={"x": 10, "y": 50, "rotation": -13}),
        "pattern-scaled": _text("Small", color=plain, **heavy, transform={"x": 9, "y": 8, "scale": 0.6}),
        "patterns-of-runs": _runs(
            {"text": "One "}, {"text": "two", "color": plain | {"scale": 0.4}, "size": 50},
            {"text": " three", "background": {**_YELLOW, "fill": translucent}}, size=28,
        ),
        "patterns-in-columns": _box("Columns of paper", writing_mode="vertical-rl", color=plain, size=30,
                                    box_height=100, gradient_box="line"),
        "pattern-along-a-path": _text("On a wave", path={"d": "M4 60 C50 0 80 0 104 54 S170 110 200 40"},
                                      color=plain, background={"fill": translucent}, size=32),
    }  # fmt: skip


def _leaded() -> dict[str, dict[str, Any]]:
    two = _runs(
        {"text": "Tight\n", "line_height": 0.8}, {"text": "and wide\nlines", "line_height": 1.7}, size=22
    )
    return {
        "leading-above": two | {"leading": "above"},
        "leading-around": two,
        "leading-above-in-columns": _box("Lead in columns", leading="above", line_height=1.6,
                                         writing_mode="vertical-rl", box_height=70),
        "anchored-right": _text("To the\nright", align="right", leading="above", vertical_align="baseline",
                                transform={"x": 200, "y": 40, "anchor": "top-right"}),
        "anchored-below": _text("From below", size=30,
                                transform={"x": 110, "y": 110, "anchor": "bottom", "rotation": 8}),
    }  # fmt: skip
