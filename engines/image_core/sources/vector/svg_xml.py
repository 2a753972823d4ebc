"""XML of an SVG, read within bounds: names, entities and nothing from outside.

Expat reads the text and expands internal entities. What it is not told to fetch it does not: a DOCTYPE may
name an external DTD, which is never opened. What entities cost is known before any is expanded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol
from xml.etree.ElementTree import Element
from xml.parsers import expat

from engines.image_core.errors import SourceError

__all__ = ["SVG", "XLINK", "XML", "Allowance", "Target", "read_xml", "without"]

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"
XML = "{http://www.w3.org/XML/1998/namespace}"

_MAX_ENTITIES = 1000
_MAX_ENTITY_DEPTH = 8
_PREDEFINED = {"lt", "gt", "amp", "quot", "apos"}
_REFERENCE = re.compile(r"&([^\s&;#<>\"'%]{1,100});")
_LOCAL_SHEET = re.compile(r"\bhref\s*=\s*[\"']#")


@dataclass
class Allowance:
    """What is left for a document and those within it: characters to read, elements, levels of documents."""

    characters: int
    elements: int
    levels: int

    def spend(self, characters: int, label: str) -> None:
        """Take characters off what is left.

        Raises:
            SourceError: there are not so many.
        """
        self.characters -= characters
        if self.characters < 0:
            raise SourceError(f"{label}: svg: what it holds, unpacked, is longer than allowed")


class Target(Protocol):
    """What is told of the document. Tags and attributes are written {namespace}name."""

    def start(self, tag: str, attrs: dict[str, str]) -> Any:
        """An element begins."""

    def end(self, tag: str) -> Any:
        """An element ends."""

    def data(self, data: str) -> None:
        """Characters between tags."""

    def close(self) -> Element:
        """The root."""


def read_xml(svg: str, label: str, most: int, left: Allowance, target: Target) -> Element:
    """Read a document into a target, and return what it makes of it.

    A document whose root has no namespace is taken for SVG. Prefixes that are not declared are known where
    they are `svg`, `xlink` or `xml`; others stand for a namespace of their own.

    Args:
        svg: The document's text.
        label: How errors name the layer.
        most: How many characters entities may expand to, all together.
        left: What the text and attributes of elements are taken off.
        target: What is told of it.

    Raises:
        SourceError: it is not well-formed, is too large, or its entities or style sheets are not allowed.
    """
    return _Reader(svg.lstrip("\ufeff \t\r\n"), label, most, left, target).read()


class _Reader:
    def __init__(self, svg: str, label: str, most: int, left: Allowance, target: Target) -> None:
        self._svg, self._label, self._most, self._left, self._target = svg, label, most, left, target
        self._scopes: list[Mapping[str, str]] = []
        self._tags: list[str] = []
        self._entities: dict[str, str] = {}

    def read(self) -> Element:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._data
        parser.EntityDeclHandler = self._declare
        parser.EndDoctypeDeclHandler = self._check_entities
        parser.ProcessingInstructionHandler = self._instruction
        try:
            parser.Parse(self._svg, True)
            return self._target.close()
        except (expat.ExpatError, ValueError, AssertionError) as error:
            raise SourceError(f"{self._label}: svg is not well-formed XML: {error}") from error

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._left.spend(sum(map(len, attributes)) + sum(map(len, attributes.values())), self._label)
        scope = self._scope(attributes)
        name = _expanded(tag, scope, scope[""])
        self._scopes.append(scope)
        self._tags.append(name)
        kept = {
            _expanded(key, scope, ""): value
            for key, value in attributes.items()
            if key != "xmlns" and not key.startswith("xmlns:")
        }
        self._target.start(name, kept)

    def _scope(self, attributes: Mapping[str, str]) -> Mapping[str, str]:
        """The namespaces of prefixes within an element, in braces."""
        if not self._scopes:
            outer: Mapping[str, str] = {"": SVG, "svg": SVG, "xlink": XLINK, "xml": XML}
            if not attributes.get("xmlns"):
                attributes = {key: value for key, value in attributes.items() if key != "xmlns"}
        else:
            outer = self._scopes[-1]
        declared = {
            key.partition(":")[2]: f"{{{value}}}" if value else ""
            for key, value in attributes.items()
            if key == "xmlns" or key.startswith("xmlns:")
        }
        return {**outer, **declared} if declared else outer

    def _end(self, tag: str) -> None:
        self._scopes.pop()
        self._target.end(self._tags.pop())

    def _data(self, data: str) -> None:
        self._left.spend(len(data), self._label)
        self._target.data(data)

    def _declare(self, name: str, parameter: bool, value: str | None, *_identifiers: str | None) -> None:
        if value is None:
            self._refuse(f"the external entity {name[:60]!r} is not allowed: nothing is fetched")
        if not parameter:  # those are for DTDs, and are not expanded
            self._entities.setdefault(name, value)
        if len(self._entities) > _MAX_ENTITIES:
            self._refuse(f"it declares more than {_MAX_ENTITIES} entities")

    def _check_entities(self) -> None:
        """Refuse entities that are too deep, expand to too much, or are not there."""
        sizes: dict[str, tuple[int, int]] = {}
        total = 0
        for name, times in Counter(_REFERENCE.findall(self._read_part())).items():
            if name in _PREDEFINED:
                continue
            if name not in self._entities:
                self._refuse(f"the entity {name[:60]!r} is not declared in it")
            total += times * self._size(name, sizes, 1)[0]
        if total > self._most:
            self._refuse(f"its entities expand to more than {self._most:,} characters")

    def _read_part(self) -> str:
        """The document without its comments and CDATA sections, in which nothing is expanded."""
        part = without(self._svg, re.compile("<!--"), {"<!": "-->"})
        return without(part, re.compile(r"<!\[CDATA\["), {"<!": "]]>"})

    def _size(self, name: str, sizes: dict[str, tuple[int, int]], depth: int) -> tuple[int, int]:
        """How long an entity is when expanded, and how many levels of entities it has."""
        if name not in sizes:
            value, size, levels = self._entities[name], 0, 0
            for inner in _REFERENCE.findall(value):
                if inner in self._entities and depth <= _MAX_ENTITY_DEPTH:
                    length, below = self._size(inner, sizes, depth + 1)
                    size, levels = size + length, max(levels, below)
            sizes[name] = len(value) + size, levels + 1
        if depth > _MAX_ENTITY_DEPTH or sizes[name][1] > _MAX_ENTITY_DEPTH:
            self._refuse(f"its entities refer to each other more than {_MAX_ENTITY_DEPTH} deep")
        return sizes[name]

    def _instruction(self, target: str, data: str) -> None:
        """What other programs left for themselves is of no effect; a style sheet elsewhere would be."""
        if target == "xml-stylesheet" and not _LOCAL_SHEET.search(data):
            self._refuse(
                "the processing instruction <?xml-stylesheet?> is not allowed: nothing is fetched; put the"
                " styles into a <style> of the document"
            )

    def _refuse(self, what: str) -> NoReturn:
        raise SourceError(f"{self._label}: svg: {what}")


def _expanded(name: str, scope: Mapping[str, str], default: str) -> str:
    prefix, colon, local = name.partition(":")
    if not colon:
        return default + name
    return scope.get(prefix, f"{{undeclared:{prefix}}}") + local


def without(text: str, openings: re.Pattern[str], closings: Mapping[str, str]) -> str:
    """A text without what lies between openings and their closings, in one pass; what is not closed stays."""
    parts, at = [], 0
    for opening in openings.finditer(text):
        if opening.start() < at:
            continue
        closing = closings[opening[0][:2].lower()]
        end = text.find(closing, opening.end())
        if end < 0:
            break
        parts.append(text[at : opening.start()])
        at = end + len(closing)
    return "".join([*parts, text[at:]])
