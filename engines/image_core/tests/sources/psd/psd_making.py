"""PSD files made by hand, so that each of their parts can be wrong."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field

__all__ = ["Layer", "block", "descriptor", "divider", "flat", "pattern", "psd", "raw", "rle", "zipped"]


def raw(pixels: bytes) -> bytes:
    """A channel as it is."""
    return b"\0\0" + pixels


def rle(rows: list[bytes], form: str = ">H") -> bytes:
    """A channel of rows that are packed already."""
    return b"\0\1" + b"".join(struct.pack(form, len(row)) for row in rows) + b"".join(rows)


def zipped(pixels: bytes) -> bytes:
    """A channel, deflated."""
    return b"\0\2" + zlib.compress(pixels)


def flat(value: int, pixels: int = 12) -> bytes:
    """A raw channel of one value, as large as layers are here unless they say otherwise."""
    return raw(bytes([value]) * pixels)


def block(key: bytes, body: bytes, form: str = ">I", signature: bytes = b"8BIM") -> bytes:
    """A tagged block."""
    return signature + key + struct.pack(form, len(body)) + body


def divider(kind: int) -> bytes:
    """The block that makes a layer the beginning or the end of a group."""
    return block(b"lsct", struct.pack(">I", kind))


def descriptor(body: bytes, count: int) -> bytes:
    """A descriptor of so many items."""
    return struct.pack(">II4sI", 0, 0, b"null", count) + body


def pattern(box: tuple[int, int, int, int], channel: bytes = b"\0" + b"\x07" * 12) -> bytes:
    """A block with a pattern of one channel: its rectangle, and its compression with its pixels."""
    plane = struct.pack(">I4IH", 8, *box, 8) + channel
    planes = struct.pack(">4II", *box, 1) + struct.pack(">II", 1, len(plane)) + plane + bytes(8)
    body = struct.pack(">II2hI", 1, 1, 4, 3, 0) + b"\x01a" + struct.pack(">II", 3, len(planes)) + planes
    return block(b"Patt", struct.pack(">I", len(body)) + body + bytes(-len(body) % 4))


@dataclass
class Layer:
    """A record and its channels.

    box: top, left, bottom, right. extra: in place of what follows the flags.
    """

    channels: dict[int, bytes] = field(default_factory=lambda: {kind: flat(80) for kind in (-1, 0, 1, 2)})
    box: tuple[int, int, int, int] = (0, 0, 3, 4)
    name: bytes = b"red"
    blocks: bytes = b""
    mask: bytes = b""
    mode: bytes = b"8BIMnorm"
    extra: bytes | None = None

    def record(self, version: int) -> bytes:
        """The record."""
        channel = ">hI" if version == 1 else ">hQ"
        name = bytes([len(self.name)]) + self.name
        extra = struct.pack(">I", len(self.mask)) + self.mask + bytes(4) + name + bytes(-len(name) % 4)
        extra = extra + self.blocks if self.extra is None else self.extra
        return (
            struct.pack(">4iH", *self.box, len(self.channels))
            + b"".join(struct.pack(channel, kind, len(data)) for kind, data in self.channels.items())
            + self.mode
            + struct.pack(">BBBxI", 255, 0, 0, len(extra))
            + extra
        )


def layers_body(layers: list[Layer], version: int = 1) -> bytes:
    """The number of layers, their records, and their channels."""
    return (
        struct.pack(">h", len(layers))
        + b"".join(layer.record(version) for layer in layers)
        + b"".join(data for layer in layers for data in layer.channels.values())
    )


def psd(
    *layers: Layer,
    size: tuple[int, int] = (4, 3),
    channels: int = 3,
    depth: int = 8,
    mode: int = 3,
    version: int = 1,
    signature: bytes = b"8BPS",
    resources: bytes = b"",
    blocks: bytes = b"",
    merged: bytes | None = None,
) -> bytes:
    """A whole file; size: width and height. Without `merged` its picture is as large as the header says."""
    form = ">I" if version == 1 else ">Q"
    body = layers_body(list(layers), version) if layers else b""
    body += bytes(len(body) % 2)
    section = struct.pack(form, len(body)) + body + bytes(4) + blocks if layers or blocks else b""
    pixels = size[1] * channels * ((size[0] * depth + 7) // 8)
    return b"".join(
        (
            signature + struct.pack(">H6xHIIHH", version, channels, size[1], size[0], depth, mode),
            bytes(4),
            struct.pack(">I", len(resources)) + resources,
            struct.pack(form, len(section)) + section,
            raw(bytes(pixels)) if merged is None else merged,
        )
    )
