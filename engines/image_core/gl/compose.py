"""The compositing pass: a program fused for the stack's shape, fed with the stack's numbers.

The shape (formats, point steps, masks, modes, what is opaque) decides the program; positions, opacities,
colours and tables are read from buffers, so that stacks of one shape share it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack

import numpy as np
from numpy.typing import NDArray

from engines.image_core.gl.session import Session
from engines.image_core.gl.textures import Format, Texture
from engines.image_core.models import BlendMode
from engines.image_core.steps import ONE, Compose, Image, LayerStep, Matrix, Solid, Table, opaque_backdrops

__all__ = ["compose"]

IMAGES_PER_PASS = 6
"""Image units a pass may use beside its target and its backdrop: GL guarantees eight in all."""

LAYERS_PER_PASS = 16
"""Layers a pass may take at most, for each may have a mask: GL guarantees sixteen texture units."""

FIRST_IMAGE_UNIT = 2


def compose(session: Session, step: Compose, evaluate: Callable[[Image], Texture], format: Format) -> Texture:
    """Composite the layers of a step into a texture of the given format.

    evaluate: makes the texture of a layer's image; it is released here after its pass.
    """
    known = opaque_backdrops(step)
    chunks = _chunks(step.layers)
    backdrop: Texture | None = None
    for number, (first, layers) in enumerate(chunks):
        target = format if number == len(chunks) - 1 else "rgba15"
        previous, backdrop = backdrop, None
        try:
            backdrop = _run(session, step, layers, known[first:], evaluate, previous, target)
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
    evaluate: Callable[[Image], Texture], backdrop: Texture | None, format: Format,
) -> Texture:  # fmt: skip
    """One pass: some layers over the backdrop so far, or over the background."""
    writer = _PassWriter([step.width, step.height, *step.background])
    with ExitStack() as held:
        for layer, opaque in zip(layers, known, strict=False):
            image = None
            if not isinstance(layer.image, Solid):
                image = evaluate(layer.image)
                held.callback(session.textures.release, image)
            writer.add(layer, image, opaque_backdrop=opaque, covers=step.covered_by(layer))
        for unit, texture in enumerate(writer.images, FIRST_IMAGE_UNIT):
            texture.bind_image(unit)
        for unit, pixels in enumerate(writer.masks):
            mask = session.textures.upload(pixels, "mask")
            held.callback(session.textures.release, mask)
            mask.handle.use(unit)
        if backdrop is not None:
            backdrop.bind_image(1)
        target = session.textures.take(step.width, step.height, format)
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


class _PassWriter:
    """Writes the GLSL of a pass's layers and collects the numbers and textures that it reads.

    Numbers go into one uniform array; the code refers to them by their index, which only depends on the
    shape of the stack.
    """

    def __init__(self, header: list[int]) -> None:
        self.parameters = header
        self._tables: list[NDArray[np.uint32]] = []
        self._table_words = 0
        self._declarations: list[str] = []
        self._body: list[str] = []
        self._modes: set[BlendMode] = set()
        self.images: list[Texture] = []
        self.masks: list[NDArray[np.uint8]] = []

    def source(self) -> str:
        """The include that defines composite_layers()."""
        includes = [f'#include "blend/{mode.value}.glsl"' for mode in BlendMode if mode in self._modes]
        function = ["void composite_layers(ivec2 at, inout ivec4 color) {", *self._body, "}"]
        return "\n".join([*includes, *self._declarations, *function])

    def tables(self) -> NDArray[np.uint32]:
        """The curves, one after another; never empty, for an empty buffer cannot be bound."""
        return np.concatenate([*self._tables, np.zeros(1, np.uint32)])

    def add(self, layer: LayerStep, image: Texture | None, *, opaque_backdrop: bool, covers: bool) -> None:
        """Write a layer. image: its texture, None for a Solid."""
        self._modes.add(layer.mode)
        self._body += ["    {"] if covers and layer.mask is None else [self._bounds(layer)]
        self._body += [f"        ivec4 source = {self._load(layer, image)};"]
        self._body += [f"        source.rgb = {self._point(step)};" for step in layer.points]
        self._body += [f"        int alpha = {self._alpha(layer)};"]
        self._body += [f"        ivec3 blended = blend_{layer.mode.value}(color.rgb, source.rgb);"]
        if opaque_backdrop:
            self._body += ["        color = over_opaque(color, blended, alpha);"]
        else:
            self._body += ["        color = over(color, source.rgb, blended, alpha);"]
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

    def _load(self, layer: LayerStep, image: Texture | None) -> str:
        if image is None:
            assert isinstance(layer.image, Solid)
            index = self._number(*layer.image.color)
            return f"ivec4({', '.join(f'parameters[{index + channel}]' for channel in range(4))})"
        name, unit = f"image_{len(self.images)}", FIRST_IMAGE_UNIT + len(self.images)
        self.images.append(image)
        layout, unpack = (
            ("r32ui", "unpack8(%s.x)") if image.format == "rgba8" else ("rg32ui", "unpack15(%s.xy)")
        )
        self._declarations += [f"layout({layout}, binding = {unit}) readonly uniform uimage2D {name};"]
        return unpack % f"imageLoad({name}, at - {self._vector(layer.left, layer.top)})"

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
            self.masks.append(layer.mask.mask.pixels)
            self._declarations += [f"layout(binding = {unit}) uniform usampler2D {name};"]
            value = f"texelFetch({name}, at - {self._vector(layer.mask.left, layer.mask.top)}, 0).x"
            coverage = f"mask_value{'_inverted' if layer.mask.inverted else ''}({value})"
            alpha = coverage if layer.image.opaque else f"mul({alpha}, {coverage})"
        if layer.opacity == ONE:
            return alpha
        opacity = f"parameters[{self._number(layer.opacity)}]"
        return opacity if alpha == "ONE" else f"mul({alpha}, {opacity})"
