"""For each field of what text layers say of type a layer and a change of it."""

from __future__ import annotations

from typing import Any

__all__ = ["text_changes"]

_TEXT: dict[str, Any] = {
    "type": "text", "text": "Rag and\nbone", "size": 14.0, "box_width": 70.0, "box_height": 60.0,
}  # fmt: skip
_LONG = {**_TEXT, "text": "Rag and bone of all sorts and another lot of them, too"}
_STOPS = [{"offset": 0, "color": "#ff0000"}, {"offset": 1, "color": "#0000ff"}]
_ACROSS = {"type": "linear", "start": [0, 0], "end": [1, 0], "stops": _STOPS}
_HELD = {**_LONG, "overflow": "ellipsis", "max_lines": 2}
_VARIABLE = {"font": {"path": "other.ttf"}}
_COLUMN = {"type": "text", "runs": [{"text": "12"}], "size": 14.0, "writing_mode": "vertical-rl"}
_LOCAL = {"text": "\u0431"}  # which is written in another way in Serbian

_OF_STYLE: dict[str, tuple[dict[str, Any], Any]] = {
    "font": ({}, {"path": "other.ttf"}),
    "fonts": ({}, [{"path": "other.ttf"}, "Source Sans Pro"]),
    "weight": ({}, 900),
    "italic": ({}, True),
    "axes": (_VARIABLE, {"wght": 777}),
    "size": ({}, 15.0),
    "color": ({}, "#ff0000"),
    "features": ({}, {"kern": 0}),
    "language": (_LOCAL, "sr"),
    "letter_spacing": ({}, 2.0),
    "word_spacing": ({}, 3.0),
    "case": ({"text": "av"}, "upper"),
    "decoration": ({}, "underline"),
    "baseline_shift": ({}, 0.5),
    "line_height": ({}, 2.0),
}
"""Of each field that layers and runs have: what else is written, and the value that is changed."""


def _runs(run: dict[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in _TEXT.items() if name != "text"}
    return {**fields, "runs": [{"text": "A "}, {"text": "AV, AV", **run}]}


def _behind(**fields: Any) -> dict[str, Any]:
    return {"background": {"fill": "#20a040", "padding": 4.0, **fields}}


def text_changes() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """A layer and a change of that field alone, by the names of the model and the field."""
    of_layers = {
        f"TextLayer.{name}": ({**_TEXT, **beside}, {name: value})
        for name, (beside, value) in _OF_STYLE.items()
        if name in ("fonts", "axes", "language", "word_spacing", "case", "decoration", "baseline_shift")
    }
    of_runs = {
        f"TextRun.{name}": (_runs(beside), {"runs": _runs({**beside, name: value})["runs"]})
        for name, (beside, value) in _OF_STYLE.items()
    }
    return {
        **of_layers,
        **of_runs,
        "TextRun.text": (_runs({}), {"runs": _runs({"text": "AW"})["runs"]}),
        "TextRun.combine_upright": (_COLUMN, {"runs": [{"text": "12", "combine_upright": True}]}),
        "TextRun.background": (_runs({}), {"runs": _runs(_behind())["runs"]}),
        "TextLayer.writing_mode": (_TEXT, {"writing_mode": "vertical-rl"}),
        "TextLayer.runs": (_runs({}), {"runs": [{"text": "A AV, AW"}]}),
        "TextLayer.paragraph_spacing": (_TEXT, {"paragraph_spacing": 5.0}),
        "TextLayer.indent": (_TEXT, {"indent": 5.0}),
        "TextLayer.vertical_align": (_TEXT, {"vertical_align": "bottom"}),
        "TextLayer.leading": (_TEXT, {"leading": "above"}),
        "TextLayer.balance": ({**_TEXT, "text": "Rag and bone, a", "box_width": 88.0}, {"balance": True}),
        "TextLayer.hyphenate": (
            {**_TEXT, "text": "Typography, everywhere", "language": "en-US", "box_width": 50.0},
            {"hyphenate": True},
        ),
        "TextLayer.overflow": (_HELD, {"overflow": "clip"}),
        "TextLayer.max_lines": (_HELD, {"max_lines": 1}),
        "TextLayer.ellipsis": (_HELD, {"ellipsis": "..."}),
        "TextLayer.min_size": ({**_HELD, "auto_fit": True, "min_size": 9.0}, {"min_size": 12.0}),
        "TextLayer.background": (_TEXT, _behind()),
        "TextLayer.gradient_box": ({**_TEXT, "color": _ACROSS}, {"gradient_box": "glyph"}),
        **{
            f"RunBackground.{name}": ({**_TEXT, **_behind()}, _behind(**{name: value}))
            for name, value in (("fill", "#a04020"), ("padding", 6.0), ("radius", 4.0))
        },
        "TextBackground.per": ({**_TEXT, **_behind()}, _behind(per="box")),
    }
