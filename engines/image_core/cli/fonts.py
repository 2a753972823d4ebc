"""The command `image-core fonts`: the families and fonts that texts may name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from engines.image_core.cli.support import AsJson, Verbose, print_json, printable, reporting, say
from engines.image_core.sources.text.families import FontFolder
from engines.image_core.sources.text.styles import FontStyle

__all__ = ["list_fonts"]

_HEADINGS = ("family", "style", "PostScript name", "weight", "slant", "axes", "characters", "file")


def list_fonts(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR",
            help="A folder of .ttf, .otf, .ttc, .otc, .woff and .woff2 files, with the folders in it but for"
            " links; without it the built-in family is listed.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """List the families of fonts that texts may name where --fonts DIR is given, with their styles and the
    PostScript names of these, which texts may name as well; those of a variable font's instances are with it.

    Files that are named as fonts are and are none are told after the table; they change no exit status.
    """
    with reporting(verbose):
        families = FontFolder(folder).families()
        listed = families.listed()
        if as_json:
            faults = [{"file": file, "fault": fault} for file, fault in families.faults.items()]
            print_json({"families": [_report(*item) for item in listed.items()], "faults": faults})
            return
        _tell(listed)
        for fault in families.faults.values():
            say(fault)


def _report(family: str, styles: tuple[FontStyle, ...]) -> dict[str, Any]:
    return {
        "family": family,
        "names": sorted({name for style in styles for name in style.families}),
        "styles": [
            {
                "style": style.name,
                "postscript_names": list(style.postscript),
                "weight": list(style.weight),
                "width": list(style.width),
                "upright": style.upright,
                "italic": style.italic,
                "axes": {tag: axis._asdict() for tag, axis in style.axes.items()},
                "characters": style.characters,
                "file": style.file,
                "index": style.index,
            }
            for style in styles
        ],
    }


def _tell(listed: Mapping[str, tuple[FontStyle, ...]]) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in _HEADINGS:
        table.add_column(heading, overflow="fold", justify="right" if heading == "characters" else "left")
    for family, styles in listed.items():
        for place, style in enumerate(styles):
            cells = ("" if place else family, *_cells(style))
            table.add_row(*(Text(printable(cell)) for cell in cells))
    console = Console()
    console.width = max(console.width, 180)  # a pipe is no narrow terminal
    console.print(table)


def _cells(style: FontStyle) -> tuple[str, ...]:
    low, high = style.weight
    axes = (f"{tag} {axis.least:g} to {axis.most:g}" for tag, axis in style.axes.items())
    slants = [name for name, there in (("upright", style.upright), ("italic", style.italic)) if there]
    file = "built in" if style.file is None else style.file
    return (
        style.name,
        ", ".join(style.postscript),
        str(low) if low == high else f"{low} to {high}",
        ", ".join(slants),
        ", ".join(axes),
        f"{style.characters:,}",
        f"{file}, index {style.index}" if style.index else file,
    )
