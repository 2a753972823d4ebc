"""The command `image-core psd convert`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engines.image_core.cli.psd_inspect import PsdFile
from engines.image_core.cli.support import (
    AsJson,
    FontsFolder,
    ProfileOption,
    PsdEnv,
    PsdTenant,
    Verbose,
    print_json,
    printable,
    reporting,
    say,
)
from engines.image_core.psd.converting import Converted, convert_psd
from engines.image_core.psd.layers import walk
from engines.image_core.psd.template import PsdTemplate

__all__ = ["convert"]


def convert(
    psd: PsdFile,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder; made when missing.", show_default=False)
    ],
    tenant_id: PsdTenant = "local",
    env: PsdEnv = "local",
    profile: ProfileOption = "srgb",
    fonts: FontsFolder = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Convert a Photoshop file to a template, composition.json, and the pictures it names.

    Texts and smart objects become variables; texts whose fonts are missing keep the file's pixels.
    """
    with reporting(verbose):
        template = PsdTemplate.open(psd, fonts=fonts, profile=profile)
        converted = convert_psd(template, output, tenant_id=tenant_id, env=env)
        notes = _notes(template, converted)
        if as_json:
            print_json(
                {
                    "composition": str(converted.composition),
                    "variables": converted.variables,
                    "kept": converted.kept,
                    "approximated": notes,
                }
            )
            return
        say(f"{converted.composition}: {len(converted.variables)} variables")
        for name, default in converted.variables.items():
            typer.echo(f"  {{{{{name}}}}}: {printable(default)}")
        for path, why in converted.kept.items():
            typer.echo(printable(f"  {path}: keeps the file's pixels, for {why}"))
        for path, listed in notes.items():
            typer.echo(printable(f"  ~ {path}: {'; '.join(listed)}"))


def _notes(template: PsdTemplate, converted: Converted) -> dict[str, tuple[str, ...]]:
    """What is approximated, by the paths of layers: of variables, of their new drawing too."""
    notes: dict[str, tuple[str, ...]] = {}
    for layer in walk(template.layers):
        anew = () if layer.path in converted.kept else layer.approximated_anew
        if listed := (*notes.get(layer.path, ()), *layer.approximated, *anew):
            notes[layer.path] = tuple(dict.fromkeys(listed))
    return notes
