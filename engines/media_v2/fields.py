"""The vocabulary of field types: names, hashes, sizes, and how faults are told."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    Strict,
    ValidationError,
)
from pydantic_core import ErrorDetails

from engines.media_v2.errors import InvalidRequestError, MediaError

__all__ = [
    "Count",
    "Filename",
    "Flag",
    "GivenMoment",
    "Identifier",
    "JsonObject",
    "MimeType",
    "Model",
    "Moment",
    "Name",
    "NonNegative",
    "ObjectId",
    "Sha256",
    "Size",
    "Uri",
    "parse",
    "short",
]


_TOKEN = r"[a-z0-9][a-z0-9!#$&^_.+-]*"  # a restricted-name of RFC 6838, lower case


def _matching(pattern: str, allowed: str) -> AfterValidator:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(allowed)
        return value

    return AfterValidator(check)


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", value) or value in {".", ".."}:
        raise ValueError("allowed are 1 to 64 letters, digits, '-', '_' and '.', but not '.' or '..'")
    return value


def _printable(value: str) -> str:
    if any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in value):
        raise ValueError("control characters, line breaks and lone surrogates are not allowed")
    return value


def _filename(value: str) -> str:
    _printable(value)
    if value in {".", ".."} or "/" in value or "\\" in value:
        raise ValueError("allowed is the name of a file, without '/' or '\\', and not '.' or '..'")
    # 255 bytes is the limit of most file systems; the rest is room for the suffix of an upload under way.
    if len(value.encode()) > 200:
        raise ValueError("allowed are up to 200 bytes of UTF-8")
    if re.search(r"#[0-9]+$", value):
        raise ValueError("a name may not end in '#' and digits: the blob store marks uploads under way so")
    return value


def _uri(value: str) -> str:
    for segment in value.split("/"):
        if not segment:
            raise ValueError("an empty segment is not allowed")
        _filename(segment)
    return value


def _json_object(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    json.dumps(value, allow_nan=False)
    _check_storable(value)
    return value


def _check_storable(value: JsonValue) -> None:
    """Refuse the two kinds of text that not every database can keep."""
    if isinstance(value, str) and any(char == "\0" or unicodedata.category(char) == "Cs" for char in value):
        raise ValueError("text with NUL or lone surrogates is not allowed")
    if isinstance(value, dict):
        for pair in value.items():
            _check_storable(list(pair))
    elif isinstance(value, list):
        for part in value:
            _check_storable(part)


def _utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("this is out of range in UTC") from None


Identifier = Annotated[str, Strict(), AfterValidator(_identifier)]
ObjectId = Annotated[str, Strict(), _matching(r"[0-9a-f]{32}", "allowed are 32 lower-case hex digits")]
Sha256 = Annotated[str, Strict(), _matching(r"[0-9a-f]{64}", "allowed are 64 lower-case hex digits")]
MimeType = Annotated[
    str,
    Strict(),
    Field(max_length=127),
    _matching(rf"{_TOKEN}/{_TOKEN}", "allowed is a lower-case type/subtype without parameters"),
]
Filename = Annotated[str, Strict(), Field(min_length=1), AfterValidator(_filename)]
Name = Annotated[str, Strict(), Field(min_length=1, max_length=255), AfterValidator(_printable)]
Size = Annotated[int, Strict(), Field(ge=1)]
Count = Annotated[int, Strict(), Field(ge=0)]
NonNegative = Annotated[float, Strict(), Field(ge=0, allow_inf_nan=False)]
Flag = Annotated[bool, Strict()]
JsonObject = Annotated[dict[str, JsonValue], AfterValidator(_json_object)]
Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
GivenMoment = Annotated[AwareDatetime, Strict(), AfterValidator(_utc)]
Uri = Annotated[str, Strict(), Field(max_length=1024), AfterValidator(_uri)]


class Model(BaseModel):
    """Base of all models: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


ModelT = TypeVar("ModelT", bound=BaseModel)


def parse(
    model: type[ModelT],
    data: Any,
    *,
    subject: str = "",
    at: str = "",
    raises: type[MediaError] = InvalidRequestError,
) -> ModelT:
    """Validate data as a model.

    Args:
        model: what the data should be.
        data: a dict or an instance.
        subject: what the line opens with, for example "mask artifact".
        at: the field the data came in, put before the names of its own fields.
        raises: the error to raise.

    Raises:
        MediaError: of the given type, with the first fault as one line.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise raises(", ".join(filter(None, (subject, _fault(error, at))))) from None


def _fault(error: ValidationError, at: str) -> str:
    """The first fault of a validation: the field, the value, what is allowed."""
    fault = error.errors(include_url=False)[0]
    place = f"{at}{''.join(map(_step, fault['loc']))}".removeprefix(".")
    place = place if len(place) <= 120 else f"{place[:117]}..."
    told = fault["type"] == "missing" or isinstance(fault["input"], dict | BaseModel)
    value = "" if told else f"{short(fault['input'])} is not allowed: "
    return f"{place}: {value}{_reason(fault)}" if place else _reason(fault)


def _step(step: int | str) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if step.isprintable() else f".{step!r}"  # a caller's own name may hold a line break


def _reason(fault: ErrorDetails) -> str:
    context = fault.get("ctx", {})
    match fault["type"]:
        case "missing":
            return "this field is required"
        case "extra_forbidden":
            return "there is no such field"
        case "enum":
            return f"allowed is {context['expected']}"
        case "greater_than_equal":
            return f"allowed is {context['ge']:g} or more"
        case "less_than_equal":
            return f"allowed is {context['le']:g} or less"
        case "model_type":
            return f"allowed is a dict or {context['class_name']}"
        case "value_error":
            return fault["msg"].removeprefix("Value error, ")
    return fault["msg"][:1].lower() + fault["msg"][1:]


def short(value: Any) -> str:
    """A value as a message shows it, in at most 60 characters."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
