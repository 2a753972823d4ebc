"""The commands `image-core psd`: layered files; each is in a file of its own."""

from __future__ import annotations

import typer

from engines.image_core.cli.psd_convert import convert
from engines.image_core.cli.psd_inspect import inspect
from engines.image_core.cli.psd_render import render
from engines.image_core.cli.psd_write import write

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Layered files: Photoshop's, read and written, and OpenRaster.")
app.command()(inspect)
app.command()(render)
app.command()(convert)
app.command()(write)
