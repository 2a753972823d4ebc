"""The command `image-core diff`: whether two picture files hold the same pixels, and where they differ."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from engines.image_core.cli.diff_sheet import draw_sheet
from engines.image_core.cli.support import AsJson, Verbose, print_json, read_input, reporting, say
from engines.image_core.conformance.comparison import CHANNELS, Comparison, compare
from engines.image_core.errors import CompositionError, ExportError
from engines.image_core.export import encode
from engines.image_core.runtime.writing import check_writable, write_file
from engines.image_core.sources.raster.decoding import decode_image

__all__ = ["diff"]

DIFFERENT = 1


def diff(
    expected: Annotated[
        Path,
        typer.Argument(
            metavar="EXPECTED",
            help="A picture of any format that layers take; - is standard input.",
            show_default=False,
        ),
    ],
    actual: Annotated[
        Path, typer.Argument(metavar="ACTUAL", help="The picture to compare with it.", show_default=False)
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="A PNG to write: expected | actual | difference.", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Compare two pictures, pixel by pixel, as layers read them: upright, sRGB, 8 bits a channel.

    Exit status 0 when every byte is equal, 1 when they differ, 2 when a file cannot be read.
    """
    with reporting(verbose):
        if expected == actual == Path("-"):
            raise CompositionError("standard input: only one of the two pictures can come from it")
        if output is not None:
            _check_output(output)
        pictures = [_pixels(path) for path in (expected, actual)]
        names = f"{expected} and {actual}"
        if pictures[0].shape != pictures[1].shape:
            _tell_sizes(names, pictures, output, as_json)
            equal = False
        else:
            equal = _tell(names, pictures, output, as_json)
    if not equal:
        raise typer.Exit(DIFFERENT)


def _check_output(output: Path) -> None:
    if output.suffix.lower() != ".png":
        raise ExportError(f"output {str(output)!r}: the difference is a PNG: use .png")
    check_writable(output)


def _pixels(path: Path) -> NDArray[np.uint8]:
    data, name = read_input(path, "picture")
    return decode_image(data, name).pixels


def _tell(names: str, pictures: list[NDArray[np.uint8]], output: Path | None, as_json: bool) -> bool:
    """Compare, draw, and tell; whether all is equal."""
    comparison = compare(pictures[0], pictures[1])
    if output is not None:
        write_file(output, encode(draw_sheet(pictures[0], pictures[1], comparison), "png"))
    if as_json:
        print_json({**_report(comparison), "output": output and str(output)})
    else:
        say(f"{names}: {comparison}" + (f"; see {output}" if output else ""))
    return comparison.different == 0


def _tell_sizes(names: str, pictures: list[NDArray[np.uint8]], output: Path | None, as_json: bool) -> None:
    """Pictures of two sizes have no pixels that belong together: nothing is drawn, which is said."""
    sizes = [[picture.shape[1], picture.shape[0]] for picture in pictures]
    if as_json:
        print_json({"equal": False, "sizes": sizes, "output": None})
        return
    first, second = (f"{width} x {height}" for width, height in sizes)
    drawn = "" if output is None else f"; {output} is not written, sizes must be equal for that"
    say(f"{names}: their sizes differ, {first} and {second}{drawn}")


def _report(comparison: Comparison) -> dict[str, Any]:
    report: dict[str, Any] = {
        "equal": not comparison.different,
        "pixels": comparison.pixels,
        "different": comparison.different,
        "largest": dict(zip(CHANNELS, comparison.largest, strict=True)),
        "mean": comparison.mean,
        "box": None,
        "first": None,
    }
    if comparison.box is not None and comparison.first is not None:
        report["box"] = dict(zip(("x", "y", "width", "height"), comparison.box, strict=True))
        report["first"] = {
            "x": comparison.first[0],
            "y": comparison.first[1],
            "expected": list(comparison.expected),
            "actual": list(comparison.actual),
        }
    return report
