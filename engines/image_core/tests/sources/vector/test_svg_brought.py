"""SVG as people bring it: what programs and hands write, and what each is drawn as."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engines.image_core import Renderer
from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.models import ImageComposition, VectorLayer
from engines.image_core.sources.reading import builtin_svg_fonts
from engines.image_core.sources.text.font_files import one_font
from engines.image_core.sources.text.fonts import load_font
from engines.image_core.sources.vector.svg import rasterise_svg
from engines.image_core.tests.sources.text.font_making import BOLD, REGULAR, RUBIK, collection

XMLNS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
BLUE = '<rect width="8" height="8" fill="#0000ff"/>'
DTD = 'PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"'
DRAWING = f'<svg {XMLNS} width="8" height="8">{BLUE}</svg>'


def _drawn(svg: str, width: int = 8, height: int = 8, **options: str) -> NDArray[np.uint8]:
    return rasterise_svg(svg, width, height, "x", **options).pixels  # type: ignore[arg-type]


def _svg(body: str, size: str = 'width="8" height="8"') -> str:
    return f"<svg {XMLNS} {size}>{body}</svg>"


def _all_blue(svg: str) -> bool:
    return bool((_drawn(svg) == (0, 0, 255, 255)).all())


def _in_data(data: bytes | str, kind: str = "image/svg+xml") -> str:
    raw = data if isinstance(data, bytes) else data.encode()
    return f"data:{kind};base64,{base64.b64encode(raw).decode()}"


def _picture(url: str) -> str:
    return _svg(f'<image width="8" height="8" href="{url}"/>')


def _file(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (2, 2), "#0000ff").save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "document",
    [
        f"<!DOCTYPE svg>{DRAWING}",
        f'<?xml version="1.0" encoding="ISO-8859-1" standalone="no"?>\n<!DOCTYPE svg {DTD}>\n{DRAWING}',
        f'\ufeff\n <?xml version="1.0"?>{DRAWING}',
        f'<!DOCTYPE svg {DTD} [<!ENTITY s "http://www.w3.org/2000/svg"><!ENTITY % SVG.x "IGNORE">]>'
        f'<svg xmlns="&s;" width="8" height="8">{BLUE}</svg>',
        f'<!DOCTYPE svg [<!ENTITY c "#0000ff"><!ENTITY r \'<rect width="8" height="8" fill="&c;"/>\'>]>'
        f"<!-- &more; -->{_svg('&r;')}",
        f'<!DOCTYPE svg [<!ATTLIST svg xmlns CDATA #FIXED "http://www.w3.org/2000/svg">]>'
        f'<svg width="8" height="8">{BLUE}</svg>',
        f'<svg width="8" height="8">{BLUE}</svg>',
        f'<svg xmlns="" width="8" height="8">{BLUE}</svg>',
        '<svg width="8" height="8"><defs><rect id="r" width="8" height="8" fill="#00f"/></defs>'
        '<use xlink:href="#r"/></svg>',
        '<s:svg xmlns:s="http://www.w3.org/2000/svg" width="8" height="8">'
        '<s:rect width="8" height="8" fill="#00f"/></s:svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">'
        f'<inkscape:grid inkscape:x="2"/><sodipodi:namedview><rect/></sodipodi:namedview>{BLUE}</svg>',
        f'<?xpacket begin="x"?><?xml-stylesheet href="#s"?>{DRAWING}',
    ],
)
def test_prologues_and_namespaces_as_they_are_written(document: str) -> None:
    """A DOCTYPE, a few entities, a missing, empty or other prefix: one drawing."""
    assert _all_blue(document)


_RED = '<rect width="8" height="8" fill="#ff0000"/>'


@pytest.mark.parametrize(
    "body",
    [
        f'<switch><foreignObject width="8" height="8"><p xmlns="urn:x">a</p></foreignObject>{BLUE}</switch>',
        f"{BLUE}<foreignObject>{_RED}</foreignObject><metadata>{_RED}</metadata><title>{_RED}</title>",
        f'{BLUE}<x:g xmlns:x="urn:x">{_RED}</x:g><g xmlns="urn:x">{_RED}</g><unknown>{_RED}</unknown>',
        f'<script>document.write("{_RED.replace("<", "")}")</script><g onload="f()" onclick="f()">{BLUE}</g>',
        f'<a href="javascript:f()" xlink:href="http://example.org/">{BLUE}</a>',
        f"<g xml:base='http://example.org/'>{BLUE}</g>",
        '<rect width="8" height="8" fill="#0000ff"><animate attributeName="fill" to="red" dur="1s"/></rect>',
        f"<style>@namespace url(http://www.w3.org/2000/svg); @font-face {{ src: url(a.woff) }} /* @import */"
        f" rect {{ fill: #0000ff }}</style>{_RED}",
        f'<metadata/><style>rect:first-child {{ fill: lime }}</style>{BLUE}<image href="" width="8"/>',
        f'<flowRoot><flowRegion>{_RED}</flowRegion></flowRoot>{BLUE}<text x="2" y="5"> </text>',
    ],
)
def test_what_is_no_drawing_is_left_out(body: str) -> None:
    """As viewers do: other elements with all in them, scripts, events, links, animation, notes of editors."""
    assert _all_blue(_svg(body))


@pytest.mark.parametrize(
    "url",
    [
        f"data:image/svg+xml;utf8,{DRAWING.replace('<', '&lt;').replace(chr(34), chr(39))}",
        _in_data(DRAWING),
        _in_data(f"<!DOCTYPE svg {DTD}>{DRAWING}"),
        _in_data(DRAWING, ""),
        _in_data(gzip.compress(DRAWING.encode())),
        _in_data(_picture(_in_data(_picture(_in_data(DRAWING))))),
        _in_data(_picture(_in_data(_file("PNG"), "image/png"))),
        _in_data(_file("PNG"), ""),
        _in_data(_file("PNG"), "image/jpeg"),
        "data:base64," + _in_data(_file("PNG")).partition(",")[2],
        "\n data:image/png ; base64 , " + " \n".join(_in_data(_file("PNG"), "").partition(",")[2]),
        _in_data(_file("PNG"), "image/png").rstrip("="),
    ],
)
def test_pictures_in_data_urls(url: str) -> None:
    """A drawing in a drawing, compressed too; a media type that is missing or wrong, spaces, no padding."""
    assert _all_blue(_picture(url))


def test_a_picture_in_a_picture_is_checked_as_well() -> None:
    """What is refused is refused at each level."""
    inside = _picture(_in_data(_svg('<image href="http://example.org/a.png"/>')))
    with pytest.raises(SourceError, match=r"^x: svg, href of <image>: svg: the reference 'http:"):
        _drawn(inside)
    with pytest.raises(SourceError, match=r"^x: svg: <text> in href of <image> is not allowed"):
        _drawn(_picture(_in_data(_svg("<text>a</text>"))))


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ('<!DOCTYPE svg [<!ENTITY e SYSTEM "a.txt">]>', "the external entity 'e' is not allowed"),
        ('<!DOCTYPE svg [<!ENTITY e "&g;">]>', "the entity 'g' is not declared"),
        (f"<!DOCTYPE svg {DTD}>", "the entity 'e' is not declared"),
        ("", "not well-formed XML: undefined entity"),
    ],
)
def test_entities_that_are_not_in_the_document(before: str, reason: str) -> None:
    """They are errors in text and in attributes, not nothing."""
    for body in ("<g>&e;</g>", '<g id="&e;"/>'):
        with pytest.raises(SourceError, match=f"^x: svg.* {reason}"):
            _drawn(before + _svg(body))


@pytest.mark.parametrize(
    ("length", "side"), [("25.4mm", 96), ("2.54cm", 96), (".5in", 48), ("36pt", 48), ("2pc", 32)]
)
def test_lengths_within_a_document_are_of_96_pixels_an_inch(length: str, side: int) -> None:
    """In attributes as in styles; the root's own are its size."""
    for rect in (f'<rect width="{length}" height="1in"/>', f'<rect style="width:{length};height:96px"/>'):
        shown = _drawn(_svg(rect, 'viewBox="0 0 100 100"'), 100, 100)[..., 3] == 255
        assert shown[50].sum() in (side, 0 if "style" in rect else side)
        assert shown[:, 10].sum() in (96, 0 if "style" in rect else 96)


