"""The vocabulary of field types: numbers with ranges, colours, identifiers, and how faults are told."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Strict, ValidationError
from pydantic_core import ErrorDetails

from engines.image_core.errors import CompositionError
from engines.image_core.runtime.limits import MAX_CANVAS, MAX_GROUP_DEPTH

MAX_PLACE = 160
"""Characters of a field's place that a message shows."""


def between(low: float, high: float) -> Callable[[float], float]:
    """A check that a number lies in low..high, both included; NaN and infinities do not."""

    def check(value: float) -> float:
        if not low <= value <= high:
            raise ValueError(f"allowed is {low:g} to {high:g}")
        return value

    return check


def finite(value: float) -> float:
    """Check that a number is neither NaN nor infinite."""
    if not math.isfinite(value):
        raise ValueError("allowed is any finite number")
    return value


def _bounded(value: float) -> float:
    if not -1e6 <= value <= 1e6:
        raise ValueError("allowed is -1000000 to 1000000")
    return value


def _positive(value: float) -> float:
    if not 0 < value <= MAX_CANVAS:
        raise ValueError(f"allowed is above 0 and up to {MAX_CANVAS}")
    return value


def _scale(value: float) -> float:
    if not 0 < abs(value) <= 1000:
        raise ValueError("allowed is -1000 to 1000 except 0 (a negative scale mirrors)")
    return value


def _color(value: str) -> str:
    if not re.fullmatch(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})", value):
        raise ValueError("allowed is #rrggbb or #rrggbbaa")
    return value.lower()


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", value) or value in {".", ".."}:
        raise ValueError("allowed are 1 to 64 letters, digits, '-', '_' and '.', but not '.' or '..'")
    return value


Unit = Annotated[float, Strict(), AfterValidator(between(0, 1))]
ToFour = Annotated[float, Strict(), AfterValidator(between(0, 4))]
BlurRadius = Annotated[float, Strict(), AfterValidator(between(0, 250))]
Coordinate = Annotated[float, Strict(), AfterValidator(_bounded)]
Whole = Annotated[int, Strict(), AfterValidator(_bounded)]
Length = Annotated[float, Strict(), AfterValidator(_positive)]
Scale = Annotated[float, Strict(), AfterValidator(_scale)]
CanvasSide = Annotated[int, Strict(), AfterValidator(between(1, MAX_CANVAS))]
Point = tuple[Coordinate, Coordinate]
Color = Annotated[str, Strict(), AfterValidator(_color)]
Identifier = Annotated[str, Strict(), AfterValidator(_identifier)]


Flag = Annotated[bool, Strict()]


def parse_color(color: str) -> tuple[int, int, int, int]:
    """Red, green, blue and alpha, 0..255 each, of #rrggbb or #rrggbbaa."""
    red, green, blue, alpha = bytes.fromhex(color[1:].ljust(8, "f"))
    return red, green, blue, alpha


class Model(BaseModel):
    """Base of all parts of a composition: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def exactly_one(model: BaseModel, *names: str) -> None:
    """Check that just one of the optional fields is given."""
    given = [name for name in names if getattr(model, name) is not None]
    if len(given) != 1:
        raise ValueError(f"give exactly one of {', '.join(names)} (given: {', '.join(given) or 'none'})")


_M = TypeVar("_M", bound=BaseModel)


def parse(model: type[_M], data: Any, subject: str = "composition") -> _M:
    """Validate data (a dict or an instance) as the part of a composition that `subject` names.

    Raises:
        CompositionError: the first fault, as one line.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise CompositionError(explain(error, data, subject)) from None


def explain(error: ValidationError, data: Any, subject: str = "composition") -> str:
    """The first fault of a validation as one line: the layer, the field, the value, what is allowed."""
    fault = error.errors(include_url=False)[0]
    place, label, node, tagged = "", "", data, False
    for step in fault["loc"]:
        if isinstance(step, str) and not tagged and step in (_child(node, "type"), *_UNION_TAGS):
            tagged = True  # the member of a union that was tried, not a field
            continue
        if step == "[key]" and fault["type"] != "extra_forbidden":
            continue  # pydantic's word for a fault of a key, whose name came before
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else step
        node, tagged = _child(node, step), False
        if isinstance(step, int) and place.rpartition(".")[2].startswith("layers["):
            label = _child(node, "name") or _child(node, "id")
    told = fault["type"] in {"missing", "array"} or isinstance(
        fault["input"], dict | list | tuple | BaseModel
    )
    value = "" if told else f"{_short(fault['input'])} is not allowed: "
    if len(place) > MAX_PLACE:
        place = f"{place[: MAX_PLACE // 2]}...{place[-MAX_PLACE // 2 :]}"
    return f"{f'layer {label!r}, ' if label else ''}{place or subject}: {value}{_reason(fault)}"


# The tags of unions that are told apart by something other than a `type` field.
_UNION_TAGS = (
    "a color",
    "a font name",
    "a font file",
    "a blend mode",
    "pass-through",
    "along a path",
    "along an arc",
    "one radius",
    "four radii",
)


_KINDS = {
    "bool_type": "true or false",
    "dict_type": "an object",
    "float_type": "a number",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "model_attributes_type": "an object",
    "model_type": "an object",
    "string_type": "text",
    "tuple_type": "a list",
}
"""What a value of the wrong type should have been."""


def _reason(fault: ErrorDetails) -> str:
    context = fault.get("ctx", {})
    match fault["type"]:
        case "missing":
            return "this field is required"
        case "extra_forbidden":
            return "there is no such field"
        case "union_tag_invalid":
            return f"type {context['tag']!r} is not allowed: allowed is {context['expected_tags']}"
        case "union_tag_not_found":
            return "the field 'type' is required"
        case "recursion_loop":
            return f"groups nest too deep: allowed is {MAX_GROUP_DEPTH}"
        case "enum" | "literal_error":
            return f"allowed is {context['expected']}"
        case "too_short" | "string_too_short":
            return f"allowed is a length of {context['min_length']} or more"
        case "too_long" | "string_too_long":
            return f"allowed is a length of up to {context['max_length']}"
        case kind if kind in _KINDS:
            return f"allowed is {_KINDS[kind]}"
    reason = fault["msg"].removeprefix("Value error, ")
    return reason[:1].lower() + reason[1:]


def _child(node: Any, step: int | str) -> Any:
    if isinstance(node, dict):
        return node.get(step)
    if isinstance(node, BaseModel):
        return getattr(node, str(step), None)
    if isinstance(node, list | tuple) and isinstance(step, int) and step < len(node):
        return node[step]
    return None


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
