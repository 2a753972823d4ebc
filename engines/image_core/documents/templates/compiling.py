"""A template's document read once: where its variables stand, and whether they may."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engines.image_core.composition.guessing import guess
from engines.image_core.documents.templates.conditions import Comparison, Condition, condition_of
from engines.image_core.documents.templates.formatters import check_call
from engines.image_core.documents.templates.marks import Mark, pieces_of
from engines.image_core.documents.templates.nodes import Flag, Inside, Node, Repeat, Shown, Text, Whole
from engines.image_core.documents.templates.scope import Scope
from engines.image_core.documents.templates.variables import (
    NAME,
    BooleanVariable,
    ImageVariable,
    ListVariable,
    TextVariable,
)

__all__ = ["compiled"]

_ANYWHERE = {"text", "color", "fill", "background_color"}
_INSIDE = {
    "source": {"path", "asset_id", "data"},
    "font": {"path", "asset_id"},
    "mask": {"path", "mask_artifact_id"},
    "code": {"data", "background"},
}
_ALLOWED = "allowed are text, colours, the data of codes, and the paths and ids of sources, fonts and masks"
_REPEAT = ("repeat", "as", "offset", "id", "layer")


@dataclass(frozen=True)
class _At:
    """A place in a document: how messages write it, and the names of the fields on the way to it."""

    place: str
    keys: tuple[str, ...]
    scope: Scope

    def field(self, name: str) -> _At:
        dot = "." if self.place else ""
        return _At(f"{self.place}{dot}{name}", (*self.keys, name), self.scope)

    def index(self, index: int) -> _At:
        return _At(f"{self.place}[{index}]", self.keys, self.scope)

    @property
    def holds_text(self) -> bool:
        """Whether text with variables in it may stand here."""
        *above, last = self.keys
        return last in _ANYWHERE or bool(above and last in _INSIDE.get(above[-1], ()))

    @property
    def holds_layers(self) -> bool:
        return bool(self.keys) and self.keys[-1] in {"layers", "layer"}


def compiled(document: Mapping[str, Any], scope: Scope) -> tuple[dict[str, Any], Inside]:
    """A copy of a document in lists and dicts of its own, and what of it changes with the values.

    Raises:
        ValueError: a variable that is not declared, stands where none may or is not closed; a formatter, a
            condition or a repeated layer that is not valid. The message has its place.
        RecursionError: lists and objects nest too deep.
    """
    own: dict[str, Any] = _copied(document)
    node = _compiled(own, _At("", (), scope))
    return own, node if isinstance(node, Inside) else Inside({})


def _copied(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {key: _copied(child) for key, child in node.items()}
    if isinstance(node, list | tuple):
        return [_copied(child) for child in node]
    return node


def _compiled(node: Any, at: _At) -> Node | None:
    """What changes of a node; None where nothing does."""
    if isinstance(node, str):
        return _string(node, at) if "{{" in node else None
    if isinstance(node, list):
        return _inside(((index, child, at.index(index)) for index, child in enumerate(node)))
    if not isinstance(node, dict):
        return None
    if at.holds_layers and "repeat" in node:
        return _repeat(node, at)
    condition = _condition(node, at)
    fields = node.items() if condition is None else ((k, v) for k, v in node.items() if k != "visible")
    inside = _inside((name, child, at.field(str(name))) for name, child in fields)
    if condition is None:
        return inside
    if at.holds_layers:
        return Shown(condition, inside or Inside({}))
    return Inside({**(inside.children if inside else {}), "visible": Flag(condition)})


def _inside(children: Iterator[tuple[Any, Any, _At]]) -> Inside | None:
    found = ((key, _compiled(child, at)) for key, child, at in children)
    changing = {key: node for key, node in found if node is not None}
    return Inside(changing) if changing else None


def _string(text: str, at: _At) -> Node | None:
    try:
        pieces = pieces_of(text)
        for piece in pieces:
            if isinstance(piece, Mark):
                _check_mark(piece, at.scope)
    except ValueError as error:
        raise ValueError(f"{at.place}: {error}") from error
    marks = [piece for piece in pieces if isinstance(piece, Mark)]
    whole = marks[0] if len(pieces) == 1 and marks and not marks[0].calls else None
    if whole is not None and _takes_value(whole, at):
        return Whole(at.place, whole)
    for mark in marks:
        _check_text(mark, at)
    return Text(at.place, tuple(pieces))


def _check_mark(mark: Mark, scope: Scope) -> None:
    scope.variable(mark.path)
    for call in mark.calls:
        check_call(call)
        scope.calls.add(call.name)


def _takes_value(mark: Mark, at: _At) -> bool:
    """Whether a field that is one variable and nothing else takes its value as it is."""
    variable = at.scope.variable(mark.path)
    if isinstance(variable, ImageVariable):
        return at.keys[-1] == "source"
    return not at.holds_text and not isinstance(variable, TextVariable | ListVariable)


def _check_text(mark: Mark, at: _At) -> None:
    variable = at.scope.variable(mark.path)
    if isinstance(variable, ListVariable):
        raise ValueError(f"{at.place}: {mark.name!r} is a list: allowed is a layer that it repeats")
    if isinstance(variable, ImageVariable):
        raise ValueError(f"{at.place}: {mark.name!r} is a picture: allowed is a whole source")
    if not at.holds_text:
        typed = "" if not isinstance(variable, TextVariable) or mark.calls else f" (it is text): {_ALLOWED}"
        rest = typed or f": {_ALLOWED}; a number, a boolean or a choice may be all of any other field"
        raise ValueError(f"{at.place}: no variable may stand here ({mark.name!r}){rest}")


def _condition(node: dict[str, Any], at: _At) -> Condition | None:
    """The condition of an object's `visible`: one as JSON, or a variable that is true or false."""
    written, where = node.get("visible"), at.field("visible")
    try:
        if isinstance(written, dict):
            return condition_of(written, at.scope)
        if isinstance(written, str) and "{{" in written and at.holds_layers:
            return _flag(written, at.scope)
    except ValueError as error:
        raise ValueError(f"{where.place}: {error}") from error
    return None


