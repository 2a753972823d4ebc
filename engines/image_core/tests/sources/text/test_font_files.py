"""Font files that people bring: collections, web fonts, and variation axes."""

from __future__ import annotations

import struct
import zlib

import brotli
import numpy as np
import pytest

from engines.image_core.errors import SourceError
from engines.image_core.sources.text.font_error import MAX_UNPACKED_BYTES, FontError
from engines.image_core.sources.text.font_files import sfnt_of
from engines.image_core.sources.text.fonts import LoadedFont, load_font
from engines.image_core.tests.sources.text.font_making import (
    BOLD,
    ITALIC,
    REGULAR,
    RUBIK,
    RUBIK_ITALIC,
    collection,
    square_font,
    web_font,
)
from engines.image_core.tests.sources.text.paragraphs import shaped_with

FONTS = {"CFF": REGULAR, "TrueType": BOLD, "variable": RUBIK, "variable italic": RUBIK_ITALIC}
KINDS = {
    "WOFF": ("woff",),
    "WOFF2": ("woff2",),
    "WOFF2, glyphs transformed": ("woff2", "glyf", "loca"),
    "WOFF2, all transformed": ("woff2", "glyf", "loca", "hmtx"),
    "WOFF2, metrics transformed": ("woff2", "hmtx"),
}


def drawn(font: LoadedFont) -> tuple[list[float], list[bytes]]:
    """Advances and outlines of a text, accents among them, which are parts put together."""
    run = shaped_with(font, "AVÄfi é Wàg½ 0")
    outlines = [font.glyph(glyph.id) for glyph in run.glyphs]
    return list(run.advances), [outline.points.tobytes() + outline.tags.tobytes() for outline in outlines]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FONTS)
def test_a_web_font_draws_as_the_font_it_was_made_of(name: str, kind: str) -> None:
    """Every glyph's points and advance are the same, whatever WOFF2 transforms."""
    packed = web_font(FONTS[name], *KINDS[kind])
    one, other = load_font(packed, "x"), load_font(FONTS[name], "x")
    assert drawn(one) == drawn(other)
    for glyph in range(0, 600, 7):
        assert np.array_equal(one.glyph(glyph).points, other.glyph(glyph).points)
        assert np.array_equal(one.glyph(glyph).ends, other.glyph(glyph).ends)


def test_a_variable_web_font_takes_its_weight() -> None:
    """Its variations are by number of point, and points keep theirs."""
    packed = web_font(RUBIK, "woff2", "glyf", "loca")
    assert drawn(load_font(packed, "x", weight=777)) == drawn(load_font(RUBIK, "x", weight=777))


@pytest.mark.parametrize("kind", KINDS)
def test_every_truncation_of_a_web_font_is_an_error(kind: str) -> None:
    """Wherever the file ends too early."""
    packed = web_font(BOLD, *KINDS[kind])
    for length in (*range(4, 400, 7), *range(400, len(packed), 4999), len(packed) - 1):
        with pytest.raises(SourceError, match=r"^layers\[0\], font: (the|not|web) "):
            load_font(packed[:length], "layers[0]")


def test_a_font_of_a_collection_is_told_by_its_index() -> None:
    """Each is drawn as its own file is, and their digests differ."""
    file = collection(REGULAR, BOLD, RUBIK)
    fonts = [load_font(file, "x", index=index) for index in range(3)]
    assert [font.name for font in fonts] == ["Source Sans Pro", "Source Sans Pro Bold", "Rubik Light"]
    assert [drawn(font) for font in fonts] == [drawn(load_font(one, "x")) for one in (REGULAR, BOLD, RUBIK)]
    assert len({font.digest for font in fonts}) == 3
    assert load_font(file, "x", index=2, weight=800).digest != fonts[2].digest


