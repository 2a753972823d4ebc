"""The variables of templates: what they are declared as, and their values, read of text or of JSON."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, Strict, StringConstraints, TypeAdapter, ValidationError
from pydantic import model_validator as checked
from pydantic_core import SchemaError

from engines.image_core.composition.colors import canonical_color
from engines.image_core.composition.fields import Model, between, exactly_one, finite, parse, tag
from engines.image_core.composition.guessing import guess
from engines.image_core.documents.loading import value_from_json
from engines.image_core.errors import CompositionError

__all__ = [
    "NAME",
    "PLACES",
    "WORDS",
    "BooleanVariable",
    "Declared",
    "ImageVariable",
    "ListVariable",
    "NumberVariable",
    "TextVariable",
    "Value",
    "Values",
    "Variable",
    "as_text",
    "chosen",
    "declared",
    "shortened",
]

NAME = r"[A-Za-z_][A-Za-z0-9_]{0,63}"

WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
"""How cells of a table and options of a command write yes and no."""

PLACES = ("index", "number")
"""What an item knows of its place in the list: counted from 0, and counted from 1."""

_MANY = 20  # names that a message lists
_LARGEST = 10**15
"""A number's bound: below it whole numbers and their halves are exact."""
_NUMBER = re.compile(r"[+-]?(\d{1,16}(\.\d{1,16})?|\.\d{1,16})([eE][+-]?\d{1,2})?", re.ASCII)
_ALLOWED_NAME = "allowed are 1 to 64 letters, digits and '_', not a digit first"

Value: TypeAlias = "str | int | float | bool | dict[str, Any] | list[dict[str, Any]] | None"
"""What a variable holds: text, a number, a colour, true or false, a source, or a list of items; None where it
is empty."""

Values: TypeAlias = Mapping[str, Any]
"""Values by the names of variables, each as `Declared.read` takes it."""


class Declared(Model):
    """What all variables are declared with. Without a `default`, or with null, the value must be given; an
    empty text is an empty value. A `description` is for those who fill the template."""

    default: Any = None
    description: Annotated[str, Strict(), Field(max_length=1000)] = ""

    can_be_text: ClassVar[bool] = True
    """Whether the value may be put into a longer text."""

    def read(self, value: Any) -> Value:
        """A value as this variable holds it: text is parsed, anything else has to be of the type.

        Raises:
            ValueError: it is not allowed, and what is; nested values say where.
        """
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        try:
            return self._read(value)
        except ValueError as error:
            raise ValueError(f"{_short(value)} is not allowed: {error}") from error

    def _read(self, value: Any) -> Value:
        raise NotImplementedError


class TextVariable(Declared):
    """Text, of at most `max_length` characters; all of it matches the `pattern`, a regular expression of the
    kind that takes linear time (Rust's: no look-around, no references back)."""

    type: Literal["text"] = tag("text")
    max_length: Annotated[int, Strict(), AfterValidator(between(1, 1_000_000))] | None = None
    pattern: Annotated[str, Strict(), Field(min_length=1, max_length=1000)] | None = None

    @checked(mode="after")
    def _check(self) -> Self:
        if self.pattern is not None:
            _matcher(self.pattern)
        return self

    def read(self, value: Any) -> Value:
        """Text as it is, an empty one too."""
        if value is None:
            return ""
        if not isinstance(value, str):
            raise ValueError(f"{_short(value)} is not text")
        if self.max_length is not None and len(value) > self.max_length:
            raise ValueError(
                f"{_short(value)} has {len(value)} characters: allowed are up to {self.max_length}"
            )
        if self.pattern is not None and not _matches(self.pattern, value):
            raise ValueError(f"{_short(value)} is not allowed: allowed is what matches '{self.pattern}'")
        return value


class NumberVariable(Declared):
    """A number of `min` to `max`. Text such as "1.5" or "-3e2" is read; a whole number is one."""

    type: Literal["number"] = tag("number")
    min: Annotated[float, Strict(), AfterValidator(finite)] | None = None
    max: Annotated[float, Strict(), AfterValidator(finite)] | None = None

    @checked(mode="after")
    def _check(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min:g} is above max {self.max:g}")
        return self

    def _read(self, value: Any) -> Value:
        if isinstance(value, str):
            number = float(value) if _NUMBER.fullmatch(value.strip()) else math.nan
        else:
            real = isinstance(value, int | float) and not isinstance(value, bool)
            number = value if real else math.nan
        low = -_LARGEST if self.min is None else self.min
        high = _LARGEST if self.max is None else self.max
        if not max(low, -_LARGEST) <= number <= min(high, _LARGEST):
            raise ValueError(f"allowed is {self._range()}")
        return int(number) if number == int(number) else number

    def _range(self) -> str:
        low, high = (None if bound is None else as_text(bound) for bound in (self.min, self.max))
        if low is not None and high is not None:
            return f"a number of {low} to {high}"
        if low is not None:
            return f"a number of {low} or more"
        return "a number" if high is None else f"a number of {high} or less"


