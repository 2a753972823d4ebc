"""The compositing pass: a program fused for the stack's shape, fed with the stack's numbers.

The shape (formats, point steps, masks, modes, what is opaque) decides the program; positions, opacities,
colours and tables are read from buffers, so that stacks of one shape share it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.image_core.gl.session import Session
from engines.image_core.gl.textures import Format, Texture
from engines.image_core.models import BlendMode
from engines.image_core.planning.decoded import DecodedMask
from engines.image_core.planning.steps import (
    ONE,
    Compose,
    Image,
    LayerStep,
    Matrix,
    Solid,
    Table,
    opaque_backdrops,
)

__all__ = ["Inputs", "compose"]

IMAGES_PER_PASS = 6
"""Image units a pass may use beside its target and its backdrop: GL guarantees eight in all."""

LAYERS_PER_PASS = 16
"""Layers a pass may take at most, for each may have a mask: GL guarantees sixteen texture units."""

FIRST_IMAGE_UNIT = 2

NOTHING = (0, 0, 0, 0)

_Known: TypeAlias = Literal["nothing", "opaque", "any"]
"""What is known of a layer's backdrop: it is transparent black everywhere, it is opaque, or neither."""


class Inputs(Protocol):
    """What passes read: textures that hold while a pass needs them, and are never written by one."""

    def image(self, image: Image) -> AbstractContextManager[Texture]:
        """The texture of a layer's image."""

    def mask(self, mask: DecodedMask) -> AbstractContextManager[Texture]:
        """The texture of a mask."""


def compose(session: Session, step: Compose, inputs: Inputs, format: Format) -> Texture:
    """Composite the layers of a step into a texture of the given format."""
    known = opaque_backdrops(step)
    chunks = _chunks(step.layers)
    backdrop: Texture | None = None
    for number, (first, layers) in enumerate(chunks):
        target = format if number == len(chunks) - 1 else "rgba15"
        previous, backdrop = backdrop, None
        try:
            backdrop = _run(session, step, layers, known[first:], inputs, previous, target)
        finally:
            if previous is not None:
                session.textures.release(previous)
    assert backdrop is not None
    return backdrop


def _chunks(layers: tuple[LayerStep, ...]) -> list[tuple[int, list[LayerStep]]]:
    """The layers in runs that one pass can take, each with its first index; one empty run for no layers."""
    chunks: list[tuple[int, list[LayerStep]]] = [(0, [])]
    images = 0
    for index, layer in enumerate(layers):
        needs = 0 if isinstance(layer.image, Solid) else 1
        if images + needs > IMAGES_PER_PASS or len(chunks[-1][1]) == LAYERS_PER_PASS:
            chunks.append((index, []))
            images = 0
        chunks[-1][1].append(layer)
        images += needs
    return chunks


def _run(
    session: Session, step: Compose, layers: Sequence[LayerStep], known: Sequence[bool],
    inputs: Inputs, backdrop: Texture | None, format: Format,
) -> Texture:  # fmt: skip
    """One pass: some layers over the backdrop so far, or over the background."""
    writer = _PassWriter(step.background)
    empty = backdrop is None and step.background == NOTHING
    with ExitStack() as held:
        for layer, opaque in zip(layers, known, strict=False):
            image = None
            if not isinstance(layer.image, Solid):
                image = held.enter_context(inputs.image(layer.image))
            writer.add(
                layer,
                image,
                backdrop="nothing" if empty else "opaque" if opaque else "any",
                everywhere=layer.mask is None and step.covered_by(layer),
            )
            empty = False
        for unit, texture in enumerate(writer.images, FIRST_IMAGE_UNIT):
            texture.bind_image(unit)
        for unit, mask in enumerate(writer.masks):
            held.enter_context(inputs.mask(mask)).handle.use(unit)
        if backdrop is not None:
            backdrop.bind_image(1)
        with session.textures.taken(step.width, step.height, format) as target:
            session.dispatch(
                "compose",
                {
                    "TARGET": 8 if format == "rgba8" else 15,
                    "BACKDROP": int(backdrop is not None),
                    "PARAMETERS": len(writer.parameters),
                },
                target,
                [writer.tables()],
                {"layers": writer.source()},
                writer.parameters,
            )
    return target


_IMAGE_FORMATS = {
    "rgba8": ("r32ui", "uint", "x", "unpack8"),
    "rgba15": ("rg32ui", "uvec2", "xy", "unpack15"),
}
"""By the texture's format: the image's layout, a pixel's type, its fields, and what unpacks it."""


def _over(backdrop: _Known, opaque: bool) -> str:
    """The cheapest way to composite that gives the same pixels. opaque: the layer's alpha is ONE."""
    if backdrop == "nothing":
        return "over_nothing(source.rgb, alpha)"
    if backdrop == "opaque":
        return "over_opaque(color, blended, alpha)"
    return "opaque_over(color, source.rgb, blended)" if opaque else "over(color, source.rgb, blended, alpha)"