def test_an_index_that_is_not_there_is_told_with_the_names_of_those_that_are() -> None:
    """How many fonts there are, and what each is called; a file of one font has 0 alone."""
    with pytest.raises(SourceError) as caught:
        load_font(collection(REGULAR, ITALIC), "layers[0]", index=2)
    assert str(caught.value) == (
        "layers[0], font: index 2 is not in the collection: it has 2 fonts, 0 (Source Sans Pro), "
        "1 (Source Sans Pro Italic)"
    )
    with pytest.raises(SourceError, match="index 1 is not in the file: it is no collection"):
        load_font(REGULAR, "x", index=1)


def test_of_a_large_collection_twenty_are_named() -> None:
    """A message stays one line that can be read."""
    file = collection(*[square_font(f"F{number}") for number in range(23)])
    with pytest.raises(
        SourceError, match=r"it has 23 fonts, 0 \(F0 Regular\), .*19 \(F19 Regular\) and 3 more$"
    ):
        load_font(file, "x", index=23)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"ttcf\0\1\0\0" + bytes(4), "the font collection is empty or truncated"),
        (b"ttcf\0\1\0\0\xff\xff\xff\xff" + bytes(64), "the font file is truncated"),
        (b"ttcf\0\1\0\0\0\0\0\1\xff\xff\xff\xff", "the font file is damaged"),
        (collection(REGULAR, BOLD)[:5000], "the font file is truncated"),
    ],
)
def test_a_damaged_collection_is_told(data: bytes, reason: str) -> None:
    """Without fonts, with more than it has room for, with one that begins beyond its end, cut short."""
    with pytest.raises(SourceError, match=reason):
        load_font(data, "x")


def woff(tables: list[tuple[bytes, bytes, int]], *, flavor: bytes = b"\0\1\0\0", size: int = 0) -> bytes:
    """A WOFF file of tags, packed tables and the sizes that they are said to have."""
    start, directory, bodies = 44 + 20 * len(tables), b"", b""
    for tag, body, claimed in tables:
        directory += struct.pack(">4s4L", tag, start + len(bodies), len(body), claimed, 0)
        bodies += body
    length = start + len(bodies)
    head = struct.pack(">4s4sL2HL2H5L", b"wOFF", flavor, length, len(tables), 0, size, 1, 0, *bytes(5))
    return head + directory + bodies


def woff2(
    tables: list[tuple[bytes, int]], body: bytes, *, flavor: bytes = b"\0\1\0\0", size: int = 0
) -> bytes:
    """A WOFF2 file of tags with the sizes that they are said to have, and what they are packed to."""
    directory = b"".join(b"\x3f" + tag + _base128(claimed) for tag, claimed in tables)
    length = 48 + len(directory) + len(body)
    head = struct.pack(
        ">4s4sL2H2L2H5L", b"wOF2", flavor, length, len(tables), 0, size, len(body), 1, 0, *bytes(5)
    )
    return head + directory + body


def _base128(number: int) -> bytes:
    digits = [number & 127]
    while number := number >> 7:
        digits.append(number & 127 | 128)
    return bytes(reversed(digits))


MUCH = MAX_UNPACKED_BYTES + 1
ZEROS = zlib.compress(bytes(1_000_000))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (woff([]), "no tables, or one of them twice"),
        (woff2([], b""), "no tables, or one of them twice"),
        (woff([(b"name", b"", 0)] * 2), "no tables, or one of them twice"),
        (woff([(b"name", b"", 0)], size=0xFFFFFFFF), "takes 4,294,967,295 bytes unpacked: allowed are 67,1"),
        (woff2([(b"name", 4)], b"", size=MUCH), "takes 67,108,865 bytes unpacked"),
        (woff([(b"name", ZEROS, MUCH)]), "takes 67,108,865 bytes unpacked"),
        (woff2([(b"name", 1 << 31), (b"head", 1 << 31)], b""), "takes 4,294,967,296 bytes unpacked"),
        (woff([(b"name", ZEROS, 10_000)]), "the font file is damaged"),
        (woff([(b"name", ZEROS, 2_000_000)]), "the font file is damaged"),
        (woff([(b"name", b"nothing packed", 100)]), "the font file is damaged"),
        (woff2([(b"name", 10_000)], brotli.compress(bytes(1_000_000))), "the font file is damaged"),
        (woff2([(b"name", 2_000_000)], brotli.compress(bytes(1_000_000))), "the font file is damaged"),
        (woff2([(b"name", 100)], b"nothing packed"), "the font file is damaged"),
        (woff2([(b"name", 4)], b"", flavor=b"ttcf"), "a collection in a WOFF2 file is not supported"),
        (woff([(b"name", b"", 0)], flavor=b"wOFF"), "holds no TrueType or OpenType font"),
        (woff([(b"name", b"", 0)]) + b"more", "the font file is damaged"),
    ],
)  # fmt: skip
def test_a_web_font_that_is_damaged_or_too_large_is_told(data: bytes, reason: str) -> None:
    """By its directory before anything is unpacked, and no table beyond the size it is said to have."""
    with pytest.raises(FontError, match=reason):
        sfnt_of(data)