class ColorVariable(Declared):
    """A colour as CSS writes it."""

    type: Literal["color"] = tag("color")

    def _read(self, value: Any) -> Value:
        if not isinstance(value, str):
            raise ValueError("allowed is a colour, as text")
        return canonical_color(value.strip())


class BooleanVariable(Declared):
    """True or false. As text: true, yes, 1, false, no, 0, in any case."""

    type: Literal["boolean"] = tag("boolean")

    def _read(self, value: Any) -> Value:
        read = WORDS.get(value.strip().lower()) if isinstance(value, str) else value
        if not isinstance(read, bool):
            raise ValueError(f"allowed is true or false (as text {', '.join(WORDS)})")
        return read


class ChoiceVariable(Declared):
    """One of the `choices`, which are texts, numbers, true and false."""

    type: Literal["choice"] = tag("choice")
    choices: Annotated[
        tuple[Annotated[str | int | float | bool, Field(union_mode="smart")], ...],
        Field(min_length=1, max_length=1000),
    ]

    def _read(self, value: Any) -> Value:
        for choice in self.choices:
            if type(choice) is type(value) and choice == value:
                return choice
            if isinstance(value, str) and as_text(choice) == value:
                return choice
        near = guess(value, (choice for choice in self.choices if isinstance(choice, str)))
        raise ValueError(f"{near.removeprefix(': ')}{' ' if near else ''}allowed is {self._listed()}")

    def _listed(self) -> str:
        return shortened(map(repr, self.choices))


class ImageVariable(Declared):
    """A picture, a whole source: {"path": ...}, {"asset_id": ...} or {"data": ...} with the base64 of a file;
    as text a path, "asset:" and an id, or "data:...;base64," and the data."""

    type: Literal["image"] = tag("image")
    can_be_text: ClassVar[bool] = False

    def _read(self, value: Any) -> Value:
        if isinstance(value, str):
            return _image_of(value)
        if isinstance(value, Mapping):
            with _as_value_error():
                return parse(_Picture, dict(value), "image").model_dump(exclude_none=True)
        raise ValueError(
            'allowed is a path, "asset:ID", "data:...;base64,...", or one of path, asset_id, data'
        )


class ListVariable(Declared):
    """Items, each an object of the variables in `items`; at most `max_items`. As text it is JSON."""

    type: Literal["list"] = tag("list")
    items: Annotated[dict[str, Any], Field(min_length=1, max_length=100)]
    max_items: Annotated[int, Strict(), AfterValidator(between(1, 1000))] = 100
    can_be_text: ClassVar[bool] = False

    @functools.cached_property
    def fields(self) -> dict[str, Variable]:
        """The variables of an item."""
        return declared(self.items, "items", nested=True)

    @checked(mode="after")
    def _check(self) -> Self:
        for name in PLACES:
            if name in self.items:
                raise ValueError(f"items.{name}: that is an item's place in the list: rename it")
        assert self.fields  # declared, or an error
        return self

    def read(self, value: Any) -> Value:
        """A list, or its JSON, as dicts of values; an empty text is no item."""
        if value is None or (isinstance(value, str) and not value.strip()):
            return []
        if isinstance(value, str):
            with _as_value_error():
                value = value_from_json(value.encode("utf-8", "surrogatepass"), "the list")
        if not isinstance(value, list | tuple):
            raise ValueError(f"{_short(value)} is not allowed: allowed is a list of objects")
        if len(value) > self.max_items:
            raise ValueError(f"{len(value)} items are too many: allowed are {self.max_items}")
        return [self._item(item, index) for index, item in enumerate(value)]

    def _item(self, item: Any, index: int) -> dict[str, Any]:
        if not isinstance(item, Mapping):
            fields = shortened(self.fields)
            raise ValueError(f"[{index}]: {_short(item)} is not allowed: allowed is an object of {fields}")
        with _as_value_error():
            values = chosen(self.fields, item, f"[{index}]")
        return {**values, "index": index, "number": index + 1}


class _Picture(Model):
    path: Annotated[str, Strict(), Field(min_length=1)] | None = None
    asset_id: Annotated[str, Strict(), Field(min_length=1)] | None = None
    data: Annotated[str, Strict(), Field(min_length=1)] | None = None

    @checked(mode="after")
    def _check(self) -> Self:
        exactly_one(self, "path", "asset_id", "data")
        return self


Variable: TypeAlias = (
    TextVariable
    | NumberVariable
    | ColorVariable
    | BooleanVariable
    | ChoiceVariable
    | ImageVariable
    | ListVariable
)
_KINDS: dict[str, type[Variable]] = {
    "text": TextVariable,
    "number": NumberVariable,
    "color": ColorVariable,
    "boolean": BooleanVariable,
    "choice": ChoiceVariable,
    "image": ImageVariable,
    "list": ListVariable,
}


