"""SVG documents: sizes, pixels, and everything that is refused or survived."""

from __future__ import annotations

import base64
import io
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import Budget, RenderLimits
from engines.image_core.sources.vector.svg import rasterise_svg, svg_size

XMLNS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def _svg(body: str, size: str = 'width="40" height="20"') -> str:
    return f"<svg {XMLNS} {size}>{body}</svg>"


def _png(width: int, height: int) -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "#0000ff").save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="40" height="20"', (40, 20)),
        ('width="40px" height="1in"', (40, 96)),
        ('width="2.54cm" height="25.4mm"', (96, 96)),
        ('width="72pt" height="6pc"', (96, 96)),
        ('width="1em" height="2rem"', (16, 32)),
        ('viewBox="0 0 30 10"', (30, 10)),
        ('width="60" viewBox="0 0 30 10"', (60, 20)),
        ('height="5" viewBox="0,0,30,10"', (15, 5)),
        ('width="100%" height="100%" viewBox="5 5 30 10"', (30, 10)),
        ('width=" 1.5e1 " height="auto" viewBox="0 0 30 10"', (15, 5)),
    ],
)
def test_size_from_attributes_and_view_box(attributes: str, size: tuple[int, int]) -> None:
    """Absolute units count 96 pixels an inch; what is missing follows from the viewBox."""
    assert svg_size(_svg("", attributes), "x") == (Fraction(size[0]), Fraction(size[1]))


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ("", "svg has no size: give it width and height or a viewBox"),
        ('width="3vw" height="1"', "svg width '3vw' is not allowed: allowed are numbers with px, pt"),
        ('width="3em" height="1" font-size="9"', "svg width '3em' is not allowed"),
        ('width="0" height="1"', "svg is 0 x 1 pixels: allowed is above 0 and up to 16384 a side"),
        ('width="100000" height="100000"', "svg is 100000 x 100000 pixels: allowed is above 0"),
        ('width="-5" height="5"', "svg is -5 x 5 pixels"),
        ('viewBox="0 0 0 10"', "svg viewBox '0 0 0 10' is not allowed"),
        ('width="1e999" height="5"', "svg width '1e999' is not allowed"),
        ('viewBox="0 0 10"', "svg viewBox '0 0 10' is not allowed"),
        ('width="5" height="5" viewBox="a b c d"', "svg viewBox 'a b c d' is not allowed"),
    ],
)
def test_sizes_that_are_refused(attributes: str, reason: str) -> None:
    """One line names the layer, the attribute and what is allowed."""
    with pytest.raises(SourceError, match=f"^layer 'logo': {reason}"):
        svg_size(_svg("", attributes), "layer 'logo'")


def test_pixels_are_straight_rgba() -> None:
    """Half transparent orange keeps its colour; what is empty is 0, 0, 0, 0."""
    rect = '<rect width="20" height="20" fill="#ff8000" fill-opacity="0.5"/>'
    image = rasterise_svg(_svg(rect), 40, 20, "x")
    assert image.pixels.shape == (20, 40, 4)
    assert (image.pixels[:, :20] == (255, 128, 0, 128)).all()
    assert not image.pixels[:, 20:].any()
    assert not image.opaque
    assert not image.pixels.flags.writeable


def test_scaling_draws_at_the_size_asked_for() -> None:
    """Three times as large, an edge that lies on whole pixels is sharp."""
    pixels = rasterise_svg(_svg('<rect x="1" y="2" width="5" height="5"/>'), 120, 60, "x").pixels
    assert (pixels[6:21, 3:18, 3] == 255).all()
    assert pixels[..., 3].sum() == 15 * 15 * 255


def test_rounded_proportions_fill_the_box() -> None:
    """A 300 x 100 document at 100 x 33 pixels leaves no gap at any side."""
    document = _svg('<rect width="300" height="100"/>', 'viewBox="0 0 300 100"')
    image = rasterise_svg(document, 100, 33, "x")
    assert image.opaque


def test_other_proportions_follow_preserve_aspect_ratio() -> None:
    """A wide document in a square is centred, or stretched where it says so."""
    body, size = '<rect width="40" height="20"/>', 'width="40" height="20" viewBox="0 0 40 20"'
    centred = rasterise_svg(_svg(body, size), 40, 40, "x").pixels[..., 3]
    assert (centred[10:30] == 255).all()
    assert not centred[:10].any()
    assert rasterise_svg(_svg(body, f'{size} preserveAspectRatio="none"'), 40, 40, "x").opaque


def test_local_references_styles_and_embedded_pictures_are_drawn() -> None:
    """A style sheet, a gradient, a use and a PNG in a data: URL all show."""
    body = (
        "<style>.a > rect { fill: url(#g) }</style><defs><linearGradient id='g'><stop stop-color='#ff0000'/>"
        "</linearGradient><rect id='r' width='10' height='20'/></defs>"
        "<g class='a'><rect width='10' height='20'/></g><use href='#r' x='10' fill='#00ff00'/>"
        f"<image x='20' width='20' height='20' xlink:href='{_png(2, 2)}'/>"
    )
    row = rasterise_svg(_svg(body), 40, 20, "x").pixels[10]
    assert row[[5, 15, 30]].tolist() == [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]]


