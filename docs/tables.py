"""The parts of these documents that repeat what code says, most of them tables: `make bless` writes them.

In a document such a part lies between a comment with its name and one that ends it; the rest is written by
hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from docs.example import example_composition, example_pass, example_plan
from engines.image_core import BlendMode
from engines.image_core.conformance import FINGERPRINTS, all_cases
from engines.image_core.conformance.expected import area_hashes, expected_hashes

__all__ = ["TABLES", "Table", "shown", "written"]

DOCS = Path(__file__).parent

Table = Callable[[], Iterator[str]]
"""The lines of a table, or of another part that is made."""


def blend_rules() -> Iterator[str]:
    """Each mode's formula in integers."""
    yield from _header("mode", "B(cb, cs)", "source")
    yield from (_row(mode.value, mode.facts.rule, mode.facts.source) for mode in BlendMode)


def blend_modes() -> Iterator[str]:
    """What each mode does, and what menus and PSD files call it."""
    yield from _header("Mode", "Family", "Result", "In a PSD")
    for mode in BlendMode:
        facts = mode.facts
        yield _row(f"`{mode.value}`", facts.family, facts.result, f"`{facts.psd_key.decode('ascii')}`")


def fingerprints() -> Iterator[str]:
    """All there have been."""
    yield from _header("pixel rules", "suite", "fingerprint")
    yield from (_row(rules, suite, f"`{digest}`") for (rules, suite), digest in sorted(FINGERPRINTS.items()))


def areas() -> Iterator[str]:
    """The areas of the newest suite."""
    counts = Counter(name.partition("/")[0] for name in expected_hashes())
    yield from _header("area", "cases", "SHA-256 of its file")
    yield from (_row(area, counts[area], f"`{digest}`") for area, digest in area_hashes().items())
    quick = sum(1 for _ in all_cases("quick"))
    yield f"\n{quick:,} of these {counts.total():,} cases are drawn without `--full`."


MANUAL = DOCS / "engines" / "media_program" / "PHASE_I01_image_layer_core.md"

TABLES: Mapping[str, tuple[Path, Table]] = {
    "blend rules": (DOCS / "PIXEL_RULES.md", blend_rules),
    "blend modes": (MANUAL, blend_modes),
    "fingerprints": (DOCS / "CONFORMANCE.md", fingerprints),
    "areas": (DOCS / "CONFORMANCE.md", areas),
    "example composition": (DOCS / "ARCHITECTURE.md", example_composition),
    "example plan": (DOCS / "ARCHITECTURE.md", example_plan),
    "example pass": (DOCS / "ARCHITECTURE.md", example_pass),
}
"""The document of each table and what makes it, by the name in its comment."""


def shown(name: str) -> str:
    """A table as its document has it now."""
    return _place(name, TABLES[name][0].read_text())[1]


def written(name: str) -> str:
    """A table as it should be."""
    return "".join(f"{line}\n" for line in TABLES[name][1]())


def _place(name: str, text: str) -> tuple[str, str, str]:
    """The text before, in and after a table."""
    start = f"<!-- {name}: written by make bless -->\n"
    found = re.fullmatch(f"(.*{re.escape(start)})(.*?)(<!-- end -->\n.*)", text, re.DOTALL)
    if found is None:
        raise ValueError(f"there is no place for the table {name!r}")
    return found[1], found[2], found[3]


def _row(*cells: object) -> str:
    inside = (str(cell).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(inside)} |"


def _header(*names: str) -> Iterable[str]:
    return _row(*names), "|---" * len(names) + "|"


def _main() -> None:
    for name, (document, _) in TABLES.items():
        before, _, after = _place(name, document.read_text())
        document.write_text(f"{before}{written(name)}{after}")
        print(f"{document}: {name}")


if __name__ == "__main__":
    _main()
