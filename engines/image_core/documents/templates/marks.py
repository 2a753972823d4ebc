"""`{{variables}}` in strings: how they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from engines.image_core.documents.templates.variables import NAME

__all__ = ["Argument", "Call", "Mark", "pieces_of"]

Argument: TypeAlias = "str | int | float"

_MOST_CALLS = 8  # formatters of one mark

_PATH = re.compile(rf"\s*({NAME})(?:\.({NAME}))?\s*")
_CALL = re.compile(rf"\|\s*({NAME})\s*")
_ARGUMENT = re.compile(r"""[:,]\s*("[^"]*"|'[^']*'|-?\d{1,9}(?:\.\d{1,9})?)\s*""", re.ASCII)
_NOTHING = "'{{' begins a variable, but no name and '}}' follow (to write two braces, write four)"


@dataclass(frozen=True)
class Call:
    """A formatter and what it is given."""

    name: str
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True)
class Mark:
    """A variable, or a field of an item of a list, and the formatters that it goes through."""

    path: tuple[str, ...]
    calls: tuple[Call, ...] = ()

    @property
    def name(self) -> str:
        """As it is written."""
        return ".".join(self.path)


def pieces_of(text: str) -> list[str | Mark]:
    """A string as pieces of text and the marks between them; four braces are two.

    `{{name}}` and `{{item.field}}` are marks; after the name come formatters, `{{price | number: 2}}`, with
    arguments between commas: numbers, and texts in single or double quotes, which may hold anything else.

    Raises:
        ValueError: two braces that no variable follows, or no closing ones.
    """
    pieces: list[str | Mark] = []
    end = 0
    while (start := text.find("{{", end)) >= 0:
        pieces.append(text[end:start])
        if text.startswith("{{{{", start):
            pieces.append("{{")
            end = start + 4
        else:
            mark, end = _mark(text, start + 2)
            pieces.append(mark)
    pieces.append(text[end:])
    return [piece for piece in pieces if piece != ""]


def _mark(text: str, start: int) -> tuple[Mark, int]:
    named = _PATH.match(text, start)
    if named is None:
        raise ValueError(_NOTHING)
    path = tuple(name for name in named.groups() if name is not None)
    end, calls = named.end(), []
    while (called := _CALL.match(text, end)) is not None:
        arguments, end = _arguments(text, called.end())
        calls.append(Call(called[1], arguments))
    mark = Mark(path, tuple(calls))
    if not text.startswith("}}", end):
        raise ValueError(_unclosed(mark, text, end))
    if len(calls) > _MOST_CALLS:
        raise ValueError(f"{mark.name!r} has {len(calls)} formatters: allowed are up to {_MOST_CALLS}")
    return mark, end + 2


def _arguments(text: str, start: int) -> tuple[tuple[Argument, ...], int]:
    found: list[Argument] = []
    end = start
    while text[end : end + 1] == (":" if not found else ","):
        match = _ARGUMENT.match(text, end)
        if match is None:
            break
        found.append(_argument(match[1]))
        end = match.end()
    return tuple(found), end


def _argument(written: str) -> Argument:
    if written[0] in "\"'":
        return written[1:-1]
    return float(written) if "." in written else int(written)


def _unclosed(mark: Mark, text: str, end: int) -> str:
    if text[end : end + 1] not in {"|", ":", ","} and not mark.calls:
        return _NOTHING
    return (
        f"after {text[max(0, end - 40) : end].strip()!r} allowed are '}}}}', '|' and the name of a formatter,"
        " and after such a name ':' and its arguments, numbers and texts in quotes with commas between them"
    )
