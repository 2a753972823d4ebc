"""Photoshop's adjustment layers, as psd-tools reads them, in the words of compositions."""

from __future__ import annotations

import colorsys
import struct
from collections.abc import Callable
from typing import Any

from psd_tools.api.layers import Layer
from psd_tools.constants import Tag

from engines.image_core.psd.document import Document, Fields
from engines.image_core.psd.fills import descriptor_color, gradient_map_stops, lab_to_srgb

__all__ = ["adjustment", "is_adjustment"]

_HUES = ("reds", "yellows", "greens", "cyans", "blues", "magentas")


def is_adjustment(layer: Layer) -> bool:
    """Whether it is an adjustment layer."""
    return any(tag in layer.tagged_blocks for tag in (Tag.COLOR_LOOKUP, *_READERS))


def adjustment(layer: Layer, document: Document) -> Fields | None:
    """An adjustment layer's `adjust`; None where it cannot be drawn, which is noted."""
    tags = layer.tagged_blocks
    if Tag.COLOR_LOOKUP in tags:
        return _color_lookup(tags.get_data(Tag.COLOR_LOOKUP), layer, document)
    # A layer of today's brightness and contrast holds the legacy one's block as well, at 0.
    tag = next(tag for tag in _READERS if tag in tags)
    data = tags.get_data(tag)
    if tag is Tag.PHOTO_FILTER and data.version != 2:
        document.note(layer, "its photo filter's colour is taken for the first of Photoshop's")
    return _READERS[tag](data)


def _brightness_contrast(data: Any) -> Fields:
    legacy = bool(data.get(b"useLegacy"))
    return {
        "type": "brightness-contrast",
        "brightness": float(data.get(b"Brgh", 0)),
        "contrast": float(data.get(b"Cntr", 0)),
        "legacy": legacy,
    }


def _legacy(data: Any) -> Fields:
    return {
        "type": "brightness-contrast",
        "brightness": float(_signed(data.brightness)),
        "contrast": float(_signed(data.contrast)),
        "legacy": True,
    }


def _signed(value: int) -> int:
    """psd-tools reads these signed 16 bits as unsigned ones."""
    return value - 65536 if value > 32767 else value


def _levels(data: Any) -> Fields:
    return {"type": "levels"} | {
        name: {
            "input_black": record.input_floor,
            "input_white": record.input_ceiling,
            "gamma": record.gamma / 100,
            "output_black": record.output_floor,
            "output_white": record.output_ceiling,
        }
        for name, record in zip(("rgb", "red", "green", "blue"), data, strict=False)
    }


def _curves(data: Any) -> Fields:
    names = ("rgb", "red", "green", "blue")
    channels = data.extra or [(None, points) for points in data.data]
    read: Fields = {"type": "curves"}
    for index, item in enumerate(channels):
        channel, points = (item.channel_id, item.points) if data.extra else (index, item[1])
        if channel < len(names) and len(points) > 1:
            read[names[channel]] = [[x, y] for y, x in points]
    return read


def _exposure(data: Any) -> Fields:
    return {"type": "exposure", "exposure": data.exposure, "offset": data.offset, "gamma": data.gamma}


def _vibrance(data: Any) -> Fields:
    return {
        "type": "vibrance",
        "vibrance": float(data.get(b"vibrance", 0)),
        "saturation": float(data.get(b"Strt", 0)),
    }


def _hue_saturation(data: Any) -> Fields:
    if data.enable:
        hue, saturation, lightness = map(float, data.colorization)
        return {
            "type": "hue-saturation",
            "colorize": True,
            "hue": hue % 360,
            "saturation": saturation,
            "lightness": lightness,
        }
    hue, saturation, lightness = map(float, data.master)
    read: Fields = {"type": "hue-saturation", "hue": hue, "saturation": saturation, "lightness": lightness}
    for name, (angles, (turn, more, lighter)) in zip(_HUES, data.items, strict=False):
        read[name] = {
            "angles": [angle % 360 for angle in angles],
            "hue": float(turn),
            "saturation": float(more),
            "lightness": float(lighter),
        }
    return read


