"""What an SVG may hold: drawing only, nothing from outside, nothing that the host's fonts decide.

The text is parsed once, here, and what was checked is what is rendered: the renderer gets this tree written
out again, so no two parsers can read one document differently. What viewers leave out is left out: elements
that are not SVG, scripts and what they are called by, animation, metadata, what editors keep for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder, tostring

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import DEFAULT_LIMITS, RenderLimits
from engines.image_core.sources.vector.svg_images import check_picture, data_url, embedded, svg_text
from engines.image_core.sources.vector.svg_xml import SVG, XLINK, XML, Allowance, read_xml, without

__all__ = ["SVG", "SvgDocument", "parse_svg", "read_svg"]

_MAX_ELEMENTS = 200_000
_MAX_DEPTH = 100
_MAX_DRAWN = 1_000_000  # elements, counted again wherever they are used
_MAX_LEVELS = 4  # of documents in documents
_UNPACKED = 3  # times as many characters as a document may have, of it and of those in it

_DRAWN = {
    "svg", "g", "defs", "symbol", "use", "switch", "a", "view", "style",
    "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "linearGradient", "radialGradient",
    "stop", "pattern", "clipPath", "mask", "marker", "image", "text", "tspan", "tref", "textPath",
    "filter", "feBlend", "feColorMatrix",
    "feComponentTransfer", "feComposite", "feConvolveMatrix", "feDiffuseLighting", "feDisplacementMap",
    "feDistantLight", "feDropShadow", "feFlood", "feFuncA", "feFuncB", "feFuncG", "feFuncR",
    "feGaussianBlur", "feImage", "feMerge", "feMergeNode", "feMorphology", "feOffset", "fePointLight",
    "feSpecularLighting", "feSpotLight", "feTile", "feTurbulence",
}  # fmt: skip
_LEFT_OUT = "{urn:left-out}element"
"""Stands where something was left out: selectors that count siblings still count it."""

_QUALIFIED = (XLINK + "href", XML + "space", XML + "lang")
_URL = re.compile(r"url\(\s*[\"']?\s*([^\s\"')]*)", re.IGNORECASE)
_COMMENT = re.compile(r"/\*")
_UNUSED_RULE = re.compile(r"@font-face\s*+\{|@namespace\b", re.IGNORECASE)


@dataclass
class SvgDocument:
    """A document that was checked.

    Attributes:
        root: its root, its tag `SVG + "svg"`.
        texts: whether it has text.
        by_language: whether the language decides what it shows.
        mistyped: whether a picture in it is of another kind than it says.
        drawn: how many elements it draws, counted again wherever they are used.
    """

    root: Element
    texts: bool = False
    by_language: bool = False
    mistyped: bool = False
    drawn: int = 0

    def written(self) -> bytes:
        """The document as XML."""
        return bytes(tostring(self.root, encoding="utf-8"))


def parse_svg(svg: str, label: str, limits: RenderLimits = DEFAULT_LIMITS) -> Element:
    """The root element of a document that was read by `read_svg`."""
    return read_svg(svg, label, limits).root


def read_svg(svg: str, label: str, limits: RenderLimits = DEFAULT_LIMITS) -> SvgDocument:
    """Parse an SVG document, leave out what viewers leave out, and refuse what is not allowed in it.

    Args:
        svg: The document's text.
        label: How errors name the layer.
        limits: for `svg_length`, and `source_pixels` of pictures in it.

    Raises:
        SourceError: the document is not well-formed XML or not SVG, is too large, too deep or multiplies
            itself by references or entities, or refers to anything but its own elements and pictures in
            data: URLs.
    """
    if len(svg) > limits.svg_length:
        raise SourceError(f"{label}: svg has {len(svg):,} characters: allowed are {limits.svg_length:,}")
    return _read(svg, label, limits, Allowance(_UNPACKED * limits.svg_length, _MAX_ELEMENTS, _MAX_LEVELS))


def _read(svg: str, label: str, limits: RenderLimits, left: Allowance) -> SvgDocument:
    builder = _Builder(label, limits, left)
    root = read_xml(svg, label, limits.svg_length, left, builder)
    if root.tag != SVG + "svg":
        raise SourceError(
            f'{label}: svg must begin with <svg xmlns="{SVG[1:-1]}">, not <{root.tag.removeprefix(SVG)}>'
        )
    named = {element.get("id", ""): element for element in root.iter() if element.get("id")}
    _check_drawn_elements(root, named, label)
    texts = any("".join(one.itertext()).strip() for one in root.iter(SVG + "text"))
    drawn = _check_expansion(root, named, builder.inside, label)
    return SvgDocument(root, texts, builder.by_language, builder.mistyped, drawn)


class _Builder(TreeBuilder):
    """Builds the tree and checks each element as it comes."""

    def __init__(self, label: str, limits: RenderLimits, left: Allowance) -> None:
        super().__init__()
        self._label = label
        self._limits = limits
        self._left = left
        self._open = 0
        self._hidden = 0  # how deep within an element that is left out
        self.mistyped = self.by_language = False
        self._drawn_inside = 0
        self.inside: dict[Element, int] = {}  # what documents in pictures draw, by the pictures

    def start(self, tag: str, attrs: dict[str, str]) -> Element | None:  # type: ignore[override]
        self._open += 1
        self._left.elements -= 1
        if self._left.elements < 0:
            self._refuse(f"more than {_MAX_ELEMENTS} elements are")
        if self._open > _MAX_DEPTH:
            self._refuse(f"elements nested more than {_MAX_DEPTH} deep are")
        if self._hidden:
            self._hidden += 1
            return None
        name = tag.removeprefix(SVG)
        if self._open > 1 and (not tag.startswith(SVG) or name not in _DRAWN):
            self._hidden = 1
            return super().start(_LEFT_OUT, {})
        before = self._drawn_inside
        kept = {key: value for key, value in attrs.items() if _is_kept(name, key)}
        for key, value in list(kept.items()):
            if key.rpartition("}")[2] == "href":
                kept[key] = self._reference(name, value.strip())
                if not kept[key]:
                    del kept[key]
            else:
                self._check_css(value, f"{key.rpartition('}')[2]} of <{name}>")
        self.by_language |= "systemLanguage" in kept
        element = super().start(tag, kept)
        if self._drawn_inside > before:
            self.inside[element] = self._drawn_inside - before
        return element

    def data(self, data: str) -> None:
        if not self._hidden:
            super().data(data)

    def end(self, tag: str) -> Element | None:  # type: ignore[override]
        self._open -= 1
        if self._hidden:
            self._hidden -= 1
            return None if self._hidden else super().end(_LEFT_OUT)
        element = super().end(tag)
        if tag == SVG + "style":
            text = without("".join(element.itertext()), _COMMENT, {"/*": "*/"})
            text = without(text, _UNUSED_RULE, {"@f": "}", "@n": ";"})
            self._check_css(text, "<style>")
            element[:] = []
            element.text = text
        return element

    def _reference(self, name: str, value: str) -> str:
        """What a reference is written as for resvg."""
        if not value or (value.startswith("#") and name != "image"):  # there resvg takes it for a file's name
            return value
        place = f"href of <{name}>"
        field = f"{self._label}: svg, {place}"
        content = embedded(value, field) if name in ("image", "feImage") else None
        if content is None:
            self._refuse_reference(value, place)
        if content.is_svg:
            return data_url(self._document(content.data, place).written(), "image/svg+xml")
        media_type = check_picture(content, field, self._limits)
        said = content.media_type.replace("image/jpg", "image/jpeg")
        self.mistyped |= said not in ("", media_type)
        return data_url(content.data, media_type)

    def _document(self, data: bytes, place: str) -> SvgDocument:
        field = f"{self._label}: svg, {place}"
        if not self._left.levels:
            raise SourceError(
                f"{field}: more than {_MAX_LEVELS} SVG documents in one another are not allowed"
            )
        self._left.levels -= 1
        document = _read(svg_text(data, field, self._left), field, self._limits, self._left)
        self._left.levels += 1
        if document.texts:
            self._refuse(
                f"<text> in {place} is", "no fonts reach a document in a picture; convert it to paths"
            )
        self._drawn_inside += document.drawn
        self.by_language |= document.by_language
        return document

    def _check_css(self, text: str, place: str) -> None:
        if "@import" in text.lower():
            self._refuse(f"@import in {place} is", "nothing is fetched; put the styles into the document")
        for url in _URL.findall(text):
            if not url.startswith("#"):
                self._refuse_reference(url, place)

    def _refuse_reference(self, value: str, place: str) -> NoReturn:
        shown = value if len(value) <= 60 else f"{value[:57]}..."
        self._refuse(
            f"the reference {shown!r} in {place} is",
            "allowed are #elements of the same document and png, jpeg, gif, webp, svg pictures in data: URLs",
        )

    def _refuse(self, what: str, reason: str | None = None) -> NoReturn:
        raise SourceError(f"{self._label}: svg: {what} not allowed{f': {reason}' if reason else ''}")


def _is_kept(name: str, key: str) -> bool:
    """Whether an attribute is part of the drawing: no event, none of another namespace, no link to follow."""
    if key.startswith("{"):
        return key in _QUALIFIED and not (name == "a" and key == XLINK + "href")
    return not key.startswith("on") and not (name == "a" and key == "href")


def _check_drawn_elements(root: Element, named: dict[str, Element], label: str) -> None:
    """Refuse a feImage of an element that is not there: resvg would look for a file of that name."""
    for element in root.iter(SVG + "feImage"):
        for key, value in element.attrib.items():
            name = value.strip()[1:]
            if key.rpartition("}")[2] == "href" and value.strip()[:1] == "#" and name not in named:
                raise SourceError(f"{label}: svg: href of <feImage>: there is no element {name[:60]!r}")


def _check_expansion(root: Element, named: dict[str, Element], inside: dict[Element, int], label: str) -> int:
    """Refuse documents whose references to elements that hold references multiply without end; what is drawn
    of the root.

    What is drawn is a graph: an element leads to its children and to what it refers to. Each element's count
    is one more than the sum of those it leads to and what a document in it draws, worked out from the leaves.
    An element that leads to itself counts once there, as resvg draws it.
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
            counts[element] = 1 + inside.get(element, 0) + sum(counts.get(target, 0) for target in targets)
            if counts[element] > _MAX_DRAWN:
                raise SourceError(f"{label}: svg draws more than {_MAX_DRAWN} elements by references")
            stack.pop()
        else:
            entered.add(element)
            stack += [target for target in targets if target not in entered]
    return counts[root]


def _references(element: Element) -> Iterator[str]:
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == "href" and value.strip().startswith("#"):
            yield value.strip()[1:]
        for url in _URL.findall(value):
            yield url[1:]