def test_tables_of_a_web_font_may_lie_over_each_other() -> None:
    """Each is unpacked alone, and all are counted."""
    body = zlib.compress(b"a" * 100)
    packed = bytearray(woff([(b"name", body, 100), (b"post", b"", 0)]))
    packed[68:80] = packed[48:60]  # the second is where the first is
    assert sfnt_of(bytes(packed)).count(b"a" * 100) == 2


WIDE = square_font(axes={"wght": (100, 400, 900), "wdth": (75, 100, 125), "BOXY": (0, 0, 1)})


def breadth(**axes: float) -> int:
    """How broad the square is, with values of axes."""
    font = load_font(WIDE, "x", axes=axes)
    box = font.glyph(1).box
    return box[2] - box[0]


def test_axes_are_set_by_their_tags() -> None:
    """Each end adds 100 of width here, half the way 50; they add up."""
    assert breadth() == 500
    assert breadth(wdth=125) == 600
    assert breadth(wdth=112.5) == 550
    assert breadth(wdth=125, BOXY=1) == 700
    assert breadth(wdth=75) == 500


def test_an_axis_goes_before_the_weight() -> None:
    """The weight then need not be in the font's range."""
    font = load_font(WIDE, "x", weight=400, axes={"wght": 900})
    assert font.digest == load_font(WIDE, "x", weight=900).digest
    assert (
        load_font(RUBIK, "x", weight=100, axes={"wght": 300}).digest
        == load_font(RUBIK, "x", weight=300).digest
    )


def test_the_digest_tells_places_on_axes_apart() -> None:
    """And the order in which they are named makes no difference."""
    places: list[dict[str, float]] = [
        {},
        {"wdth": 80},
        {"wdth": 81},
        {"BOXY": 0.5},
        {"wdth": 80, "BOXY": 0.5},
    ]
    assert len({load_font(WIDE, "x", axes=axes).digest for axes in places}) == len(places)
    turned = load_font(WIDE, "x", axes={"BOXY": 0.5, "wdth": 80})
    assert load_font(WIDE, "x", axes=places[-1]).digest == turned.digest


@pytest.mark.parametrize(
    ("font", "axes", "reason"),
    [
        (WIDE, {"wdth": 126}, "axis 'wdth', 126, is not in the font: allowed is 75 to 125"),
        (WIDE, {"wdth": float("nan")}, "axis 'wdth', nan, is not in the font: allowed is 75 to 125"),
        (WIDE, {"wdth": float("inf")}, "axis 'wdth', inf, is not in the font: allowed is 75 to 125"),
        (WIDE, {"opsz": 12}, "axis 'opsz' is not in the font: it has 'wght', 'wdth', 'BOXY'"),
        (BOLD, {"wdth": 100}, "axis 'wdth' is not in the font: it has no axes"),
        (RUBIK, {"wght": 299}, "axis 'wght', 299, is not in the font: allowed is 300 to 900"),
    ],
)  # fmt: skip
def test_an_axis_that_is_not_there_is_told(font: bytes, axes: dict[str, float], reason: str) -> None:
    """With its range, or with the axes that there are."""
    with pytest.raises(SourceError) as caught:
        load_font(font, "layers[0]", axes=axes)
    assert str(caught.value) == f"layers[0], font: {reason}"
