"""Pillow's own test images: how many are drawn, and why each other is refused. See `make pillow-images`.

    python -m tests.pillow_images FOLDER      the folder Tests/images of Pillow's source distribution

What Pillow itself refuses is told apart. The files are Pillow's and stay out of the repository.
"""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from pathlib import Path

from PIL import Image

from engines.image_core.errors import SourceError
from engines.image_core.sources.raster.decoding import decode_image
from engines.image_core.sources.raster.opening import sniff


def _format(data: bytes) -> str | None:
    """The format, where it is one that is read here."""
    try:
        return sniff(data, "")
    except SourceError:
        return None


def _refusal(data: bytes) -> str:
    """Why a picture is refused; nothing where it is drawn."""
    try:
        decode_image(data, "it")
    except SourceError as error:
        return str(error)
    return ""


def _pillow_reads(path: Path) -> bool:
    try:
        with Image.open(path) as image:
            image.load()
    except Exception:  # whatever it is, it is not read
        return False
    return True


def main(folder: Path) -> None:
    """Try every file, print each refusal, and the counts."""
    warnings.simplefilter("ignore")
    counts: Counter[str] = Counter()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if (format := _format(data)) is None:
            continue
        if not (reason := _refusal(data)):
            counts["drawn"] += 1
            continue
        reads = "readable to Pillow" if _pillow_reads(path) else "not readable to Pillow either"
        counts[f"refused, {reads}"] += 1
        print(f"{path.relative_to(folder)} ({format}, {reads}): {reason}")
    print(f"\n{sum(counts.values())} files in formats that are read here: {dict(counts)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
