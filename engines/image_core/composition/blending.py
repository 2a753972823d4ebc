"""Blend modes."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["BlendMode"]


class BlendMode(StrEnum):
    """How a layer's colour meets its backdrop (W3C Compositing and Blending Level 1; add is linear dodge)."""

    NORMAL = "normal"
    MULTIPLY = "multiply"
    SCREEN = "screen"
    OVERLAY = "overlay"
    DARKEN = "darken"
    LIGHTEN = "lighten"
    ADD = "add"
