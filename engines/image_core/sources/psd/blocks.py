"""Tagged blocks of a PSD file, and those among them whose size in memory is not the size of their bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from engines.image_core.sources.psd.bounds import U32, U64, Part
from engines.image_core.sources.psd.pixels import check_packed

__all__ = ["LAYERS_KEYS", "SECTION_KEYS", "SIGNATURES", "TaggedBlock", "check_block", "tagged_blocks"]

LAYERS_KEYS = (b"Lr16", b"Lr32")
"""Of the blocks that hold the layers of documents of 16 and 32 bits."""

SECTION_KEYS = (b"lsct", b"lsdk")
"""Of the blocks that make a layer the beginning or the end of a group."""

SIGNATURES = (b"8BIM", b"8B64")
"""What every tagged block begins with."""

_LONG = frozenset(  # these have lengths of 64 bits in a PSB
    b"LMsk Lr16 Lr32 Layr Mt16 Mt32 Mtrn Alph FMsk lnk2 lnk3 lnkE FEid FXid FELS PxSD pths extn extd"
    b" cinf artd".split()
)
_MAX_BLOCKS = 1_000  # of a layer, and of the document
_MAX_PATTERNS = 10_000
_MAX_TEXTS = 8  # in a layer's block: there is one, and what looks like it
_MAX_TOKEN = 1 << 20  # bytes of a word or string in a text's engine data: psd-tools takes 200 for each

_INDEXED = 2  # the colour mode of patterns with a table
_TABLE = 3 * 256 + 4  # bytes of it
_BOX = Struct(">4I")  # top, left, bottom, right
_PLANE = Struct(">I4IHB")  # of a pattern's channel: depth, rectangle, depth again, compression
_TOKEN = re.compile(rb"\((?=\xfe\xff)(?:.*?[^\\]\)|.*)|[^ \n\t]+", re.DOTALL)
_ENGINE_DATA = re.compile(
    rb"EngineData(?:tdta|alis|Pth )"
)  # a descriptor's key, and a type that is raw bytes


@dataclass(frozen=True)
class TaggedBlock:
    """A block by its key, and what it holds."""

    key: bytes
    body: Part


def tagged_blocks(part: Part, multiple: int, version: int) -> Iterator[TaggedBlock]:
    """The tagged blocks of a part, up to what is none.

    Args:
        part: What holds them; it is read as they are taken.
        multiple: Each is filled up to one of so many bytes: 1 in a layer, 4 in the document.
        version: Of the file, 1 or 2.

    Raises:
        SourceError: a block reaches beyond the part, or there are very many.
    """
    count = 0
    while part.left >= 8 and part.data[part.position : part.position + 4] in SIGNATURES:
        count += 1
        part.bounds.count(count, _MAX_BLOCKS, f"blocks in {part.what}")
        key = part.take(8)[4:]
        length = part.number(U64 if version == 2 and key in _LONG else U32)
        yield TaggedBlock(key, part.part(length, f"the block {key!r} of {part.what}"))
        part.pad(length, multiple)


def check_block(block: TaggedBlock) -> None:
    """Check a block of a layer or the document that can come to more than its bytes.

    Descriptors are not looked into: psd-tools bounds how deep they nest and how much they hold.

    Raises:
        SourceError: it is damaged, or what it holds is too large.
    """
    if block.key in (b"Patt", b"Pat2", b"Pat3"):
        _check_patterns(block.body)
    elif block.key in (b"lnkD", b"lnk2", b"lnk3", b"lnkE"):
        _check_links(block.body)
    elif block.key == b"Txt2":
        _check_engine_data(block.body)
    elif block.key == b"TySh":
        _check_text(block.body)


def _check_patterns(part: Part) -> None:
    count = 0
    while part.left >= 4:
        count += 1
        part.bounds.count(count, _MAX_PATTERNS, "patterns")
        length = part.number(U32)
        if length:
            _check_pattern(part.part(length, "a pattern"))
        part.pad(length, 4)


def _check_pattern(part: Part) -> None:
    part.skip(4)  # the version
    mode = part.number(U32)
    part.skip(4)  # where it is
    part.unicode()  # its name
    part.pascal(1)  # its id
    part.skip(_TABLE if mode == _INDEXED else 0)
    part.skip(4)  # the version of what follows
    planes = part.part(part.number(U32), part.what)
    part.bounds.size(*_sides(planes.numbers(_BOX)), part.what)
    for _ in range(planes.number(U32) + 2):  # two more than there are: for masks
        if planes.number(U32):
            length = planes.number(U32)
            if length:
                _check_plane(planes.part(length, "a channel of a pattern"))


def _check_plane(part: Part) -> None:
    depth, *box, _, compression = part.numbers(_PLANE)
    width, height = _sides(tuple(box))
    part.bounds.size(width, height, part.what)
    if width and height:
        check_packed(part, compression, width, height, depth, 1)


def _sides(box: tuple[int, ...]) -> tuple[int, int]:
    """Width and height of a rectangle, none if its sides are exchanged."""
    top, left, bottom, right = box
    return max(0, right - left), max(0, bottom - top)


def _check_links(part: Part) -> None:
    """The files that smart objects hold or link to: each with its length, and that of what it holds."""
    while part.left >= 8:
        length = part.number(U64)
        item = part.part(length, "a file of a smart object")
        if item.take(4) == b"liFD":
            item.skip(4)  # the version
            item.pascal(1)  # its id
            item.unicode()  # its name
            item.skip(8)  # its type and who made it
            if item.number(U64) > item.left:
                raise part.bounds.damaged(f"{item.what} is cut short")
        part.pad(length, 4)


def _check_text(part: Part) -> None:
    """A layer's text: a descriptor, in which is its engine data. What only looks like it is checked too."""
    for count, found in enumerate(_ENGINE_DATA.finditer(part.data, part.position, part.end), 1):
        part.bounds.count(count, _MAX_TEXTS, f"texts in {part.what}")
        value = Part(part.data, found.end(), part.end, part.what, part.bounds)
        if value.left >= U32.size:
            _check_engine_data(value.part(min(value.number(U32), value.left), f"the text of {part.what}"))


def _check_engine_data(part: Part) -> None:
    """No word and no string of it may be very long."""
    if part.left <= _MAX_TOKEN:
        return
    for token in _TOKEN.finditer(part.data, part.position, part.end):
        if token.end() - token.start() > _MAX_TOKEN:
            raise part.bounds.damaged(f"{part.what} has a word of more than {_MAX_TOKEN:,} bytes")
