"""PSD files that ask for much: refused by what they say, or bounded in memory and time."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from engines.image_core.sources.psd.opening import open_document, reading
from engines.image_core.tests.sources.psd.psd_making import (
    Layer,
    block,
    layers_body,
    pattern,
    psd,
)
from tests.hostile.child import in_child, now_at
from tests.hostile.telling import told

_LABEL = "card.psd"


def _deflated(size: int) -> bytes:
    packer = zlib.compressobj()
    parts = [packer.compress(bytes(1 << 20)) for _ in range(size >> 20)]
    return b"\0\2" + b"".join(parts) + packer.flush()


def _nested() -> bytes:
    layer = Layer({}, blocks=block(b"zzzz", bytes(8 << 20)))
    for _ in range(40):
        layer = Layer({}, blocks=block(b"Lr16", layers_body([layer])))
    return psd(layer)


_HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a deflate bomb": (lambda: psd(Layer({0: _deflated(1 << 28)})), "exceeds expected maximum of 12 bytes"),
    "a layer of empty rows": (
        lambda: psd(Layer({0: b"\0\1" + bytes(26_000)}, box=(0, 0, 13_000, 13_000))),
        "Refusing to allocate",
    ),
    "many large layers": (
        lambda: psd(*[Layer({0: _deflated(1 << 20)}, box=(0, 0, 10_000, 10_000))] * 90),
        "take more than 8,589,934,592 bytes unpacked",
    ),
    "a pattern of gigapixels": (lambda: psd(blocks=pattern((0, 0, 1 << 31, 1 << 31))), "is too large"),
    "layers in layers": (_nested, "holds layers"),
    "a long word in a text": (
        lambda: psd(blocks=block(b"Txt2", b"<< /Text (\xfe\xff" + b"\0a" * (16 << 20) + b") >>")),
        "has a word of more than 1,048,576 bytes",
    ),
    "strings without an end": (
        lambda: psd(blocks=block(b"Txt2", b"<< " + b"(\xfe\xff " * (4 << 20))),
        "has a word of more than 1,048,576 bytes",
    ),
}


def read_hostile() -> dict[str, str | None]:
    """Open each file and read its layers' pixels; the line that it is refused with."""
    return {name: _refused(name, make) for name, (make, _) in _HOSTILE.items()}


def _refused(name: str, make: Callable[[], bytes]) -> str | None:
    now_at(name)
    data = make()

    def read() -> None:
        document = open_document(data, _LABEL)
        with reading(_LABEL):
            for layer in document.descendants():
                layer.numpy()

    return told(read, _LABEL)


def test_what_asks_for_much_is_refused() -> None:
    """In one process, whose memory is what making the files takes."""
    outcome = in_child(read_hostile)
    wrong = {name: line for name, line in outcome.result.items() if _HOSTILE[name][1] not in str(line)}
    assert wrong == {}
    assert outcome.peak_mib < 800
    assert outcome.seconds < 60
