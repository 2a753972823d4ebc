"""Blending options of an entry: what is asked of its blending beyond a mode, a mask and an opacity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import ClassVar, Literal, TypeAlias

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.layer_base import LayerBase, PlacedLayer
from engines.image_core.composition.options import BlendIf, Knockout
from engines.image_core.numbers.rounding import round_fraction, to15
from engines.image_core.planning.steps import ONE

__all__ = ["Of", "Options", "Range", "fill15", "opacity15", "options"]

Of: TypeAlias = Literal["gray", "red", "green", "blue"]


@dataclass(frozen=True)
class Range:
    """Of which values an entry shows.

    Attributes:
        of: the value: the luminosity, or a channel.
        underlying: it is the backdrop's, else the source's own.
        sliders: four values 0..ONE in ascending order: nothing shows below the first and above the fourth,
            all from the second to the third.
    """

    tag: ClassVar = "range"
    of: Of
    underlying: bool
    sliders: tuple[int, int, int, int]


@dataclass(frozen=True)
class Options:
    """Blending options.

    Attributes:
        fill: 0..ONE; other than ONE in modes where it is not opacity, and beside a knockout.
        kept: which of red, green and blue stay as they are in the backdrop.
        ranges: the source's alpha is multiplied by what each shows.
        knockout: what the source lies on is not its backdrop but what was there when its stack began
            (shallow), or the nearest stack around it that does not begin with its own backdrop (deep).
    """

    tag: ClassVar = "options"
    fill: int = ONE
    kept: tuple[bool, bool, bool] = (False, False, False)
    ranges: tuple[Range, ...] = ()
    knockout: Knockout = "none"


def opacity15(layer: LayerBase, mode: BlendMode) -> int:
    """A layer's opacity in 15-bit steps, with its fill where that is nothing else; 0 where nothing shows."""
    if layer.fill_opacity == 0 and _knockout(layer) == "none":
        return 0
    return _in_steps(layer.opacity, 1.0 if _fills(layer, mode) else layer.fill_opacity)


def fill15(layer: LayerBase, mode: BlendMode) -> int:
    """The part of `opacity15` that is the layer's fill."""
    return _in_steps(1.0, 1.0 if _fills(layer, mode) else layer.fill_opacity)


@lru_cache(maxsize=1024)
def _in_steps(opacity: float, fill: float) -> int:
    return round_fraction(Fraction(opacity) * Fraction(fill) * ONE)


def options(layer: LayerBase, mode: BlendMode) -> Options | None:
    """The options of a layer; None where there are none."""
    red, green, blue = (name not in layer.channels for name in ("red", "green", "blue"))
    found = Options(
        _in_steps(layer.fill_opacity, 1.0) if _fills(layer, mode) else ONE,
        (red, green, blue),
        tuple(_ranges(layer.blend_if)),
        _knockout(layer),
    )
    return None if found == Options() else found


def _fills(layer: LayerBase, mode: BlendMode) -> bool:
    """Whether the layer's fill is something else than opacity."""
    return mode.facts.fill != "opacity" or _knockout(layer) != "none"


def _knockout(layer: LayerBase) -> Knockout:
    return layer.knockout if isinstance(layer, PlacedLayer) else "none"


def _ranges(blend_if: BlendIf) -> Iterator[Range]:
    names: tuple[Of, ...] = ("gray", "red", "green", "blue")
    for name in names:
        wanted = getattr(blend_if, name)
        for underlying, sliders in ((False, wanted.this), (True, wanted.underlying)):
            if sliders != (0, 0, 255, 255):
                first, second, third, fourth = map(to15, sliders)
                yield Range(name, underlying, (first, second, third, fourth))
