"""Writes the GLSL of a run of instructions, and collects the numbers and textures that it reads.

Level n of the program is the variable `level_n`: a stack machine whose stack is registers, so that a group
costs neither a texture nor a pass. Numbers go into one uniform array; the code refers to them by their index,
which only depends on the shape of the run, and so do the units: runs of one shape share a program.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engines.image_core.composition.blending import BlendMode
from engines.image_core.gl.coloring import called, numbers
from engines.image_core.gl.putting import OPTIONS, Putting, mix_back, put
from engines.image_core.gl.tables import Tables
from engines.image_core.gl.textures import Texture
from engines.image_core.planning.color_ops import ColorOp
from engines.image_core.planning.entries import EVERYWHERE, Adjust, Compose, Coverage, Entry, Layer, Stack
from engines.image_core.planning.identity import step_digest
from engines.image_core.planning.instructions import Draw, Instruction, Known, Pop, Push, whole_stacks
from engines.image_core.planning.options import Options
from engines.image_core.planning.runs import Run
from engines.image_core.planning.steps import ONE, Solid, Step

__all__ = ["PassWriter"]


@dataclass(frozen=True)
class _Format:
    """How pixels of a texture are read: the image's layout, a pixel's type, its fields, what unpacks it."""

    layout: str
    kind: str
    fields: str
    unpack: str


_FORMATS = {
    "rgba8": _Format("r32ui", "uint", "x", "unpack8"),
    "rgba15": _Format("rg32ui", "uvec2", "xy", "unpack15"),
    "mask": _Format("r8ui", "uint", "x", "coverage8"),
    "plane15": _Format("r16ui", "uint", "x", "int"),
}


class PassWriter:
    """The code of one pass.

    Attributes:
        parameters: the numbers.
        images: textures to be bound to image units, by unit; levels that the pass stores among them.
        samplers: textures to be bound to texture units, by unit.
        tables: the curves.
    """

    def __init__(
        self, step: Compose, run: Run, values: Mapping[str, Texture], stored: Mapping[int, Texture],
        written: Sequence[Texture], image_units: int,
    ) -> None:  # fmt: skip
        self._step = step
        self._run = run
        self._values = values
        self._image_units = image_units
        self.tables = Tables()
        self._declarations: list[str] = []
        self._loads: list[str] = []
        self._body: list[str] = []
        self._modes: set[BlendMode] = set()
        self._includes: dict[str, None] = {}  # files of what is called, as they are first used
        self._names: dict[str, str] = {}  # of textures, by the digest of their step
        self.parameters = list(step.background)
        self.images: list[Texture] = []
        self.samplers: list[Texture] = []
        for texture in written:
            self._image_unit(texture)
        self._begin(stored)
        whole = whole_stacks(run.instructions)
        for index, instruction in enumerate(run.instructions):
            self._add(instruction, index in whole)
        self._store()

    def source(self) -> str:
        """The include that defines composited(): the level that the pass's target takes, at a position."""
        includes = [f'#include "blend/{mode.identifier}.glsl"' for mode in BlendMode if mode in self._modes]
        includes += [f'#include "{file}"' for file in self._includes]
        head = [
            "ivec4 composited(ivec2 at, bool inside) {",
            "    ivec2 near = min(at, imageSize(target_image) - 1);",
        ]
        tail = [f"    return level_{self._run.written[0]};", "}"]
        return "\n".join([*includes, *self._declarations, *head, *self._loads, *self._body, *tail])

    # What comes before and after the instructions.

    def _begin(self, stored: Mapping[int, Texture]) -> None:
        """Declare the levels: as they were stored, as the background, or as nothing."""
        used = {0, *self._run.written, *self._run.read}
        used |= {instruction.level for instruction in self._run.instructions}
        used |= {instruction.level - 1 for instruction in self._run.instructions if instruction.level}
        used |= self._run.bottoms()
        for number in sorted(used):
            value = "ivec4(0)"
            if number in self._run.read:
                unit = self._image_unit(stored[number])
                name = f"stored_{number}"
                self._declarations.append(
                    f"layout(rg32ui, binding = {unit}) readonly uniform uimage2D {name};"
                )
                value = f"unpack15(imageLoad({name}, at).xy)"
            elif number == 0 and 0 not in stored and any(self._step.background):
                value = f"ivec4({', '.join(f'parameters[{channel}]' for channel in range(4))})"
            self._loads.append(f"    ivec4 level_{number} = {value};")

    def _store(self) -> None:
        """Store the levels that later passes go on with; the first of those written is the pass's target."""
        for unit, number in enumerate(self._run.written[1:], 1):
            name = f"kept_{number}"
            self._declarations.append(f"layout(rg32ui, binding = {unit}) writeonly uniform uimage2D {name};")
            value = f"inside ? pack15(level_{number}) : uvec2(0u)"
            self._body.append(f"    imageStore({name}, at, uvec4({value}, 0u, 0u));")

    # The instructions.

    def _add(self, instruction: Instruction, whole: bool) -> None:
        """Append an instruction. whole: its stack, where it has one, begins and ends in this pass."""
        match instruction:
            case Draw(entry=Layer() as layer):
                self._draw(instruction, layer)
            case Draw(entry=Adjust() as entry):
                self._adjust(instruction, entry)
            case Push():
                start = f"level_{instruction.level - 1}" if instruction.stack.through else "ivec4(0)"
                if whole:
                    self._open(instruction.stack, instruction.known)
                self._body.append(f"    level_{instruction.level} = {start};")
            case Pop():
                if not whole:
                    self._open(instruction.stack, instruction.known)
                self._pop(instruction)

    def _open(self, entry: Entry, known: Known) -> bool:
        """Begin the block of an entry: for all pixels, then the answer is True, or for those of its area.

        known: of the level that it is put onto.
        """
        if self._everywhere(entry, known):
            self._body.append("    {")
            return True
        area = entry.area
        low, high = self._vector(area.left, area.top), self._vector(area.right, area.bottom)
        self._body.append(f"    if (all(greaterThanEqual(at, {low})) && all(lessThan(at, {high}))) {{")
        return False

    def _draw(self, draw: Draw, layer: Layer) -> None:
        everywhere = self._open(layer, draw.known)
        self._body.append(f"    ivec4 source = {self._read(layer, everywhere)};")
        self._adjusted(layer.color_ops)
        own = "ONE" if layer.image.opaque else "source.a"
        alpha = self._share(own, layer.mask, layer.opacity, everywhere)
        self._over(draw, draw.level, layer.blend, alpha, draw.keep)

    def _adjust(self, draw: Draw, entry: Adjust) -> None:
        everywhere = self._open(entry, draw.known)
        self._body.append(f"    ivec4 source = level_{draw.level};")
        self._adjusted(entry.color_ops)
        alpha = self._share("ONE", entry.mask, entry.opacity, everywhere)
        self._over(draw, draw.level, entry.blend, alpha, keep=True)

    def _pop(self, pop: Pop) -> None:
        stack, mixed = pop.stack, pop.stack.mixed_back
        self._body.append(f"    ivec4 source = level_{pop.level};")
        own = "ONE" if mixed or pop.source == "opaque" else "source.a"
        alpha = self._share(own, stack.mask, stack.opacity, self._everywhere(stack, pop.known))
        opaque = pop.known == pop.source == "opaque" and stack.options is None
        if mixed and not pop.keep and not opaque:
            self._needs_options(stack.options)
            level, depth = f"level_{pop.level - 1}", pop.bit_depth
            self._body += mix_back(level, alpha, stack.options, depth, self._number)
            self._body.append("    }")
        else:
            self._over(pop, pop.level - 1, stack.blend, alpha, pop.keep)

    def _over(self, drawn: Draw | Pop, level: int, blend: BlendMode, alpha: str, keep: bool) -> None:
        """Put `source` onto a level, and end the block."""
        options = drawn.entry.options
        self._modes.add(blend)
        self._needs_options(options)
        place = f"at + {self._vector(*self._step.origin)}" if blend is BlendMode.DISSOLVE else ""
        name, depth = f"level_{level}", drawn.bit_depth
        source = Putting(blend, options, name, drawn.known, alpha, keep, drawn.bottom, place, depth)
        self._body += put(source, self._number)
        self._body.append("    }")

    def _needs_options(self, options: Options | None) -> None:
        if options is not None:
            self._includes |= dict.fromkeys(OPTIONS)

    # The parts of an instruction.

    def _adjusted(self, color_ops: tuple[ColorOp, ...]) -> None:
        for op in color_ops:
            self._body.append(f"    source.rgb = {self._color_op(op)};")

    def _color_op(self, op: ColorOp) -> str:
        file, call = called(op, self._number(*numbers(op, self.tables)))
        self._includes[file] = None
        return call

    def _share(self, alpha: str, mask: Coverage | None, opacity: int, everywhere: bool) -> str:
        """alpha, times a mask, times an opacity."""
        if mask is not None:
            coverage = self._pixel(mask.plane, mask.left, mask.top, everywhere)
            coverage = f"(ONE - {coverage})" if mask.inverted else coverage
            alpha = coverage if alpha == "ONE" else f"mul({alpha}, {coverage})"
        if opacity == ONE:
            return alpha
        faded = f"parameters[{self._number(opacity)}]"
        return faded if alpha == "ONE" else f"mul({alpha}, {faded})"

    def _everywhere(self, entry: Entry, known: Known) -> bool:
        """Whether an entry may be put onto all pixels: its area has them all, or around that a level stays as
        it is, for there, beyond the edge of an image, alpha is 0. llvmpipe computes both sides of a choice:
        without one it takes half as long."""
        if self._step.covered_by(entry.area):
            return True
        if entry.options is not None or self._step.bit_depth == 8:
            return False
        area, mask = EVERYWHERE, entry.mask
        if mask is not None:
            if mask.inverted or self._sampled(mask.plane):
                return False
            area = mask.area
        if isinstance(entry, Stack):
            # Around what is painted on it its level is as it began: nothing, or the level below.
            return not entry.mixed_back or known == "opaque"
        if isinstance(entry, Layer) and not isinstance(entry.image, Solid):
            if self._sampled(entry.image):
                return False
            if not entry.image.opaque:
                area = area.intersect(entry.image_area)
        return area == entry.area

    def _read(self, layer: Layer, everywhere: bool) -> str:
        """The layer's pixel in 15-bit steps."""
        if isinstance(layer.image, Solid):
            index = self._number(*layer.image.color)
            return f"ivec4({', '.join(f'parameters[{index + channel}]' for channel in range(4))})"
        return self._pixel(layer.image, layer.left, layer.top, everywhere)

    def _pixel(self, step: Step, left: int, top: int, everywhere: bool) -> str:
        """A pixel of an image or a plane in 15-bit steps.

        Beyond the edge of an image a load gives 0; of a sampled texture it gives anything, so that at the
        edge of the canvas the nearest position is taken, whose pixel is not stored.
        """
        name, format = self._name(step), _FORMATS[self._values[step_digest(step)].format]
        offset = "" if left == top == 0 else f" - {self._vector(left, top)}"
        if self._sampled(step):
            load = f"texelFetch({name}, {'near' if everywhere else 'at'}{offset}, 0).{format.fields}"
        else:
            load = f"imageLoad({name}, at{offset}).{format.fields}"
        if not everywhere:
            return f"{format.unpack}({load})"
        # All such loads come before all arithmetic, for them to wait for memory together.
        word = f"word_{len(self._loads)}"
        self._loads.append(f"    {format.kind} {word} = {load};")
        return f"{format.unpack}({word})"

    def _sampled(self, step: Step) -> bool:
        """Whether an image or a plane is read as a texture: by an image unit llvmpipe is quicker, while there
        are some."""
        return self._name(step).startswith("sampled")

    def _name(self, step: Step) -> str:
        """The variable of an image or a plane, which is declared when it is first asked for."""
        known = step_digest(step)
        if known not in self._names:
            texture = self._values[known]
            if len(self.images) < self._image_units:
                unit = self._image_unit(texture)
                self._names[known] = f"image_{unit}"
                layout = f"{_FORMATS[texture.format].layout}, binding = {unit}"
                self._declarations.append(f"layout({layout}) readonly uniform uimage2D image_{unit};")
            else:
                unit = len(self.samplers)
                self.samplers.append(texture)
                self._names[known] = f"sampled_{unit}"
                self._declarations.append(f"layout(binding = {unit}) uniform usampler2D sampled_{unit};")
        return self._names[known]

    def _image_unit(self, texture: Texture) -> int:
        self.images.append(texture)
        return len(self.images) - 1

    def _number(self, *values: int) -> int:
        """Append numbers to the parameters; the index of the first."""
        self.parameters += values
        return len(self.parameters) - len(values)

    def _vector(self, x: int, y: int) -> str:
        index = self._number(x, y)
        return f"ivec2(parameters[{index}], parameters[{index + 1}])"