class _PassWriter:
    """Writes the GLSL of a pass's layers and collects the numbers and textures that it reads.

    Numbers go into one uniform array; the code refers to them by their index, which only depends on the
    shape of the stack.
    """

    def __init__(self, background: Sequence[int]) -> None:
        self.parameters = list(background)
        self._tables: list[NDArray[np.uint32]] = []
        self._table_words = 0
        self._declarations: list[str] = []
        self._loads: list[str] = []
        self._body: list[str] = []
        self._modes: set[BlendMode] = set()
        self.images: list[Texture] = []
        self.masks: list[DecodedMask] = []

    def source(self) -> str:
        """The include that defines composite_layers()."""
        includes = [f'#include "blend/{mode.value}.glsl"' for mode in BlendMode if mode in self._modes]
        function = ["void composite_layers(ivec2 at, inout ivec4 color) {", *self._loads, *self._body, "}"]
        return "\n".join([*includes, *self._declarations, *function])

    def tables(self) -> NDArray[np.uint32]:
        """The curves, one after another; never empty, for an empty buffer cannot be bound."""
        return np.concatenate([*self._tables, np.zeros(1, np.uint32)])

    def add(self, layer: LayerStep, image: Texture | None, *, backdrop: _Known, everywhere: bool) -> None:
        """Write a layer. image: its texture, None for a Solid. everywhere: it needs no bounds."""
        self._modes.add(layer.mode)
        self._body += ["    {"] if everywhere else [self._bounds(layer)]
        self._body += [f"        ivec4 source = {self._read(layer, image, everywhere)};"]
        self._body += [f"        source.rgb = {self._point(step)};" for step in layer.points]
        self._body += [f"        int alpha = {self._alpha(layer)};"]
        self._body += [f"        ivec3 blended = blend_{layer.mode.value}(color.rgb, source.rgb);"]
        self._body += [f"        color = {_over(backdrop, layer.opaque)};"]
        self._body += ["    }"]

    def _number(self, *values: int) -> int:
        """Append numbers to the parameters; the index of the first."""
        self.parameters += values
        return len(self.parameters) - len(values)

    def _vector(self, x: int, y: int) -> str:
        index = self._number(x, y)
        return f"ivec2(parameters[{index}], parameters[{index + 1}])"

    def _bounds(self, layer: LayerStep) -> str:
        left, top = layer.left, layer.top
        right, bottom = left + layer.image.width, top + layer.image.height
        if layer.mask is not None:
            height, width = layer.mask.mask.pixels.shape
            left, top = max(left, layer.mask.left), max(top, layer.mask.top)
            right = min(right, layer.mask.left + width)
            bottom = min(bottom, layer.mask.top + height)
        low, high = self._vector(left, top), self._vector(right, bottom)
        return f"    if (all(greaterThanEqual(at, {low})) && all(lessThan(at, {high}))) {{"

    def _read(self, layer: LayerStep, image: Texture | None, everywhere: bool) -> str:
        """The layer's pixel in 15-bit steps."""
        if image is None:
            assert isinstance(layer.image, Solid)
            index = self._number(*layer.image.color)
            return f"ivec4({', '.join(f'parameters[{index + channel}]' for channel in range(4))})"
        number = len(self.images)
        self.images.append(image)
        layout, kind, fields, unpack = _IMAGE_FORMATS[image.format]
        name, unit = f"image_{number}", FIRST_IMAGE_UNIT + number
        self._declarations += [f"layout({layout}, binding = {unit}) readonly uniform uimage2D {name};"]
        load = f"imageLoad({name}, {self._position(layer.left, layer.top)}).{fields}"
        if not everywhere:
            return f"{unpack}({load})"
        # All such loads come before all arithmetic, for them to wait for memory together.
        self._loads += [f"    {kind} word_{number} = {load};"]
        return f"{unpack}(word_{number})"

    def _position(self, left: int, top: int) -> str:
        return "at" if left == top == 0 else f"at - {self._vector(left, top)}"

    def _point(self, step: Table | Matrix) -> str:
        if isinstance(step, Matrix):
            return f"apply_matrix(source.rgb, {self._number(*step.weights)})"
        words = np.append(step.values, np.uint16(0)).view(np.uint32)
        self._tables.append(words)
        self._table_words += len(words)
        return f"apply_table(source.rgb, parameters[{self._number(self._table_words - len(words))}])"

    def _alpha(self, layer: LayerStep) -> str:
        alpha = "ONE" if layer.image.opaque else "source.a"
        if layer.mask is not None:
            name, unit = f"mask_{len(self.masks)}", len(self.masks)
            self.masks.append(layer.mask.mask)
            self._declarations += [f"layout(binding = {unit}) uniform usampler2D {name};"]
            value = f"texelFetch({name}, {self._position(layer.mask.left, layer.mask.top)}, 0).x"
            coverage = f"mask_value{'_inverted' if layer.mask.inverted else ''}({value})"
            alpha = coverage if layer.image.opaque else f"mul({alpha}, {coverage})"
        if layer.opacity == ONE:
            return alpha
        opacity = f"parameters[{self._number(layer.opacity)}]"
        return opacity if alpha == "ONE" else f"mul({alpha}, {opacity})"
