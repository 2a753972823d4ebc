"""A soak run: many renders by one renderer, their results compared with the first ones, and what it holds."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from unittest.mock import patch

from engines.image_core import ImageCoreError, RenderedImage, Renderer
from engines.image_core.backend import BackendChoice
from tests.soak.deck import Card, Deck, Turn, turns
from tests.soak.samples import Sample, measure

__all__ = ["Soak"]

CACHE_BYTES = 4 << 20
POOL_BYTES = 32 << 20
"""Of idle textures. With the usual bound the pool would go on filling for most of a run, like a leak."""

MOST_FAULTS = 10

_FORMATS: MappingProxyType[str, Callable[[RenderedImage], bytes]] = MappingProxyType(
    {"png": lambda image: image.to_png(), "webp": lambda image: image.to_webp()}
)
_EXPORTED = 5  # every which card is exported


class Soak:
    """One run.

    Attributes:
        device: what it ran on, in the driver's words.
        faults: what came out otherwise than the first time; the run ends at MOST_FAULTS.
        samples: what the process held, at evenly spaced numbers of renders.
        renders, exports, refusals: how many there were.
        seconds: how long it took.
    """

    def __init__(self, backend: BackendChoice, deck: Deck, root: Path) -> None:
        self._backend, self._deck, self._root = backend, deck, root
        self._first: dict[str, dict[str, str]] = {}
        self._cards = 0
        self.device = ""
        self.faults: list[str] = []
        self.samples: list[Sample] = []
        self.renders = self.exports = self.refusals = 0
        self.seconds = 0.0

    def run(
        self, renders: int, every: int, seconds: float = math.inf, told: Callable[[Soak], None] | None = None
    ) -> None:
        """Render.

        Args:
            renders: how many at least.
            every: after how many the process is looked at.
            seconds: end after that time, even if there were fewer.
            told: called after each look.
        """
        started = time.monotonic()
        with (
            patch("engines.image_core.gl.textures._POOL_BYTES", POOL_BYTES),
            Renderer(self._backend, root=self._root, cache_bytes=CACHE_BYTES) as renderer,
        ):
            for turn in turns(self._deck):
                self._take(renderer, turn)
                self.seconds = time.monotonic() - started
                if self.renders >= every * (len(self.samples) + 1):
                    self.samples.append(measure(renderer, self.renders))
                    if told:
                        told(self)
                if self.renders >= renders or self.seconds > seconds or len(self.faults) >= MOST_FAULTS:
                    return

    def _take(self, renderer: Renderer, turn: Turn) -> None:
        if turn.together:
            compositions = [card.composition for card in turn.cards]
            results = renderer.render_many(compositions, self._exported, failed=_refused)
            for card, result in zip(turn.cards, results, strict=True):
                self._compare(card, result)
            return
        (card,) = turn.cards
        self._cards += 1
        exported = self._cards % _EXPORTED == 0
        for again in (False, True):
            try:
                image = renderer.render(card.composition)
                self._compare(card, self._exported(image) if again and exported else _pixels(image))
            except ImageCoreError as error:
                self._compare(card, _refused(error))
        if card.kind == "fresh":
            del self._first[card.name]

    def _exported(self, image: RenderedImage) -> dict[str, str]:
        """The hashes of an image's pixels and of its files."""
        files = {format: hashlib.sha256(to(image)).hexdigest() for format, to in _FORMATS.items()}
        return _pixels(image) | files

    def _compare(self, card: Card, result: dict[str, str]) -> None:
        """With the first time: whatever is known of both has to be the same."""
        self.device = self.device or result.get("device", "")
        refused = "error" in result
        self.refusals += refused
        self.renders += not refused
        self.exports += len(result.keys() & _FORMATS.keys())
        if refused != (card.kind == "refused"):
            self.faults.append(f"render {self.renders}, {card.name}: {result}")
        first = self._first.setdefault(card.name, {})
        for name, value in result.items():
            if first.setdefault(name, value) != value:
                self.faults.append(f"render {self.renders}, {card.name}: {name} {value}, first {first[name]}")


def _pixels(image: RenderedImage) -> dict[str, str]:
    return {"pixels": image.pixel_hash, "device": image.device}


def _refused(error: ImageCoreError) -> dict[str, str]:
    return {"error": f"{type(error).__name__}: {error}"}
