"""What is wrong with a font, told by whatever reads it."""

__all__ = ["MAX_UNPACKED_BYTES", "FontError"]

MAX_UNPACKED_BYTES = 64 << 20
"""The largest font that a WOFF or WOFF2 file is unpacked to: 64 MiB; the largest in use are 30."""


class FontError(Exception):
    """What is wrong with a font file; whoever asked for the font adds whose it is."""
