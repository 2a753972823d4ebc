"""The commands `image-core psd ...`: layered files; each is in a file of its own."""

from __future__ import annotations

import typer

from engines.image_core.cli.psd_write import write

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Layered files: Photoshop's and OpenRaster.")
app.command()(write)


@app.callback()
def _options() -> None:
    """Layered files: Photoshop's and OpenRaster."""
