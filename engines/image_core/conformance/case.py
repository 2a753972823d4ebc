"""One case: a name and a composition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from engines.image_core.composition.blending import BlendMode
from engines.image_core.models import ImageComposition

if TYPE_CHECKING:
    from engines.image_core.gl import Choice

__all__ = ["LATER_MODES", "LEVELS", "MODES", "Case", "Level", "case"]

Level = Literal["self-test", "quick", "full"]
LEVELS: tuple[Level, ...] = ("self-test", "quick", "full")

MODES = ("normal", "multiply", "screen", "overlay", "darken", "lighten", "add")
"""The blend modes that the first version of the suite draws from.

What cases are drawn from never grows: with one more name to choose from, hundreds of cases would be others,
and a change of their pixels could hide among them. A new mode gets cases of its own."""

LATER_MODES = sorted((mode for mode in BlendMode if mode not in MODES), key=lambda mode: mode.facts.suite)
"""All others, those of older suites first. Each has cases of its own, which come last in their area."""


@dataclass(frozen=True)
class Case:
    """What is drawn, and how thorough a check it is part of.

    Attributes:
        name: its area and what it is about, such as "blend/overlay-pairs".
        level: "self-test" (a part of a second), "quick" (seconds) or "full" (minutes).
        fields: the composition as JSON holds it.
        suite: the version of the suite that it came with.
        programs: the kinds of a device's programs that it is drawn by, one after the other.
    """

    name: str
    level: Level
    fields: dict[str, Any]
    suite: int = 1
    programs: tuple[Choice, ...] = ("general", "specialised")

    @property
    def composition(self) -> ImageComposition:
        """The composition, checked."""
        return ImageComposition.model_validate(self.fields)


def case(
    name: str,
    size: tuple[int, int],
    layers: Sequence[dict[str, Any]],
    *,
    background: str = "#00000000",
    self_test: bool = False,
) -> Case:
    """A quick case of layers on a canvas of width and height, or one of the self-test."""
    level: Level = "self-test" if self_test else "quick"
    width, height = size
    scope = {"tenant_id": "conformance", "env": "suite"}
    canvas = {"width": width, "height": height, "background_color": background}
    return Case(name, level, {**scope, **canvas, "layers": list(layers)})
