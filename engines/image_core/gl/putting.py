"""Writes the GLSL that puts a source onto a level, in the cheapest way that gives the same pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engines.image_core.composition.blending import BlendMode
from engines.image_core.composition.options import BitDepth
from engines.image_core.planning.instructions import Bottom, Known
from engines.image_core.planning.options import Options, Range
from engines.image_core.planning.steps import ONE

__all__ = ["OPTIONS", "Putting", "mix_back", "put"]

OPTIONS = ("lib/components.glsl", "lib/options.glsl")
"""The files that a source with blending options needs."""

_NEUTRAL = {"from black": "0", "from gray": "HALF", "from white": "ONE"}

Number = Callable[..., int]
"""Appends numbers to the parameters, and gives the index of the first."""


@dataclass(frozen=True)
class Putting:
    """A source, and how it is put onto a level.

    Attributes:
        blend, options: the entry's.
        level: the level's name.
        known: what is known of it.
        alpha: the source's, as an expression; "ONE" where it is that everywhere.
        keep: the level's alpha stays.
        bottom: what the source lies on, where it has a knockout.
        place: the position that `dissolved` takes.
        bit_depth: 8 where the level is rounded to that afterwards, else 16.
    """

    blend: BlendMode
    options: Options | None
    level: str
    known: Known
    alpha: str
    keep: bool
    bottom: Bottom | None
    place: str
    bit_depth: BitDepth


def put(source: Putting, number: Number) -> Iterator[str]:
    """Lines that put `source` onto a level."""
    level, alpha, options = source.level, source.alpha, source.options
    if options is not None:
        yield from _put_with_options(source, options, number)
        return
    if source.blend is BlendMode.DISSOLVE and alpha != "ONE":
        alpha = f"dissolved({alpha}, {source.place})"
    yield f"    int alpha = {_share(alpha, source.bit_depth)};"
    yield f"    ivec3 blended = blend_{source.blend.identifier}({level}.rgb, source.rgb);"
    if alpha == "ONE" and (source.keep or source.known == "opaque"):
        result = f"ivec4(blended, {level}.a)"
    elif source.keep:
        result = f"recolored({level}, blended, alpha)"
    elif source.known == "nothing":
        result = "over_nothing(source.rgb, alpha)"
    elif source.known == "opaque":
        result = f"over_opaque({level}, blended, alpha)"
    elif alpha == "ONE":
        result = f"opaque_over({level}, source.rgb, blended)"
    else:
        result = f"over({level}, source.rgb, blended, alpha, {source.bit_depth})"
    yield f"    {level} = {_rounded(result, source.bit_depth)};"


def mix_back(
    level: str, alpha: str, options: Options | None, bit_depth: BitDepth, number: Number
) -> Iterator[str]:
    """Lines that mix a level with `source`, which became of it in a stack that is passed through."""
    yield f"    int alpha = {alpha};"
    ranges = options.ranges if options else ()
    yield from _with_ranges(ranges, level, number)
    if bit_depth == 8:
        yield "    alpha = share8(alpha);"
    mixed = "source" if alpha == "ONE" and not ranges else f"mixed_back({level}, source, alpha, {bit_depth})"
    yield f"    ivec4 result = {mixed};"
    if options is not None:
        yield from _channels_kept(options, level)
    yield f"    {level} = {_rounded('result', bit_depth)};"


def _share(alpha: str, bit_depth: BitDepth) -> str:
    return f"share8({alpha})" if bit_depth == 8 and alpha != "ONE" else alpha


def _rounded(result: str, bit_depth: BitDepth) -> str:
    return f"rounded8({result})" if bit_depth == 8 else result


def _put_with_options(source: Putting, options: Options, number: Number) -> Iterator[str]:
    level, dissolves = source.level, source.blend is BlendMode.DISSOLVE
    yield f"    int alpha = {source.alpha};"
    yield from _with_ranges(options.ranges, level, number)
    if dissolves:
        yield f"    alpha = dissolved(alpha, {source.place});"
    if source.bit_depth == 8:
        yield "    alpha = share8(alpha);"
    fill = f"parameters[{number(options.fill)}]"
    filled = options.fill != ONE and source.blend.facts.fill != "opacity"
    if source.bottom is None:
        yield from _blended(source, "result", level, "alpha", fill if filled else None)
    else:
        yield f"    ivec4 bottom = {_bottom(source.bottom)};"
        share = "ONE"
        if source.blend.facts.fill == "opacity":
            share = f"dissolved({fill}, {source.place})" if dissolves else _share(fill, source.bit_depth)
        yield from _blended(source, "inside", "bottom", share, fill if filled else None)
        mixed = "recolored({0}, inside.rgb, alpha)" if source.keep else "mixed_back({0}, inside, alpha, {1})"
        yield f"    ivec4 result = {mixed.format(level, source.bit_depth)};"
    yield from _channels_kept(options, level)
    yield f"    {level} = {_rounded('result', source.bit_depth)};"


def _with_ranges(ranges: tuple[Range, ...], level: str, number: Number) -> Iterator[str]:
    """Lines that multiply `alpha` by what the ranges of values show of `source`."""
    for each in ranges:
        index = number(*each.sliders)
        sliders = f"ivec4({', '.join(f'parameters[{index + i}]' for i in range(4))})"
        of = level if each.underlying else "source"
        value = f"lum({of}.rgb)" if each.of == "gray" else f"{of}.{each.of[0]}"
        shown = f"shown({value}, {sliders})"
        yield f"    alpha = mul(alpha, {f'lerp(ONE, {shown}, {level}.a)' if each.underlying else shown});"


def _channels_kept(options: Options, level: str) -> Iterator[str]:
    """Lines that give `result` the channels of a level which stay."""
    for channel, kept in zip("rgb", options.kept, strict=True):
        if kept:
            yield f"    result.{channel} = {level}.{channel};"


def _blended(source: Putting, name: str, onto: str, alpha: str, fill: str | None) -> Iterator[str]:
    """Lines that declare what becomes of a backdrop under a source. fill: one that enters the blending."""
    bits = source.bit_depth
    rule, function = source.blend.facts.fill, f"blend_{source.blend.identifier}"
    if fill is None:
        blended = f"{function}({onto}.rgb, source.rgb)"
    elif rule == "own":
        blended = f"{function}_filled({onto}.rgb, source.rgb, {fill})"
    else:
        blended = f"{function}({onto}.rgb, lerp(ivec3({_NEUTRAL[rule]}), source.rgb, {fill}))"
    yield f"    ivec3 blended = {blended};"
    if source.keep:
        yield f"    ivec4 {name} = recolored({onto}, blended, {alpha});"
    elif fill is None:
        yield f"    ivec4 {name} = over({onto}, source.rgb, blended, {alpha}, {bits});"
    else:
        yield f"    ivec4 {name} = over_filled({onto}, source.rgb, blended, {alpha}, {fill}, {bits});"


def _bottom(bottom: Bottom) -> str:
    """A level as a pass knows it; the background is the first of its numbers."""
    if isinstance(bottom, int):
        return f"level_{bottom}"
    if bottom == "nothing":
        return "ivec4(0)"
    return f"ivec4({', '.join(f'parameters[{channel}]' for channel in range(4))})"
