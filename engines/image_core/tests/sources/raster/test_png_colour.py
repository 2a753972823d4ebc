"""What PNGs say of their colours in numbers: gAMA, cHRM and cICP, and which goes before which."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest

from engines.image_core.errors import SourceError
from engines.image_core.sources.raster.code_points import PRIMARIES
from engines.image_core.sources.raster.decoding import decode_image, decode_matte
from engines.image_core.sources.raster.described import SRGB_CURVE, described_profile
from engines.image_core.tests.encoded import DISPLAY_P3, chunk, png, rgb_profile, srgb_curve

P3 = chunk(b"cICP", bytes([12, 13, 0, 1]))
SRGB = chunk(b"sRGB", b"\0")
LINEAR = chunk(b"gAMA", struct.pack(">I", 100_000))
USUAL = chunk(b"gAMA", struct.pack(">I", 45_455))
P3_CHRM = chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000))
SRGB_CHRM = chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000))
ICC_P3 = chunk(b"iCCP", b"P3\0\0" + zlib.compress(rgb_profile(DISPLAY_P3, srgb_curve())))
ORANGE = [200, 100, 50]
IN_P3 = [215, 93, 31]


def _file(colour: list[int], *chunks: bytes) -> bytes:
    data = png(np.array([[colour]], np.uint8), 0 if len(colour) == 1 else 2, 8)
    return data[:33] + b"".join(chunks) + data[33:]


def _colour(colour: list[int], *chunks: bytes) -> list[int]:
    return [int(v) for v in decode_image(_file(colour, *chunks), "layer").pixels[0, 0, :3]]


@pytest.mark.parametrize(
    ("chunks", "colour", "expected"),
    [
        ([LINEAR], [64], [137, 137, 137]),
        ([LINEAR], [64, 64, 64], [137, 137, 137]),
        ([P3], ORANGE, IN_P3),
        ([P3_CHRM], ORANGE, IN_P3),
        ([P3_CHRM, USUAL], ORANGE, IN_P3),
        ([USUAL], ORANGE, ORANGE),
        ([USUAL, SRGB_CHRM], ORANGE, ORANGE),
        ([chunk(b"cICP", bytes([1, 13, 0, 0]))], [16, 235, 126], [0, 255, 128]),
        ([chunk(b"cICP", bytes([1, 8, 0, 1]))], [64, 64, 64], [137, 137, 137]),
    ],
)
def test_colours_described_by_numbers_are_converted(
    chunks: list[bytes], colour: list[int], expected: list[int]
) -> None:
    """To sRGB, as browsers show them; values of common encoders that mean sRGB change nothing."""
    assert _colour(colour, *chunks) == expected


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        ([SRGB, LINEAR, P3_CHRM], ORANGE),
        ([ICC_P3, LINEAR], IN_P3),
        ([P3, SRGB, LINEAR], IN_P3),
        ([chunk(b"cICP", bytes([1, 13, 0, 1])), ICC_P3], ORANGE),
    ],
)
def test_what_goes_before_what(chunks: list[bytes], expected: list[int]) -> None:
    """CICP, iCCP, sRGB, gAMA and cHRM: PNG, third edition, 4.3."""
    assert _colour(ORANGE, *chunks) == expected


@pytest.mark.parametrize(
    "unusable",
    [
        chunk(b"cICP", bytes([12, 13, 1, 1])),  # not RGB
        chunk(b"cICP", bytes([2, 2, 0, 1])),  # unspecified
        chunk(b"cICP", bytes([12, 13, 0])),
        chunk(b"gAMA", struct.pack(">I", 0)),
        chunk(b"gAMA", struct.pack(">I", 1)),
        chunk(b"cHRM", struct.pack(">8I", *[0] * 8)),
        chunk(b"cHRM", struct.pack(">8I", *[33000] * 8)),
        chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 1)),
        chunk(b"cHRM", struct.pack(">8I", *[0xFFFFFFFF] * 8)),
    ],
)
def test_numbers_that_mean_nothing_are_as_none(unusable: bytes) -> None:
    """As decoders have to take them; what else is said still counts."""
    colour = decode_image(_file([64, 64, 64], unusable, LINEAR if b"gAMA" not in unusable else b""), "x")
    assert colour.pixels[0, 0, 0] == (64 if b"gAMA" in unusable else 137)


@pytest.mark.parametrize(("transfer", "name"), [(16, "PQ"), (18, "HLG")])
def test_high_dynamic_range_is_told(transfer: int, name: str) -> None:
    """Nothing says how it is to be shown here, and as sRGB it would be wrong."""
    with pytest.raises(SourceError, match=rf"layer: a PNG of high dynamic range \({name}, by"):
        _colour(ORANGE, chunk(b"cICP", bytes([9, transfer, 0, 1])))


def test_a_mask_has_no_colours() -> None:
    """What is said of them changes no coverage."""
    assert decode_matte(_file([64], LINEAR), None, "mask").tolist() == [[64]]


def test_a_described_profile_is_the_one_of_its_primaries() -> None:
    """To the bit of the profiles' own numbers, and the same bytes on every machine."""
    made = described_profile(PRIMARIES[12], SRGB_CURVE)
    assert made is not None
    known = rgb_profile(DISPLAY_P3, srgb_curve())
    assert [_xyz(made, name) for name in (b"rXYZ", b"gXYZ", b"bXYZ")] == [
        _xyz(known, name) for name in (b"rXYZ", b"gXYZ", b"bXYZ")
    ]


def _xyz(profile: bytes, name: bytes) -> tuple[int, ...]:
    place = struct.unpack_from(">I", profile, profile.index(name) + 4)[0]
    return struct.unpack_from(">3i", profile, place + 8)


def test_what_is_described_is_in_the_content_hash() -> None:
    """And a file whose numbers mean sRGB has the hash of any picture."""
    plain, p3 = (decode_image(_file(ORANGE, *chunks), "x") for chunks in ([], [P3]))
    assert plain.content_hash != p3.content_hash
