"""The command `image-core psd inspect`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from engines.image_core.cli.support import AsJson, FontsFolder, Verbose, print_json, printable, reporting, say
from engines.image_core.psd.layers import PsdLayer
from engines.image_core.psd.template import PsdTemplate

__all__ = ["PsdFile", "inspect"]

PsdFile = Annotated[
    Path, typer.Argument(metavar="PSD", help="The Photoshop file, a PSD or PSB.", show_default=False)
]


def inspect(
    psd: PsdFile, fonts: FontsFolder = None, as_json: AsJson = False, verbose: Verbose = False
) -> None:
    """Tell what is in a Photoshop file: its layers from the top down, and what is approximated."""
    with reporting(verbose):
        template = PsdTemplate.open(psd, fonts=fonts)
        if as_json:
            print_json(_report(template))
            return
        say(f"{psd}: {template.width} x {template.height}, {template.mode}, {template.depth} bits")
        for note in template.approximated:
            typer.echo(f"  ~ {note}")
        lists = {
            "artboards": template.artboards,
            "layer comps": template.comps,
            "fonts that are missing": template.missing_fonts,
        }
        for name, listed in lists.items():
            if listed:
                typer.echo(f"  {name}: {printable(', '.join(listed))}")
        for line in _lines(template.layers, "  "):
            typer.echo(line)


def _report(template: PsdTemplate) -> dict[str, Any]:
    return {
        "width": template.width,
        "height": template.height,
        "mode": template.mode,
        "depth": template.depth,
        "approximated": template.approximated,
        "artboards": template.artboards,
        "comps": template.comps,
        "missing_fonts": template.missing_fonts,
        "layers": [asdict(layer) for layer in template.layers],
    }


def _lines(layers: tuple[PsdLayer, ...], indent: str) -> Iterator[str]:
    """The layers, the highest first, those of groups indented."""
    for layer in reversed(layers):
        yield indent + printable(_line(layer))
        for note in layer.approximated:
            yield f"{indent}  ~ {note}"
        for note in layer.approximated_anew:
            yield f"{indent}  ~ once replaced: {note}"
        yield from _lines(layer.layers, indent + "  ")


def _line(layer: PsdLayer) -> str:
    left, top, right, bottom = layer.box
    number = "" if layer.id is None else f"#{layer.id} "
    parts = [f"{number}{layer.name}: {layer.kind}, {right - left} x {bottom - top} at ({left}, {top})"]
    if layer.blend_mode not in ("normal", "pass-through"):
        parts.append(layer.blend_mode)
    if layer.opacity < 1:
        parts.append(f"{layer.opacity:.0%}")
    if not layer.visible:
        parts.append("hidden")
    if layer.text is not None:
        parts.append(repr(layer.text))
    if layer.fonts:
        parts.append(" ".join(layer.fonts))
    if layer.smart_object is not None:
        parts.append(repr(layer.smart_object.filename))
    return ", ".join(parts)
