"""Templates: a composition as JSON with {{variables}} in its texts, colours and sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias

from engines.image_core.composition.guessing import guess
from engines.image_core.documents.loading import object_from_json
from engines.image_core.errors import CompositionError
from engines.image_core.models import ImageComposition

__all__ = ["RowTemplate", "Template", "shortened"]

_NAME = r"[A-Za-z_][A-Za-z0-9_]{0,63}"
_MARK = re.compile(r"\{\{\{\{|\{\{\s*(" + _NAME + r")\s*\}\}|\{\{")

_MANY = 20  # names that a message lists
_ANYWHERE = {"text", "color", "fill", "background_color"}
_INSIDE = {
    "source": {"path", "asset_id", "data"},
    "font": {"path", "asset_id"},
    "mask": {"path", "mask_artifact_id"},
}
_ALLOWED = "allowed are text, colours, and the paths and ids of sources, fonts and masks"

# What stands in for a string while a document is walked: given its place and whether it may hold variables.
_Change = Callable[[str, str, bool], str]

_Marked: TypeAlias = "dict[Any, _Marked]"
"""Where in a node its strings with variables are, by key or index; a string's own is empty."""


class RowTemplate(Protocol):
    """What a batch fills with rows of values."""

    @property
    def variables(self) -> Mapping[str, str | None]:
        """The names of values and their defaults; None must be given."""

    def fill(self, values: Mapping[str, str], name: str = "template") -> ImageComposition:
        """The composition with the values in it; a CompositionError begins with the name."""


class Template:
    """A composition with variables; `from_json` and `parse` make one.

    The document is a composition with one field more, `variables`: an object of names (a letter or `_`, then
    letters, digits and `_`, up to 64) and their defaults, strings, or null for a variable that must be given.
    `{{name}}` stands for the value in text, in colours, in the `path`, `asset_id` and `data` of a source, the
    `path` and `asset_id` of a font and the `path` and `mask_artifact_id` of a mask; anywhere else it is an
    error. `{{{{` writes two braces. A value is put into its string and nothing more: it is not read for
    variables, and cannot add fields or layers.
    """

    def __init__(self, document: dict[str, Any], variables: dict[str, str | None]) -> None:
        self._document = document
        self._variables = variables
        self._marked = _marked(document) or {}
        self._checked = False

    @property
    def variables(self) -> Mapping[str, str | None]:
        """The declared names and their defaults; None must be given."""
        return MappingProxyType(self._variables)

    @classmethod
    def from_json(cls, data: bytes, name: str = "template") -> Template:
        """The template of a JSON document.

        Args:
            data: UTF-8 text, with or without a byte order mark.
            name: how errors name the document.

        Raises:
            CompositionError: not JSON, or as `parse`.
        """
        return cls.parse(object_from_json(data, name, "a template"), name)

    @classmethod
    def parse(cls, document: Mapping[str, Any], name: str = "template") -> Template:
        """The template of a document's fields; the composition itself is checked by `fill`.

        Raises:
            CompositionError: no or faulty `variables`; a `{{name}}` that is not declared, stands where none
                may or is not closed (the message has its place); a variable that is used nowhere.
        """
        variables = _declared(document.get("variables"), name)
        unused = dict.fromkeys(variables)

        def check(place: str, text: str, allowed: bool) -> str:
            for mark in _MARK.finditer(text):
                if mark[0] == "{{":
                    raise CompositionError(
                        f"{name}: {place}: '{{{{' begins a variable, but no name and '}}}}' follow"
                        " (to write two braces, write four)"
                    )
                if mark[1] is None:
                    continue
                if mark[1] not in variables:
                    near = guess(mark[1], variables)
                    raise CompositionError(f"{name}: {place}: the variable {mark[1]!r} is not declared{near}")
                if not allowed:
                    raise CompositionError(
                        f"{name}: {place}: no variable may stand here ({mark[1]!r}): {_ALLOWED}"
                    )
                unused.pop(mark[1], None)
            return text

        fields = {key: value for key, value in document.items() if key != "variables"}
        own = _changed(fields, check, name)
        if unused:
            raise CompositionError(f"{name}: variables.{next(iter(unused))}: it is used nowhere")
        return cls(own, variables)

    def fill(self, values: Mapping[str, str], name: str = "template") -> ImageComposition:
        """The composition with the variables replaced.

        Args:
            values: strings by variable; those left out take their default.
            name: how errors name the template, or the row the values come from.

        Raises:
            CompositionError: a value for a variable there is none of, one that must be given and is not, a
                value that is not a string, or a composition that is not valid with them.
        """
        chosen = self._values(values, name)
        try:
            filled = ImageComposition.model_validate(_filled(self._document, self._marked, chosen))
        except CompositionError as error:
            raise CompositionError(f"{name}: {error}") from error
        if filled.layers and not self._checked:
            self._keep_layers(filled)
        return filled

    def _keep_layers(self, filled: ImageComposition) -> None:
        """Have the document hold the layers that no variable changes: they need not be checked again."""
        varying = self._marked.get("layers", {})
        layers = [
            self._document["layers"][place] if place in varying else layer
            for place, layer in enumerate(filled.layers)
        ]
        self._document = {**self._document, "layers": layers}
        self._checked = True

    def _values(self, values: Mapping[str, str], name: str) -> dict[str, str]:
        for variable, value in values.items():
            if variable not in self.variables:
                known = shortened(self.variables)
                near = guess(variable, self.variables) or ":"
                raise CompositionError(f"{name}: there is no variable {variable!r}{near} there are {known}")
            if not isinstance(value, str):
                raise CompositionError(f"{name}: the variable {variable!r}: {value!r} is not text")
        chosen: dict[str, str] = {}
        for variable, taken in {**self.variables, **values}.items():
            if taken is None:
                raise CompositionError(f"{name}: the variable {variable!r} is missing and has no default")
            chosen[variable] = taken
        return chosen


