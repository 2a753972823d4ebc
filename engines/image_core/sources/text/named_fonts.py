"""Single fonts by their PostScript names, and whether they have the style that is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engines.image_core.errors import SourceError
from engines.image_core.sources.text.styles import FontStyle

__all__ = ["NamedFont", "by_postscript"]


@dataclass(frozen=True)
class NamedFont:
    """A font, or a named instance of a variable one.

    Attributes:
        name: its PostScript name.
        style: the font.
        place: where it is on the font's axes, all of them.
    """

    name: str
    style: FontStyle
    place: Mapping[str, float]

    @property
    def italic(self) -> bool:
        """Whether it is an italic, of a variable font by its place."""
        if "ital" in self.place:
            return self.place["ital"] > 0
        return self.place.get("slnt", 0) < 0 or (self.style.italic and not self.style.upright)

    @property
    def weight(self) -> float:
        """Its own."""
        return self.place.get("wght", self.style.weight[0])

    def check(self, weight: int, italic: bool, label: str) -> None:
        """Refuse a weight or slant other than its own; 400 and upright are not asked for.

        Raises:
            SourceError: it has another weight, or is upright where italic is wanted.
        """
        family = self.style.families[0]
        if weight not in (400, self.weight):
            raise SourceError(
                f"{label}, font: weight {weight} is not that of {self.name!r}, which is {self.weight:g}:"
                f" leave it out, or give the family, {family!r}"
            )
        if italic and not self.italic:
            raise SourceError(
                f"{label}, font: italic is not in {self.name!r}: give the PostScript name of an italic, or"
                f" the family, {family!r}"
            )


def by_postscript(styles: Iterable[FontStyle]) -> dict[str, NamedFont]:
    """Fonts by their PostScript names in lower case. Of two of one name that which is a font of its own goes
    before an instance, and then the first."""
    own: dict[str, NamedFont] = {}
    instances: dict[str, NamedFont] = {}
    for style in styles:
        for number, (name, place) in enumerate(style.postscript.items()):
            (instances if number else own).setdefault(name.casefold(), NamedFont(name, style, place))
    return {**instances, **own}
