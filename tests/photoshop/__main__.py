"""Print how far our pictures are from Photoshop's: `python -m tests.photoshop FOLDER [--only WORD]`.

The folder holds manifest.json and files/. With --redrawn, fill layers come from their settings.
"""

from __future__ import annotations

import argparse
import logging
import warnings
from pathlib import Path

from tests.photoshop.measuring import collection, scores


def main() -> None:
    """Draw the files and print a line for each, the worst last."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="files whose name or features hold this word")
    parser.add_argument("--redrawn", action="store_true")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    samples = [
        sample
        for sample in collection(options.folder)
        if options.only in f"{sample.path.name} {' '.join(sample.features)}"
    ]
    found = sorted(scores(samples, redrawn=options.redrawn), key=lambda score: score.largest)
    for score in found:
        told = score.error or f"max {score.largest:.2f} mean {score.mean:.3f} over 2: {score.over_two:.2%}"
        print(f"{score.sample.path.name}: {told} ({' '.join(score.sample.features)})")
    print(f"{sum(score.largest <= 2.01 for score in found)} of {len(found)} within 2 steps")


if __name__ == "__main__":
    main()
