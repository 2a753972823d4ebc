"""Small files that ask for much: refused by their headers, or bounded in memory and time."""

from __future__ import annotations

import base64
import gzip

import numpy as np
import pytest

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import Budget, RenderLimits
from engines.image_core.sources.raster.decoding import decode_image, decode_mask, jpeg_size
from engines.image_core.sources.vector.svg import rasterise_svg
from tests.hostile.bombs import BOMBS, HIDDEN, solid_png
from tests.hostile.child import in_child, now_at
from tests.hostile.telling import composition, rendered_told, told

_LABEL = "layer 'photo' (layers[0])"
_XMLNS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def explode(names: list[str]) -> dict[str, str | None]:
    """Decode bombs one after another; the line that each is refused with."""
    lines: dict[str, str | None] = {}
    for name in names:
        now_at(name)
        data = BOMBS[name][0]() if name in BOMBS else HIDDEN[name]()
        lines[name] = told(lambda data=data: decode_image(data, _LABEL), _LABEL)  # type: ignore[misc]
    return lines


def test_bombs_are_refused_by_what_their_headers_say() -> None:
    """All of them in one process, which needs no more than what making the files takes."""
    outcome = in_child(explode, list(BOMBS))
    wrong = {name: line for name, line in outcome.result.items() if BOMBS[name][1] not in str(line)}
    assert wrong == {}
    assert outcome.peak_mib < 600
    assert outcome.seconds < 30


def test_what_is_hidden_in_a_file_costs_little() -> None:
    """Loops, tags that share their bytes, skipped rows, comments: drawn or refused at once."""
    outcome = in_child(explode, list(HIDDEN))
    assert outcome.peak_mib < 300
    assert outcome.seconds < 10


def do_nothing() -> None:
    """What a child holds before it decodes anything."""


def decode_solid(depth: int, colour: int, samples: int) -> list[int]:
    """Decode a black PNG of 8 megapixels."""
    return list(decode_image(solid_png(2048, 4096, depth, colour, samples), _LABEL).pixels.shape)


@pytest.mark.parametrize(("depth", "colour", "samples"), [(8, 2, 3), (16, 6, 4), (16, 4, 2)])
def test_a_pixel_takes_a_bounded_number_of_bytes(depth: int, colour: int, samples: int) -> None:
    """At most 24 bytes for each pixel of a file, also of 16-bit samples, which once took 54."""
    idle = in_child(do_nothing)
    outcome = in_child(decode_solid, depth, colour, samples)
    assert outcome.result == [4096, 2048, 4]
    assert (outcome.peak_mib - idle.peak_mib) * 2**20 < 24 * 2048 * 4096


def test_a_lower_limit_holds_for_masks_too() -> None:
    """A mask's file is looked at before it is decoded: its size, and the caller's limit."""
    data = solid_png(300, 200, colour=0, samples=1)
    assert decode_mask(data, (300, 200), _LABEL).pixels.shape == (200, 300)
    few = RenderLimits(source_pixels=59_999)
    line = told(lambda: decode_mask(data, (300, 200), _LABEL, few), _LABEL)
    assert line == f"{_LABEL}: 300 x 200 is too large: allowed are 59,999 pixels"


def decode_large_mask() -> str | None:
    """Decode a mask of 100 megapixels for a small canvas."""
    return told(lambda: decode_mask(solid_png(10_000, 10_000, colour=0, samples=1), (20, 10), _LABEL), _LABEL)


def test_a_mask_of_another_size_is_not_decoded() -> None:
    """A hundred megapixels of mask for a small canvas cost nothing."""
    outcome = in_child(decode_large_mask)
    assert outcome.result.endswith(
        "a mask must have the canvas's size, 20 x 10, but this one is 10000 x 10000"
    )
    assert outcome.peak_mib < 150


def _svg(body: str, size: str = 'width="20" height="20"') -> str:
    return f"<svg {_XMLNS} {size}>{body}</svg>"


def _picture(document: bytes | str) -> str:
    data = document if isinstance(document, bytes) else document.encode()
    return f'<image {_SIDES} href="data:image/svg+xml;base64,{base64.b64encode(data).decode()}"/>'


def _nested(levels: int) -> str:
    """A document in a document, and so on."""
    document = _svg("<rect/>")
    for _ in range(levels):
        document = _svg(_picture(document))
    return document


_SIDES = 'width="20" height="20"'
_MANY_ENTITIES = "".join(f'<!ENTITY e{number} "x">' for number in range(1001))


_DOUBLING = "".join(
    f'<g id="a{n}"><use href="#a{n + 1}"/><use xlink:href="#a{n + 1}"/></g>' for n in range(40)
)
_ENTITIES = "".join(f'<!ENTITY e{n + 1} "&e{n};&e{n};">' for n in range(40))


