"""What the cases have to come out as, kept in the package: expected/AREA.txt, in sha256sum's format.

fingerprints.txt has a line for each version of the pixel rules and of the suite: both and their fingerprint.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from engines.image_core.conformance.cases import AREAS

__all__ = [
    "FINGERPRINTS",
    "area_hashes",
    "area_texts",
    "expected_hashes",
    "fingerprint",
    "fingerprint_of",
    "lines",
]


@cache
def expected_hashes() -> dict[str, str]:
    """The SHA-256 of each case's pixels (see `export.pixel_hash`), by the case's name."""
    stored = (line for area in AREAS for line in _stored(area).splitlines())
    return {name: digest for digest, _, name in (line.partition("  ") for line in stored)}


def lines(hashes: Mapping[str, str]) -> str:
    """Hashes by name as sha256sum writes them: a line each, the hash, two spaces and the name."""
    return "".join(f"{digest}  {name}\n" for name, digest in hashes.items())


def area_texts(hashes: Mapping[str, str]) -> dict[str, str]:
    """The text of each area's file, of the hashes of cases by name, in order."""
    inside: dict[str, dict[str, str]] = {area: {} for area in AREAS}
    for name, digest in hashes.items():
        inside[name.partition("/")[0]][name] = digest
    return {area: lines(found) for area, found in inside.items() if found}


def area_hashes() -> dict[str, str]:
    """The SHA-256 of each area's file."""
    return _hashed({area: _stored(area) for area in AREAS})


def fingerprint() -> str:
    """The SHA-256 of the areas' hashes, written as `lines`: of all that every device has to draw."""
    return _sha256(lines(area_hashes()))


def fingerprint_of(hashes: Mapping[str, str]) -> str:
    """The same of other hashes of cases by name, such as those that an earlier suite had."""
    return _sha256(lines(_hashed(area_texts(hashes))))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _hashed(texts: Mapping[str, str]) -> dict[str, str]:
    return {area: _sha256(text) for area, text in texts.items()}


def _read(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="ascii")


def _stored(area: str) -> str:
    return _read(f"expected/{area}.txt")


def _fingerprints() -> Iterator[tuple[tuple[int, int], str]]:
    for line in _read("fingerprints.txt").splitlines():
        rules, suite, digest = line.split()
        yield (int(rules), int(suite)), digest


FINGERPRINTS: Mapping[tuple[int, int], str] = dict(_fingerprints())
"""The fingerprint by the versions of the pixel rules and of the suite. An entry is never changed: pixels that
come out otherwise are other pixel rules, other cases another suite."""
