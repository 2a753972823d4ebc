"""The command `image-core psd render`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engines.image_core.cli.inputs import Backend, DeviceIndex, pairs
from engines.image_core.cli.psd_inspect import PsdFile
from engines.image_core.cli.rendering import FormatOption, Look, Output, draw_file
from engines.image_core.cli.support import (
    AsJson,
    DamagedProfilesOption,
    EffortOption,
    FontsFolder,
    Lossless,
    Matte,
    ProfileOption,
    Quality,
    SubsamplingOption,
    Verbose,
    read_input,
    reporting,
)
from engines.image_core.psd.finding import find_layers
from engines.image_core.psd.layers import walk
from engines.image_core.psd.template import PsdTemplate
from engines.image_core.rendering.renderer import Renderer

__all__ = ["render"]

Texts = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="LAYER=TEXT", help="New text of a text layer; once for each.", show_default=False
    ),
]
Images = Annotated[
    list[str] | None,
    typer.Option(
        "--image",
        metavar="LAYER=FILE",
        help="A picture, SVG or PSD file in a smart object; once for each.",
        show_default=False,
    ),
]
Colors = Annotated[
    list[str] | None,
    typer.Option(
        "--color",
        metavar="LAYER=#RRGGBB",
        help="A new colour of a shape, fill or text layer; once for each.",
        show_default=False,
    ),
]
Shown = Annotated[
    list[str] | None,
    typer.Option("--show", metavar="LAYER", help="Show a layer; once for each.", show_default=False),
]
Hidden = Annotated[
    list[str] | None,
    typer.Option("--hide", metavar="LAYER", help="Hide a layer; once for each.", show_default=False),
]


def render(
    psd: PsdFile,
    output: Output,
    texts: Texts = None,
    images: Images = None,
    colors: Colors = None,
    shown: Shown = None,
    hidden: Hidden = None,
    comp: Annotated[
        str | None, typer.Option(help="The layer comp whose layers are shown.", show_default=False)
    ] = None,
    artboard: Annotated[
        str | None, typer.Option(help="The artboard that is drawn, alone.", show_default=False)
    ] = None,
    redraw: Annotated[
        bool, typer.Option("--redraw", help="Draw shapes, fills and text from their settings.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail where something is approximated.")] = False,
    profile: ProfileOption = "srgb",
    format: FormatOption = None,
    effort: EffortOption = None,
    quality: Quality = None,
    lossless: Lossless = False,
    matte: Matte = None,
    subsampling: SubsamplingOption = None,
    backend: Backend = "auto",
    device_index: DeviceIndex = 0,
    fonts: FontsFolder = None,
    damaged_profiles: DamagedProfilesOption = "error",
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Render a Photoshop file to a PNG, WEBP, JPEG or AVIF file, with texts, pictures and colours replaced.

    A layer is called by its name, by a path such as Card/Headline, or by its id, such as #12.
    """
    with reporting(verbose):
        template = PsdTemplate.open(psd, source=psd.name, profile=profile, strict=strict)
        new_texts, new_colors = pairs(texts, "--set"), pairs(colors, "--color")
        new_images = pairs(images, "--image")
        composition = template.composition(
            tenant_id="local",
            env="local",
            comp=comp,
            artboard=artboard,
            redraw=redraw,
            text=new_texts,
            images={layer: _picture(file) for layer, file in new_images.items()},
            colors=new_colors,
            visible=dict.fromkeys(shown or [], True) | dict.fromkeys(hidden or [], False),
        )
        settings = {
            "effort": effort, "quality": quality, "lossless": lossless or None, "matte": matte,
            "subsampling": subsampling,
        }  # fmt: skip
        look = Look(format, settings, as_json)
        look.check(output)
        notes = _notes(template, {*new_texts, *new_images, *new_colors}, redraw)
        with Renderer(
            backend, psd.parent, device_index, fonts=fonts, damaged_profiles=damaged_profiles
        ) as renderer:
            draw_file(renderer, composition, output, look, approximated=notes)


def _notes(template: PsdTemplate, changed: set[str], redraw: bool) -> dict[str, tuple[str, ...]]:
    """What is approximated, by the paths of layers: of what is put into them too, where something is."""
    drawn_anew = {layer.number for key in changed for layer in find_layers(template.layers, key, "layer")}
    notes = {"the file": template.approximated}
    for layer in walk(template.layers):
        anew = layer.number in drawn_anew or (redraw and layer.kind == "text")
        listed = (*layer.approximated, *(layer.approximated_anew if anew else ()))
        notes[layer.path] = (*notes.get(layer.path, ()), *listed)
    return {path: tuple(dict.fromkeys(listed)) for path, listed in notes.items() if listed}


def _picture(file: str) -> bytes:
    """A picture from anywhere: it is the caller's own machine."""
    return read_input(Path(file), "picture")[0]
