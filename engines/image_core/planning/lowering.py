"""Adjustments by type as colour operations."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np

from engines.image_core.composition import tints as told
from engines.image_core.composition.adjustments import AnyAdjustment
from engines.image_core.composition.fields import parse_color
from engines.image_core.composition.tones import (
    BrightnessContrast,
    Curves,
    Exposure,
    GradientMap,
    Invert,
    Levels,
    LevelsRange,
    Posterize,
    Threshold,
)
from engines.image_core.numbers import contrast, curves, huesat, tints, tones
from engines.image_core.numbers.fixed import ONE
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.planning.color_ops import (
    Channels,
    ColorOp,
    Grey,
    HueSaturation,
    Mixer,
    SelectiveColor,
    Table,
    Vibrance,
)
from engines.image_core.planning.gradients import color_ramp

__all__ = ["fused", "operations"]

_HALF_GREY = (tints.MIX_ONE // 2,) * 6
"""Weights by which a grey is the lightness of HSL: the mean of the largest and the smallest channel."""


def operations(adjustment: AnyAdjustment, lookup: tuple[ColorOp, ...]) -> tuple[ColorOp, ...]:
    """What an adjustment does, in order; nothing where it changes nothing. lookup: what a .cube file says."""
    match adjustment:
        case Invert():
            return (Table(curves.inversion_table()),)
        case Posterize():
            return (Table(curves.posterization_table(adjustment.levels)),)
        case Threshold():
            return Mixer(tints.grey_mix()), Table(tones.threshold_table(adjustment.level))
        case BrightnessContrast(legacy=legacy):
            table = contrast.legacy_table if legacy else contrast.contrast_table
            return _by(table(Fraction(adjustment.brightness), Fraction(adjustment.contrast)))
        case Levels():
            whole = _levels(adjustment.rgb)
            ranges = adjustment.red, adjustment.green, adjustment.blue
            return _by(*(tones.levels_table(_levels(part), whole) for part in ranges))
        case Curves():
            channels = adjustment.red, adjustment.green, adjustment.blue
            return _by(*(tones.spline_table(points, adjustment.rgb) for points in channels))
        case Exposure():
            return _by(tones.power_exposure_table(adjustment.exposure, adjustment.offset, adjustment.gamma))
        case GradientMap():
            return Mixer(tints.grey_mix()), Channels(*color_ramp(adjustment, ONE))
        case told.ColorLookup():
            return lookup
    return _colored(adjustment)


def _colored(adjustment: AnyAdjustment) -> tuple[ColorOp, ...]:
    """The same of those that look at all channels at once."""
    match adjustment:
        case told.Vibrance():
            vibrance, saturation = (_part(value) for value in (adjustment.vibrance, adjustment.saturation))
            return (Vibrance(vibrance, saturation),) if vibrance or saturation else ()
        case told.HueSaturation():
            return _hue_saturation(adjustment)
        case told.ColorBalance():
            return _balance(adjustment)
        case told.BlackAndWhite():
            grey = Grey(tuple(_part(getattr(adjustment, hue)) for hue in told.HUES))
            if adjustment.tint is None:
                return (grey,)
            return grey, Channels(*tints.tinted(parse_color(adjustment.tint)[:3]))
        case told.PhotoFilter():
            density = Fraction(adjustment.density) / 100
            glass = [1 - density * (255 - value) / 255 for value in parse_color(adjustment.color)[:3]]
            return _luminous([tints.scaled_table(factor) for factor in glass], adjustment.preserve_luminosity)
        case told.ChannelMixer():
            rows = (adjustment.red, adjustment.green, adjustment.blue)
            rows = (adjustment.gray,) * 3 if adjustment.monochrome else rows
            mixed = tuple(_part(value) for row in rows for value in row)
            return () if mixed == _UNMIXED else (Mixer(mixed),)
        case told.SelectiveColor():
            return _selective(adjustment)
    raise TypeError(f"no colour operations for {type(adjustment).__name__}")


_UNMIXED = tuple(tints.MIX_ONE * (column == row) for row in range(3) for column in range(4))


def fused(steps: tuple[ColorOp, ...]) -> tuple[ColorOp, ...]:
    """Neighbouring curves composed into one, which changes nothing: each rounds on its own."""
    made: list[ColorOp] = []
    for step in steps:
        before = made[-1] if made else None
        if isinstance(before, Table) and isinstance(step, Table):
            made[-1] = Table(np.ascontiguousarray(step.values[before.values]))
        elif _pointwise(before) and _pointwise(step):
            pairs = zip(_curves(before), _curves(step), strict=True)
            made[-1] = _channels([np.ascontiguousarray(second[first]) for first, second in pairs])
        elif isinstance(step, Channels) and _pointwise(step):
            made.append(_channels(_curves(step)))
        else:
            made.append(step)
    return tuple(made)


def _pointwise(step: ColorOp | None) -> bool:
    return isinstance(step, Table) or (isinstance(step, Channels) and not step.keep_luminosity)


def _curves(step: ColorOp | None) -> list[curves.Curve]:
    if isinstance(step, Channels):
        return [step.red, step.green, step.blue]
    assert isinstance(step, Table)
    return [step.values] * 3


def _channels(tables: list[curves.Curve]) -> ColorOp:
    red, green, blue = tables
    if all(np.array_equal(one, other) for one, other in pairwise(tables)):
        return Table(red)
    return Channels(red, green, blue)


def _by(*tables: curves.Curve) -> tuple[ColorOp, ...]:
    """One curve for all or three; nothing where they change nothing."""
    if all(np.array_equal(table, np.arange(ONE + 1)) for table in tables):
        return ()
    return (Table(tables[0]) if len(tables) == 1 else _channels(list(tables)),)


def _luminous(tables: list[curves.Curve], keep_luminosity: bool) -> tuple[ColorOp, ...]:
    changed = _by(*tables)
    if not changed or not keep_luminosity:
        return changed
    red, green, blue = tables
    return (Channels(red, green, blue, keep_luminosity=True),)


def _part(percent: float) -> int:
    """A percentage in 2^-12 steps."""
    return round_fraction(Fraction(percent) * tints.MIX_ONE / 100)


def _levels(part: LevelsRange) -> tones.Range:
    return part.input_black, part.input_white, part.gamma, part.output_black, part.output_white


def _balance(adjustment: told.ColorBalance) -> tuple[ColorOp, ...]:
    thirds = zip(adjustment.shadows, adjustment.midtones, adjustment.highlights, strict=True)
    tables = [tints.balance_table(*amounts) for amounts in thirds]
    return _luminous(tables, adjustment.preserve_luminosity)


def _hue_saturation(adjustment: told.HueSaturation) -> tuple[ColorOp, ...]:
    if adjustment.colorize:
        tables = tints.colorized(adjustment.hue, adjustment.saturation, adjustment.lightness)
        return Grey(_HALF_GREY), Channels(*tables)
    ranges = [getattr(adjustment, hue) for hue in told.HUES]
    changing = tuple(
        huesat.HueChange(part.angles, part.hue, part.saturation, part.lightness)
        for part in ranges
        if part.hue or part.saturation or part.lightness
    )
    if not changing and not (adjustment.hue or adjustment.saturation or adjustment.lightness):
        return ()
    lightness = round_fraction(Fraction(adjustment.lightness) * ONE / 100)
    saturation = huesat.chroma_factor(Fraction(adjustment.saturation))
    return (HueSaturation(lightness, saturation, huesat.hue_ranges(adjustment.hue, changing)),)


def _selective(adjustment: told.SelectiveColor) -> tuple[ColorOp, ...]:
    amounts = []
    for name in (*told.HUES, "whites", "neutrals", "blacks"):
        *inks, black = getattr(adjustment, name)
        # An ink and black together: (-1 - ink) black - ink, in 10^-4.
        amounts += [
            round_fraction(Fraction((-100 - ink) * black - 100 * ink, 10_000) * (1 << 13)) for ink in inks
        ]
    if not any(amounts):
        return ()
    return (SelectiveColor(tuple(amounts), relative=adjustment.method == "relative"),)
