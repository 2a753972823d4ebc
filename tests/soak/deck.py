"""The compositions of a soak run, and the order in which they come."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from engines.image_core import ImageComposition
from engines.image_core.conformance.cards import cards as conformance_cards
from engines.image_core.documents.demo import demo_card, write_photos
from tests.fuzz.trees import random_fields
from tests.golden.compositions import SCENES

__all__ = ["Card", "Deck", "Turn", "make_deck", "turns"]

_USUAL_TREES = 60  # with the scenes some hundred programs, of the 128 that a device keeps
_RARE_TREES = 40
_AT_ONCE = 6  # compositions of one render_many, beside one that is refused
_USUAL_AT_A_TIME = 8
_RARE_A_ROUND = 4


class Card(NamedTuple):
    """A composition. kind: whether it is drawn, has to be refused, or is drawn and never comes again."""

    name: str
    composition: ImageComposition
    kind: Literal["drawn", "refused", "fresh"] = "drawn"


class Turn(NamedTuple):
    """One card, to be rendered twice in a row; or several, to be rendered by one render_many."""

    cards: tuple[Card, ...]
    together: bool = False


@dataclass(frozen=True)
class Deck:
    """Cards by how often they come.

    Attributes:
        usual: all of them in every round; a device keeps the programs of nearly all.
        rare: a few a round, so that programs are dropped and compiled again.
        heavy: one a round; those with SVG start a process each.
        refused: one after the other, many a round.
    """

    usual: tuple[Card, ...]
    rare: tuple[Card, ...]
    heavy: tuple[Card, ...]
    refused: tuple[Card, ...]


def make_deck(root: Path, photos: Path) -> Deck:
    """The cards; the files that they name are written to `root`. photos: scikit-image's folder of them."""
    write_photos(root)
    for name in ("astronaut.png", "chelsea.png", "coffee.png", "color.png", "rocket.jpg"):
        (root / name).write_bytes((photos / name).read_bytes())
    (root / "damaged.png").write_bytes((photos / "coffee.png").read_bytes()[:50_000])
    golden = [_scene(name) for name in SCENES]
    with_svg = [card for card in golden if card.name.endswith("svg")]
    trees = tuple(itertools.islice(_trees(), _USUAL_TREES + _RARE_TREES))
    whole = [Card(case.name, case.composition) for case in conformance_cards()]
    return Deck(
        usual=(*trees[:_USUAL_TREES], *(card for card in golden if card not in with_svg)),
        rare=trees[_USUAL_TREES:],
        heavy=(Card("demo", demo_card()), *with_svg, *whole),
        refused=tuple(_refused()),
    )


def turns(deck: Deck) -> Iterator[Turn]:
    """What is rendered, without end and always in the same order."""
    rng = random.Random(0)
    rare, heavy, refused = (itertools.cycle(some) for some in (deck.rare, deck.heavy, deck.refused))
    numbers = itertools.count()
    while True:
        shuffled = rng.sample(deck.usual, len(deck.usual))
        for first in range(0, len(shuffled), _USUAL_AT_A_TIME):
            yield from (Turn((card,)) for card in shuffled[first : first + _USUAL_AT_A_TIME])
            yield Turn((_fresh(next(numbers)),))
            yield Turn((next(refused),))
            yield Turn((*rng.sample(deck.usual, _AT_ONCE), next(refused)), together=True)
        yield from (Turn((next(rare),)) for _ in range(_RARE_A_ROUND))
        yield Turn((next(heavy),))


def _scene(name: str) -> Card:
    return Card(f"scene {name}", ImageComposition.model_validate(SCENES[name]))


def _trees() -> Iterator[Card]:
    """The fuzzer's compositions on canvases of 64 to 400 pixels a side.

    Without mask artifacts, for there is no store, and without the enlargement that may be refused.
    """
    for seed in itertools.count():
        rng = random.Random(seed)
        fields = random_fields(seed) | {"width": rng.randint(64, 400), "height": rng.randint(64, 400)}
        text = json.dumps(fields)
        if "mask_artifact_id" not in text and '"scale": 1000' not in text:
            yield Card(f"tree {seed}", ImageComposition.model_validate(fields))


def _refused() -> Iterator[Card]:
    """A picture cut short, one that is not there, one whose filters reach too far."""
    huge = {"transform": {"scale": 300}, "filters": [{"type": "blur", "radius": 250}] * 32}
    layers: dict[str, dict[str, Any]] = {
        "damaged": {"source": {"path": "damaged.png"}},
        "missing": {"source": {"path": "missing.png"}},
        "too large": {"source": {"path": "rocket.jpg"}, **huge},
    }
    for name, layer in layers.items():
        before = {"type": "raster", "source": {"path": "chelsea.png"}, "fit": "cover"}
        yield Card(name, _composition(300, 200, [before, {"type": "raster", **layer}]), "refused")


def _fresh(number: int) -> Card:
    """A social card as a service draws them: a size and a headline of its own each."""
    width, height = 64 + number * 37 % 337, 64 + number * 53 % 337
    disc = {"type": "ellipse", "points": [[9, 9], [width - 9, height - 9]], "feather_radius": 3}
    photo = {"type": "raster", "source": {"path": "rocket.jpg"}, "fit": "cover", "mask": {"selection": disc}}
    headline = {"type": "text", "text": f"No. {number}", "size": 30, "color": "#ffffff"}
    glow = {**headline, "filters": [{"type": "blur", "radius": 4}]}
    return Card(f"fresh {number}", _composition(width, height, [photo, glow, headline]), "fresh")


def _composition(width: int, height: int, layers: list[dict[str, Any]]) -> ImageComposition:
    return ImageComposition(
        tenant_id="soak", env="test", width=width, height=height, background_color="#204060", layers=layers
    )
