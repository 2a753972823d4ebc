"""The commands `image-core psd`: Photoshop files."""

from __future__ import annotations

import typer

from engines.image_core.cli.psd_convert import convert
from engines.image_core.cli.psd_inspect import inspect
from engines.image_core.cli.psd_render import render

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Photoshop files: inspect, render and convert them.")
app.command()(inspect)
app.command()(render)
app.command()(convert)
