"""Which letters of cursive scripts are joined, as in Arabic, and which scripts are cursive.

Which character joins which is for Unicode's Joining_Type to say, with marks looked through. HarfBuzz has it,
and tells it as where a tatweel may be put in, the stroke that draws joined letters apart.
"""

from __future__ import annotations

import uharfbuzz as hb

__all__ = ["CURSIVE_SCRIPTS", "joined_places"]

CURSIVE_SCRIPTS = frozenset(
    ("Adlm", "Arab", "Chrs", "Mand", "Mani", "Mong", "Nkoo", "Ougr", "Phag", "Phlp", "Rohg", "Sogd", "Syrc")
)
"""By ISO 15924. Letter spacing parts no two letters of one of these, not even where they are not joined: so
CSS Text Module Level 3 has it under "Cursive Scripts", for gaps at some letters alone would be uneven."""

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
