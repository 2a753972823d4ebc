"""What some texts say of type: runs, decorations, breaking, boxes that they must fit."""

from __future__ import annotations

import random
from typing import Any

from tests.fuzz.paints import color, paint

__all__ = ["typed"]

_STYLE: dict[str, list[Any]] = {
    "weight": [200, 900],
    "italic": [True],
    "size": [1, 13.3, 60],
    "letter_spacing": [-2.5, 6],
    "word_spacing": [-4, 11.25],
    "case": ["upper", "lower", "title", "small-caps"],
    "decoration": ["underline", ["strikethrough", "overline"]],
    "baseline_shift": [-0.4, 0.75],
    "language": ["tr", "sr"],
    "features": [{}, {"smcp": 1}, {"liga": 0}],
    "line_height": [0.5, 2.25],
}
_LAYOUT: dict[str, list[Any]] = {
    "word_spacing": [-4, 11.25],
    "case": ["upper", "small-caps"],
    "decoration": ["underline", "strikethrough"],
    "baseline_shift": [-0.4, 0.75],
    "indent": [-7, 12.5],
    "paragraph_spacing": [-3, 8],
    "vertical_align": ["middle", "bottom", "baseline"],
    "balance": [True],
    "gradient_box": ["box", "line", "glyph"],
    "align": ["justify"],
    "writing_mode": ["vertical-rl"],
    "leading": ["above"],
}
_WORDS = ["Rag ", "fi 12,\n", "WAVE", "to\u0301 and fro ", "\u0645\u0631 ", "\u05d0\u05d1 (1)"]


def typed(text: dict[str, Any]) -> dict[str, Any]:
    """More fields of a text, for some; by numbers of their own, so that all else of a case is as it was
    without. Runs take the place of the text."""
    rng = random.Random(f"type of {text}")
    if rng.random() < 0.5:
        return {}
    found = {name: rng.choice(values) for name, values in _LAYOUT.items() if rng.random() < 0.15}
    if rng.random() < 0.25:
        found["background"] = {**_background(rng), "per": rng.choice(["line", "box"])}
    if rng.random() < 0.5:
        found |= {"text": None, "runs": [_run(rng) for _ in range(rng.randint(1, 4))]}
        if text.get("auto_fit"):  # a run sixty times as large need not fit even where the others are a pixel
            found["runs"] = [{name: run[name] for name in run if name != "size"} for run in found["runs"]]
    if rng.random() < 0.15:
        return _along(rng, text, found)
    return found | _overflow(rng, text)


def _background(rng: random.Random) -> dict[str, Any]:
    return {"fill": paint(rng), "padding": rng.choice([0, 2.5, 40]), "radius": rng.choice([0, 6])}


def _run(rng: random.Random) -> dict[str, Any]:
    run = {name: rng.choice(values) for name, values in _STYLE.items() if rng.random() < 0.2}
    run["text"] = rng.choice(_WORDS)
    if rng.random() < 0.4:
        run["color"] = rng.choice([color, paint])(rng)
    if rng.random() < 0.15:
        run["background"] = _background(rng)
    return run


_OF_LINES = ("indent", "paragraph_spacing", "vertical_align", "balance", "writing_mode", "leading")


def _along(rng: random.Random, text: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """A text along a path, without what only lines in a box can have; none that may be an error."""
    arc: dict[str, Any] = {
        "type": "arc",
        "center": [rng.randint(-20, 80), 40],
        "radius": rng.choice([9.5, 60]),
    }
    arc |= {"start_angle": rng.uniform(-360, 360), "sweep": rng.choice([360, -200.5, 90])}
    wave = {"d": "M-10 40 Q30 -20 60 40 T130 50"}
    path = {**rng.choice([arc, wave]), "side": rng.choice(["left", "right"])}
    kept = {name: value for name, value in found.items() if name not in (*_OF_LINES, "align")}
    kept["background"] = None
    words = found.get("runs") or [{"text": text["text"]}]
    lines = [{**run, "text": run["text"].replace("\n", " "), "line_height": None} for run in words]
    kept |= {"text": None, "runs": lines}
    box = {"box_width": None, "box_height": None, "line_height": 1.2, "auto_fit": False}
    return {**kept, **box, "path": path, "overflow": "clip"}


def _overflow(rng: random.Random, text: dict[str, Any]) -> dict[str, Any]:
    """Some of the ways in which text that is too much is held; none in which it may be an error."""
    kind = rng.choice(["clip", "ellipsis", None, None])
    if kind is None:
        return {}
    held: dict[str, Any] = {"overflow": kind, "max_lines": rng.choice([1, 2, 5])}
    held["ellipsis"] = rng.choice(["\u2026", " and more"])
    return held if kind == "ellipsis" or "box_width" in text else {**held, "box_width": rng.choice([60, 150])}
