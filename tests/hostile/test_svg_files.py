"""No SVG shows a byte of a file of the host: proved with a real picture whose colour must not come out."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import numpy as np
import pytest
import resvg_py
from PIL import Image

from engines.image_core import Renderer
from engines.image_core.models import ImageComposition
from engines.image_core.sources.vector.svg import rasterise_svg
from engines.image_core.sources.vector.svg_check import SvgDocument
from tests.hostile.telling import composition, told

_SECRET = (255, 0, 254)
_XMLNS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
_SIZE = 'width="20" height="20"'
_LABEL = "layer 'logo' (layers[0])"

# What a name may be written into; {} is the name. Each draws 20 x 20 pixels if the name is followed.
_IMAGES = [
    '<image href="{}" SIZE/>',
    '<image xlink:href="{}" SIZE/>',
    '<image href=" {} " SIZE/>',
    '<image href="#a" xlink:href="{}" SIZE/>',
    '<svg:image xmlns:svg="http://www.w3.org/2000/svg" href="{}" SIZE/>',
    '<filter id="f"><feImage href="{}"/></filter><rect SIZE filter="url(#f)"/>',
    '<filter id="f"><feImage xlink:href="{}"/></filter><rect SIZE filter="url(#f)"/>',
    '<pattern id="p" width="1" height="1"><image href="{}" SIZE/></pattern><rect SIZE fill="url(#p)"/>',
    '<mask id="m"><image href="{}" SIZE/></mask><rect SIZE fill="#ff00fe" mask="url(#m)"/>',
    '<symbol id="s"><image href="{}" SIZE/></symbol><use href="#s"/>',
]
_OTHERS = [
    '<image src="{}" SIZE/>',
    '<image xmlns:x="urn:x" x:href="{}" SIZE/>',
    '<image style="href: url({})" SIZE/>',
    "<style>image {{ href: url({}) }}</style><image SIZE/>",
    '<use href="{}#a"/>',
    '<use xlink:href="{}"/>',
    '<rect SIZE fill="url({})"/>',
    "<rect SIZE fill=\"url('{}') red\"/>",
    '<rect SIZE stroke="url({}#a)"/>',
    '<rect SIZE filter="url({}#a)"/>',
    '<rect SIZE filter="blur(1px) url({})"/>',
    '<rect SIZE mask="url({}#a)"/>',
    '<rect SIZE clip-path="url({}#a)"/>',
    '<path d="M0 0L9 9L9 0" marker-start="url({}#a)" marker-mid="url({}#a)" marker-end="url({}#a)"/>',
    '<rect SIZE style="fill: url({})"/>',
    '<rect SIZE style="background-image: URL( &quot;{}&quot; )"/>',
    "<style>rect {{ fill: url({}) }}</style><rect SIZE/>",
    '<style>@import "{}";</style><rect SIZE/>',
    "<style>@import url({});</style><rect SIZE/>",
    "<style>@font-face {{ font-family: a; src: url({}) }}</style><rect SIZE/>",
    "<style><![CDATA[rect {{ fill: url({}) }}]]></style><rect SIZE/>",
    '<x:style xmlns:x="urn:x">rect {{ fill: url({}) }}</x:style><rect SIZE/>',
    '<linearGradient id="g" href="{}#a"/><rect SIZE fill="url(#g)"/>',
    '<pattern id="p" href="{}#a" SIZE/><rect SIZE fill="url(#p)"/>',
    '<g xml:base="{}"><image href="#a" SIZE/></g>',
    '<a href="{}"><rect width="5" height="5"/></a>',
    '<cursor href="{}"/><rect SIZE cursor="url({})"/>',
    '<script href="{}"/>',
    '<script>document.write("{}")</script>',
    "<rect SIZE onload=\"load('{}')\" onclick=\"load('{}')\"/>",
    '<foreignObject SIZE><img xmlns="http://www.w3.org/1999/xhtml" src="{}"/></foreignObject>',
    '<iframe xmlns="http://www.w3.org/1999/xhtml" src="{}"/>',
    '<image href="a.png" SIZE><set attributeName="href" to="{}"/></image>',
    '<?xml-stylesheet href="{}"?><rect SIZE/>',
]
_DOCTYPES = [
    '<!DOCTYPE svg [<!ENTITY e SYSTEM "{}">]>',
    '<!DOCTYPE svg [<!ENTITY % e SYSTEM "{}"> %e;]>',
    '<!DOCTYPE svg SYSTEM "{}">',
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the secret in it by several names, one of them like a reference."""
    data = io.BytesIO()
    Image.new("RGB", (20, 20), _SECRET).save(data, "PNG")
    for name in ("secret.png", "#secret.png", "secret.svg"):
        (tmp_path / name).write_bytes(data.getvalue())
    picture = base64.b64encode(data.getvalue()).decode()
    document = f'<svg {_XMLNS} {_SIZE}><image id="a" href="data:image/png;base64,{picture}" {_SIZE}/></svg>'
    (tmp_path / "secret.svg").write_text(document)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _names(folder: Path) -> list[str]:
    path = folder / "secret.png"
    near = ["secret.png", "./secret.png", f"../{folder.name}/secret.png", "#secret.png", "secret.svg"]
    return [str(path), path.as_uri(), f"file:{path}", f"FILE://localhost{path}", *near]


