"""How faults of a composition are told: the first one as a line, with its place and what is allowed."""

from __future__ import annotations

import re
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engines.image_core.composition.guessing import guess
from engines.image_core.runtime.limits import MAX_GROUP_DEPTH

__all__ = ["MAX_PLACE", "explain"]

MAX_PLACE = 160
"""Characters of a field's place that a message shows."""

_MOST_LISTED = 20
"""Fields of a model that are listed beside a guess; of a larger one the guess is enough."""

_TOO_DEEP = ("recursion_depth_exceeded", "recursion_loop")
"""What pydantic calls groups that lie in one another by hundreds, or in themselves (older ones: both so)."""


def explain(
    error: ValidationError, data: Any, model: type[BaseModel], subject: str = "composition", prefix: str = ""
) -> str:
    """The first fault of a validation as one line: the layer, the field, the value, what is allowed.

    Args:
        error: what pydantic found.
        data: what was validated, for the names of layers.
        model: what it was validated as, for the names of fields.
        subject: what stands for the place where that is all of the data.
        prefix: what comes before the place of a field.
    """
    fault = _first(error.errors(include_url=False))
    if fault["type"] in _TOO_DEEP:  # its place is hundreds of groups long
        return f"{subject}: groups nest too deep: allowed is {MAX_GROUP_DEPTH}"
    place, label, node, tagged, models = "", "", data, False, {model}
    known = models
    for step in fault["loc"]:
        if isinstance(step, str) and not tagged and step in (_child(node, "type"), *_UNION_TAGS):
            tagged = True  # the member of a union that was tried, not a field
            models = {member for member in models if step in _tags(member)} or models
            continue
        if step == "[key]" and fault["type"] != "extra_forbidden":
            continue  # pydantic's word for a fault of a key, whose name came before
        if isinstance(step, int) and isinstance(
            node, BaseModel
        ):  # pydantic takes one for a list of its fields
            return f"{prefix}{place}: {type(node).__name__} is not allowed: allowed is a list"
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else step
        known, models = models, _models_of(models, step)
        node, tagged = _child(node, step), False
        if isinstance(step, int) and place.rpartition(".")[2].startswith("layers["):
            label = _child(node, "name") or _child(node, "id")
    told = fault["type"] in {"missing", "array"} or isinstance(
        fault["input"], dict | list | tuple | BaseModel
    )
    value = "" if told else f"{_short(fault['input'])} is not allowed: "
    if len(place) > MAX_PLACE:
        place = f"{place[: MAX_PLACE // 2]}...{place[-MAX_PLACE // 2 :]}"
    reason = _unknown(str(fault["loc"][-1]), known) if fault["type"] == "extra_forbidden" else _reason(fault)
    layer = f"layer {label!r}, " if label else ""
    return f"{layer}{f'{prefix}{place}' if place else subject}: {value}{reason}"


def _first(faults: list[ErrorDetails]) -> ErrorDetails:
    """The fault to tell: where a field is missing and another is unknown, that is likely the one misspelt."""
    first = faults[0]
    if first["type"] != "missing":
        return first
    beside = (fault for fault in faults if fault["loc"][:-1] == first["loc"][:-1])
    return next((fault for fault in beside if fault["type"] == "extra_forbidden"), first)


def _unknown(name: str, models: set[type[BaseModel]]) -> str:
    """What is said of a field that is not there: the one that was likely meant, and those that are."""
    names = list(dict.fromkeys(name for model in models for name in model.model_fields))
    near = guess(name, names)
    listed = not near or len(names) <= _MOST_LISTED
    allowed = f"allowed are {', '.join(names)}" if listed else ""
    return " ".join(filter(None, [f"there is no such field{near}{'' if near else ':'}", allowed]))


def _models_of(models: set[type[BaseModel]], step: int | str) -> set[type[BaseModel]]:
    """The models that a field's values, or the items of a list, may be."""
    if isinstance(step, int):
        return models  # the models of a list's field are those of its items
    fields = [model.model_fields[step] for model in models if step in model.model_fields]
    return {found for field in fields for found in _in(field.annotation)}


def _in(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {found for part in get_args(annotation) for found in _in(part)}


def _tags(model: type[BaseModel]) -> tuple[Any, ...]:
    field = model.model_fields.get("type")
    return get_args(field.annotation) if field is not None else ()


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
    "pixels",
    "a percentage",
    "a point",
    "a name",
    "some boxes",
    "one gap",
    "two gaps",
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


_QUOTED = re.compile(r"'([^']*)'")


def _reason(fault: ErrorDetails) -> str:
    context = fault.get("ctx", {})
    match fault["type"]:
        case "missing":
            return "this field is required"
        case "union_tag_invalid":
            tags = context["expected_tags"]
            near = guess(_child(fault["input"], "type"), _QUOTED.findall(tags))
            return f"type {context['tag']!r} is not allowed{near or ':'} allowed is {tags}"
        case "union_tag_not_found":
            return "the field 'type' is required"
        case "enum" | "literal_error":
            expected = context["expected"]
            near = guess(fault["input"], _QUOTED.findall(expected)).removeprefix(": ")
            return f"{f'{near} ' if near else ''}allowed is {expected}"
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
