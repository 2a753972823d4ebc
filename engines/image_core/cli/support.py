"""What the commands of `image-core` share: how input is read, and how results and faults are told.

Results go to standard output, one human line each or one JSON object. On a fault standard output stays empty
and standard error gets one line: exit status 2 when the input is at fault, 3 when the machine is (the backend
asked for is unavailable, the device failed, memory ran out).
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import MemoryHandler
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from engines.image_core.errors import (
    BackendUnavailableError,
    CompositionError,
    DeviceError,
    ImageCoreError,
)
from engines.image_core.export import Effort, Subsampling
from engines.image_core.psd.template import Profile
from engines.image_core.sources.raster.icc import DamagedProfiles
from engines.media_v2 import DerivedArtifact, MediaError

__all__ = [
    "AsJson",
    "BlobUrl",
    "DamagedProfilesOption",
    "DataDir",
    "DatabaseUrl",
    "EffortOption",
    "FontsFolder",
    "Lossless",
    "Matte",
    "ProfileOption",
    "PsdEnv",
    "PsdTenant",
    "Quality",
    "SubsamplingOption",
    "Verbose",
    "print_json",
    "printable",
    "read_input",
    "reporting",
    "say",
    "say_artifact",
]

BAD_INPUT = 2
MACHINE = 3

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show the log as it comes.")]

# Where the media store is. With none of the three, the environment says it.
DataDir = Annotated[
    Path | None,
    typer.Option("--data", help="The folder of the media store; made when missing.", show_default=False),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        help="Instead of a folder, the store's database: sqlite:///FILE or postgresql+psycopg://..."
        " By default IMAGE_CORE_DATABASE_URL, where a password belongs.",
        show_default=False,
    ),
]
BlobUrl = Annotated[
    str | None,
    typer.Option(
        help="The store's blobs, beside its database: file:///FOLDER or s3://BUCKET/PREFIX."
        " By default IMAGE_CORE_BLOB_URL.",
        show_default=False,
    ),
]


FontsFolder = Annotated[
    Path | None,
    typer.Option(
        "--fonts",
        metavar="DIR",
        help="A folder of fonts whose families texts may name; image-core fonts DIR lists them.",
        show_default=False,
    ),
]

DamagedProfilesOption = Annotated[
    DamagedProfiles,
    typer.Option(
        "--damaged-profiles",
        help="A picture whose embedded colour profile cannot be used: refuse it, or take it as sRGB.",
    ),
]

# Of Photoshop files.
PsdTenant = Annotated[str, typer.Option(help="Of a PSD file's compositions.")]
PsdEnv = Annotated[str, typer.Option(help="Of a PSD file's compositions.")]
ProfileOption = Annotated[
    Profile,
    typer.Option(help="Convert finished pictures from the PSD file's colour space to sRGB, or keep it."),
]

# How the file is written; what the format does not have is an error.
EffortOption = Annotated[
    Effort | None,
    typer.Option(help="Time for bytes; by default fast for png, else balanced.", show_default=False),
]
Quality = Annotated[
    int | None,
    typer.Option(help="Of webp (0 to 100), jpeg (1 to 100) or avif (0 to 100).", show_default=False),
]
Lossless = Annotated[bool, typer.Option("--lossless", help="Keep every byte in webp, as png always does.")]
Matte = Annotated[
    str | None,
    typer.Option(metavar="#RRGGBB", help="Of jpeg: what transparency is laid on.", show_default=False),
]
SubsamplingOption = Annotated[
    Subsampling | None,
    typer.Option(help="Of jpeg's colour; by default 4:4:4.", show_default=False),
]


def read_input(path: Path, what: str) -> tuple[bytes, str]:
    """The bytes of a file, or for - of standard input, and how errors name them.

    Raises:
        CompositionError: the file cannot be read.
    """
    if path == Path("-"):
        return sys.stdin.buffer.read(), "standard input"
    name = f"{what} {str(path)!r}"
    try:
        return path.read_bytes(), name
    except OSError as error:
        raise CompositionError(f"{name}: {error.strerror or error}") from error


def say_artifact(artifact: DerivedArtifact) -> None:
    """An artifact for people: its id, kind and place, then its meta, a line a field."""
    say(f"{artifact.id}: {artifact.kind} at {artifact.uri}")
    for name, value in artifact.meta.model_dump(mode="json").items():
        say(f"  {name}: {value if isinstance(value, str) else json.dumps(value)}")


def print_json(value: object) -> None:
    """A result as one line of JSON on standard output."""
    print(json.dumps(value))  # ASCII, control characters escaped


def say(line: str) -> None:
    """A line for people on standard output: the part before the first colon stands out on a terminal."""
    subject, colon, rest = printable(line).partition(":")
    Console(soft_wrap=True).print(Text.assemble((subject, "bold"), colon, rest))


def printable(text: str) -> str:
    """Text as one line that no terminal takes for a command: what is not printable is escaped, as in \\n."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


class _OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return printable(f"image-core: {record.levelname.lower()}: {record.getMessage()}")


@contextmanager
def reporting(verbose: bool) -> Iterator[None]:
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
    print(printable(f"image-core: {message}"), file=sys.stderr)
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
