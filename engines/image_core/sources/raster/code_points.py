"""Colours as Rec. ITU-T H.273 codes them (CICP), in PNGs and HEIF files."""

from __future__ import annotations

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

__all__ = ["CURVES", "PRIMARIES", "nclx_profile", "refuse_hdr"]

_D65, _C = ("0.3127", "0.3290"), ("0.310", "0.316")
PRIMARIES = {
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

CURVES: dict[int, Curve] = {
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

_OF_CAMERAS = {1, 6, 13, 14, 15}
"""Curves that HEIF files name, of cameras and of sRGB, and that viewers show as sRGB's."""


def refuse_hdr(transfer: int, name: str, label: str) -> None:
    """Refuse high dynamic range: nothing says how it is to be shown here, and as sRGB it would be wrong.

    Raises:
        SourceError: the transfer characteristics are PQ's or HLG's.
    """
    if transfer in _HDR:
        raise SourceError(
            f"{label}: a {name} of high dynamic range ({_HDR[transfer]}, by its code points) is not read: "
            "save it as sRGB or with an ICC profile"
        )


def nclx_profile(nclx: dict[str, float] | None, label: str) -> bytes | None:
    """The ICC profile of a HEIF picture without one of its own, by the code points that it has instead
    (ISO/IEC 23008-12, 6.5.5); None where they are sRGB's, or unknown.

    Raises:
        SourceError: it is of high dynamic range.
    """
    if nclx is None:
        return None
    primaries, transfer = int(nclx["color_primaries"]), int(nclx["transfer_characteristics"])
    refuse_hdr(transfer, "HEIF", label)
    if primaries not in PRIMARIES or primaries == 1 or transfer not in _OF_CAMERAS:
        return None
    return described_profile(PRIMARIES[primaries], SRGB_CURVE)