def shortened(names: Iterable[str]) -> str:
    """Names for a message, of many the first."""
    listed = list(names)
    return ", ".join(listed[:_MANY]) + (f" and {len(listed) - _MANY} more" if len(listed) > _MANY else "")


def _declared(declared: Any, name: str) -> dict[str, str | None]:
    if not isinstance(declared, Mapping) or not declared:
        raise CompositionError(
            f"{name}: variables: a template has an object here, of names and their defaults (null: required)"
        )
    for variable, default in declared.items():
        if not re.fullmatch(_NAME, str(variable)):
            raise CompositionError(
                f"{name}: variables: the name {variable!r} is not allowed: allowed are 1 to 64 letters,"
                " digits and '_', not a digit first"
            )
        if default is not None and not isinstance(default, str):
            raise CompositionError(f"{name}: variables.{variable}: {default!r} is not text or null")
    return dict(declared)


def _marked(node: Any) -> _Marked | None:
    """Where a node has variables; None where it has none."""
    if isinstance(node, str):
        return {} if _MARK.search(node) else None
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    found = ((key, _marked(child)) for key, child in children)
    return {key: below for key, below in found if below is not None} or None


def _filled(node: Any, marked: _Marked, chosen: Mapping[str, str]) -> Any:
    """A node with the values in their places; what has none in it is no copy, but the node's own."""
    if isinstance(node, str):
        return _MARK.sub(lambda mark: chosen[mark[1]] if mark[1] else "{{", node)
    filled = node.copy()
    for key, below in marked.items():
        filled[key] = _filled(node[key], below, chosen)
    return filled


def _changed(document: dict[str, Any], change: _Change, name: str) -> dict[str, Any]:
    """A copy of a document with its strings changed."""
    try:
        fields: dict[str, Any] = _walked(document, change, "", ())
    except RecursionError as error:
        raise CompositionError(f"{name}: nested too deep") from error
    return fields


def _walked(node: Any, change: _Change, place: str, keys: tuple[str, ...]) -> Any:
    """`keys` are the names of the fields on the way to the node, without list indices."""
    if isinstance(node, str):
        return change(place, node, _may_vary(keys))
    if isinstance(node, Mapping):
        dot = "." if place else ""
        return {
            key: _walked(child, change, f"{place}{dot}{key}", (*keys, str(key)))
            for key, child in node.items()
        }
    if isinstance(node, list | tuple):
        return [_walked(child, change, f"{place}[{index}]", keys) for index, child in enumerate(node)]
    return node


def _may_vary(keys: tuple[str, ...]) -> bool:
    *above, last = keys
    return last in _ANYWHERE or bool(above and last in _INSIDE.get(above[-1], ()))
