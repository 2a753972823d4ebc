"""The vocabulary of field types: numbers with ranges, colours and the like; and what all models share."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, TypeVar, cast, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Strict,
    Tag,
    TypeAdapter,
    ValidationError,
)

from engines.image_core.composition.colors import canonical_color
from engines.image_core.composition.faults import explain
from engines.image_core.errors import CompositionError
from engines.image_core.runtime.limits import MAX_CANVAS


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


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", value) or value in {".", ".."}:
        raise ValueError("allowed are 1 to 64 letters, digits, '-', '_' and '.', but not '.' or '..'")
    return value


def _percentage(value: str) -> str:
    if not re.fullmatch(r"-?[0-9]{1,7}(?:\.[0-9]{1,9})?%", value):
        raise ValueError("allowed is a number of pixels, or a percentage such as '50%'")
    return value


def length_tag(value: Any) -> str:
    """What tells a length in pixels from a percentage."""
    return "a percentage" if isinstance(value, str) else "pixels"


Unit = Annotated[float, Strict(), AfterValidator(between(0, 1))]
ToFour = Annotated[float, Strict(), AfterValidator(between(0, 4))]
BlurRadius = Annotated[float, Strict(), AfterValidator(between(0, 250))]
Coordinate = Annotated[float, Strict(), AfterValidator(_bounded)]
Whole = Annotated[int, Strict(), AfterValidator(_bounded)]
Length = Annotated[float, Strict(), AfterValidator(_positive)]
Scale = Annotated[float, Strict(), AfterValidator(_scale)]
Percentage = Annotated[str, Strict(), AfterValidator(_percentage)]
"""A part of something that is known later, as text: "50%"."""
Side = Annotated[
    Annotated[Length, Tag("pixels")] | Annotated[Percentage, Tag("a percentage")], Discriminator(length_tag)
]
"""A width or a height: pixels, or a percentage of the parent's."""
Position = Annotated[
    Annotated[Coordinate, Tag("pixels")] | Annotated[Percentage, Tag("a percentage")],
    Discriminator(length_tag),
]
"""A place along a side: pixels, or a percentage of the parent's side."""
CanvasSide = Annotated[int, Strict(), AfterValidator(between(1, MAX_CANVAS))]
Point = tuple[Coordinate, Coordinate]
Color = Annotated[str, Strict(), AfterValidator(canonical_color)]
"""A colour as CSS writes it; a model holds it as #rrggbb or #rrggbbaa."""
Identifier = Annotated[str, Strict(), AfterValidator(_identifier)]


Flag = Annotated[bool, Strict()]


def parse_color(color: str) -> tuple[int, int, int, int]:
    """Red, green, blue and alpha, 0..255 each, of #rrggbb or #rrggbbaa."""
    red, green, blue, alpha = bytes.fromhex(color[1:].ljust(8, "f"))
    return red, green, blue, alpha


def share_of(percentage: str) -> Fraction:
    """What part of the whole a percentage is."""
    return Fraction(percentage.removesuffix("%")) / 100


def pixels(length: float | str) -> float:
    """A length of a layer whose percentages have been resolved (`planning/lengths.py`)."""
    assert not isinstance(length, str), f"{length} has not been resolved"
    return length


_T = TypeVar("_T", bound=str)


def tag(value: _T) -> _T:
    """The `type` of a part that is told apart by it.

    JSON has to write it, so for pydantic it is a field without a default: it is in the schema's `required`
    and in every dump. In Python the class says it, and constructors fill it in.
    """
    return cast(_T, Field())


class Model(BaseModel):
    """Base of all parts of a composition: frozen, no unknown fields.

    A constructor, `model_validate` and `model_validate_json` raise `CompositionError`, one line that says
    where, what and what is allowed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    _tag: ClassVar[str | None] = None
    _told_as: ClassVar[str | None] = None  # what errors call it, where that is not its own name

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        """Find the `type` that constructors fill in: the one there is, where it has to be given."""
        field = cls.model_fields.get("type")
        choices = get_args(field.annotation) if field is not None and field.is_required() else ()
        cls._tag = choices[0] if len(choices) == 1 else None

    if not TYPE_CHECKING:  # its signature is that of the fields

        def __init__(self, /, **fields: Any) -> None:
            if self._tag is not None:
                fields.setdefault("type", self._tag)
            with _telling(type(self), fields):
                super().__init__(**fields)

        # Parts that pydantic makes itself, of dicts, need not come here: their faults have a place.
        __init__.__pydantic_base_init__ = True

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """Read a dict, or take an instance.

        Raises:
            CompositionError: it is not valid.
        """
        with _telling(cls, obj):
            return super().model_validate(obj, **options)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """Read JSON.

        Raises:
            CompositionError: the text is not JSON, or not valid.
        """
        with _telling(cls, None):
            return super().model_validate_json(json_data, **options)


@contextmanager
def _telling(model: type[Model], data: Any) -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        name = model._told_as or model.__name__
        raise CompositionError(explain(error, data, model, name, f"{name}, ")) from None


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
        return TypeAdapter(model).validate_python(data)
    except ValidationError as error:
        raise CompositionError(explain(error, data, model, subject)) from None
