"""Writes a run of instructions as numbers, which the general pass interprets.

Each instruction is a record of as many integers; behind the records lie the colour operations that they point
to. A program takes any run of as many instructions with the same features, for which it is compiled once.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engines.image_core.composition.blending import BlendMode
from engines.image_core.gl.choosing import MODES, blending, kind_of
from engines.image_core.gl.coloring import interpreted, numbers
from engines.image_core.gl.session import Units
from engines.image_core.gl.tables import TABLES_UNITS, Tables
from engines.image_core.gl.textures import Texture
from engines.image_core.planning.color_ops import ColorOp, Matrix
from engines.image_core.planning.entries import (
    Adjust,
    Compose,
    Coverage,
    Entry,
    Layer,
    Stack,
)
from engines.image_core.planning.identity import step_digest
from engines.image_core.planning.instructions import Draw, Instruction, Pop, Push
from engines.image_core.planning.runs import Run
from engines.image_core.planning.steps import Solid

__all__ = ["GeneralWriter", "interpretable"]

MOST_INSTRUCTIONS = 12
MOST_LEVELS = 4
"""What the general pass takes at most: levels beside the lowest."""

MOST_OPS = 256
"""How many numbers the colour operations of a pass may have."""

_RECORD = {
    "OP": 1, "AREA": 4, "FORMAT": 1, "PLACE": 4, "COLOR": 4, "OPS_FIRST": 1, "OPS_COUNT": 1, "WHOLE": 1,
    "OPACITY": 1, "BLEND": 1, "WAY": 1, "ROUNDED": 1, "MASKED": 1, "MASK_FORMAT": 1, "MASK_INVERTED": 1,
    "MASK_PLACE": 4,
}  # fmt: skip
"""What a record holds, in this order, and how many numbers each. A place is where a texture's first pixel
lies, and its last pixel's own position."""

_RECORD_LENGTH = sum(_RECORD.values())
_ORIGIN = 4  # after the background
_FIRST_RECORD = 6

_OPS = ("DRAW_TEXTURE", "DRAW_SOLID", "ADJUST", "PUSH_NOTHING", "PUSH_BACKDROP", "POP")
_WAYS = ("OVER", "RECOLOR", "MIX_BACK")
_KNOWN = ("ANY", "NOTHING", "OPAQUE")


def _names() -> dict[str, int]:
    """The names that the shader knows fields, operations and ways by."""
    names = {name: index for group in (_OPS, _WAYS, _KNOWN) for index, name in enumerate(group)}
    offset = 0
    for name, length in _RECORD.items():
        names[name] = offset
        offset += length
    names["ORIGIN"] = _ORIGIN
    return names


_DEFINES: Mapping[str, int] = MappingProxyType(_names())


def interpretable(run: Run) -> bool:
    """Whether the general pass can draw a run: it begins and ends at the lowest level, is not too long and
    has no colour operations but curves and matrices, and no blending options."""
    depth = deepest = 0
    for instruction in run.instructions:
        depth += isinstance(instruction, Push) - isinstance(instruction, Pop)
        deepest = max(deepest, depth)
        plain = isinstance(instruction, Push) or instruction.entry.options is None
        if depth < 0 or not plain or not all(map(interpreted, _color_ops(instruction))):
            return False
    whole = depth == 0 and run.written == [0] and set(run.read) <= {0}
    return whole and len(run.instructions) <= MOST_INSTRUCTIONS and deepest <= MOST_LEVELS


def _color_ops(instruction: Instruction) -> tuple[ColorOp, ...]:
    return instruction.entry.color_ops if isinstance(instruction, Draw) else ()


