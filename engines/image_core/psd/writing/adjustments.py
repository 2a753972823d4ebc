"""Adjustments as the blocks that Photoshop keeps for its adjustment layers."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np
from psd_tools.constants import Tag
from psd_tools.psd import adjustments as blocks
from psd_tools.psd.base import EmptyElement, ShortIntegerElement

from engines.image_core.composition import tints, tones
from engines.image_core.composition.adjustments import AnyAdjustment
from engines.image_core.composition.fields import parse_color
from engines.image_core.composition.tints import HUES
from engines.image_core.composition.tones import IDENTITY
from engines.image_core.psd.writing import descriptors as d
from engines.image_core.psd.writing.notes import LayerNotes

__all__ = ["adjustment_blocks"]

Blocks = dict[Tag, Any]

_LEVELS = 62  # records, as Photoshop writes them: of all channels, and of each that a document may have
_INKS = (*HUES, "whites", "neutrals", "blacks")


def adjustment_blocks(adjust: AnyAdjustment, notes: LayerNotes) -> Blocks | None:
    """The blocks of an adjustment layer; None of a kind that files of ours do not hold."""
    write = _WRITERS.get(type(adjust))
    return None if write is None else write(adjust, notes)


def _brightness_contrast(adjust: tones.BrightnessContrast, notes: LayerNotes) -> Blocks:
    brightness = notes.whole("brightness", adjust.brightness)
    contrast = notes.whole("contrast", adjust.contrast)
    settings = d.block(
        {
            b"Vrsn": d.whole(1),
            b"Brgh": d.whole(brightness),
            b"Cntr": d.whole(contrast),
            b"means": d.whole(127),
            b"Lab ": d.flag(False),
            b"useLegacy": d.flag(adjust.legacy),
            b"Auto": d.flag(False),
        }
    )
    # psd-tools writes these signed 16 bits as unsigned ones.
    old = blocks.BrightnessContrast(brightness & 0xFFFF, contrast & 0xFFFF, 127, 0)
    return {Tag.BRIGHTNESS_AND_CONTRAST: old, Tag.CONTENT_GENERATOR_EXTRA_DATA: settings}


def _levels(adjust: tones.Levels, notes: LayerNotes) -> Blocks:
    records = [
        blocks.LevelRecord(
            channel.input_black,
            channel.input_white,
            channel.output_black,
            channel.output_white,
            notes.whole("gamma", channel.gamma, 100),
        )
        for channel in (adjust.rgb, adjust.red, adjust.green, adjust.blue)
    ]
    unused = [blocks.LevelRecord(0, 255, 0, 255, 100) for _ in range(_LEVELS - len(records))]
    return {Tag.LEVELS: blocks.Levels(version=2, extra_version=3, items=[*records, *unused])}


def _curves(adjust: tones.Curves, notes: LayerNotes) -> Blocks:
    channels = enumerate((adjust.rgb, adjust.red, adjust.green, adjust.blue))
    changed = [(index, curve) for index, curve in channels if curve != IDENTITY] or [(0, IDENTITY)]
    points = [(index, [(y, x) for x, y in curve]) for index, curve in changed]
    extra = blocks.CurvesExtraMarker(
        version=4, items=[blocks.CurvesExtraItem(index, curve) for index, curve in points]
    )
    present = sum(1 << index for index, _ in points)
    return {Tag.CURVES: blocks.Curves(False, 1, present, [curve for _, curve in points], extra)}


def _exposure(adjust: tones.Exposure, notes: LayerNotes) -> Blocks:
    gamma = np.float32(adjust.gamma)
    if not 0.01 <= float(gamma) <= 9.99:  # what is allowed has to be so still
        gamma = np.nextafter(gamma, np.float32(1))
    return {Tag.EXPOSURE: blocks.Exposure(1, adjust.exposure, adjust.offset, float(gamma))}


def _vibrance(adjust: tints.Vibrance, notes: LayerNotes) -> Blocks:
    values = {
        b"vibrance": d.whole(notes.whole("vibrance", adjust.vibrance)),
        b"Strt": d.whole(notes.whole("saturation", adjust.saturation)),
    }
    return {Tag.VIBRANCE: d.block(values)}


def _hue_saturation(adjust: tints.HueSaturation, notes: LayerNotes) -> Blocks:
    own = tuple(notes.whole(name, getattr(adjust, name)) for name in ("hue", "saturation", "lightness"))
    ranges = []
    for name in HUES:
        hues: tints.HueRange = getattr(adjust, name)
        change = [
            notes.whole(f"{name}.{key}", getattr(hues, key)) for key in ("hue", "saturation", "lightness")
        ]
        ranges.append((hues.angles, change))
    nothing = (0, 0, 0)
    turned = (own[0] if own[0] <= 180 else own[0] - 360, *own[1:])
    return {
        Tag.HUE_SATURATION: blocks.HueSaturation(
            version=2,
            enable=int(adjust.colorize),
            colorization=turned if adjust.colorize else nothing,
            master=nothing if adjust.colorize else own,
            items=ranges,
        )
    }


def _color_balance(adjust: tints.ColorBalance, notes: LayerNotes) -> Blocks:
    block = blocks.ColorBalance(
        adjust.shadows, adjust.midtones, adjust.highlights, int(adjust.preserve_luminosity)
    )
    return {Tag.COLOR_BALANCE: block}


def _black_and_white(adjust: tints.BlackAndWhite, notes: LayerNotes) -> Blocks:
    keys = (b"Rd  ", b"Yllw", b"Grn ", b"Cyn ", b"Bl  ", b"Mgnt")
    weights = {key: d.whole(getattr(adjust, name)) for key, name in zip(keys, HUES, strict=True)}
    tint = {
        b"useTint": d.flag(adjust.tint is not None),
        b"tintColor": d.color(adjust.tint or "#e1d3b3"),
        b"bwPresetKind": d.whole(1),
        b"blackAndWhitePresetFileName": d.text(""),
    }
    return {Tag.BLACK_AND_WHITE: d.block(weights | tint)}


def _photo_filter(adjust: tints.PhotoFilter, notes: LayerNotes) -> Blocks:
    red, green, blue, _ = parse_color(adjust.color)
    block = blocks.PhotoFilter(
        version=2,
        color_space=0,
        color_components=(257 * red, 257 * green, 257 * blue, 0),
        density=notes.whole("density", adjust.density),
        luminosity=int(adjust.preserve_luminosity),
    )
    return {Tag.PHOTO_FILTER: block}


def _channel_mixer(adjust: tints.ChannelMixer, notes: LayerNotes) -> Blocks:
    """Four rows of five: what a channel takes of red, green, blue and a fourth, and a constant."""
    rows = [adjust.gray] if adjust.monochrome else [adjust.red, adjust.green, adjust.blue]
    stored = [(red, green, blue, 0, constant) for red, green, blue, constant in rows]
    first, *others = [*stored, *[(0,) * 5] * (4 - len(stored))]
    rest = b"".join(struct.pack(">5h", *row) for row in others)
    return {Tag.CHANNEL_MIXER: blocks.ChannelMixer(1, int(adjust.monochrome), first, rest)}


def _gradient_map(adjust: tones.GradientMap, notes: LayerNotes) -> Blocks:
    stops = []
    for stop in adjust.stops:
        red, green, blue, _ = parse_color(stop.color)
        place = notes.whole("offset", stop.offset, 4096)
        midpoint = notes.whole("midpoint", stop.midpoint, 100)
        stops.append(blocks.ColorStop(place, midpoint, 0, (257 * red, 257 * green, 257 * blue, 0)))
    classic = adjust.interpolation == "classic"
    block = blocks.GradientMap(
        version=1 if classic else 3,
        is_reversed=int(adjust.reverse),
        name="Custom\0",
        method={"classic": b"Gcls", "linear": b"Lnr ", "perceptual": b"Perc"}[adjust.interpolation],
        color_stops=stops,
        transparency_stops=[blocks.TransparencyStop(place, 50, 255) for place in (0, 4096)],
        interpolation=notes.whole("smoothness", adjust.smoothness, 4096),
        roughness=2048,
        color_model=3,
        minimum_color=(0, 0, 0, 0),
        maximum_color=(32768,) * 4,
    )
    return {Tag.GRADIENT_MAP: block}


def _selective_color(adjust: tints.SelectiveColor, notes: LayerNotes) -> Blocks:
    inks = [(0, 0, 0, 0), *(getattr(adjust, name) for name in _INKS)]
    return {Tag.SELECTIVE_COLOR: blocks.SelectiveColor(1, int(adjust.method == "absolute"), inks)}


_WRITERS: dict[type[AnyAdjustment], Callable[[Any, LayerNotes], Blocks]] = {
    tints.BlackAndWhite: _black_and_white,
    tints.ChannelMixer: _channel_mixer,
    tints.ColorBalance: _color_balance,
    tints.HueSaturation: _hue_saturation,
    tints.PhotoFilter: _photo_filter,
    tints.SelectiveColor: _selective_color,
    tints.Vibrance: _vibrance,
    tones.BrightnessContrast: _brightness_contrast,
    tones.Curves: _curves,
    tones.Exposure: _exposure,
    tones.GradientMap: _gradient_map,
    tones.Invert: lambda adjust, notes: {Tag.INVERT: EmptyElement()},
    tones.Levels: _levels,
    tones.Posterize: lambda adjust, notes: {Tag.POSTERIZE: ShortIntegerElement(adjust.levels)},
    tones.Threshold: lambda adjust, notes: {Tag.THRESHOLD: ShortIntegerElement(adjust.level)},
}
