"""Raster layers that are one paint over all of the canvas, as Photoshop's fill layers."""

from __future__ import annotations

from typing import Any

from psd_tools.constants import Tag

from engines.image_core.composition.adjustments import Adjustments
from engines.image_core.composition.fields import parse_color
from engines.image_core.composition.fills import GradientFill
from engines.image_core.models import Layer, RasterLayer, Transform
from engines.image_core.psd.writing import descriptors as d
from engines.image_core.psd.writing.gradients import gradient_values
from engines.image_core.psd.writing.notes import Notes

__all__ = ["fill_blocks"]


def fill_blocks(layer: Layer) -> dict[Tag, Any]:
    """What makes a layer's record a fill layer's, whose colour or gradient may be edited; nothing of others.

    Its pixels are in the file too, and are what is shown until then.
    """
    if not isinstance(layer, RasterLayer) or not _covers_canvas(layer):
        return {}
    paint = layer.source.color
    if isinstance(paint, GradientFill):
        return {Tag.GRADIENT_FILL_SETTING: d.block(gradient_values(paint, Notes().of((), layer)))}
    if isinstance(paint, str) and parse_color(paint)[3] == 255:
        return {Tag.SOLID_COLOR_SHEET_SETTING: d.block({b"Clr ": d.color(paint)})}
    return {}


def _covers_canvas(layer: RasterLayer) -> bool:
    """Whether it is drawn as it is over all of the canvas."""
    sized = layer.width is not None or layer.height is not None or layer.transform != Transform()
    shaped = any(layer.radii) or layer.border is not None
    return not (sized or shaped or layer.filters or layer.adjustments != Adjustments())