def _color_balance(data: Any) -> Fields:
    return {
        "type": "color-balance",
        "shadows": list(data.shadows),
        "midtones": list(data.midtones),
        "highlights": list(data.highlights),
        "preserve_luminosity": bool(data.luminosity),
    }


def _black_and_white(data: Any) -> Fields:
    keys = (b"Rd  ", b"Yllw", b"Grn ", b"Cyn ", b"Bl  ", b"Mgnt")
    read: Fields = {"type": "black-and-white"}
    read |= {name: int(data.get(key)) for name, key in zip(_HUES, keys, strict=True)}
    if data.get(b"useTint"):
        read["tint"] = descriptor_color(data.get(b"tintColor"))
    return read


def _photo_filter(data: Any) -> Fields:
    return {
        "type": "photo-filter",
        "color": _stored_color(data.color_space, data.color_components) if data.version == 2 else "#ec8a00",
        "density": float(data.density),
        "preserve_luminosity": bool(data.luminosity),
    }


def _stored_color(space: int, components: tuple[int, ...]) -> str:
    """A colour of Photoshop's RGB (0), HSB (1) or Lab (7) as #rrggbb."""
    if space == 0:
        rgb = [component / 65535 for component in components[:3]]
    elif space == 1:
        rgb = list(colorsys.hsv_to_rgb(*(component / 65535 for component in components[:3])))
    elif space == 7:
        lightness, a, b = (_signed(component) / 100 for component in components[:3])
        rgb = lab_to_srgb(lightness, a, b)
    else:
        raise ValueError(f"a photo filter's colour is in space {space}")
    return "#" + "".join(f"{round(255 * min(max(value, 0), 1)):02x}" for value in rgb)


def _channel_mixer(data: Any) -> Fields:
    # A row an output channel: five numbers, of which the fourth is black's. psd-tools reads the first row.
    rows = [data.data, *struct.iter_unpack(">5h", data.unknown[: len(data.unknown) // 10 * 10])]
    mixed = [[red, green, blue, constant] for red, green, blue, _, constant in rows]
    if data.monochrome:
        return {"type": "channel-mixer", "monochrome": True, "gray": mixed[0]}
    return {"type": "channel-mixer"} | dict(zip(("red", "green", "blue"), mixed, strict=False))


def _color_lookup(data: Any, layer: Layer, document: Document) -> Fields | None:
    if data.get(b"LUT3DFileData") is None:
        document.note(layer, "its colour lookup is a profile, which is not drawn")
        return None
    return {"type": "color-lookup", "source": document.of_layer(layer, ".lookup")}


def _gradient_map(data: Any) -> Fields:
    return {"type": "gradient-map", "reverse": bool(data.is_reversed), **gradient_map_stops(data)}


def _selective_color(data: Any) -> Fields:
    names = (*_HUES, "whites", "neutrals", "blacks")
    read: Fields = {"type": "selective-color", "method": "absolute" if data.method else "relative"}
    return read | {name: list(inks) for name, inks in zip(names, data.data[1:], strict=True)}


_READERS: dict[Tag, Callable[[Any], Fields]] = {
    Tag.LEVELS: _levels,
    Tag.CURVES: _curves,
    Tag.EXPOSURE: _exposure,
    Tag.VIBRANCE: _vibrance,
    Tag.HUE_SATURATION: _hue_saturation,
    Tag.COLOR_BALANCE: _color_balance,
    Tag.BLACK_AND_WHITE: _black_and_white,
    Tag.PHOTO_FILTER: _photo_filter,
    Tag.CHANNEL_MIXER: _channel_mixer,
    Tag.INVERT: lambda data: {"type": "invert"},
    Tag.POSTERIZE: lambda data: {"type": "posterize", "levels": int(data)},
    Tag.THRESHOLD: lambda data: {"type": "threshold", "level": int(data)},
    Tag.GRADIENT_MAP: _gradient_map,
    Tag.SELECTIVE_COLOR: _selective_color,
    Tag.CONTENT_GENERATOR_EXTRA_DATA: _brightness_contrast,
    Tag.BRIGHTNESS_AND_CONTRAST: _legacy,
}