def declared(variables: Any, place: str, *, nested: bool = False) -> dict[str, Variable]:
    """The variables that a template declares, by name.

    Args:
        variables: by name a default as text, null, or an object with a type.
        place: where it stands, for messages.
        nested: whether these are the variables of a list's items, among which there are no lists.

    Raises:
        CompositionError: one is not valid, or its default is not.
    """
    if not isinstance(variables, Mapping) or not variables:
        raise CompositionError(
            f"{place}: a template has an object here, of names and their defaults (null: required)"
        )
    return {name: _declared(given, str(name), place, nested) for name, given in variables.items()}


def _declared(given: Any, name: str, place: str, nested: bool) -> Variable:
    if not re.fullmatch(NAME, name):
        raise CompositionError(f"{place}: the name {name!r} is not allowed: {_ALLOWED_NAME}")
    at = f"{place}.{name}"
    if given is None or isinstance(given, str):
        return TextVariable(default=given)
    if not isinstance(given, Mapping):
        raise CompositionError(f"{at}: {_short(given)} is not text or null, nor an object with a type")
    variable = _parsed(dict(given), at)
    if nested and isinstance(variable, ListVariable):
        raise CompositionError(f"{at}: a list has no lists among its items' variables")
    if variable.default is not None:
        try:
            variable.read(variable.default)
        except ValueError as error:
            raise CompositionError(f"{at}.default: {error}") from error
    return variable


def _parsed(given: dict[str, Any], at: str) -> Variable:
    name = given.get("type")
    if not isinstance(name, str) or name not in _KINDS:
        near = guess(name, _KINDS) or ":"
        told = "the field 'type' is required" if name is None else f"type {_short(name)} is not allowed"
        raise CompositionError(f"{at}: {told}{near} allowed are {', '.join(_KINDS)}")
    kind = _KINDS[name]
    try:
        return kind.model_validate(given)
    except CompositionError as error:
        raise CompositionError(f"{at}: {str(error).removeprefix(f'{kind.__name__}, ')}") from error


def chosen(variables: Mapping[str, Variable], values: Values, name: str) -> dict[str, Value]:
    """The value of each variable: the one that is given, else its default.

    Raises:
        CompositionError: a value for a variable there is none of, one that must be given and is not, or one
            that is not allowed.
    """
    for variable in values:
        if variable not in variables:
            near = guess(variable, variables) or ":"
            raise CompositionError(
                f"{name}: there is no variable {variable!r}{near} there are {shortened(variables)}"
            )
    return {key: _chosen(key, variable, values, name) for key, variable in variables.items()}


def _chosen(key: str, variable: Variable, values: Values, name: str) -> Value:
    given = key in values
    if not given and variable.default is None:
        raise CompositionError(f"{name}: the variable {key!r} is missing and has no default")
    try:
        return variable.read(values[key] if given else variable.default)
    except ValueError as error:
        raise CompositionError(f"{name}: the variable {key!r}: {error}") from error


def as_text(value: Value) -> str:
    """A value as text has it: numbers without an exponent and without needless digits."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return format(Decimal(int(value) if value == int(value) else repr(value)), "f")
    return value if isinstance(value, str) else ""


def shortened(names: Iterable[str]) -> str:
    """Names for a message, of many the first."""
    listed = list(names)
    return ", ".join(listed[:_MANY]) + (f" and {len(listed) - _MANY} more" if len(listed) > _MANY else "")


def _image_of(text: str) -> dict[str, Any]:
    if text.startswith("asset:"):
        return {"asset_id": text.removeprefix("asset:")}
    if text.startswith("data:"):
        head, comma, data = text.partition(",")
        if not comma or not data or not head.endswith(";base64"):
            raise ValueError('allowed of "data:" is "data:...;base64,..."')
        return {"data": data}
    return {"path": text}


@contextmanager
def _as_value_error() -> Iterator[None]:
    """Have a fault be one of the value at hand."""
    try:
        yield
    except CompositionError as error:
        raise ValueError(str(error)) from error


def _matches(pattern: str, text: str) -> bool:
    try:
        _matcher(pattern).validate_python(text)
    except ValidationError:
        return False
    return True


@functools.lru_cache(maxsize=256)
def _matcher(pattern: str) -> TypeAdapter[str]:
    try:
        return TypeAdapter(Annotated[str, StringConstraints(pattern=rf"\A(?:{pattern})\z")])
    except SchemaError as error:
        raise ValueError(f"pattern {_short(pattern)} is no regular expression that is allowed") from error


def _short(value: Any) -> str:
    text = repr(value if not isinstance(value, str) else value[:100])
    return text if len(text) <= 60 else f"{text[:57]}..."
