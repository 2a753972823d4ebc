"""How Photoshop mixes a file's live text with what is below it.

Since CS6 it mixes text by a gamma of 1.45, unless that is changed in its colour settings, which files do not
tell. Measured: text antialiased as the operating system does it in greys (on Windows) is mixed plainly, and
in an LCD's colours on a Mac by 1.1.
"""

from __future__ import annotations

import re

from psd_tools import PSDImage
from psd_tools.api.layers import Layer
from psd_tools.constants import Resource, Tag

__all__ = ["text_gamma"]

_GAMMA, _MAC_LCD = 1.45, 1.1

_BEFORE = re.compile(r"Adobe Photoshop (?:[4-7](?:\.\d+)*|CS[2-5]?(?:\.\d+)?)")
"""Versions that mix text plainly."""

_PROGRAM = re.compile(
    rb"(?:<stEvt:softwareAgent>|stEvt:softwareAgent=\"|<xmp:CreatorTool>|xmp:CreatorTool=\")([^<\"]+)"
)


def text_gamma(layer: Layer) -> float | None:
    """The gamma that a text layer is mixed by; None where it is mixed as other layers are."""
    if _BEFORE.fullmatch(_version(layer._psd)):
        return None
    setting = layer.tagged_blocks.get_data(Tag.TYPE_TOOL_OBJECT_SETTING)
    match None if setting is None else setting.text_data.get(b"AntA").enum:
        case b"antiAliasPlatformGray":
            return None
        case b"antiAliasPlatformLCD" if b"Macintosh" in _saved_by(layer._psd):
            return _MAC_LCD
    return _GAMMA


def _version(image: PSDImage) -> str:
    """The program that saved the file last, without the system that it runs on."""
    info = image.image_resources.get_data(Resource.VERSION_INFO)
    return "" if info is None else str(info.reader)


def _saved_by(image: PSDImage) -> bytes:
    """The program that saved the file last as its metadata tell it, with its system."""
    programs = _PROGRAM.findall(image.image_resources.get_data(Resource.XMP_METADATA) or b"")
    return programs[-1] if programs else b""