def _flag(written: str, scope: Scope) -> Condition:
    pieces = pieces_of(written)
    mark = pieces[0]
    if len(pieces) == 1 and isinstance(mark, Mark) and not mark.calls:
        variable = scope.variable(mark.path)
        if isinstance(variable, BooleanVariable):
            return Comparison(mark.path, "equals", True)
    raise ValueError(
        f"{written[:60]!r} is not allowed: allowed is one variable of type boolean, or a condition"
    )


def _repeat(node: dict[str, Any], at: _At) -> Repeat:
    try:
        scope = _repeated_scope(node, at.scope)
        offset = _offset(node.get("offset", (0, 0)))
    except ValueError as error:
        raise ValueError(f"{at.place}: {error}") from error
    inner = at.field("layer")
    child = _compiled(node["layer"], _At(inner.place, inner.keys, scope))
    return Repeat(at.place, tuple(node["repeat"].split(".")), node["as"], offset, _size(node["layer"]), child)


def _repeated_scope(node: dict[str, Any], scope: Scope) -> Scope:
    for key in node:
        if key not in _REPEAT:
            near = guess(key, _REPEAT) or ":"
            raise ValueError(
                f"{key}: there is no such field of a repeated layer{near} there are {', '.join(_REPEAT)}"
            )
    for key in ("repeat", "as"):
        name = node.get(key)
        if not isinstance(name, str) or not re.fullmatch(NAME, name):
            told = "the name of a list" if key == "repeat" else "the name of an item in its layer"
            raise ValueError(f"{key}: {str(name)[:60]!r} is not allowed: allowed is {told}")
    if not isinstance(node.get("layer"), dict) or "repeat" in node["layer"]:
        raise ValueError("layer: allowed is a layer, an object (a group around a repeated one)")
    return scope.inside(node["repeat"], node["as"])


def _offset(given: Any) -> tuple[float, float]:
    if isinstance(given, list | tuple) and len(given) == 2 and all(map(_is_coordinate, given)):
        return given[0], given[1]
    raise ValueError(f"offset: {str(given)[:60]} is not allowed: allowed is a list of two numbers, x and y")


def _is_coordinate(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e6


def _size(node: Any) -> int:
    """How many values, lists and objects a node is."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return 1 + sum(map(_size, children))
