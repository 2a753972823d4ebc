"""Shapes, selections and SVG, drawn."""
