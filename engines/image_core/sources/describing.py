"""From a layer to its sources: what each is known by, and how it is made where it is not kept.

A picture is known by the SHA-256 of its file, what is drawn by all that describes it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from engines.image_core.composition.fills import GradientFill, PatternFill
from engines.image_core.composition.psd_parts import PsdPart
from engines.image_core.composition.shapes import RectShape, Shape
from engines.image_core.composition.tints import LookupSource
from engines.image_core.errors import CompositionError, SourceError
from engines.image_core.models import (
    Layer,
    Mask,
    PlacedLayer,
    RasterLayer,
    TextLayer,
    VectorLayer,
)
from engines.image_core.numbers.geometry import IDENTITY, Affine, Rect
from engines.image_core.numbers.rounding import round_fraction
from engines.image_core.planning.decoded import DecodedImage, DecodedLookup, DecodedMask, LayerBox
from engines.image_core.planning.entries import EVERYWHERE
from engines.image_core.planning.filtering import blur_reach
from engines.image_core.planning.fitting import (
    box_size,
    drawn_bounds,
    layer_affine,
    own_size,
    paint_size,
    solid_area,
)
from engines.image_core.runtime.limits import Budget
from engines.image_core.sources.cubes import MAX_CUBE_BYTES, decode_cube
from engines.image_core.sources.patterns import NO_PICTURES, PatternPictures
from engines.image_core.sources.pictures import Pictures
from engines.image_core.sources.psd.knowing import decoder
from engines.image_core.sources.raster.decoding import decode_mask
from engines.image_core.sources.raster.icc import ColorSpace, DamagedProfiles
from engines.image_core.sources.reading import File, Reading
from engines.image_core.sources.source import Source, hashed
from engines.image_core.sources.text.drawing import (
    rasterise_text,
    text_bounds,
    text_box,
    text_hash,
    text_outlines,
)
from engines.image_core.sources.vector.codes import code_drawing
from engines.image_core.sources.vector.drawing import (
    rasterise_shapes,
    shapes_bounds,
    shapes_hash,
    shapes_outlines,
)
from engines.image_core.sources.vector.outline import Outline
from engines.image_core.sources.vector.selections import (
    coverage_hash,
    place_selection,
    placed_hash,
    rasterise_selection,
)
from engines.image_core.sources.vector.svg import rasterise_svg, svg_size

__all__ = ["Describer"]


class Describer:
    """Tells the sources of one composition's layers. space: the colour space that it has of its own;
    damaged_profiles: what becomes of pictures whose embedded profiles cannot be used."""

    def __init__(
        self,
        canvas: tuple[int, int],
        reading: Reading,
        budget: Budget,
        space: ColorSpace | None,
        damaged_profiles: DamagedProfiles,
    ) -> None:
        self._canvas = canvas
        self._budget = budget
        self._reading = reading
        self._pictures = Pictures(canvas, reading, budget.limits, space, damaged_profiles)

    def family_version(self, family: str) -> Hashable | None:
        """What the fonts of a family are known by, as in `Families.version`.

        Raises:
            SourceError: the folder of fonts cannot be read.
        """
        return self._reading.families("fonts").version(family)

    def image(
        self, layer: Layer, area: Rect, label: str, pictures: PatternPictures
    ) -> Source[DecodedImage | None] | None:
        """What a layer draws in an area; None where the plan alone says it. pictures: those of the patterns
        that its text or shapes are painted with."""
        match layer:
            case RasterLayer() if isinstance(layer.source.color, PatternFill):
                return self.pattern(layer.source.color, f"{label}, source.color.source")
            case RasterLayer() if layer.source.color is not None:
                return self._painted(layer, area, label)
            case RasterLayer():
                return self._pictures.of_layer(layer, f"{label}, source")
            case TextLayer():
                fonts = self._reading.fonts(layer, label)
                key = text_hash(layer, fonts, area, pictures)
                return Source(key, lambda: rasterise_text(layer, fonts, area, label, self._budget, pictures))
            case VectorLayer() if layer.svg is not None:
                return self._drawing(layer, layer.svg, label)
            case VectorLayer():
                return self._shapes(*self._lowered(layer, label), area, label, pictures)
        return None

    def _lowered(self, layer: VectorLayer, label: str) -> tuple[VectorLayer, Affine]:
        """A layer of shapes, which those of a code become, and the map from these to the parent's pixels."""
        if layer.code is not None:
            return code_drawing(layer, label)
        return layer, layer_affine(layer.transform, *map(Fraction, self._canvas))

    def _painted(self, layer: RasterLayer, area: Rect, label: str) -> Source[DecodedImage | None] | None:
        """A paint as a rectangle, unless the plan can fill whole pixels with it. The plan fills rectangles
        with gradient fills itself: of them it needs only what they cover."""
        paint = layer.source.color
        assert paint is not None
        assert not isinstance(paint, PatternFill)
        if isinstance(paint, str | GradientFill) and solid_area(layer, self._canvas) is not None:
            return None
        if isinstance(paint, GradientFill):
            paint = "#ffffff"
        width, height = paint_size(layer, self._canvas)
        rect = RectShape(type="rect", x=0, y=0, width=float(width), height=float(height), fill=paint)
        drawing = VectorLayer(type="vector", shapes=(rect,))
        affine = layer_affine(layer.transform, width, height)
        return self._shapes(drawing, affine, area, label)

    def _shapes(
        self,
        layer: VectorLayer,
        affine: Affine,
        area: Rect,
        label: str,
        pictures: PatternPictures = NO_PICTURES,
    ) -> Source[DecodedImage | None]:
        key = shapes_hash(layer, affine, area, pictures)
        return Source(key, lambda: rasterise_shapes(layer, affine, area, label, self._budget, pictures))

    def _drawing(self, layer: VectorLayer, svg: str, label: str) -> Source[DecodedImage | None]:
        """An SVG at the scale it is shown at; the plan turns and places it."""
        own = svg_size(svg, label, self._budget.limits)
        width, height = box_size(layer, *own, own)
        scale_x = abs(Fraction(layer.transform.scale))
        scale_y = scale_x if layer.transform.scale_y is None else abs(Fraction(layer.transform.scale_y))
        size = max(1, round_fraction(width * scale_x)), max(1, round_fraction(height * scale_y))
        fonts = self._reading.svg_fonts(layer, label)
        key = hashed("svg", svg, *size, layer.language, *fonts.digests)
        draw = partial(rasterise_svg, svg, *size, label, self._budget, language=layer.language, fonts=fonts)
        return self._pictures.drawn(Source(key, draw, (width, height)))

    def pattern(self, fill: PatternFill, label: str) -> Source[Any]:
        """A pattern's picture."""
        return self._pictures.of_pattern(fill, label)

    def box(self, layer: PlacedLayer, image: DecodedImage | None, label: str) -> LayerBox:
        """A layer's own box. image: what the layer draws."""
        if isinstance(layer, TextLayer):
            return text_box(layer, self._reading.fonts(layer, label), label)
        width, height = own_size(layer, image, self._canvas)
        return LayerBox(width, height, layer_affine(layer.transform, width, height))

    def bounds(self, layer: Layer, image: DecodedImage | None, label: str) -> Rect | None:
        """The parent's pixels that a layer draws, seen or not; None of a group and of an adjustment. image:
        what is drawn."""
        match layer:
            case TextLayer():
                return text_bounds(layer, self._reading.fonts(layer, label), label)
            case VectorLayer() if layer.svg is None:
                return shapes_bounds(*self._lowered(layer, label), label, self._budget)
            case RasterLayer() | VectorLayer():
                return drawn_bounds(layer, image, self._canvas)
        return None

    def outlines(
        self, layer: TextLayer | VectorLayer, label: str, pictures: PatternPictures
    ) -> Source[list[Outline]]:
        """What a text or shapes fill, seen or not, each to be filled non-zero. pictures: as for `image`."""
        if isinstance(layer, TextLayer):
            fonts = self._reading.fonts(layer, label)
            key = text_hash(layer, fonts, EVERYWHERE, pictures)
            return Source(key, lambda: text_outlines(layer, fonts, label))
        drawing, affine = self._lowered(layer, label)
        key = shapes_hash(drawing, affine, EVERYWHERE, pictures)
        return Source(key, lambda: shapes_outlines(drawing, affine, label, self._budget))

    def mask(
        self, mask: Mask, label: str, area: Rect, box: LayerBox | None, pictures: PatternPictures
    ) -> Source[DecodedMask]:
        """What a mask shows of its layer.

        Args:
            mask: the mask.
            label: how errors name it.
            area: the area that its layer draws.
            box: the layer's box, where a mask of it is linked.
            pictures: those of the patterns that its shapes are painted with.
        """
        linked = box if mask.linked else None
        if mask.vector is not None:
            region = area if linked else Rect(0, 0, *self._canvas)
            affine = linked.to_parent if linked else IDENTITY
            return self._outlined(mask, mask.vector, affine, region, label, pictures)
        if mask.selection is None:
            return self._pictured(mask, label, linked)
        selection = mask.selection.model_copy(update={"feather_radius": mask.feather})
        if linked is None:
            key = coverage_hash(selection, *self._canvas)
            draw = partial(rasterise_selection, selection, *self._canvas, self._budget)
        else:
            key = placed_hash(selection, linked.to_parent, area)
            draw = partial(place_selection, selection, linked.to_parent, area, self._budget)
        return Source(key, lambda: _named(draw, label))

    def _pictured(self, mask: Mask, label: str, box: LayerBox | None) -> Source[DecodedMask]:
        """A file or an artifact, of its layer's box where it is linked."""
        if mask.psd is not None:
            return self._masked(mask, mask.psd, label)
        file = self._reading.mask(mask, label)
        whose = "the canvas's" if box is None else "the layer's own"
        size = self._canvas if box is None else (math.ceil(box.width), math.ceil(box.height))
        wanted = size if mask.position is None else None
        x, y = mask.position or (0, 0)
        key = hashed("mask", file.digest, wanted, x, y)
        limits = self._budget.limits
        return Source(key, lambda: replace(decode_mask(file.data, wanted, label, limits, whose), x=x, y=y))

    def _masked(self, mask: Mask, psd: PsdPart, label: str) -> Source[DecodedMask]:
        """A mask of a Photoshop file, which lies where its position says."""
        file = self._reading.part(psd, label)
        x, y = mask.position or (0, 0)
        key = hashed("psd mask", decoder(), file.digest, psd.part, x, y)

        def make() -> DecodedMask:
            from engines.image_core.sources.psd.parts import part_mask

            pixels = part_mask(self._reading.document(file, label), psd.part, label)
            pixels = np.ascontiguousarray(pixels)
            pixels.setflags(write=False)
            return DecodedMask(pixels, key, x, y)

        return Source(key, make)

    def _outlined(
        self,
        mask: Mask,
        shapes: tuple[Shape, ...],
        affine: Affine,
        area: Rect,
        label: str,
        pictures: PatternPictures,
    ) -> Source[DecodedMask]:
        """The alpha of shapes in an area and as far beyond it as a feather reads."""
        drawing = VectorLayer(type="vector", shapes=shapes)
        area = area.expand(blur_reach(mask.feather) if mask.feather > 0 else 0)
        key = shapes_hash(drawing, affine, area, pictures)

        def make() -> DecodedMask:
            drawn = rasterise_shapes(drawing, affine, area, label, self._budget, pictures)
            if drawn is None:
                return DecodedMask(np.zeros((1, 1), np.uint8), hashed("alpha", key))
            alpha = np.ascontiguousarray(drawn.pixels[..., 3])
            alpha.setflags(write=False)
            return DecodedMask(alpha, hashed("alpha", drawn.content_hash), drawn.x, drawn.y)

        return Source(hashed("alpha of", key), make)

    def lookup(self, source: LookupSource, label: str) -> Source[DecodedLookup]:
        """The colour operations of a .cube file."""
        if source.psd is not None:
            from engines.image_core.sources.psd.parts import part_bytes

            document = self._reading.document(self._reading.part(source.psd, label), label)
            file = File(part_bytes(document, source.psd.part, label))
        else:
            file = self._reading.bytes_of(source.path, source.asset_id, label, MAX_CUBE_BYTES)
        return Source(hashed("cube", file.digest), lambda: decode_cube(file.data, file.digest, label))


def _named(draw: Callable[[], DecodedMask], label: str) -> DecodedMask:
    """What a selection draws; its errors, which know of no layers, name the mask."""
    try:
        return draw()
    except (SourceError, CompositionError) as error:
        raise type(error)(f"{label}: {error}") from error