class GeneralWriter:
    """The numbers of one pass, and which program takes them.

    Attributes:
        defines, includes: what the program is compiled for: the features that the run has.
        parameters: all numbers: the background, the origin, the records, the colour operations.
        images: textures to be bound to image units, by unit; the target is not among them, it is unit 0.
        samplers: textures to be bound to texture units, by unit.
        tables: the curves.
    """

    def __init__(
        self, step: Compose, run: Run, values: Mapping[str, Texture], target: Texture, stored: Texture | None,
        units: Units,
    ) -> None:  # fmt: skip
        self._values = values
        self._units = units
        self._count = len(run.instructions)
        self.tables = Tables()
        self._ops: list[int] = []
        records = [self._record(instruction) for instruction in run.instructions]
        self.parameters = [*step.background, *step.origin]
        for record in records:
            for name, length in _RECORD.items():
                self.parameters += record.get(name, [0] * length)
        self.parameters += self._ops
        self._textures = [self._texture(instruction) for instruction in run.instructions]
        self._masks = [self._mask_texture(instruction) for instruction in run.instructions]
        self._first_image = 1 if stored is None else 2
        drawn = [texture for texture in self._textures if texture is not None]
        eight = all(texture.format == "rgba8" for texture in drawn)
        tables_unit = self._first_image + self._count
        self._sampled = not eight or tables_unit + TABLES_UNITS > units.images
        drawn_by = [each for each in run.instructions if not isinstance(each, Push)]
        kinds = frozenset(kind_of(each.entry.blend) for each in drawn_by)
        self.defines = {
            **_DEFINES,
            "DISSOLVE": MODES.index(BlendMode.DISSOLVE) if "by channel" in kinds else -1,
            "TARGET": target.bits,
            "BIT_DEPTH": step.bit_depth,
            "TABLES": self._first_image if self._sampled else tables_unit,
            "STORED": int(stored is not None),
            "SAMPLED": int(self._sampled),
            "MASKS": int(any(self._masks)),
            "OPS": int(bool(self._ops)),
            "LEVELS": int(not all(map(_plain, run.instructions))),
        }
        self._first_sampled = self._count if self.defines["MASKS"] else 0
        self.defines["PARAMETERS"] = self._ops_first() + (MOST_OPS if self._ops else 0)
        self._known = [self._known_of(instruction) for instruction in run.instructions]
        self.includes = {"blending": blending(kinds), "steps": self._steps()}
        self.images = [] if stored is None else [stored]
        self.samplers: list[Texture] = []
        self._bind(drawn)

    @property
    def fits(self) -> bool:
        """Whether the program has room for the numbers, and the device for the program's."""
        room = self.defines["PARAMETERS"]
        sampled = self._first_sampled + (self._count if self._sampled else 0)
        return len(self.parameters) <= room <= self._units.numbers and sampled <= self._units.textures

    # The program.

    def _steps(self) -> str:
        """The include that defines execute_all(): all loads, so that they wait for memory together, and then
        the instructions."""
        declarations, loads, body = [], [], []
        for number in range(self._count):
            record = _FIRST_RECORD + number * _RECORD_LENGTH
            place = f"place({record + _DEFINES['PLACE']}, at)"
            if self._sampled:
                unit = self._first_sampled + number
                declarations.append(f"layout(binding = {unit}) uniform usampler2D image_{number};")
                loads.append(f"    uvec2 words_{number} = texelFetch(image_{number}, {place}, 0).xy;")
            else:
                unit = self._first_image + number
                declarations.append(
                    f"layout(r32ui, binding = {unit}) readonly uniform uimage2D image_{number};"
                )
                place = f"at - pair({record + _DEFINES['PLACE']})"
                loads.append(f"    uvec2 words_{number} = uvec2(imageLoad(image_{number}, {place}).x, 0u);")
            coverage = "ONE"
            if self.defines["MASKS"]:
                declarations.append(f"layout(binding = {number}) uniform usampler2D mask_{number};")
                place = f"place({record + _DEFINES['MASK_PLACE']}, at)"
                loads.append(f"    uint value_{number} = texelFetch(mask_{number}, {place}, 0).x;")
                coverage = f"covered({record}, value_{number})"
            body.append(f"    execute({record}, at, words_{number}, {coverage}, {self._known[number]});")
        return "\n".join([*declarations, "void execute_all(ivec2 at) {", *loads, *body, "}"])

    def _bind(self, drawn: list[Texture]) -> None:
        """Fill the units. Where an instruction reads nothing, anything may stand, of the right kind."""
        masks = [mask for mask in self._masks if mask is not None]
        if masks:
            self.samplers = [mask or masks[0] for mask in self._masks]
        if not drawn:
            return
        textures = [texture or drawn[0] for texture in self._textures]
        if self._sampled:
            self.samplers += textures
        else:
            self.images += textures

    # The numbers.

    def _ops_first(self) -> int:
        return _FIRST_RECORD + _RECORD_LENGTH * self._count

    def _record(self, instruction: Instruction) -> dict[str, list[int]]:
        if isinstance(instruction, Push):
            through = instruction.stack.through
            return {"OP": [_DEFINES["PUSH_BACKDROP" if through else "PUSH_NOTHING"]]}
        drawn = instruction.entry
        area = drawn.area
        return {
            **self._source(drawn),
            **self._ops_of(_color_ops(instruction)),
            **self._mask(drawn.mask),
            "OPACITY": [drawn.opacity],
            "BLEND": [MODES.index(drawn.blend)],
            "WAY": [_WAYS.index(_way(instruction, drawn))],
            "ROUNDED": [int(instruction.bit_depth == 8)],
            "AREA": [area.left, area.top, area.right, area.bottom],
        }

    def _source(self, drawn: Entry) -> dict[str, list[int]]:
        if isinstance(drawn, Stack):
            return {"OP": [_DEFINES["POP"]], "WHOLE": [int(drawn.mixed_back)]}
        if isinstance(drawn, Adjust):
            return {"OP": [_DEFINES["ADJUST"]], "WHOLE": [1]}
        if isinstance(drawn.image, Solid):
            return {"OP": [_DEFINES["DRAW_SOLID"]], "COLOR": list(drawn.image.color)}
        texture = self._values[step_digest(drawn.image)]
        return {
            "OP": [_DEFINES["DRAW_TEXTURE"]],
            "WHOLE": [int(drawn.image.opaque)],
            "FORMAT": [texture.bits],
            "PLACE": [drawn.left, drawn.top, texture.width - 1, texture.height - 1],
        }

    def _mask(self, mask: Coverage | None) -> dict[str, list[int]]:
        if mask is None:
            return {}
        texture = self._values[step_digest(mask.plane)]
        return {
            "MASKED": [1],
            "MASK_FORMAT": [texture.bits],
            "MASK_INVERTED": [int(mask.inverted)],
            "MASK_PLACE": [mask.left, mask.top, texture.width - 1, texture.height - 1],
        }

    def _ops_of(self, color_ops: tuple[ColorOp, ...]) -> dict[str, list[int]]:
        first = self._ops_first() + len(self._ops)
        for op in color_ops:
            self._ops += [int(isinstance(op, Matrix)), *numbers(op, self.tables)]
        return {"OPS_FIRST": [first], "OPS_COUNT": [len(color_ops)]}

    def _known_of(self, instruction: Instruction) -> str:
        """What the program takes for granted of a level: of images over one another, but not of stacks of
        them, for then there would be as many programs as there are shapes."""
        if self.defines["LEVELS"] or isinstance(instruction, Push):
            return "ANY"
        return instruction.known.upper()

    def _texture(self, instruction: Instruction) -> Texture | None:
        match instruction:
            case Draw(entry=Layer(image=image)) if not isinstance(image, Solid):
                return self._values[step_digest(image)]
        return None

    def _mask_texture(self, instruction: Instruction) -> Texture | None:
        if isinstance(instruction, Push):
            return None
        mask = instruction.entry.mask
        return None if mask is None else self._values[step_digest(mask.plane)]


def _plain(instruction: Instruction) -> bool:
    """Whether an instruction draws an image over its level and does nothing else."""
    return isinstance(instruction, Draw) and isinstance(instruction.entry, Layer) and not instruction.keep


def _way(instruction: Draw | Pop, drawn: Entry) -> str:
    """How a source is put onto its level."""
    if instruction.keep or isinstance(drawn, Adjust):
        return "RECOLOR"
    return "MIX_BACK" if isinstance(drawn, Stack) and drawn.mixed_back else "OVER"
