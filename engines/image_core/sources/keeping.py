"""What is kept of sources between renders: what they decoded to, and which of them equal layers draw."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from engines.image_core.numbers.geometry import Rect
from engines.image_core.planning.decoded import DecodedImage, DecodedLookup, DecodedMask, LayerBox
from engines.image_core.runtime.caching import Cache

__all__ = ["Pieces", "Recipe", "SourceCache"]

T = TypeVar("T")
U = TypeVar("U")

_ENTRY_BYTES = 1024
"""What a cached source takes beside its pixels, at most about."""

_RECIPES = 4096
"""How many layers are remembered, each in less than a kilobyte."""

_SPACES = 16
"""How many colour spaces are remembered, each in the size of its profile."""


@dataclass(frozen=True)
class Pieces(Generic[T]):
    """One thing for each source of a layer: what describes it, what it is known by, or what it decoded to.

    Attributes:
        image: what the layer draws.
        shape, ring: what rounded corners leave of it, and where its border lies.
        masks, lookups, patterns, outlines: in the order in which the layer names them.
        painted: the pictures of the patterns that its text or shapes are painted with.
    """

    image: T | None = None
    shape: T | None = None
    ring: T | None = None
    masks: tuple[T, ...] = ()
    lookups: tuple[T, ...] = ()
    patterns: tuple[T, ...] = ()
    outlines: tuple[T, ...] = ()
    painted: tuple[T, ...] = ()

    def __iter__(self) -> Iterator[T]:
        for one in (self.image, self.shape, self.ring):
            if one is not None:
                yield one
        for several in self._several:
            yield from several

    def map(self, change: Callable[[T], U]) -> Pieces[U]:
        """Something else for each."""
        image, shape, ring = (
            None if one is None else change(one) for one in (self.image, self.shape, self.ring)
        )
        return Pieces(image, shape, ring, *(tuple(map(change, several)) for several in self._several))

    @property
    def _several(self) -> tuple[tuple[T, ...], ...]:
        return self.masks, self.lookups, self.patterns, self.outlines, self.painted


@dataclass(frozen=True)
class Recipe:
    """What a layer draws.

    Attributes:
        keys: those of its sources in `SourceCache.sources`.
        image_box: as `DecodedImage.box`, where it is the layer's and not the source's.
        layer_box, bounds: as in `Sources.boxes` and `Sources.bounds`.
    """

    keys: Pieces[str]
    image_box: tuple[Fraction, Fraction] | None
    layer_box: LayerBox | None
    bounds: Rect | None


class SourceCache:
    """Pictures by the SHA-256 of their files, drawings by what describes them, and the recipes of layers.

    A recipe leads an equal layer to its sources without reading, hashing or describing them. It is found by
    all that decides these: the layer, the canvas, the area that is drawn and the versions of its files.

    Attributes:
        sources: decoded images and masks, within `max_bytes`.
        recipes: a few thousand.
        spaces: the colour spaces of profiles, by the files they are in.
    """

    def __init__(self, max_bytes: int) -> None:
        self.sources = Cache(max_bytes, _size)
        self.recipes = Cache(_RECIPES if max_bytes else 0, lambda _: 1)
        self.spaces = Cache(_SPACES if max_bytes else 0, lambda _: 1)

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
        self.spaces.clear()


def _size(source: DecodedImage | DecodedMask | DecodedLookup | None) -> int:
    return _ENTRY_BYTES + (source.nbytes if source else 0)
