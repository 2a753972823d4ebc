"""The commands `image-core mask import` and `image-core mask generate`: mask artifacts from a shell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engines.image_core.cli.support import (
    AsJson,
    BlobUrl,
    DatabaseUrl,
    DataDir,
    Verbose,
    print_json,
    read_input,
    reporting,
    say_artifact,
)
from engines.image_core.documents.loading import selection_from_json
from engines.image_core.service import ImageCoreService
from engines.image_core.sources.raster.decoding import Channel
from engines.media_v2 import DerivedArtifact

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Register masks: of video frames, of selections.")

TenantId = Annotated[str, typer.Option(help="Whose the mask is.", show_default=False)]
Env = Annotated[str, typer.Option(help="The tenant's environment.", show_default=False)]
StartMs = Annotated[
    int | None, typer.Option(help="From when in a video it holds, in milliseconds.", show_default=False)
]
EndMs = Annotated[
    int | None, typer.Option(help="Until when; by default its end is not said.", show_default=False)
]


@app.command("import")
def import_mask(
    frame: Annotated[
        Path,
        typer.Argument(
            metavar="FRAME",
            help="A grey picture, such as a frame of a matte video; - is standard input.",
            show_default=False,
        ),
    ],
    tenant_id: TenantId,
    env: Env,
    data: DataDir = None,
    database_url: DatabaseUrl = None,
    blob_url: BlobUrl = None,
    channel: Annotated[
        Channel | None,
        typer.Option(help="The channel to take; only a grey picture needs none.", show_default=False),
    ] = None,
    start_ms: StartMs = None,
    end_ms: EndMs = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Register a picture as a mask artifact: white is visible, black is not."""
    with reporting(verbose):
        picture, name = read_input(frame, "mask")
        with _service(data, database_url, blob_url) as service:
            artifact = service.import_mask(
                picture, tenant_id, env, channel=channel, start_ms=start_ms, end_ms=end_ms, name=name
            )
        _tell(artifact, as_json)


@app.command("generate")
def generate_mask(
    selection: Annotated[
        Path,
        typer.Argument(
            metavar="SELECTION", help="The selection, a JSON file; - is standard input.", show_default=False
        ),
    ],
    width: Annotated[int, typer.Option(help="The canvas's width in pixels.", show_default=False)],
    height: Annotated[int, typer.Option(help="The canvas's height in pixels.", show_default=False)],
    tenant_id: TenantId,
    env: Env,
    data: DataDir = None,
    database_url: DatabaseUrl = None,
    blob_url: BlobUrl = None,
    start_ms: StartMs = None,
    end_ms: EndMs = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Rasterise a selection and register it as a mask artifact."""
    with reporting(verbose):
        area = selection_from_json(*read_input(selection, "selection"))
        with _service(data, database_url, blob_url) as service:
            artifact = service.generate_mask(
                area, width, height, tenant_id, env, start_ms=start_ms, end_ms=end_ms
            )
        _tell(artifact, as_json)


def _service(data: Path | None, database_url: str | None, blob_url: str | None) -> ImageCoreService:
    """The service on the store that the options name; masks are made without a device."""
    return ImageCoreService.open(data, database_url=database_url, blob_url=blob_url, backend="numpy")


def _tell(artifact: DerivedArtifact, as_json: bool) -> None:
    if as_json:
        print_json(artifact.model_dump(mode="json"))
    else:
        say_artifact(artifact)
