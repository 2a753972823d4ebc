"""What the commands that render one picture share: their options, and what is told of it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from engines.image_core.cli.support import print_json, printable, say
from engines.image_core.errors import ExportError
from engines.image_core.export import ExportOptions, Format, format_of, parse_options
from engines.image_core.models import ImageComposition
from engines.image_core.rendering.rendered import RenderedImage
from engines.image_core.rendering.renderer import Renderer
from engines.image_core.runtime.writing import check_writable, write_file

__all__ = ["FormatOption", "Look", "Output", "draw_file"]

Output = Annotated[Path, typer.Option("--output", "-o", help="The picture to write.", show_default=False)]
FormatOption = Annotated[
    Format | None, typer.Option(help="Its format; by default what its suffix says.", show_default=False)
]


@dataclass(frozen=True)
class Look:
    """How a command writes a picture and tells it.

    Attributes:
        format: of the file; None is what its suffix says.
        settings: how it is written, as `parse_options` takes them.
        as_json: whether what is told is JSON.
    """

    format: Format | None
    settings: Mapping[str, Any]
    as_json: bool

    def check(self, output: Path) -> ExportOptions:
        """What a file of this name is written with.

        Raises:
            ExportError: the name does not say its format, the format does not have a setting, or the file
                cannot be written.
        """
        options = parse_options(self.format or _format_of(output), **self.settings)
        check_writable(output)
        return options


def draw_file(
    renderer: Renderer,
    composition: ImageComposition,
    output: Path,
    look: Look,
    **beside: Any,
) -> None:
    """Render a composition to a file and tell it.

    Args:
        renderer: whose root the composition names files in.
        composition: what to draw.
        output: the picture.
        look: how it is written and told.
        beside: what else the report has: `variant`, its name; `locale_data`; `approximated`, by the paths
            of layers.

    Raises:
        ImageCoreError: it cannot be rendered, or not be written.
    """
    options = look.check(output)
    image = renderer.render(composition)
    started = time.perf_counter()
    data = image.encode(options)
    encoded = 1000 * (time.perf_counter() - started)
    write_file(output, data)
    report = _report(image, data, output, encoded) | beside
    if look.as_json:
        print_json(report)
        return
    say(_line(report))
    for path, listed in report.get("approximated", {}).items():
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
