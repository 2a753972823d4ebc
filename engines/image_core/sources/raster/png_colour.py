"""What a PNG says of its colours by numbers: cICP, and gAMA with cHRM (PNG, third edition, 11.3.2)."""

from __future__ import annotations

import struct
from fractions import Fraction

from engines.image_core.sources.raster.code_points import CURVES, PRIMARIES, refuse_hdr
from engines.image_core.sources.raster.described import (
    SRGB,
    SRGB_CURVE,
    Chromaticities,
    Curve,
    described_profile,
    gamma,
)

__all__ = ["png_profile"]

_LENGTHS = {b"cICP": 4, b"gAMA": 4, b"cHRM": 32}

_NEAR = Fraction(1, 1000)
"""How far chromaticities of sRGB may be off and still mean it."""


def png_profile(data: bytes, icc_profile: object, label: str) -> object:
    """The ICC profile of a PNG whose chunks have been checked; None where its colours are sRGB.

    cICP goes before iCCP, that before sRGB, and that before gAMA and cHRM. A cICP that is not of RGB, or of
    primaries or a curve that are not known here, is as if it were not there, as the standard has it; so are a
    gAMA beyond 0.01 to 10 and a cHRM that spans no colours. gAMA within 5 % of 1/2.2 means sRGB's curve, as
    in libpng: encoders write it beside sRGB's chunk for decoders that do not know that one.

    Args:
        data: the file.
        icc_profile: what its iCCP chunk holds, as Pillow reads it; None without one, and of a damaged one,
            for which the result is empty.
        label: how messages name the layer.

    Raises:
        SourceError: its cICP says that it is of high dynamic range, PQ or HLG.
    """
    chunks = _chunks(data)
    if b"cICP" in chunks:
        profile = _by_code_points(chunks[b"cICP"], label)
        if profile is not None:
            return profile
    if icc_profile is not None or b"iCCP" in chunks:
        return icc_profile or b""
    if b"sRGB" in chunks:
        return None
    colours, curve = _chromaticities(chunks.get(b"cHRM")), _curve(chunks.get(b"gAMA"))
    if curve == SRGB_CURVE and _is_srgb(colours):
        return None
    return described_profile(colours, curve) or described_profile(SRGB, curve)


def _chunks(data: bytes) -> dict[bytes, bytes]:
    """The first of each kind that describes colours, before the pixels."""
    found: dict[bytes, bytes] = {}
    position, kind = 8, b""
    while kind != b"IDAT" and position + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        if kind in (b"iCCP", b"sRGB") or _LENGTHS.get(kind) == length:
            found.setdefault(kind, data[position + 8 : position + 8 + min(length, 32)])
        position += 12 + length
    return found


def _by_code_points(cicp: bytes, label: str) -> bytes | None:
    primaries, transfer, matrix, full = cicp
    if matrix == 0:
        refuse_hdr(transfer, "PNG", label)
    if matrix != 0 or full > 1 or primaries not in PRIMARIES or transfer not in CURVES:
        return None
    return described_profile(PRIMARIES[primaries], CURVES[transfer], narrow=not full)


def _chromaticities(chunk: bytes | None) -> Chromaticities:
    if chunk is None:
        return SRGB
    return Chromaticities.of(*(Fraction(number, 100_000) for number in struct.unpack(">8I", chunk)))


def _is_srgb(colours: Chromaticities) -> bool:
    pairs = zip((v for point in colours for v in point), (v for point in SRGB for v in point), strict=True)
    return all(abs(given - srgb) <= _NEAR for given, srgb in pairs)


def _curve(chunk: bytes | None) -> Curve:
    written = 0 if chunk is None else int.from_bytes(chunk, "big")
    if not 1_000 <= written <= 1_000_000:
        return SRGB_CURVE
    encoding = Fraction(written, 100_000)
    return SRGB_CURVE if abs(encoding * Fraction("2.2") - 1) <= Fraction(1, 20) else gamma(1 / encoding)
