"""Pictures brought to four corners or bent by a mesh, as they are written."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, Strict, model_validator

from engines.image_core.composition.fields import Model, Point, between, tag
from engines.image_core.runtime.limits import MAX_MESH

__all__ = ["CornersWarp", "MeshWarp", "Warp"]

FLATTEST = 1 << 20
"""By how many times less than another's the area of the triangle of a corner and its neighbours may be: so
much shorter may one edge of a card be than that opposite."""

Patches = Annotated[int, Strict(), AfterValidator(between(1, MAX_MESH))]


class CornersWarp(Model):
    """The layer's box drawn into a quadrilateral, as a card is seen that lies at a slant.

    `points` are where its top left, top right, bottom right and bottom left corners lie in the parent's
    pixels. Straight lines stay straight: the map is the projective one, and where the quadrilateral is a
    parallelogram that of a transform.
    """

    type: Literal["corners"] = tag("corners")
    points: tuple[Point, Point, Point, Point]

    @model_validator(mode="after")
    def _check(self) -> Self:
        exact = [(Fraction(x), Fraction(y)) for x, y in self.points]
        turns = [_turn(exact[index - 2], exact[index - 1], exact[index]) for index in range(4)]
        least, most = min(map(abs, turns)), max(map(abs, turns))
        if len({turn > 0 for turn in turns}) > 1 or least * FLATTEST < most or not most:
            raise ValueError(
                "points are no convex quadrilateral: allowed are four corners in their order around it, "
                "no three of them on a line, or nearly so"
            )
        return self


class MeshWarp(Model):
    """The layer's box bent by `columns` x `rows` bicubic Bezier patches, each with its equal share of it.

    `points` are the control points in the parent's pixels, row by row from the top: 3 `columns` + 1 in a row
    and 3 `rows` + 1 rows. Neighbouring patches share those of their edge. Where the mesh lies over itself the
    later patch is seen, and in a patch the part that is further down, then further to the right.
    """

    type: Literal["mesh"] = tag("mesh")
    columns: Patches
    rows: Patches
    points: Annotated[tuple[Point, ...], Field(max_length=(3 * MAX_MESH + 1) ** 2)]

    @model_validator(mode="after")
    def _check(self) -> Self:
        across, down = 3 * self.columns + 1, 3 * self.rows + 1
        if len(self.points) != across * down:
            raise ValueError(
                f"a mesh of {self.columns} x {self.rows} patches has {across} x {down} = {across * down}"
                f" points (given: {len(self.points)})"
            )
        return self


Warp = Annotated[CornersWarp | MeshWarp, Field(discriminator="type")]
"""Where a picture's box goes instead of a transform."""


def _turn(
    a: tuple[Fraction, Fraction], b: tuple[Fraction, Fraction], c: tuple[Fraction, Fraction]
) -> Fraction:
    """Twice the area of a triangle: above 0 where the path a, b, c turns right at b (y points down)."""
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
