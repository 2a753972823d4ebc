"""Write what the suite's cases have to come out as, from NumPy, and the fingerprint: a part of `make bless`.

What has a fingerprint stays as it is: pixels that come out otherwise are new pixel rules, more cases a new
suite. While no release has it, its line may be taken out of fingerprints.txt, and the suite be blessed again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from engines.image_core.backend import NumpyBackend
from engines.image_core.conformance import FINGERPRINTS, SUITE, Suite, all_cases, expected, expected_hashes
from engines.image_core.export import pixel_hash
from engines.image_core.planning.planner import PIXEL_RULES

FOLDER = Path(expected.__file__).parent


def main() -> None:
    """Write the files of all areas and the fingerprint; refuse where older cases come out otherwise."""
    suite = Suite(NumpyBackend("it is the definition"))
    drawn = {case.name: pixel_hash(suite.draw(case)) for case in all_cases()}
    newest = max((version for rules, version in FINGERPRINTS if rules == PIXEL_RULES), default=0)
    if newest:
        held = {case.name: drawn[case.name] for case in all_cases(suite=newest)}
        if expected.fingerprint_of(held) != FINGERPRINTS[PIXEL_RULES, newest]:
            sys.exit("\n".join([f"suite {newest} has another fingerprint:", *_changes(held)]))
    for area, text in expected.area_texts(drawn).items():
        (FOLDER / "expected" / f"{area}.txt").write_text(text)
    made = expected.fingerprint()
    if newest < SUITE:
        entries = {**FINGERPRINTS, (PIXEL_RULES, SUITE): made}
        lines = (f"{rules} {version} {digest}\n" for (rules, version), digest in sorted(entries.items()))
        (FOLDER / "fingerprints.txt").write_text("".join(lines))
    print(f"pixel rules {PIXEL_RULES}, suite {SUITE}: {made}")


def _changes(held: Mapping[str, str]) -> Iterator[str]:
    stored = expected_hashes()
    yield from (f"{name} is new: give it the next suite" for name in held if name not in stored)
    yield from (f"{name} is gone" for name in stored if name not in {case.name for case in all_cases()})
    for name, digest in held.items():
        if stored.get(name, digest) != digest:
            yield f"{name} comes out otherwise: undo what changed it, or raise PIXEL_RULES ({PIXEL_RULES})"


if __name__ == "__main__":
    main()
