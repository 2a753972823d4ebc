"""What `image-core measure` tells of a composition's texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engines.image_core.cli.support import printable, say
from engines.image_core.models import ImageComposition, layer_label
from engines.image_core.rendering.renderer import Renderer

__all__ = ["measure_texts", "tell_texts"]


def measure_texts(
    composition: ImageComposition, root: Path | None, fonts: Path | None
) -> list[dict[str, Any]]:
    """For each text layer its place, its name and what it takes, as JSON holds it."""
    names = {layer_label(path): layer.name or layer.id for path, layer in composition.walk()}
    with Renderer("numpy", root, fonts=fonts) as renderer:
        measured = renderer.measure_all(composition)
    return [{"layer": place, "name": names[place], **asdict(text)} for place, text in measured.items()]


def tell_texts(texts: Sequence[dict[str, Any]]) -> None:
    """A line for each text, and one for each of its lines."""
    for text in texts:
        name = f" {text['name']!r}" if text["name"] else ""
        cut = ", cut" if text["cut"] else ""
        size = f"{text['width']:.2f} x {text['height']:.2f} pixels, size {text['size']:g}"
        say(f"{text['layer']}{name}: {size}{cut}")
        for line in text["lines"]:
            fonts = ", ".join(dict.fromkeys(run["font"] for run in line["runs"]))
            box = f"{line['x']:8.2f} {line['top']:8.2f} {line['width']:8.2f} x {line['height']:.2f}"
            say(printable(f"  {box}  {line['text']!r}  {fonts}"))