@pytest.mark.parametrize(
    ("svg", "reason"),
    [
        (_svg("", 'width="1e9" height="1e9"'), "allowed is above 0 and up to 16384 a side"),
        (_svg("", 'viewBox="0 0 99999 99999"'), "allowed is above 0 and up to 16384 a side"),
        (_svg(_DOUBLING + '<g id="a40"><rect/></g>'), "draws more than 1000000 elements by references"),
        (_svg("<g/>" * 200_001), "more than 200000 elements"),
        (_svg("<g>" * 5000 + "</g>" * 5000), "elements nested more than 100 deep"),
        (f'<!DOCTYPE svg [<!ENTITY e0 "x">{_ENTITIES}]>{_svg("&e40;")}', "entities refer to each other more"),
        (f'<!DOCTYPE svg [<!ENTITY a "{"x" * 99999}">]>{_svg("&a;" * 9999)}', "entities expand to more than"),
        ('<!DOCTYPE svg [<!ENTITY a "&b;"><!ENTITY b "&a;">]>' + _svg("&a;"), "more than 8 deep"),
        (f"<!DOCTYPE svg [{_MANY_ENTITIES}]>{_svg('')}", "declares more than 1000 entities"),
        (
            f'<!DOCTYPE svg [<!ATTLIST g a CDATA "{"x" * 99999}">]>{_svg("<g/>" * 9999)}',
            "longer than allowed",
        ),
        (_svg("<g>" + "<!--" * 500_000), "not well-formed"),
        (_svg("<style>" + "/*@font-face{" * 99_999 + "@import</style>"), "@import in <style>"),
        (_nested(5), "more than 4 SVG documents in one another"),
        (_svg(_picture(_svg("<rect/>" * 60_000)) * 4), "more than 200000 elements"),
        (_svg("<rect " + " ".join(f'a{n}="url(x)"' for n in range(9999)) + "/>"), "the reference 'x' in a0"),
        (_svg("<" + "q" * 500_000), "not well-formed"),
        ("<" + "q" * 500_000 + "/>", "svg must begin with"),
    ],
    ids=lambda value: "" if len(value) > 60 else value,
)
def test_svg_bombs_are_refused_before_they_are_drawn(svg: str, reason: str) -> None:
    """Sizes, references that double, entities, depth: one line that names the layer."""
    line = told(lambda: rasterise_svg(svg, 20, 20, _LABEL), _LABEL)
    assert reason in str(line)


def test_compressed_svg_bombs_unpack_no_further_than_allowed() -> None:
    """One, and many small ones that are long together."""
    budget = Budget(RenderLimits(svg_length=100_000))
    for count, size in ((1, 1_000_000), (9, 50_000)):
        document = _svg(_picture(gzip.compress(_svg(" " * size).encode())) * count)
        line = told(lambda document=document: rasterise_svg(document, 20, 20, _LABEL, budget), _LABEL)  # type: ignore[misc]
        assert "longer than allowed" in str(line)


def test_an_svg_that_doubles_by_style_is_ended() -> None:
    """References in a style sheet are not counted: the time of the process that draws bounds them."""
    patterns = "".join(
        f'<pattern id="p{n}" width="1" height="1"><rect class="c{n + 1}" width="9" height="9"/>'
        f'<rect class="c{n + 1}" width="8" height="8"/></pattern>'
        for n in range(40)
    )
    style = "".join(f".c{n} {{ fill: url(#p{n}) }}" for n in range(41))
    svg = _svg(f'<style>{style}</style>{patterns}<rect class="c0" width="20" height="20"/>')
    layer = {"type": "vector", "id": "photo", "svg": svg}
    line = rendered_told(composition(layer), _LABEL, RenderLimits(svg_seconds=2))
    assert str(line).startswith(f"{_LABEL}: svg ")


def test_pixels_of_a_16_bit_strip_are_those_of_the_whole() -> None:
    """A 16-bit picture of several strips is the same pixels, row by row."""
    from engines.image_core.tests.encoded import png

    samples = np.random.default_rng(3).integers(0, 65536, (300, 1000, 3), dtype=np.uint16)
    pixels = decode_image(png(samples, 2, 16), _LABEL).pixels
    assert (pixels[..., :3] == (samples.astype(np.uint32) * 255 + 32767) // 65535).all()


def test_scans_are_counted_before_pixels_are_decoded_not_for_a_size() -> None:
    """A JPEG's size is told from its header, whatever follows; decoding is refused."""
    made, reason = BOMBS["jpeg of many scans"]
    data = made()
    assert jpeg_size(data, "x") == (200, 200)
    with pytest.raises(SourceError, match=reason):
        decode_image(data, "x")


@pytest.mark.parametrize("name", ["jpeg of many EXIF segments", "jpeg of many comments"])
def test_what_a_header_has_too_many_of_is_refused_for_a_size_too(name: str) -> None:
    """Reading the header is what costs the time."""
    made, reason = BOMBS[name]
    with pytest.raises(SourceError, match=reason):
        jpeg_size(made(), "x")
