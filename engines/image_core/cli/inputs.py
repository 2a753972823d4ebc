"""What the commands that read a composition have in common: their arguments, and how it is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from engines.image_core.backend import BackendChoice
from engines.image_core.cli.support import read_input
from engines.image_core.documents.loading import object_from_json
from engines.image_core.documents.templates import Template
from engines.image_core.errors import CompositionError
from engines.image_core.models import ImageComposition

__all__ = ["Backend", "DeviceIndex", "Input", "Variables", "load_composition", "pairs"]

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
Variables = Annotated[
    list[str] | None,
    typer.Option(
        "--var",
        metavar="NAME=VALUE",
        help="The value of a template's variable; once for each.",
        show_default=False,
    ),
]
DeviceIndex = Annotated[int, typer.Option(min=0, help="Which OpenGL device, hardware first.")]


def load_composition(path: Path, variables: Sequence[str] = ()) -> tuple[ImageComposition, Path]:
    """The composition of a file or of standard input, and the folder its paths start at.

    Args:
        path: the file; - is standard input.
        variables: NAME=VALUE of each variable of a template.

    Raises:
        CompositionError: it cannot be read, or is no valid composition.
    """
    data, name = read_input(path, "composition")
    document, values = object_from_json(data, name, "a composition"), pairs(variables, "--var")
    root = Path.cwd() if path == Path("-") else path.parent
    if "variables" in document:
        return Template.parse(document, name).fill(values, name), root
    if values:
        raise CompositionError(f"{name}: it has no variables, so --var means nothing here")
    return ImageComposition.model_validate(document), root


def pairs(given: Sequence[str] | None, option: str) -> dict[str, str]:
    """Values by names, of options such as NAME=VALUE.

    Raises:
        CompositionError: one is not written so, or a name is given twice.
    """
    values: dict[str, str] = {}
    for pair in given or ():
        name, equals, value = pair.partition("=")
        if not equals:
            raise CompositionError(f"{option} {pair!r}: write NAME=VALUE")
        if name in values:
            raise CompositionError(f"{option} {pair!r}: {name!r} is given twice")
        values[name] = value
    return values
