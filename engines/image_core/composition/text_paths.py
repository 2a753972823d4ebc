"""The paths that text may run along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Strict, Tag

from engines.image_core.composition.fields import Length, Model, Point, Unit, finite, tag

if TYPE_CHECKING:
    from engines.image_core.composition.text_layers import TextLayer

__all__ = ["AnyTextPath", "TextArc", "TextPath", "check_path"]


def _turn(value: float) -> float:
    if not 0 < abs(value) <= 360:
        raise ValueError("allowed is -360 to 360 except 0 (below 0 it runs counter-clockwise)")
    return value


class _TextPath(Model):
    """What paths of text have in common.

    `start_offset` is the place that the text is aligned to, as a part of the path's length: with `align`
    left it starts there, with center its middle lies there, with right it ends there. Without it that is the
    start of a closed path, and of an open one the start, the middle or the end, as the text is aligned.

    On the left side letters stand to the left of the direction of the path; on the right the path is taken
    the other way round, its start where it ended, as SVG 2 has it.
    """

    start_offset: Unit | None = None
    side: Literal["left", "right"] = "left"


class TextPath(_TextPath):
    """One line of path data in SVG's syntax, open or closed, in the layer's own pixels."""

    type: Literal["path"] = "path"
    d: Annotated[str, Strict(), Field(min_length=1, max_length=1_000_000)]


class TextArc(_TextPath):
    """A part of a circle, in the layer's own pixels.

    It starts at `start_angle`, in degrees clockwise from the right (0 is three o'clock, -90 the top), and
    runs on for `sweep` degrees, clockwise above 0 and counter-clockwise below. 360 is the closed circle.
    Clockwise letters stand outside of the circle, counter-clockwise inside.
    """

    type: Literal["arc"] = tag("arc")
    center: Point
    radius: Length
    start_angle: Annotated[float, Strict(), AfterValidator(finite)] = -90.0
    sweep: Annotated[float, Strict(), AfterValidator(_turn)] = 360.0


def _kind(value: Any) -> Any:
    given = value.get("type", "path") if isinstance(value, dict) else getattr(value, "type", None)
    return {"path": "along a path", "arc": "along an arc"}.get(given) if isinstance(given, str) else None


AnyTextPath = Annotated[
    Annotated[TextPath, Tag("along a path")] | Annotated[TextArc, Tag("along an arc")],
    Discriminator(
        _kind,
        custom_error_type="text_path",
        custom_error_message="allowed is a path with d, or with the type arc",
    ),
]
"""An SVG path or an arc of a circle."""

_OF_BOXES = (
    "box_width", "box_height", "max_lines", "line_height", "leading", "vertical_align", "paragraph_spacing",
    "indent", "balance", "hyphenate", "writing_mode",
)  # fmt: skip
"""What has no meaning for a line along a path."""


def check_path(layer: TextLayer) -> None:
    """Refuse what a text along a path, which is one line and has no box, cannot have."""
    if layer.path is None:
        return
    for name in _OF_BOXES:
        if getattr(layer, name) != type(layer).model_fields[name].default:
            raise ValueError(f"{name} is not allowed with path, along which the text is one line")
    if any(run.line_height is not None for run in layer.runs or ()):
        raise ValueError("line_height of a run is not allowed with path, along which the text is one line")
    if layer.align == "justify":
        raise ValueError(
            "align 'justify' is not allowed with path: allowed is left, center, right, start, end"
        )
    if layer.background is not None and layer.background.per == "box":
        raise ValueError("background.per 'box' is not allowed with path: allowed is 'line'")
    if any(mark in layer.characters for mark in "\n\r\u2028\u2029"):
        raise ValueError("a text with a path is one line: line breaks are not allowed in it")
