"""A new text in the styles of the old: which run each of its characters takes after."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from engines.image_core.errors import CompositionError

__all__ = ["NewText", "Run", "merged", "replaced"]

NewText = str | Sequence[str | Mapping[str, Any]]
"""A text, or for each run of the old one its new text or fields of it."""


class Run(NamedTuple):
    """A part of a text, and the fields of its style."""

    text: str
    style: Mapping[str, Any]


def merged(runs: Iterable[Run]) -> list[Run]:
    """Runs without empty ones, neighbours of one style put together; one run at least."""
    runs = list(runs)
    alike = itertools.groupby((run for run in runs if run.text), lambda run: run.style)
    return [Run("".join(run.text for run in group), style) for style, group in alike] or runs[:1]


def replaced(runs: Sequence[Run], new: NewText, label: str) -> list[Run]:
    """The runs of a new text.

    - A string takes the place of the old text line by line: its first line that of the first, and so on;
      more lines than there were take after the last. Words that a line and its old one begin or end with keep
      their styles; what is new between them has the style of the first character that it replaces or, where
      it replaces none, of the one before it.
    - A list has a text for each run, or fields of a run that change it: {"text": ..., "color": ...}.

    Args:
        runs: of the old text, its lines parted by LF.
        new: the new text; CR LF and CR count as LF.
        label: the layer, for messages.

    Raises:
        CompositionError: the list is not as long as there are runs, or holds something else.
    """
    if isinstance(new, str):
        return merged(_by_lines(runs, re.sub("\r\n?", "\n", new)))
    if len(new) != len(runs):
        raise CompositionError(
            f"{label}, text: {len(new)} runs are not allowed: the file's text has {len(runs)}, give one for"
            " each or all of it as one string"
        )
    return merged(_changed(run, change, label) for run, change in zip(runs, new, strict=True))


def _changed(run: Run, change: str | Mapping[str, Any], label: str) -> Run:
    if isinstance(change, str):
        return Run(re.sub("\r\n?", "\n", change), run.style)
    if not isinstance(change, Mapping):
        raise CompositionError(f"{label}, text: {change!r} is not allowed: a run is a text or an object")
    text = change.get("text", run.text)
    if not isinstance(text, str):
        raise CompositionError(f"{label}, text: {text!r} is not allowed: allowed is text")
    own = {name: value for name, value in change.items() if name != "text"}
    style = dict(run.style)
    if "fonts" in own:
        style.pop("font", None)
    return Run(re.sub("\r\n?", "\n", text), style | own)


def _by_lines(runs: Sequence[Run], new: str) -> Iterator[Run]:
    old = [(character, run.style) for run in runs for character in run.text]
    if not old:
        old = [("", runs[0].style)]
    lines = _lines(old)
    for number, text in enumerate(new.split("\n")):
        line = lines[min(number, len(lines) - 1)]
        if number:
            yield Run("\n", lines[min(number, len(lines)) - 1][-1][1])
        yield from _in_line(line, text)


_Styled = list[tuple[str, Mapping[str, Any]]]


def _lines(old: _Styled) -> list[_Styled]:
    """The lines of a text, each with the line break that ends it; of an empty line at the end there is an
    empty character in the style before it."""
    found: list[_Styled] = [[]]
    for item in old:
        found[-1].append(item)
        if item[0] == "\n":
            found.append([])
    if not found[-1]:
        found[-1].append(("", old[-1][1]))
    return found


def _in_line(line: _Styled, new: str) -> Iterator[Run]:
    """A new line in the styles of an old one."""
    characters = [item for item in line if item[0] not in ("", "\n")]
    old = "".join(character for character, _ in characters)
    first, last = _kept(old, new)
    yield from (Run(*item) for item in characters[:first])
    if first < len(old) - last:
        style = characters[first][1]
    else:
        style = characters[first - 1][1] if first else line[0][1]
    yield Run(new[first : len(new) - last], style)
    yield from (Run(*item) for item in characters[len(old) - last :])


def _kept(old: str, new: str) -> tuple[int, int]:
    """How many characters of whole words two lines begin and end with alike."""
    if old == new:
        return len(old), 0
    before, after = _words(old), _words(new)
    first = _alike(before, after)
    most = min(len(before), len(after)) - first
    last = min(_alike(before[::-1], after[::-1]), most)
    return sum(map(len, before[:first])), sum(map(len, before[len(before) - last :]))


def _words(line: str) -> list[str]:
    """Words and the spaces between them."""
    return re.findall(r"\s+|\S+", line)


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
