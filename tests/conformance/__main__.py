"""Write what the suite's cases have to come out as, from NumPy: `make bless`.

Refuses when the pixel rules and the suite have the versions of a fingerprint that is held already.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

from engines.image_core.backend import NumpyBackend
from engines.image_core.conformance import FINGERPRINTS, SUITE, Suite, all_cases, expected, fingerprint
from engines.image_core.export import pixel_hash
from engines.image_core.planning.planner import PIXEL_RULES

FOLDER = Path(expected.__file__).parent / "expected"


def main() -> None:
    """Write the files of all areas and say what to do next."""
    suite = Suite(NumpyBackend("it is the definition"))
    hashes: dict[str, dict[str, str]] = defaultdict(dict)
    for case in all_cases():
        hashes[case.name.partition("/")[0]][case.name] = pixel_hash(suite.draw(case))
    made = {area: expected.lines(found) for area, found in hashes.items()}
    if made == {path.stem: path.read_text() for path in FOLDER.glob("*.txt")}:
        print(f"as stored: {fingerprint()}")
        return
    if (PIXEL_RULES, SUITE) in FINGERPRINTS:
        sys.exit(
            f"pixels or cases changed: raise PIXEL_RULES ({PIXEL_RULES}) or SUITE ({SUITE}), then bless again"
        )
    FOLDER.mkdir(exist_ok=True)
    for area, text in made.items():
        (FOLDER / f"{area}.txt").write_text(text)
    print(f"look at what changed, then enter in FINGERPRINTS and docs/CONFORMANCE.md: {fingerprint()}")


if __name__ == "__main__":
    main()
