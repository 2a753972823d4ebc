"""What is kept of sources between renders: what they decoded to, and which of them equal layers draw."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction

from engines.image_core.planning.decoded import DecodedImage, DecodedLookup, DecodedMask, LayerBox
from engines.image_core.runtime.caching import Cache

__all__ = ["Recipe", "SourceCache"]

_ENTRY_BYTES = 1024
"""What a cached source takes beside its pixels, at most about."""

_RECIPES = 4096
"""How many layers are remembered, each in less than a kilobyte."""


@dataclass(frozen=True)
class Recipe:
    """What a layer draws, by the keys of its sources; None where it has none of a kind.

    Attributes:
        image, masks, lookups, shape, ring: keys in `SourceCache.sources`.
        box: as in `DecodedImage`, where it is the layer's and not the source's.
        layer_box: as in `Sources.boxes`.
    """

    image: str | None
    masks: tuple[str, ...]
    box: tuple[Fraction, Fraction] | None
    lookups: tuple[str, ...] = ()
    layer_box: LayerBox | None = None
    shape: str | None = None
    ring: str | None = None


class SourceCache:
    """Pictures by the SHA-256 of their files, drawings by what describes them, and the recipes of layers.

    A recipe leads an equal layer to its sources without reading, hashing or describing them. It is found by
    all that decides these: the layer, the canvas, the area that is drawn and the versions of its files.

    Attributes:
        sources: decoded images and masks, within `max_bytes`.
        recipes: a few thousand.
    """

    def __init__(self, max_bytes: int) -> None:
        self.sources = Cache(max_bytes, _size)
        self.recipes = Cache(_RECIPES if max_bytes else 0, lambda _: 1)

    def recipe(self, key: Hashable) -> Recipe | None:
        """The recipe of a layer."""
        try:
            found: Recipe = self.recipes.found(key)
        except KeyError:
            return None
        return found

    @property
    def held_bytes(self) -> int:
        """What the sources take."""
        return self.sources.held_bytes

    def clear(self) -> None:
        """Drop everything."""
        self.sources.clear()
        self.recipes.clear()


def _size(source: DecodedImage | DecodedMask | DecodedLookup | None) -> int:
    return _ENTRY_BYTES + (source.nbytes if source else 0)
