"""What was likely meant by a word that is not known."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

__all__ = ["guess"]

_LONGEST = 64  # characters: a longer word is no slip of the pen, and comparing takes time
_MOST = 1000  # words that one is compared with


def guess(word: object, known: Iterable[str]) -> str:
    """`: did you mean 'rotation'?` for "rotate", to be put into a message; empty where no known word is near.

    Case, hyphens and underscores do not count. Near is a ratio of `difflib.SequenceMatcher` of 0.8 or more,
    else one of the words that it is put together of ("font_size": size), else a ratio of 0.6 or more.
    """
    if not isinstance(word, str) or not 1 < len(word) <= _LONGEST or not any(map(str.isalpha, word)):
        return ""
    bare = {_bare(name): str(name) for name in list(known)[:_MOST] if len(name) <= _LONGEST}
    parts = [part for part in reversed(re.split(r"[-_ ]", word.casefold())) if part in bare]
    near = difflib.get_close_matches(_bare(word), bare, n=1, cutoff=0.8) or parts
    near = near or difflib.get_close_matches(_bare(word), bare, n=1)
    return f": did you mean {bare[near[0]]!r}?" if near else ""


def _bare(word: str) -> str:
    return word.casefold().replace("-", "").replace("_", "").replace(" ", "")
