"""What a PNG says of its colours by numbers: cICP, and gAMA with cHRM (PNG, third edition, 11.3.2)."""

from __future__ import annotations

import struct
from fractions import Fraction

from engines.image_core.errors import SourceError
from engines.image_core.sources.raster.described import (
    LINEAR,
    REC709,
    SRGB,
    SRGB_CURVE,
    Chromaticities,
    Curve,
    described_profile,
    gamma,
)

__all__ = ["png_profile"]

_LENGTHS = {b"cICP": 4, b"gAMA": 4, b"cHRM": 32}

_D65, _C = ("0.3127", "0.3290"), ("0.310", "0.316")
_PRIMARIES = {
    1: SRGB,
    4: Chromaticities.of(*_C, "0.67", "0.33", "0.21", "0.71", "0.14", "0.08"),
    5: Chromaticities.of(*_D65, "0.64", "0.33", "0.29", "0.60", "0.15", "0.06"),
    6: Chromaticities.of(*_D65, "0.630", "0.340", "0.310", "0.595", "0.155", "0.070"),
    7: Chromaticities.of(*_D65, "0.630", "0.340", "0.310", "0.595", "0.155", "0.070"),
    8: Chromaticities.of(*_C, "0.681", "0.319", "0.243", "0.692", "0.145", "0.049"),
    9: Chromaticities.of(*_D65, "0.708", "0.292", "0.170", "0.797", "0.131", "0.046"),
    11: Chromaticities.of("0.314", "0.351", "0.680", "0.320", "0.265", "0.690", "0.150", "0.060"),
    12: Chromaticities.of(*_D65, "0.680", "0.320", "0.265", "0.690", "0.150", "0.060"),
    22: Chromaticities.of(*_D65, "0.630", "0.340", "0.295", "0.605", "0.155", "0.077"),
}
"""ColourPrimaries of Rec. ITU-T H.273, table 2."""

_CURVES: dict[int, Curve] = {
    1: REC709,
    4: gamma(Fraction("2.2")),
    5: gamma(Fraction("2.8")),
    6: REC709,
    8: LINEAR,
    13: SRGB_CURVE,
    14: REC709,
    15: REC709,
}
"""TransferCharacteristics of Rec. ITU-T H.273, table 3."""

_HDR = {16: "PQ", 18: "HLG"}

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
    if transfer in _HDR and matrix == 0:
        raise SourceError(
            f"{label}: a PNG of high dynamic range ({_HDR[transfer]}, by its cICP chunk) is not read: "
            "save it as sRGB or with an ICC profile"
        )
    if matrix != 0 or full > 1 or primaries not in _PRIMARIES or transfer not in _CURVES:
        return None
    return described_profile(_PRIMARIES[primaries], _CURVES[transfer], narrow=not full)


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
