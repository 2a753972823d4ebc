"""The command `image-core psd write`: a composition as a layered file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from engines.image_core.cli.inputs import Backend, DeviceIndex, Input, Variables, load_composition
from engines.image_core.cli.support import (
    AsJson,
    DamagedProfilesOption,
    FontsFolder,
    Verbose,
    print_json,
    reporting,
    say,
)
from engines.image_core.errors import ExportError
from engines.image_core.psd.openraster import write_openraster
from engines.image_core.psd.writing.document import write_psd
from engines.image_core.psd.writing.notes import LayeredFile
from engines.image_core.rendering.renderer import Renderer
from engines.image_core.runtime.writing import check_writable

__all__ = ["write"]

LayeredFormat: TypeAlias = Literal["psd", "psb", "ora"]


def write(
    composition: Input,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The layered file to write.", show_default=False)
    ],
    format: Annotated[
        LayeredFormat | None,
        typer.Option(help="Its format; by default what its suffix says.", show_default=False),
    ] = None,
    variables: Variables = None,
    backend: Backend = "auto",
    device_index: DeviceIndex = 0,
    fonts: FontsFolder = None,
    damaged_profiles: DamagedProfilesOption = "error",
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Write a composition as a Photoshop file (PSD, PSB) or OpenRaster (.ora), with its layers.

    What the format has not is drawn into pixels, and told.
    """
    with reporting(verbose):
        kind = format or _format_of(output)
        check_writable(output)
        content, root = load_composition(composition, variables or [])
        with Renderer(
            backend, root, device_index, fonts=fonts, damaged_profiles=damaged_profiles
        ) as renderer:
            if kind == "ora":
                file = write_openraster(content, renderer)
            else:
                file = write_psd(content, renderer, large=True if kind == "psb" else None)
        file.save(output)
        if as_json:
            print_json(_report(file, output, kind))
        else:
            layers = "1 layer" if file.layers == 1 else f"{file.layers} layers"
            say(f"{output}: {kind}, {layers}, {len(file.data):,} bytes")
            for note in file.notes:
                say(f"  {note}")


def _format_of(output: Path) -> LayeredFormat:
    suffix = output.suffix.lower()
    if suffix == ".psd":
        return "psd"
    if suffix == ".psb":
        return "psb"
    if suffix == ".ora":
        return "ora"
    raise ExportError(f"output {str(output)!r}: allowed suffixes are .psd, .psb, .ora; or say --format")


def _report(file: LayeredFile, output: Path, kind: LayeredFormat) -> dict[str, object]:
    notes = [{"layer": note.layer, "kind": note.kind, "text": note.text} for note in file.notes]
    return {
        "output": str(output),
        "format": kind,
        "layers": file.layers,
        "bytes": len(file.data),
        "notes": notes,
    }
