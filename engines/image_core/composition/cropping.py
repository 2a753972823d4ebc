"""What of a picture is shown, as it is written: crops, and what a fit keeps in view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Strict, Tag

from engines.image_core.composition.fields import Model, Percentage, Position, Unit, between, length_tag
from engines.image_core.composition.sources import NamedPoint
from engines.image_core.runtime.limits import MAX_FOCUS_BOXES

__all__ = ["Crop", "Focus", "FocusBoxes", "check_focus_fit"]

_Whole = Annotated[int, Strict(), AfterValidator(between(0, 1_000_000))]
_Edge = Annotated[
    Annotated[_Whole, Tag("pixels")] | Annotated[Percentage, Tag("a percentage")], Discriminator(length_tag)
]


def _ordered(edges: Sequence[float | str]) -> Any:
    """Refuse a box that has no inside; of pixels beside percentages that is known with the picture."""
    for axis, (low, high) in {"x": (edges[0], edges[2]), "y": (edges[1], edges[3])}.items():
        if type(low) is type(high) and _number(low) >= _number(high):
            raise ValueError(f"allowed is [x0, y0, x1, y1] with {axis}0 below {axis}1")
    return edges


def _number(edge: float | str) -> float:
    return float(edge.removesuffix("%")) if isinstance(edge, str) else edge


Crop = Annotated[tuple[_Edge, _Edge, _Edge, _Edge], AfterValidator(_ordered)]
"""A box of a picture, left, top, right and bottom, in whole pixels or percentages of the picture."""

_Box = Annotated[tuple[Position, Position, Position, Position], AfterValidator(_ordered)]


class FocusBoxes(Model):
    """Boxes of a picture that are to be seen, such as faces, the most important first: left, top, right and
    bottom in pixels of the picture or in percentages of it."""

    boxes: Annotated[tuple[_Box, ...], Field(min_length=1, max_length=MAX_FOCUS_BOXES)]


def _focus_tag(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "a point"
    return "a name" if isinstance(value, str) else "some boxes"


Focus = Annotated[
    Annotated[NamedPoint, Tag("a name")]
    | Annotated[tuple[Unit, Unit], Tag("a point")]
    | Annotated[FocusBoxes, Tag("some boxes")],
    Discriminator(_focus_tag),
]
"""What of a picture is kept in view: a point by name or in fractions of the picture, or boxes."""

_Fit: TypeAlias = Literal["none", "cover", "contain", "fill"]


def check_focus_fit(focus: Focus, fit: _Fit) -> None:
    """Refuse a focus that the fit has no use for."""
    if focus == "center":
        return
    if fit not in ("cover", "contain"):
        raise ValueError(f"focus needs fit cover or contain (given: {fit!r})")
    if isinstance(focus, FocusBoxes) and fit == "contain":
        raise ValueError("focus takes boxes with fit cover alone: contain shows the whole picture")