ASPECTS = [
    ("", (50, 0, 100)),
    ("xMinYMid", (0, 0, 100)),
    ("xMaxYMin meet", (100, 0, 100)),
    ("xMidYMin slice", (0, 0, 200)),
    ("xMidYMid slice", (0, -50, 200)),
    ("xMidYMax slice", (0, -100, 200)),
]


@pytest.mark.parametrize(("aspect", "place"), ASPECTS)
@pytest.mark.parametrize("own", ['width="200" height="100"', 'width="10" height="10"', ""])
def test_a_document_keeps_its_proportions(aspect: str, place: tuple[int, int, int], own: str) -> None:
    """preserveAspectRatio holds by the viewBox, whatever size the document has and the layer asks for."""
    document = _svg(
        '<rect width="10" height="10"/><rect width="5" height="5" fill="#ffffff"/>',
        f'{own} viewBox="0 0 10 10" preserveAspectRatio="{aspect}"',
    )
    left, top, side = place
    expected = np.zeros((100, 200, 4), np.uint8)
    expected[max(top, 0) : top + side, left : left + side] = (0, 0, 0, 255)
    expected[max(top, 0) : max(top + side // 2, 0), left : left + side // 2] = 255
    assert (_drawn(document, 200, 100) == expected).all()


def test_none_stretches_a_document() -> None:
    """preserveAspectRatio none fills what there is."""
    document = _svg(BLUE, 'width="200" height="10" viewBox="0 0 8 8" preserveAspectRatio="none"')
    assert (_drawn(document, 16, 8) == (0, 0, 255, 255)).all()


def test_what_was_drawn_wrongly_is_known_by_another_hash_and_nothing_else_is() -> None:
    """Lengths in millimetres, other proportions and a language count; what is as it was has its old hash."""

    def plain(svg: str) -> bool:
        record = f"svg\n8 x 8\nresvg_py {version('resvg_py')}\n{svg}"
        return rasterise_svg(svg, 8, 8, "x").content_hash == hashlib.sha256(record.encode()).hexdigest()

    styled = '<rect width="8" height="8" style="font-size:12pt;fill:#00f"/>'
    assert plain(DRAWING)
    assert plain(_svg(styled, 'width="2.1166667mm" height="2.1166667mm" viewBox="0 0 8 8"'))
    assert not plain(_svg('<rect width="1mm" height="8"/>'))
    assert not plain(_svg(styled + '<rect width="1em" height="8"/>'))
    assert not plain(_svg(BLUE, 'width="8" height="8" viewBox="0 0 4 8"'))
    assert not plain(_svg('<rect systemLanguage="en" width="8" height="8"/>'))
    assert not plain(_picture(_in_data(_file("PNG"), "image/jpeg")))
    assert plain(_picture(_in_data(_file("JPEG"), "image/jpg")))


@pytest.mark.parametrize(
    ("written", "language", "shown"),
    [
        ("en", "en", True), ("de", "en", False), ("de, en-GB", "en", True), ("de", "de", True),
        ("pt", "pt-BR", True), ("pt-PT", "pt-BR", True), ("zh-Hant", "zh-Hant-TW", True),
    ],
)  # fmt: skip
def test_a_switch_goes_by_the_language(written: str, language: str, shown: bool) -> None:
    """The layer's language, or what is left of it without its region and script."""
    body = f'<switch><g systemLanguage="{written}">{BLUE}</g>{_RED}</switch>'
    assert (_drawn(_svg(body), language=language) == (0, 0, 255, 255)).all() == shown


def test_text_is_drawn_in_the_fonts_it_is_given() -> None:
    """Also without a family, by a generic one, in any case, by shorthand."""
    fonts = builtin_svg_fonts()

    def ink(attributes: str, style: str = "") -> int:
        text = _svg(f'<style>{style}</style><text x="4" y="34" font-size="40" {attributes}>Hg</text>', _SIDES)
        picture = rasterise_svg(text, 60, 50, "x", fonts=fonts).pixels
        return int(picture[..., 3].sum())

    plain = ink("")
    same = ("font-family=\"'source SANS pro'\"", 'font-family="serif"', 'style="font-family:Nope,monospace"')
    assert {ink(attributes) for attributes in same} == {plain}
    assert ink("", "text{font-family:Nope, serif}") == plain
    assert ink('style="font:40px serif"') == plain
    assert ink('font-weight="900"') > plain


_SIDES = 'width="60" height="50"'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            '<text font-family="Nope, \'Not here\'" y="9">a</text>',
            'the font family "Nope", "Not here" is not there',
        ),
        ('<style>tspan{font-family:Nope}</style><text y="9">a<tspan>b</tspan></text>', '"Nope" is not there'),
        ('<text style="font:9px PT Serif" y="9">a</text>', '"PT Serif" is not there'),
        ('<text y="9">a\u4e2d</text>', "no font has the character U\\+4E2D"),
    ],
)
def test_text_for_which_there_is_no_font(text: str, reason: str) -> None:
    """The error names the family, or the character, and the fonts that are there."""
    with pytest.raises(SourceError, match=f"^x: svg: .*{reason}.*there are Source Sans Pro"):
        rasterise_svg(_svg(text), 8, 8, "x", fonts=builtin_svg_fonts())
    unused = _svg(f"{BLUE}<defs>{text}</defs>")
    assert rasterise_svg(unused, 8, 8, "x", fonts=builtin_svg_fonts()).opaque


