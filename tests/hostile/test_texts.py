"""Texts made to cost time or to break: each is drawn, or is one line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engines.image_core import Renderer
from engines.image_core.composition.fields import parse
from engines.image_core.models import ImageComposition
from tests.hostile.fonts import FONTS
from tests.hostile.telling import told

_MANY = 20_000
_STOPS = [{"offset": 0, "color": "#ff0000"}, {"offset": 1, "color": "#0000ff"}]
_ACROSS = {"type": "linear", "stops": _STOPS}
_COLORS = [f"#{number * 97 % (1 << 24):06x}" for number in range(3000)]
_FALLBACK = ["Source Sans Pro", {"path": "variable.ttf"}, "emoji"]

TEXTS: dict[str, dict[str, Any]] = {
    "a run for each letter": {"runs": [{"text": "a"}] * _MANY},
    "a size for each letter": {"runs": [{"text": "a", "size": 9 + number / 997} for number in range(_MANY)]},
    "a colour for each letter": {"runs": [{"text": "a", "color": color} for color in _COLORS]},
    "a fill behind each letter": {
        "runs": [{"text": "a", "background": {"fill": color, "padding": 900}} for color in _COLORS[:300]]
    },
    "a gradient for each letter": {"text": "ab" * 3000, "color": _ACROSS, "gradient_box": "glyph"},
    "one cluster": {"text": "a" + "\u0301" * _MANY, "missing_glyphs": "box"},
    "one emoji": {"text": "\u200d".join("\U0001f469" * _MANY), "fonts": _FALLBACK, "missing_glyphs": "box"},
    "embedding without end": {"text": "\u202b\u202a" * (_MANY // 2)},
    "isolates without end": {"text": "\u2067a\u2066" * (_MANY // 3)},
    "another font for each letter": {"text": "a\u05d0b\U0001f600" * (_MANY // 4), "fonts": _FALLBACK},
    "soft hyphens": {"text": "a\u00ad" * (_MANY // 2)},
    "one word to be hyphenated": {"text": "ab" * (_MANY // 2), "hyphenate": True, "language": "en-US"},
    "balance of thousands of lines": {"text": "ab cd ef " * (_MANY // 9), "balance": True},
    "an ellipsis of a long line": {"text": "ab" * (_MANY // 2), "overflow": "ellipsis", "max_lines": 1},
    "a text that is never small enough": {
        "text": "ab cd " * (_MANY // 6), "overflow": "shrink", "box_height": 1.0, "min_size": 11,
    },
    "small capitals and capitals": {"text": "aB" * (_MANY // 2), "case": "small-caps"},
    "columns of all kinds": {
        "text": "\u4e00a\u3001 " * (_MANY // 4), "writing_mode": "vertical-rl", "box_height": 90.0,
        "missing_glyphs": "box",
    },
    "digits side by side": {
        "runs": [{"text": "1" * _MANY, "combine_upright": True}], "writing_mode": "vertical-rl",
    },
    "lines of nothing": {"text": "\n" * _MANY},
    "a raise beyond the canvas": {"runs": [{"text": "a", "baseline_shift": 10.0, "size": 4096.0}]},
}  # fmt: skip


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    """One that may read a variable font."""
    folder: Path = tmp_path_factory.mktemp("fonts")
    (folder / "variable.ttf").write_bytes(FONTS["variable TrueType"])
    with Renderer("numpy", root=folder) as opened:
        yield opened


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_is_made_to_cost_is_drawn_or_is_one_line(renderer: Renderer, name: str) -> None:
    """It names the layer."""
    box = {} if TEXTS[name].get("writing_mode") else {"box_width": 300.0}
    layer = {"type": "text", "name": "cost", "size": 12.0, **box, **TEXTS[name]}
    card = {"tenant_id": "t", "env": "e", "width": 300, "height": 300, "layers": [layer]}
    told(lambda: renderer.render(parse(ImageComposition, card)), "layer 'cost' (layers[0])")
