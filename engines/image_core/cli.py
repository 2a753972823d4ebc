"""The command `image-core`: render, register, demo.

Results go to standard output, one human line each or one JSON object. On a fault standard output stays empty
and standard error gets one line: exit status 2 when the input is at fault, 3 when the machine is (the backend
asked for is not to be had, the device failed, memory ran out).
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from logging.handlers import MemoryHandler
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from engines.image_core.backend import BackendChoice
from engines.image_core.demo import demo_card, write_photos
from engines.image_core.errors import (
    BackendUnavailableError,
    CompositionError,
    DeviceError,
    ExportError,
    ImageCoreError,
)
from engines.image_core.export import Format, encode, parse_format
from engines.image_core.loading import composition_from_json
from engines.image_core.models import ImageComposition
from engines.image_core.renderer import RenderedImage, Renderer
from engines.image_core.service import ImageCoreService
from engines.image_core.writing import check_writable, write_file
from engines.media_v2 import DerivedArtifact, MediaError

__all__ = ["main"]

BAD_INPUT = 2
MACHINE = 3

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Input = Annotated[
    Path,
    typer.Argument(
        metavar="COMPOSITION",
        help="The composition, a JSON file; - is standard input. Relative paths in it start at its folder"
        " (for -, at the current one), and no file outside that folder is read.",
        show_default=False,
    ),
]
Backend = Annotated[
    BackendChoice, typer.Option(help="What renders: auto takes a GPU, else Mesa, else NumPy.")
]
DeviceIndex = Annotated[int, typer.Option(min=0, help="Which OpenGL device, hardware first.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show the log as it comes.")]


def main() -> None:
    """Run the command line; the entry point of `image-core`."""
    for stream in (sys.stdout, sys.stderr):  # a name the terminal's encoding lacks is escaped, not a crash
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    app()


def _show_version(wanted: bool) -> None:
    if wanted:
        _say(f"image-core {version('image-core')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Composite layers into a picture: the same bytes on every device and on the CPU."""


@app.command()
def render(
    composition: Input,
    output: Annotated[Path, typer.Option("--output", "-o", help="The picture to write.", show_default=False)],
    format: Annotated[
        Format | None, typer.Option(help="Its format; by default what its suffix says.", show_default=False)
    ] = None,
    backend: Backend = "auto",
    device_index: DeviceIndex = 0,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Render a composition to a PNG or WEBP file."""
    with _reporting(verbose):
        chosen = format or _format_of(output)
        check_writable(output)
        content, root = _load(composition)
        with Renderer(backend, root, device_index) as renderer:
            image = renderer.render(content)
        started = time.perf_counter()
        data = encode(image.pixels, chosen)
        encoded = 1000 * (time.perf_counter() - started)
        write_file(output, data)
        report = _report(image, data, output, encoded)
        if as_json:
            _print_json(report)
        else:
            _say(_line(report))


@app.command()
def register(
    composition: Input,
    data: Annotated[
        Path, typer.Option(help="The folder of the media store; made when missing.", show_default=False)
    ],
    format: Annotated[Format, typer.Option(help="The format of the artifact.")] = Format.PNG,
    backend: Backend = "auto",
    device_index: DeviceIndex = 0,
    force: Annotated[
        bool, typer.Option("--force", help="Render again even if the artifact is there.")
    ] = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Render a composition and register it as an artifact of its tenant and env."""
    with _reporting(verbose):
        content, root = _load(composition)
        with ImageCoreService.open(data, backend=backend, root=root, device_index=device_index) as service:
            artifact = service.render_composition(content, format, force=force)
        if as_json:
            _print_json(artifact.model_dump(mode="json"))
        else:
            _say_artifact(artifact)


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
    with _reporting(verbose):
        card = demo_card()
        write_photos(out)
        write_file(out / "demo.json", card.model_dump_json(exclude_unset=True, indent=2).encode() + b"\n")
        store = out / "data" if data is None else data
        with ImageCoreService.open(store, backend=backend, root=out, device_index=device_index) as service:
            made = [(out / f"demo.{format}", service.render_composition(card, format)) for format in Format]
            for path, artifact in made:
                scope = {"tenant_id": artifact.tenant_id, "env": artifact.env}
                write_file(path, service.media.read_artifact(artifact.id, **scope))
        for path, artifact in made:
            _say(f"{path}: artifact {artifact.id}")


def _load(path: Path) -> tuple[ImageComposition, Path]:
    """The composition of a file or of standard input, and the folder its paths start at."""
    if path == Path("-"):
        return composition_from_json(sys.stdin.buffer.read(), "standard input"), Path.cwd()
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CompositionError(f"composition {str(path)!r}: {error.strerror or error}") from error
    return composition_from_json(data, f"composition {str(path)!r}"), path.parent


def _format_of(output: Path) -> Format:
    try:
        return parse_format(output.suffix.removeprefix(".").lower())
    except ExportError as error:
        raise ExportError(
            f"output {str(output)!r}: its suffix names no format: use .png or .webp, or say --format"
        ) from error


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
    }


def _line(report: dict[str, Any]) -> str:
    layers = "1 layer" if report["layers_count"] == 1 else f"{report['layers_count']} layers"
    return (
        f"{report['output']}: {report['width']} x {report['height']}, {layers}, {report['bytes']:,} bytes, "
        f"{sum(report['timings'].values()):.0f} ms with {report['backend']} on {report['device']}"
    )


def _say_artifact(artifact: DerivedArtifact) -> None:
    _say(f"{artifact.id}: {artifact.kind} at {artifact.uri}")
    for name, value in artifact.meta.model_dump(mode="json").items():
        _say(f"  {name}: {value if isinstance(value, str) else json.dumps(value)}")


def _print_json(value: object) -> None:
    print(json.dumps(value))  # ASCII, control characters escaped


def _say(line: str) -> None:
    """A line for people on standard output: the part before the first colon stands out on a terminal."""
    subject, colon, rest = _printable(line).partition(":")
    Console(soft_wrap=True).print(Text.assemble((subject, "bold"), colon, rest))


def _printable(text: str) -> str:
    """Text as one line that no terminal takes for a command: what is not printable is escaped, as in \\n."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


class _OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return _printable(f"image-core: {record.levelname.lower()}: {record.getMessage()}")


@contextmanager
def _reporting(verbose: bool) -> Iterator[None]:
    """Tell faults as one line on standard error and end with the exit status they have."""
    try:
        with _logging(verbose):
            yield
    except (BackendUnavailableError, DeviceError) as error:
        _fail(str(error), MACHINE)
    except MemoryError:
        _fail("there is not enough memory for this composition", MACHINE)
    except (ImageCoreError, MediaError) as error:
        _fail(str(error), BAD_INPUT)


def _fail(message: str, status: int) -> None:
    print(_printable(f"image-core: {message}"), file=sys.stderr)
    raise typer.Exit(status)


@contextmanager
def _logging(verbose: bool) -> Iterator[None]:
    """The package's log on standard error: as it comes when verbose, otherwise only warnings, and those kept
    until the command has succeeded, so that a fault is told alone."""
    terminal = logging.StreamHandler(sys.stderr)
    terminal.setFormatter(_OneLine())
    kept = MemoryHandler(1000, flushLevel=logging.CRITICAL, target=terminal, flushOnClose=False)
    handler = terminal if verbose else kept
    log = logging.getLogger("image_core")
    log.setLevel(logging.INFO if verbose else logging.WARNING)
    log.addHandler(handler)
    try:
        yield
        kept.flush()
    finally:
        log.removeHandler(handler)
