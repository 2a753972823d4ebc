"""The conformance suite: what every device has to draw, byte for byte.

cases.py     all cases, by area; each a composition that holds its own pictures
  pictures.py   the pictures, made from SHAKE-128 and from ramps
  colour.py, spatial.py, structure.py, drawn.py, cards.py, large.py, trees.py   the areas
expected/    for each area the SHA-256 of every case's pixels, in sha256sum's format
fingerprints.txt   the fingerprint, one SHA-256 over all of them, of each version there has been
expected.py  reading them
suite.py     drawing cases on a backend and comparing
"""

from engines.image_core.conformance.cases import AREAS, SUITE, Case, Level, all_cases
from engines.image_core.conformance.expected import FINGERPRINTS, expected_hashes, fingerprint
from engines.image_core.conformance.suite import Mismatch, Suite

__all__ = [
    "AREAS",
    "FINGERPRINTS",
    "SUITE",
    "Case",
    "Level",
    "Mismatch",
    "Suite",
    "all_cases",
    "expected_hashes",
    "fingerprint",
]