def _layer(**fields: object) -> ImageComposition:
    text = '<text font-family="Rubik, serif" font-size="20" y="20">Hg</text>'
    svg = {"type": "vector", "id": "sign", "svg": _svg(text, 'width="30" height="30"'), **fields}
    return ImageComposition.model_validate(
        {"tenant_id": "t", "env": "e", "width": 30, "height": 30, "layers": [svg]}
    )


def test_a_layer_names_the_fonts_of_its_svg(tmp_path: Path) -> None:
    """Files and families; without them it is the built-in family. Each has another picture and hash."""
    (tmp_path / "rubik.ttf").write_bytes(RUBIK)
    (tmp_path / "no.ttf").write_bytes(b"nothing")
    chosen = (None, ["Source Sans Pro"], [{"path": "rubik.ttf"}], ["rubik"], ["SourceSansPro-Black"])
    with Renderer("numpy", root=tmp_path, fonts=tmp_path) as renderer:
        drawn = [renderer.render(_layer(fonts=fonts) if fonts else _layer()) for fonts in chosen]
        assert [drawn.index(one) if one in drawn else 0 for one in drawn] == [0, 1, 2, 3, 4]
        hashes = [one.pipeline_hash for one in drawn]
        assert hashes[0] == hashes[1]
        assert hashes[2] == hashes[3]
        assert len(set(hashes)) == 3
        assert len({one.pixels.tobytes() for one in drawn}) == 3
        with pytest.raises(
            CompositionError, match=r"^layer 'sign' \(layers\[0\]\), font: 'Nope' is not known"
        ):
            renderer.render(_layer(fonts=["Nope"]))
        with pytest.raises(SourceError, match=r"layers\[0\]\), font: not a TrueType"):
            renderer.render(_layer(fonts=[{"path": "no.ttf"}]))


def test_a_font_of_a_collection_is_the_one_that_is_named() -> None:
    """The others in its file are not there."""
    data = collection(REGULAR, BOLD)
    fonts = [load_font(one_font(data, index, "x"), "x", exact=False) for index in (0, 1)]
    whole = [load_font(data, "x", index=index, exact=False) for index in (0, 1)]
    assert [font.name for font in fonts] == [font.name for font in whole]
    assert [font.glyph(40).box for font in fonts] == [font.glyph(40).box for font in whole]


def test_shapes_have_no_fonts() -> None:
    """Fonts and a language are for the text of an SVG."""
    shape = {"type": "rect", "x": 0, "y": 0, "width": 9, "height": 9, "fill": "#ffffff"}
    for fields in ({"fonts": ["Rubik"]}, {"language": "de"}):
        with pytest.raises(CompositionError, match="fonts and language are for the text of an svg"):
            VectorLayer.model_validate({"type": "vector", "shapes": [shape], **fields})
