"""How the general program chooses a blend mode: by its number, among those that the program has."""

from __future__ import annotations

from functools import cache
from typing import Literal, TypeAlias

from engines.image_core.composition.blending import BlendMode

__all__ = ["MODES", "Kind", "blending", "kind_of"]

MODES = tuple(BlendMode)
"""The modes by their numbers."""

Kind: TypeAlias = Literal["first", "by channel", "of colours"]
"""Which modes a program has. All have those of the first suite, which need hardly more than products, and are
compiled beforehand; the others only where a run has one of their kind, for each is computed at each
instruction. More kinds would be more programs to wait for."""


def kind_of(mode: BlendMode) -> Kind:
    """The kind that a mode is of."""
    if mode.facts.suite == 1:
        return "first"
    return "by channel" if mode.facts.separable else "of colours"


@cache
def blending(kinds: frozenset[Kind]) -> str:
    """The include that defines blended_by(): modes of some kinds and of the first."""
    modes = [mode for mode in MODES if kind_of(mode) in kinds | {"first"}]
    includes = [f'#include "blend/{mode.identifier}.glsl"' for mode in modes]
    head = ["ivec3 blended_by(int mode, ivec3 cb, ivec3 cs) {", "    ivec3 blended = cs;"]
    choices = [
        f"    blended = mode == {MODES.index(mode)} ? blend_{mode.identifier}(cb, cs) : blended;"
        for mode in modes
        if mode not in {BlendMode.NORMAL, BlendMode.DISSOLVE}
    ]
    return "\n".join([*includes, *head, *choices, "    return blended;", "}"])
