"""PSD files open as they are, whatever is untidy in them; all that psd-tools raises is one line of ours."""

from __future__ import annotations

import io
import struct
import warnings

import numpy as np
import pytest
from PIL import Image
from psd_tools import ParseLimitError, ParseLimits, PSDImage
from psd_tools.api.layers import Group, PixelLayer
from psd_tools.api.utils import check_pixel_size

from engines.image_core.errors import SourceError
from engines.image_core.sources.psd import opening
from engines.image_core.sources.psd.opening import open_document, reading
from engines.image_core.tests.sources.psd.psd_making import (
    Layer,
    block,
    descriptor,
    flat,
    layers_body,
    pattern,
    psd,
    raw,
    rle,
    zipped,
)


def _told(data: bytes) -> str:
    with pytest.raises(SourceError) as raised:
        open_document(data, "card.psd")
    return str(raised.value)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(
    "channel", [flat(80), rle([b"\xfd\x50"] * 3), zipped(b"\x50" * 12)], ids=["raw", "rle", "zip"]
)
def test_a_layer_is_read(version: int, channel: bytes) -> None:
    """In PSD and PSB, in each compression."""
    if version == 2 and channel.startswith(b"\0\1"):
        channel = rle([b"\xfd\x50"] * 3, ">I")
    data = psd(Layer(dict.fromkeys((-1, 0, 1, 2), channel), name=b"sky"), version=version)
    document = open_document(data, "card.psd")
    (layer,) = document
    assert (layer.name, layer.bbox) == ("sky", (0, 0, 4, 3))
    assert np.array_equal(layer.numpy(), np.full((3, 4, 4), 80 / 255, dtype=np.float32))


def test_layers_of_deep_documents_are_read() -> None:
    """Documents of 16 and 32 bits have their layers in a block; in a PSB its length has 64 bits."""
    layer = Layer(dict.fromkeys((-1, 0, 1, 2), raw(b"\x80\0" * 12)))
    for version, form in ((1, ">I"), (2, ">Q")):
        body = layers_body([layer], version)
        blocks = block(b"Lr16", body, form, b"8BIM") + bytes(-len(body) % 4)
        empty = psd(depth=16, version=version, blocks=blocks)
        (read,) = open_document(empty, "card.psd")
        assert read.numpy().shape == (3, 4, 4)


def test_what_psd_tools_writes_is_read() -> None:
    """Groups in groups, with a picture in them."""
    made = PSDImage.new("RGB", (20, 20))
    inner = Group.new(Group.new(made, "outer"), "inner")
    PixelLayer.frompil(Image.new("RGB", (4, 4), "red"), inner, "red")
    file = io.BytesIO()
    made.save(file)
    document = open_document(file.getvalue(), "card.psd")
    assert [layer.name for layer in document.descendants()] == ["outer", "inner", "red"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(psd(), id="no layers"),
        pytest.param(psd(Layer(), merged=raw(bytes(36)) + b"more"), id="bytes at the end"),
        pytest.param(psd(Layer(blocks=block(b"zzzz", b"odd"))), id="an unknown block of a layer"),
        pytest.param(psd(Layer(blocks=b"junkjunkjunk")), id="junk behind a layer's blocks"),
        pytest.param(psd(blocks=block(b"zzzz", bytes(4)) + bytes(3)), id="the document's blocks, and zeros"),
        pytest.param(psd(Layer({0: b"", 1: b"\0", 2: raw(b"")}, box=(0, 0, 0, 0))), id="channels of nothing"),
        pytest.param(psd(Layer({0: flat(1) + b"more"})), id="a channel with more than it needs"),
        pytest.param(psd(Layer({-2: raw(b"")})), id="a mask's channel without a mask"),
        pytest.param(psd(Layer(), blocks=pattern((0, 0, 3, 4))), id="a pattern"),
        pytest.param(
            psd(Layer(mask=struct.pack(">4iBBB", 0, 0, 3, 4, 0, 16, 15) + bytes(9) + b"\x7f" * 8)),
            id="parameters of a mask where a second rectangle may be",
        ),
        pytest.param(psd().replace(bytes(6), b"untidy", 1), id="reserved bytes that are not zero"),
    ],
)
def test_what_is_untidy_is_read(data: bytes) -> None:
    """Photoshop reads such files too."""
    document = open_document(data, "card.psd")
    with reading("card.psd"):
        for layer in document.descendants():
            layer.numpy()