def _document(body: str, name: str, before: str = "") -> str:
    written = body.replace("SIZE", _SIZE).replace("{}", name).replace("{{", "{").replace("}}", "}")
    return f"{before.replace('{}', name)}<svg {_XMLNS} {_SIZE}>{written}</svg>"


def _shows_secret(pixels: object) -> bool:
    return bool((np.asarray(pixels)[..., :3] == _SECRET).all(axis=-1).any())


def _drawn_unchecked(document: str) -> bool:
    """Whether resvg by itself, in this process and its current folder, shows the secret."""
    png = resvg_py.svg_to_bytes(svg_string=document, skip_system_fonts=True)
    return _shows_secret(Image.open(io.BytesIO(png)).convert("RGB"))


def _assert_hidden(document: str) -> None:
    """Refused with the layer's name, or drawn without the secret."""

    def draw() -> None:
        assert not _shows_secret(rasterise_svg(document, 20, 20, _LABEL).pixels), document

    told(draw, _LABEL)


def test_the_secret_is_there_to_be_read(folder: Path) -> None:
    """Without the check resvg does show it: by path, relative, an SVG, and by what looks like a reference."""
    shown = [name for name in _names(folder) if _drawn_unchecked(_document(_IMAGES[0], name))]
    assert {str(folder / "secret.png"), "secret.png", "#secret.png", "secret.svg"} <= set(shown)
    assert _drawn_unchecked(_document(_IMAGES[5], "secret.png"))


@pytest.mark.parametrize("body", _IMAGES)
def test_a_picture_by_name_is_refused(body: str, folder: Path) -> None:
    """Every name in every place that resvg would follow is an error that names the layer."""
    for name in _names(folder):
        line = told(lambda name=name: rasterise_svg(_document(body, name), 20, 20, _LABEL), _LABEL)  # type: ignore[misc]
        assert line is not None, name
        assert "href of <" in line


@pytest.mark.parametrize("body", _OTHERS)
def test_no_other_place_shows_a_file(body: str, folder: Path) -> None:
    """Attributes, style sheets, scripts, foreign elements, animation: refused, or of no effect."""
    for name in (_names(folder)[0], folder.joinpath("secret.png").as_uri(), "secret.svg"):
        _assert_hidden(_document(body, name))


@pytest.mark.parametrize("doctype", _DOCTYPES)
def test_no_entity_shows_a_file(doctype: str, folder: Path) -> None:
    """An external entity is refused, and an external DTD not opened."""
    for name in _names(folder)[:3]:
        document = _document('<rect SIZE id="&e;"/>', name, doctype)
        line = told(lambda document=document: rasterise_svg(document, 20, 20, _LABEL), _LABEL)  # type: ignore[misc]
        assert line is not None
        assert ("external entity" in line) if "ENTITY" in doctype else ("is not declared" in line)
        _assert_hidden(_document(_OTHERS[0], name, doctype.replace("<!ENTITY % e", "<!ENTITY % f")))


def test_the_process_that_draws_has_no_folder_of_the_host(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the check to let a relative name through, there would be nothing of that name."""
    from engines.image_core.sources.vector import svg

    monkeypatch.setattr(svg, "read_svg", lambda text, *_: SvgDocument(svg_root(text)))
    assert not _shows_secret(rasterise_svg(_document(_IMAGES[0], "secret.png"), 20, 20, _LABEL).pixels)
    assert _shows_secret(
        rasterise_svg(_document(_IMAGES[0], str(folder / "secret.png")), 20, 20, _LABEL).pixels
    )


def svg_root(text: str) -> Element:
    """The document unchecked."""
    return fromstring(text)


def test_a_root_allows_files_to_pictures_and_not_to_drawings(folder: Path) -> None:
    """What a raster layer may read, an SVG still may not: the renderer's root is not its."""
    svg = {"type": "vector", "id": "logo", "svg": _document(_IMAGES[0], "secret.png")}
    picture = {"type": "raster", "source": {"path": "secret.png"}}
    with Renderer("numpy", root=folder) as renderer:
        assert _shows_secret(renderer.render(ImageComposition.model_validate(composition(picture))).pixels)
        line = told(lambda: renderer.render(ImageComposition.model_validate(composition(svg))), _LABEL)
    assert line is not None
