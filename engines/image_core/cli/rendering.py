"""What the commands that render one picture share: their options, and what is told of it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from engines.image_core.backend import BackendChoice
from engines.image_core.cli.support import print_json, printable, say
from engines.image_core.errors import ExportError
from engines.image_core.export import Format, format_of, parse_options
from engines.image_core.models import ImageComposition
from engines.image_core.rendering.rendered import RenderedImage
from engines.image_core.rendering.renderer import Renderer
from engines.image_core.runtime.writing import check_writable, write_file
from engines.image_core.sources.raster.icc import DamagedProfiles

__all__ = ["FormatOption", "Output", "drawn_file"]

Output = Annotated[Path, typer.Option("--output", "-o", help="The picture to write.", show_default=False)]
FormatOption = Annotated[
    Format | None, typer.Option(help="Its format; by default what its suffix says.", show_default=False)
]


def drawn_file(
    composition: ImageComposition,
    root: Path,
    output: Path,
    *,
    format: Format | None,
    settings: Mapping[str, Any],
    backend: tuple[BackendChoice, int],
    fonts: Path | None,
    damaged_profiles: DamagedProfiles,
    as_json: bool,
    notes: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Render a composition to a file and tell it.

    Args:
        composition: what to draw.
        root: the folder that it names files in.
        output: the picture.
        format: its format; None is what its suffix says.
        settings: how it is written, as `parse_options` takes them.
        backend: what renders, and on which device.
        fonts: a folder of fonts.
        damaged_profiles: as for `Renderer`.
        as_json: whether the report is JSON.
        notes: what is approximated, by the paths of layers, told after it; None where nothing can be.
    """
    options = parse_options(format or _format_of(output), **settings)
    check_writable(output)
    with Renderer(backend[0], root, backend[1], fonts=fonts, damaged_profiles=damaged_profiles) as renderer:
        image = renderer.render(composition)
    started = time.perf_counter()
    data = image.encode(options)
    encoded = 1000 * (time.perf_counter() - started)
    write_file(output, data)
    report = _report(image, data, output, encoded)
    if as_json:
        print_json(report if notes is None else report | {"approximated": notes})
    else:
        say(_line(report))
        for path, listed in (notes or {}).items():
            typer.echo(printable(f"  ~ {path}: {'; '.join(listed)}"))


def _format_of(output: Path) -> Format:
    try:
        return format_of(str(output))
    except ExportError as error:
        raise ExportError(f"{error}; or say --format") from error


def _report(image: RenderedImage, data: bytes, output: Path, encoded: float) -> dict[str, Any]:
    timings = {**image.timings, "encode": encoded}
    return {
        "output": str(output),
        "width": image.width,
        "height": image.height,
        "layers_count": image.layers_count,
        "pipeline_hash": image.pipeline_hash,
        "pixel_hash": image.pixel_hash,
        "backend": image.backend,
        "device": image.device,
        "reason": image.reason,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "timings": {stage: round(milliseconds, 3) for stage, milliseconds in timings.items()},
        "cache": image.cache,
        "notes": list(image.notes),
    }


def _line(report: dict[str, Any]) -> str:
    layers = "1 layer" if report["layers_count"] == 1 else f"{report['layers_count']} layers"
    return (
        f"{report['output']}: {report['width']} x {report['height']}, {layers}, {report['bytes']:,} bytes, "
        f"{sum(report['timings'].values()):.0f} ms with {report['backend']} on {report['device']}"
    )
