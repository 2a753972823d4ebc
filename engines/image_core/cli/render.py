"""The command `image-core render`: a composition, or variants of a template, to files."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import typer

from engines.image_core.cli.inputs import (
    AllVariants,
    Backend,
    Content,
    DeviceIndex,
    Input,
    Variables,
    Variants,
    read_content,
    wanted_variants,
)
from engines.image_core.cli.rendering import FormatOption, Look, Output, draw_file
from engines.image_core.cli.support import (
    AsJson,
    DamagedProfilesOption,
    EffortOption,
    FontsFolder,
    Lossless,
    Matte,
    Quality,
    SubsamplingOption,
    Verbose,
    printable,
    reporting,
)
from engines.image_core.documents.templates import variant_output
from engines.image_core.errors import ImageCoreError
from engines.image_core.rendering.renderer import Renderer

__all__ = ["render"]

SOME_FAILED = 1


def render(
    composition: Input,
    output: Output,
    format: FormatOption = None,
    effort: EffortOption = None,
    quality: Quality = None,
    lossless: Lossless = False,
    matte: Matte = None,
    subsampling: SubsamplingOption = None,
    variables: Variables = None,
    variants: Variants = None,
    all_variants: AllVariants = False,
    backend: Backend = "auto",
    device_index: DeviceIndex = 0,
    fonts: FontsFolder = None,
    damaged_profiles: DamagedProfilesOption = "error",
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Render a composition to a PNG, WEBP, JPEG or AVIF file.

    Of a template with variants, --variant NAME draws one. With several the name of each comes into its
    file's: where {variant} stands in OUTPUT, else before the suffix (card-story.png). One that fails is told
    and stops no other; the exit status is then 1.
    """
    with reporting(verbose):
        settings = {
            "effort": effort, "quality": quality, "lossless": lossless or None, "matte": matte,
            "subsampling": subsampling,
        }  # fmt: skip
        look = Look(format, settings, as_json)
        content = read_content(composition, variables or [])
        outputs = _outputs(content, output, variants or [], all_variants)
        for path in outputs.values():
            look.check(path)
        with Renderer(
            backend, content.root, device_index, fonts=fonts, damaged_profiles=damaged_profiles
        ) as renderer:
            failed = _drawn(renderer, content, outputs, look)
    if failed:
        raise typer.Exit(SOME_FAILED)


def _outputs(
    content: Content, output: Path, variants: list[str], all_variants: bool
) -> dict[str | None, Path]:
    """The file of each variant that is asked for; one alone may have any name."""
    wanted = wanted_variants(content.template, variants, all_variants)
    if len(wanted) == 1 and not all_variants and "{variant}" not in str(output):
        return {wanted[0]: output}
    return {
        variant: output if variant is None else Path(variant_output(str(output), variant))
        for variant in wanted
    }


def _drawn(renderer: Renderer, content: Content, outputs: Mapping[str | None, Path], look: Look) -> bool:
    """Draw each variant; whether one of several failed. One alone raises its error."""
    failed = False
    for variant, path in outputs.items():
        try:
            beside = {"variant": variant, "locale_data": content.locale_data}
            draw_file(renderer, content.composition(variant), path, look, **_given(beside))
        except ImageCoreError as error:
            if len(outputs) == 1:
                raise
            print(printable(f"image-core: {error}"), file=sys.stderr)
            failed = True
    return failed


def _given(fields: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value is not None}