def test_the_hash_and_the_bytes_repeat() -> None:
    """The same document and size: the same. Another size or document: another hash."""
    document = _svg('<circle cx="20" cy="10" r="9"/>')
    first, again = (rasterise_svg(document, 40, 20, "x") for _ in range(2))
    assert (first.pixels == again.pixels).all()
    assert first.content_hash == again.content_hash
    others = [rasterise_svg(document, 80, 40, "x"), rasterise_svg(document + " ", 40, 20, "x")]
    assert len({first.content_hash, *(other.content_hash for other in others)}) == 3


BOMB = "".join(f'<g id="a{i}"><use href="#a{i + 1}"/><use href="#a{i + 1}"/></g>' for i in range(30))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<image href="/etc/passwd"/>', "the reference '/etc/passwd' in href of <image> is not allowed"),
        ('<image xlink:href="file:///etc/passwd"/>', "the reference 'file:///etc/passwd' in href of <image>"),
        ('<use href="other.svg#a"/>', "the reference 'other.svg#a' in href of <use>"),
        (
            '<filter id="f"><feImage href="http://a.example/b.png"/></filter>',
            "the reference 'http://a.example",
        ),
        ('<rect fill="url(http://a.example/#a)"/>', "the reference 'http://a.example/#a' in fill of <rect>"),
        ("<rect style=\"fill: URL( 'a.svg#b' )\"/>", "the reference 'a.svg#b' in style of <rect>"),
        ("<style>rect { fill: url(a.svg) }</style>", "the reference 'a.svg' in <style>"),
        ("<style>@IMPORT 'a.css';</style>", "@import in <style> is not allowed"),
        (
            '<?xml-stylesheet href="a.css"?>',
            r"the processing instruction <\?xml-stylesheet\?> is not allowed",
        ),
        ('<image href="data:image/svg+xml,%3Csvg%3E"/>', "href of <image>: svg is not well-formed XML"),
        ('<image href="data:image/png;base64,A"/>', "href of <image>: not base64"),
        (
            '<image href="data:image/png;base64,!"/>',
            "href of <image>: not a picture|href of <image>: not base64",
        ),
        (f'<image href="{_png(5, 5)[:-40]}"/>', "href of <image>: "),
        ("<g>" * 200 + "</g>" * 200, "elements nested more than 100 deep are not allowed"),
        (BOMB + '<g id="a30"><rect/></g>', "draws more than 1000000 elements by references"),
        ("<g>", "svg is not well-formed XML: mismatched tag"),
    ],
)
def test_documents_that_are_refused(body: str, reason: str) -> None:
    """Nothing from outside, nothing that depends on the host, nothing that explodes: one line each."""
    with pytest.raises(SourceError, match=rf"^layer 'logo': (svg[:,]? )?({reason})") as caught:
        svg_size(_svg(body), "layer 'logo'")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (f'<?xml-stylesheet href="a.css"?>{_svg("")}', "svg: the processing instruction"),
        ("<html/>", 'svg must begin with <svg xmlns="http://www.w3.org/2000/svg">, not <html>'),
        ("<svg xmlns='urn:x' width='1' height='1'/>", "svg must begin with"),
        ("not xml", "svg is not well-formed XML"),
        ("\ud800", "svg is not well-formed XML"),
        (" " * 10_000_001, "svg has 10,000,001 characters: allowed are 10,000,000"),
    ],
)
def test_texts_that_are_no_document(document: str, reason: str) -> None:
    """What is not a plain SVG document is told apart before anything is drawn."""
    with pytest.raises(SourceError, match=f"^x: {reason}"):
        svg_size(document, "x")


@pytest.mark.parametrize(
    "body",
    [
        "<pattern id='p' width='1e6' height='1e6' patternUnits='userSpaceOnUse'>"
        "<rect width='9' height='9'/></pattern><rect width='1e7' height='1e7' fill='url(#p)'/>",
        "<mask id='m' x='-1e9' y='-1e9' width='1e10' height='1e10' maskUnits='userSpaceOnUse'>"
        "<rect width='1e9' height='1e9' fill='white'/></mask><rect mask='url(#m)' width='1e7' height='1e7'/>",
    ],
    ids=["abort", "panic"],
)
def test_the_process_outlives_what_makes_resvg_fail(body: str) -> None:
    """A pattern that makes resvg abort and a mask that makes it panic are one-line errors here."""
    with pytest.raises(SourceError, match=r"^x: svg cannot be drawn: resvg failed"):
        rasterise_svg(_svg(body), 100, 100, "x")
    assert rasterise_svg(_svg('<rect width="9" height="9"/>'), 40, 20, "x").pixels[5, 5, 3] == 255


def test_drawing_that_takes_forever_is_ended() -> None:
    """A filter of a million octaves of noise is stopped at the time limit."""
    budget = Budget(RenderLimits(svg_seconds=1))
    body = "<filter id='f'><feTurbulence baseFrequency='0.01' numOctaves='1000000'/></filter>"
    with pytest.raises(SourceError, match=r"^x: svg takes more than 1 seconds to draw"):
        rasterise_svg(_svg(f"{body}<rect filter='url(#f)' width='40' height='20'/>"), 400, 200, "x", budget)


def test_references_to_oneself_are_drawn_once() -> None:
    """A use inside of what it refers to neither hangs nor fails the check."""
    document = _svg('<g id="a"><rect width="9" height="9"/><use href="#a"/></g>')
    assert np.count_nonzero(rasterise_svg(document, 40, 20, "x").pixels[..., 3]) == 81
