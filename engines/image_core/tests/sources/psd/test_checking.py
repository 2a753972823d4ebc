"""What is refused in a PSD file before psd-tools reads it, each with one line."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import RenderLimits
from engines.image_core.sources.psd import blocks
from engines.image_core.sources.psd.checking import check_document
from engines.image_core.tests.sources.psd.psd_making import (
    Layer,
    block,
    descriptor,
    divider,
    flat,
    layers_body,
    pattern,
    psd,
    rle,
)

_LIMITS = RenderLimits(layers=4, depth=2, source_pixels=1_000, decoded_bytes=5_000)
_DAMAGED = "this PSD file is damaged "


def _told(data: bytes) -> str:
    with pytest.raises(SourceError) as raised:
        check_document(data, "card.psd", _LIMITS)
    return str(raised.value)


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"signature": b"8BIM"}, "not a PSD or PSB file"),
        ({"version": 3}, "a PSD file of version 3 cannot be read: known are 1 and 2"),
        (
            {"size": (0, 3)},
            "0 x 3 is not allowed in a PSD file of version 1: its sides are 1 to 30,000 pixels",
        ),
        (
            {"size": (30_001, 1)},
            "30001 x 1 is not allowed in a PSD file of version 1: its sides are 1 to 30,000 pixels",
        ),
        ({"size": (40, 50)}, "the document of 40 x 50 is too large: allowed are 1,000 pixels"),
        ({"channels": 0}, _DAMAGED + "(it has 0 channels)"),
        ({"channels": 57}, _DAMAGED + "(it has 57 channels)"),
        ({"depth": 17}, _DAMAGED + "(it has 17 bits in a channel)"),
        ({"mode": 5}, _DAMAGED + "(it has the unknown colour mode 5)"),
        ({"merged": b"\0\4"}, _DAMAGED + "(the merged picture has the unknown compression 4)"),
        ({"merged": flat(0)}, _DAMAGED + "(the merged picture is cut short)"),
        ({"resources": b"8BIM\x03\xed\0\0\0\0\0\x10"}, _DAMAGED + "(the section of resources is cut short)"),
        (
            {"resources": b"8BIM\x03\xed\0\0\0\0\0\0" * 10_001},
            "this PSD file has too many resources: allowed are 10,000",
        ),
        (
            {"blocks": block(b"zzzz", b"") * 1_001},
            "this PSD file has too many blocks in the document: allowed are 1,000",
        ),
        (
            {"blocks": block(b"zzzz", b"abcd")[:-1]},
            _DAMAGED + "(the block b'zzzz' of the document is cut short)",
        ),
        (
            {"blocks": pattern((0, 0, 40, 50))},
            "a pattern of 50 x 40 is too large: allowed are 1,000 pixels",
        ),
        ({"blocks": pattern((0, 0, 4, 4))}, _DAMAGED + "(a channel of a pattern is cut short)"),
        (
            {"blocks": pattern((0, 0, 3, 4), b"\7" + bytes(12))},
            _DAMAGED + "(a channel of a pattern has the unknown compression 7)",
        ),
        (
            {"blocks": block(b"lnk2", struct.pack(">Q", 99))},
            _DAMAGED + "(a file of a smart object is cut short)",
        ),
        (
            {"blocks": block(b"lnkD", struct.pack(">Q4sIxI8sQBxxx", 37, b"liFD", 7, 0, b"png 8BIM", 900, 0))},
            _DAMAGED + "(a file of a smart object is cut short)",
        ),
    ],
)
def test_a_document_is_refused(changed: dict[str, Any], line: str) -> None:
    """For its header, its resources, its merged picture, its blocks."""
    assert _told(psd(**changed)) == f"card.psd: {line}"


@pytest.mark.parametrize(
    ("layers", "line"),
    [
        ([Layer(mode=b"junknorm")], _DAMAGED + "(layer 1 from below has no blend mode)"),
        ([Layer({40: flat(0)})], _DAMAGED + "(layer 'red' has the unknown channel 40)"),
        (
            [Layer(dict.fromkeys(range(60), b""))],
            "this PSD file has too many channels in a layer: allowed are 59",
        ),
        ([Layer(box=(0, 0, 40, 50))], "layer 'red' of 50 x 40 is too large: allowed are 1,000 pixels"),
        (
            [Layer(mask=struct.pack(">4iBBxx", 0, 0, 40, 50, 0, 0), channels={-2: b""})],
            "layer 'red' of 50 x 40 is too large: allowed are 1,000 pixels",
        ),
        (
            [Layer({0: flat(0, 999)}, box=(0, 0, 1, 999))] * 4
            + [Layer({0: flat(0, 999), 1: flat(0, 999)}, box=(0, 0, 999, 1), blocks=divider(3))],
            "the layers of this PSD file take more than 5,000 bytes unpacked, which are allowed",
        ),
        ([Layer()] * 5, "this PSD file has too many layers: allowed are 4"),
        (
            [Layer({}, blocks=divider(3))] * 3,
            "the groups of this PSD file nest too deep: allowed are 2",
        ),
        (
            [Layer(name=b"", blocks=divider(9))],
            _DAMAGED + "(layer 1 from below is the unknown part 9 of a group)",
        ),
        ([Layer({0: flat(0, 11)})], _DAMAGED + "(a channel of layer 'red' is cut short)"),
        ([Layer({0: rle([b"\xfd\0"] * 3)[:7]})], _DAMAGED + "(a channel of layer 'red' is cut short)"),
        (
            [Layer({0: rle([b"\xfd\0"] * 3)[:-1]}, blocks=block(b"luni", b"\0\0\0\1\x26\x03"))],
            _DAMAGED + "(a channel of layer '☃' is cut short)",
        ),
        (
            [Layer({0: b"\0\x09" + bytes(12)})],
            _DAMAGED + "(a channel of layer 'red' has the unknown compression 9)",
        ),
        (
            [Layer(blocks=block(b"Lr16", layers_body([])))],
            _DAMAGED + "(layer 1 from below holds layers)",
        ),
        (
            [Layer(blocks=block(b"zzzz", b"") * 1_001)],
            "this PSD file has too many blocks in layer 1 from below: allowed are 1,000",
        ),
        ([Layer(extra=b"\0\0\0\x09")], _DAMAGED + "(the mask of layer 1 from below is cut short)"),
    ],
)
def test_a_layer_is_refused(layers: list[Layer], line: str) -> None:
    """For its record, its channels, its blocks; or all are, for their sum."""
    assert _told(psd(*layers)) == f"card.psd: {line}"


def test_a_very_long_word_in_a_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """psd-tools' search takes 200 bytes of memory for each of a word's; words and strings are told apart."""
    monkeypatch.setattr(blocks, "_MAX_TOKEN", 20)
    words = b"<< /Text (\xfe\xff\0a\0 \0\\)b) /Size 12 >>"
    check_document(_text(words), "card.psd", _LIMITS)
    for long in (b"\n" + b"x" * 21, b"(\xfe\xff" + b"\0 " * 10 + b"\0a)", b"/Name (unended" + b"x" * 21):
        line = _told(_text(words + b" " + long))
        assert line.endswith("layer 1 from below has a word of more than 20 bytes)")
    decoy = b"/EngineDatatdta\0\0\0\1 EngineDatatdta\xff\xff\xff\xff "
    assert _told(_text(decoy + b"EngineDataalis\0\0\0\x99" + b"x" * 21)).endswith("20 bytes)")
    assert "has too many texts in the block b'TySh'" in _told(_text(decoy * 5))
    check_document(_text(words + b" (\xfe\xff" + b"\0 " * 6 + b"\0a)"), "card.psd", _LIMITS)
    assert "has a word of more than 20 bytes" in _told(psd(blocks=block(b"Txt2", words + b"x" * 30)))


def _text(engine_data: bytes) -> bytes:
    item = struct.pack(">I", 10) + b"EngineDatatdta" + struct.pack(">I", len(engine_data)) + engine_data
    body = struct.pack(">H6dHI", 1, 1, 0, 0, 1, 0, 0, 50, 16) + descriptor(item, 1)
    return psd(Layer(blocks=block(b"TySh", body)))
