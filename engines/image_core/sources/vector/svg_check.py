"""What an SVG may hold: drawing only, nothing from outside, nothing that the host's fonts decide.

The text is parsed once, here, and what was checked is what is rendered: the renderer gets this tree written
out again, so no two parsers can read one document differently.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import NoReturn
from urllib.parse import unquote_to_bytes
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import DEFAULT_LIMITS, RenderLimits
from engines.image_core.sources.raster.opening import decoding, open_picture, sniff

__all__ = ["SVG", "parse_svg"]

SVG = "{http://www.w3.org/2000/svg}"

_MAX_ELEMENTS = 200_000
_MAX_DEPTH = 100
_MAX_DRAWN = 1_000_000  # elements, counted again wherever they are used

_DRAWN = {
    "svg", "g", "defs", "symbol", "use", "switch", "a", "view", "title", "desc", "metadata", "style",
    "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "linearGradient", "radialGradient",
    "stop", "pattern", "clipPath", "mask", "marker", "image", "filter", "feBlend", "feColorMatrix",
    "feComponentTransfer", "feComposite", "feConvolveMatrix", "feDiffuseLighting", "feDisplacementMap",
    "feDistantLight", "feDropShadow", "feFlood", "feFuncA", "feFuncB", "feFuncG", "feFuncR",
    "feGaussianBlur", "feImage", "feMerge", "feMergeNode", "feMorphology", "feOffset", "fePointLight",
    "feSpecularLighting", "feSpotLight", "feTile", "feTurbulence",
}  # fmt: skip
_REASONS = {
    "text": "its look would depend on the fonts of the host: convert text to paths, or use a text layer",
    "script": "scripts are not run",
    "foreignObject": "only SVG itself is drawn",
}
_URL = re.compile(r"url\(\s*[\"']?\s*([^\s\"')]*)", re.IGNORECASE)
_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp)\s*((?:;[^,]*)?),(.*)", re.IGNORECASE | re.DOTALL)
_PICTURES = ("PNG", "JPEG", "GIF", "WEBP")


def parse_svg(svg: str, label: str, limits: RenderLimits = DEFAULT_LIMITS) -> Element:
    """Parse an SVG document and refuse what is not allowed in it.

    Args:
        svg: The document's text.
        label: How errors name the layer.
        limits: for `svg_length`, and `source_pixels` of pictures in it.

    Returns:
        The root element, its tag `SVG + "svg"`.

    Raises:
        SourceError: the document is not well-formed XML or not SVG, is too large, too deep or multiplies
            itself by references, has a DOCTYPE, text, scripts, animation or a style sheet of its own, or
            refers to anything but its own elements and pictures in data: URLs.
    """
    if len(svg) > limits.svg_length:
        raise SourceError(f"{label}: svg has {len(svg):,} characters: allowed are {limits.svg_length:,}")
    parser = DefusedXMLParser(target=_Builder(label, limits), forbid_dtd=True)
    try:
        parser.feed(svg)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise SourceError(f"{label}: svg has a DOCTYPE or entities, which are not allowed") from error
    except (ParseError, ValueError) as error:
        raise SourceError(f"{label}: svg is not well-formed XML: {error}") from error
    if root.tag != SVG + "svg":
        raise SourceError(f'{label}: svg must begin with <svg xmlns="{SVG[1:-1]}">, not <{root.tag}>')
    named = {element.get("id", ""): element for element in root.iter() if element.get("id")}
    _check_drawn_elements(root, named, label)
    _check_expansion(root, named, label)
    return root


class _Builder(TreeBuilder):
    """Builds the tree and checks each element as it comes."""

    def __init__(self, label: str, limits: RenderLimits) -> None:
        super().__init__()
        self._label = label
        self._limits = limits
        self._open: list[Element] = []
        self._count = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self._count += 1
        element = super().start(tag, attrs)
        self._open.append(element)
        if self._count > _MAX_ELEMENTS:
            self._refuse(f"more than {_MAX_ELEMENTS} elements are")
        if len(self._open) > _MAX_DEPTH:
            self._refuse(f"elements nested more than {_MAX_DEPTH} deep are")
        if tag.startswith(SVG):
            self._check_element(tag.removeprefix(SVG), attrs)
        return element

    def end(self, tag: str) -> Element:
        element = super().end(tag)
        self._open.pop()
        if tag == SVG + "style":
            self._check_css("".join(element.itertext()), "<style>")
        return element

    def pi(self, target: str, data: str | None = None) -> NoReturn:
        self._refuse(f"the processing instruction <?{target}?> is")

    def _check_element(self, name: str, attributes: dict[str, str]) -> None:
        if name not in _DRAWN:
            self._refuse(f"<{name}> is", _REASONS.get(name, "it is not part of a still drawing"))
        for key, value in attributes.items():
            attribute = key.rpartition("}")[2]
            place = f"{attribute} of <{name}>"
            if attribute == "base":
                self._refuse(f"xml:base of <{name}> is")
            elif attribute == "href" and name != "a":  # a link is not followed by drawing
                self._check_reference(name, value.strip(), place)
            else:
                self._check_css(value, place)

    def _check_reference(self, name: str, value: str, place: str) -> None:
        if value.startswith("#") and name != "image":  # there resvg takes it for the name of a file
            return
        picture = _DATA.fullmatch(value) if name in ("image", "feImage") else None
        if not picture:
            self._refuse_reference(value, place)
        self._check_picture(picture[1], picture[2], place)

    def _check_css(self, text: str, place: str) -> None:
        if "@import" in text.lower():
            self._refuse(f"@import in {place} is")
        for url in _URL.findall(text):
            if not url.startswith("#"):
                self._refuse_reference(url, place)

    def _check_picture(self, parameters: str, payload: str, place: str) -> None:
        field = f"{self._label}: svg, {place}"
        try:
            data = unquote_to_bytes(payload)
            if "base64" in parameters.lower():
                data = base64.b64decode(data)
        except binascii.Error as error:
            raise SourceError(f"{field}: not base64: {error}") from error
        name = sniff(data, field)
        if name not in _PICTURES:
            raise SourceError(f"{field}: a {name} picture is not allowed: allowed are {', '.join(_PICTURES)}")
        with decoding(name, field):
            open_picture(data, name, field, self._limits)

    def _refuse_reference(self, value: str, place: str) -> NoReturn:
        shown = value if len(value) <= 60 else f"{value[:57]}..."
        self._refuse(
            f"the reference {shown!r} in {place} is",
            "allowed are #elements of the same document and png, jpeg, gif or webp pictures in data: URLs",
        )

    def _refuse(self, what: str, reason: str | None = None) -> NoReturn:
        raise SourceError(f"{self._label}: svg: {what} not allowed{f': {reason}' if reason else ''}")


def _check_drawn_elements(root: Element, named: dict[str, Element], label: str) -> None:
    """Refuse a feImage of an element that is not there: resvg would look for a file of that name."""
    for element in root.iter(SVG + "feImage"):
        for key, value in element.attrib.items():
            name = value.strip()[1:]
            if key.rpartition("}")[2] == "href" and value.strip()[:1] == "#" and name not in named:
                raise SourceError(f"{label}: svg: href of <feImage>: there is no element {name[:60]!r}")


def _check_expansion(root: Element, named: dict[str, Element], label: str) -> None:
    """Refuse documents whose references to elements that hold references multiply without end.

    What is drawn is a graph: an element leads to its children and to what it refers to. Each element's count
    is one more than the sum of those it leads to, worked out from the leaves. An element that leads to itself
    counts once there, as resvg draws it.
    """
    counts: dict[Element, int] = {}
    entered: set[Element] = set()
    stack = [root]
    while stack:
        element = stack[-1]
        targets = [*element, *(named[name] for name in _references(element) if name in named)]
        if element in counts:
            stack.pop()
        elif element in entered:
            counts[element] = 1 + sum(counts.get(target, 0) for target in targets)
            if counts[element] > _MAX_DRAWN:
                raise SourceError(f"{label}: svg draws more than {_MAX_DRAWN} elements by references")
            stack.pop()
        else:
            entered.add(element)
            stack += [target for target in targets if target not in entered]


def _references(element: Element) -> Iterator[str]:
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == "href" and value.strip().startswith("#"):
            yield value.strip()[1:]
        for url in _URL.findall(value):
            yield url[1:]
