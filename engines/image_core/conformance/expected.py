"""What the cases have to come out as, kept in the package: expected/AREA.txt, in sha256sum's format."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from engines.image_core.conformance.cases import AREAS

__all__ = ["FINGERPRINTS", "area_hashes", "expected_hashes", "fingerprint", "lines"]

FINGERPRINTS: Mapping[tuple[int, int], str] = {
    (1, 1): "529c47d9ffc162f0768bb1abd71c11f1f4025704a6f2a23ca14a0901af6a69fa",
    (2, 1): "9532454af6a7c1ccb7f8ec87f2013145b27e5bc7761330b6fdb2afce94b2edd2",
}
"""The fingerprint by the versions of the pixel rules and of the suite. An entry is never changed: pixels that
come out otherwise are other pixel rules."""


@cache
def expected_hashes() -> dict[str, str]:
    """The SHA-256 of each case's pixels (see `export.pixel_hash`), by the case's name."""
    stored = (line for area in AREAS for line in _stored(area).splitlines())
    return {name: digest for digest, _, name in (line.partition("  ") for line in stored)}


def lines(hashes: Mapping[str, str]) -> str:
    """Hashes by name as sha256sum writes them: a line each, the hash, two spaces and the name."""
    return "".join(f"{digest}  {name}\n" for name, digest in hashes.items())


def area_hashes() -> dict[str, str]:
    """The SHA-256 of each area's file."""
    return {area: hashlib.sha256(_stored(area).encode()).hexdigest() for area in AREAS}


def fingerprint() -> str:
    """The SHA-256 of the areas' hashes, written as `lines`: of all that every device has to draw."""
    return hashlib.sha256(lines(area_hashes()).encode()).hexdigest()


def _stored(area: str) -> str:
    return (resources.files(__package__) / "expected" / f"{area}.txt").read_text(encoding="ascii")