def test_a_file_cut_short_anywhere_is_told() -> None:
    """Each beginning of a file is one line, that names it."""
    data = psd(
        Layer(blocks=block(b"luni", b"\0\0\0\1\0a")), resources=b"8BIM\x03\xed\0\0\0\0\0\x10" + bytes(16)
    )
    open_document(data, "card.psd")
    for end in range(len(data)):
        assert _told(data[:end]).startswith("card.psd: ")


def test_a_resource_that_cannot_be_made_out_is_told() -> None:
    """psd-tools raises what it likes; the line begins with the file and says why."""
    resource = b"8BIM\x03\xed\0\0" + struct.pack(">I", 2) + b"ab"
    assert _told(psd(resources=resource)).startswith("card.psd: this PSD file is damaged or not supported (")


def test_descriptors_that_nest_very_deep_are_told() -> None:
    """psd-tools reads them one in another, and so stops at a depth."""
    body = b""
    for _ in range(100):
        body = descriptor(b"\0\0\0\0Nxt Objc" + body if body else b"", bool(body))
    data = psd(Layer(blocks=block(b"SoCo", struct.pack(">I", 16) + body)))
    assert (
        _told(data)
        == "card.psd: this PSD file holds more than is allowed (max_nesting_depth exceeded: 65 > 64)"
    )


def test_more_than_a_document_may_hold_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values and structures are counted: each costs far more than its bytes."""
    monkeypatch.setattr(opening, "_PARSE_LIMITS", ParseLimits(max_objects=60))
    assert "this PSD file holds more than is allowed (max_objects exceeded" in _told(psd(Layer()))


def test_a_block_that_psd_tools_cannot_make_out_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """It logs an error: without a host's handler nothing comes out."""
    document = open_document(psd(Layer(blocks=block(b"SoCo", b"none"))), "card.psd")
    assert document[0].tagged_blocks[b"SoCo"].data == b"none"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("channel", [b"\0\2no deflate", zipped(bytes(11)), zipped(bytes(50_000_000))])
def test_pixels_that_cannot_be_unpacked_are_an_error(channel: bytes) -> None:
    """Damaged, too few, and a bomb, not unpacked beyond the layer's size: psd-tools draws them black."""
    document = open_document(psd(Layer({0: channel})), "card.psd")
    with pytest.raises(SourceError) as raised, reading("card.psd"):
        document[0].numpy()
    assert str(raised.value).startswith("card.psd: this PSD file is damaged or not supported (")
    assert "black" not in str(raised.value)


@pytest.mark.parametrize(
    ("raised", "line"),
    [
        (KeyError("Idnt"), "this PSD file is damaged or not supported ('Idnt')"),
        (ValueError("no\nmode", "and the field"), "this PSD file is damaged or not supported (no mode)"),
        (RecursionError("too deep"), "this PSD file is damaged or not supported (too deep)"),
        (AssertionError(), "this PSD file is damaged or not supported (AssertionError)"),
        (ParseLimitError("too many"), "this PSD file holds more than is allowed (too many)"),
        (MemoryError(), "there is not enough memory to read this PSD file"),
        (SourceError("card.psd: told"), "told"),
    ],
)
def test_whatever_is_raised_while_reading_is_one_line(raised: Exception, line: str) -> None:
    """The line begins with the file's name."""
    with pytest.raises(SourceError) as told, reading("card.psd"):
        raise raised
    assert str(told.value) == f"card.psd: {line}"


def test_warnings_are_as_before_after_reading() -> None:
    """psd-tools' own are silent inside, that of its size too; what the host filters is not changed."""
    before = list(warnings.filters)
    with reading("card.psd"):
        warnings.warn_explicit("odd", UserWarning, "layers.py", 1, module="psd_tools.api.layers")
        check_pixel_size(20_000, 20_000, max_alloc_bytes="unlimited")
    assert warnings.filters == before
