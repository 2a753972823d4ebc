"""The command `image-core`: measure, register, demo; each other command is in a file of its own.

How results and faults are told, and the exit statuses, are in support.py.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from engines.image_core.cli.batch import BatchCommand, batch
from engines.image_core.cli.diff import diff
from engines.image_core.cli.doctor import doctor
from engines.image_core.cli.fonts import list_fonts
from engines.image_core.cli.inputs import Backend, DeviceIndex, Input, Variables, load_composition
from engines.image_core.cli.mask import app as mask_app
from engines.image_core.cli.measure import measure_texts, tell_texts
from engines.image_core.cli.media import app as media_app
from engines.image_core.cli.psd import app as psd_app
from engines.image_core.cli.render import render
from engines.image_core.cli.serve import serve
from engines.image_core.cli.support import (
    AsJson,
    BlobUrl,
    DamagedProfilesOption,
    DatabaseUrl,
    DataDir,
    EffortOption,
    FontsFolder,
    Lossless,
    Matte,
    Quality,
    SubsamplingOption,
    Verbose,
    print_json,
    reporting,
    say,
    say_artifact,
)
from engines.image_core.documents.demo import demo_card, write_photos
from engines.image_core.export import Format, parse_options
from engines.image_core.runtime.writing import write_file
from engines.image_core.service import ImageCoreService

__all__ = ["main"]

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(mask_app, name="mask")
app.add_typer(media_app, name="media")
app.add_typer(psd_app, name="psd")
app.command()(render)
app.command()(serve)
app.command()(doctor)
app.command(cls=BatchCommand)(batch)
app.command()(diff)
app.command("fonts")(list_fonts)


def main() -> None:
    """Run the command line; the entry point of `image-core`."""
    for stream in (sys.stdout, sys.stderr):  # a name the terminal's encoding lacks is escaped, not a crash
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    app()


def _show_version(wanted: bool) -> None:
    if wanted:
        say(f"image-core {version('image-core')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Composite layers into a picture: the same bytes on every device and on the CPU."""


@app.command()
def measure(
    composition: Input,
    variables: Variables = None,
    fonts: FontsFolder = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Tell what a composition's texts take, without drawing: sizes, lines and their boxes, fonts."""
    with reporting(verbose):
        content, root = load_composition(composition, variables or [])
        texts = measure_texts(content, root, fonts)
        if as_json:
            print_json({"texts": texts})
        else:
            tell_texts(texts)


@app.command()
def register(
    composition: Input,
    data: DataDir = None,
    database_url: DatabaseUrl = None,
    blob_url: BlobUrl = None,
    format: Annotated[Format, typer.Option(help="The format of the artifact.")] = Format.PNG,
    effort: EffortOption = None,
    quality: Quality = None,
    lossless: Lossless = False,
    matte: Matte = None,
    subsampling: SubsamplingOption = None,
    backend: Backend = "auto",
    device_index: DeviceIndex = 0,
    fonts: FontsFolder = None,
    damaged_profiles: DamagedProfilesOption = "error",
    force: Annotated[
        bool, typer.Option("--force", help="Render again even if the artifact is there.")
    ] = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Render a composition and register it as an artifact of its tenant and env."""
    with reporting(verbose):
        options = parse_options(
            format,
            effort=effort,
            quality=quality,
            lossless=lossless or None,
            matte=matte,
            subsampling=subsampling,
        )
        content, root = load_composition(composition)
        with ImageCoreService.open(
            data,
            database_url=database_url,
            blob_url=blob_url,
            backend=backend,
            root=root,
            device_index=device_index,
            fonts=fonts,
            damaged_profiles=damaged_profiles,
        ) as service:
            artifact = service.render_composition(content, options, force=force)
        if as_json:
            print_json(artifact.model_dump(mode="json"))
        else:
            say_artifact(artifact)


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="The folder of the pictures; made when missing.")] = Path("out"),
    data: Annotated[
        Path | None, typer.Option(help="The folder of the media store; by default data in OUT.")
    ] = None,
    backend: Backend = "auto",
    device_index: DeviceIndex = 0,
    verbose: Verbose = False,
) -> None:
    """Render and register the demo card, as PNG and as WEBP.

    The folder also gets the card's composition, demo.json, and its photographs.
    """
    with reporting(verbose):
        card = demo_card()
        write_photos(out)
        write_file(out / "demo.json", card.model_dump_json(exclude_unset=True, indent=2).encode() + b"\n")
        store = out / "data" if data is None else data
        with ImageCoreService.open(store, backend=backend, root=out, device_index=device_index) as service:
            made = [
                (out / f"demo.{format}", service.render_composition(card, format))
                for format in (Format.PNG, Format.WEBP)
            ]
            for path, artifact in made:
                scope = {"tenant_id": artifact.tenant_id, "env": artifact.env}
                write_file(path, service.media.read_artifact(artifact.id, **scope))
        for path, artifact in made:
            say(f"{path}: artifact {artifact.id}")
