"""Compositions as layered files: layers as the format has them, or drawn, and what is not exact is told."""
