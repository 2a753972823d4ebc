"""Which letters of cursive scripts are joined, as in Arabic: letter spacing does not part them.

That is what CSS Text Module Level 3 asks for under "Cursive Scripts". Which character joins which is for
Unicode's Joining_Type to say, with marks looked through. HarfBuzz has it, and tells it as where a tatweel may
be put in, the stroke that draws joined letters apart.
"""

from __future__ import annotations

import uharfbuzz as hb

__all__ = ["joined_places"]

_FLAGS = hb.BufferFlags.PRODUCE_SAFE_TO_INSERT_TATWEEL | hb.BufferFlags.PRESERVE_DEFAULT_IGNORABLES


def joined_places(text: str) -> frozenset[int]:
    """The indices of the letters that are joined to the one before them."""
    if text.isascii():
        return frozenset()
    buffer = hb.Buffer()
    buffer.add_codepoints([ord(character) for character in text])
    # All scripts go by one table of joining. Without a font there are no rules that take a tatweel ill.
    buffer.script, buffer.direction, buffer.language = "Arab", "rtl", "und"
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.flags = _FLAGS
    hb.shape(hb.Font(hb.Face(b"")), buffer, {})
    return frozenset(
        info.cluster for info in buffer.glyph_infos or () if info.flags & hb.GlyphFlags.SAFE_TO_INSERT_TATWEEL
    )
