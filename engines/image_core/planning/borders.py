"""Borders of layers, as layers in one colour that are clipped to them."""

from __future__ import annotations

from engines.image_core.composition.blending import BlendMode
from engines.image_core.models import Layer, RasterLayer
from engines.image_core.numbers.fixed import ONE
from engines.image_core.planning.decoded import DecodedMask
from engines.image_core.planning.entries import Coverage
from engines.image_core.planning.placement import Placed
from engines.image_core.planning.stacking import Drawn, Image, clipped
from engines.image_core.planning.steps import MaskRaster, Solid, color15

__all__ = ["bordered"]


def bordered(item: Drawn, layer: Layer, ring: DecodedMask | None) -> Drawn:
    """A layer with its border. ring: where that lies, if the layer has one."""
    if not isinstance(layer, RasterLayer) or layer.border is None or ring is None:
        return item
    mask = Coverage(MaskRaster(ring), ring.x, ring.y)
    area = mask.area
    image = Placed(Solid(area.width, area.height, color15(layer.border.color)), area.left, area.top)
    return clipped(item, (Drawn(Image(image, ()), mask, ONE, BlendMode.NORMAL),))
