"""Print the tables of docs/PSD.md, measured here and now: `python -m tests.editors [--only WORD]`.

Needs Debian's imagemagick, gimp, krita and xvfb; what is missing is left out.
"""

from __future__ import annotations

import argparse
import datetime
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from engines.image_core import ImageComposition, RenderedImage, Renderer, write_openraster, write_psd
from tests.editors.programs import PROGRAMS, Program
from tests.editors.scenes import scenes


def main() -> None:
    """Write each scene, have each program open it, and print a row."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="scenes whose names hold this word")
    only = parser.parse_args().only
    programs = [program for program in PROGRAMS if program.found]
    today = datetime.datetime.now(datetime.UTC).date()
    print(f"{today}: {'; '.join(program.version for program in programs)}\n")
    columns = [(program, suffix) for program in programs for suffix in program.suffixes]
    print(f"| scene | {' | '.join(f'{program.name}, {suffix}' for program, suffix in columns)} |")
    print("|---" * (len(columns) + 1) + "|")
    with Renderer("numpy") as renderer, tempfile.TemporaryDirectory() as folder:
        for name, composition in scenes().items():
            if only in name:
                cells = _row(composition, columns, renderer, Path(folder))
                print(f"| {name} | {' | '.join(cells)} |", flush=True)


def _row(
    composition: ImageComposition,
    columns: Sequence[tuple[Program, str]],
    renderer: Renderer,
    folder: Path,
) -> list[str]:
    image = renderer.render(composition)
    write_psd(composition, renderer, folder / "a.psd")
    write_openraster(composition, renderer, folder / "a.ora")
    names = _names(composition)
    return [_cell(program, folder / f"a.{suffix}", image, names) for program, suffix in columns]


def _names(composition: ImageComposition) -> frozenset[str]:
    return frozenset(layer.name for _, layer in composition.walk() if layer.name is not None)


def _cell(program: Program, file: Path, image: RenderedImage, names: frozenset[str]) -> str:
    """The largest difference in 8-bit steps and how many pixels are over two; and the names that are lost."""
    picture, found = program.opened(file)
    if picture is None:
        return "is not opened"
    steps = _steps(image.pixels, np.asarray(Image.open(picture).convert("RGBA")))
    over = f", {(steps > 2).mean():.1%} over 2" if steps.max() > 2 else ""
    lost = "" if found is None or names <= found else f", names lost: {len(names - found)}"
    return f"{steps.max():.0f}{over}{lost}"


def _steps(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Per pixel the largest difference over the channels, of colour times alpha and of alpha."""
    if ours.shape != theirs.shape:
        return np.full((1, 1), 255.0)
    pair = [values.astype(np.float64) for values in (ours, theirs)]
    flat = [np.dstack([values[..., :3] * values[..., 3:] / 255, values[..., 3:]]) for values in pair]
    steps: np.ndarray = np.abs(flat[0] - flat[1]).max(axis=-1)
    return steps


if __name__ == "__main__":
    main()
