"""What the commands that read a composition have in common: their arguments, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from engines.image_core.backend import BackendChoice
from engines.image_core.cli.support import read_input
from engines.image_core.composition.guessing import guess
from engines.image_core.documents.loading import object_from_json
from engines.image_core.documents.templates import RowTemplate, Template, is_template
from engines.image_core.errors import CompositionError
from engines.image_core.models import ImageComposition

__all__ = [
    "AllVariants",
    "Backend",
    "Content",
    "DeviceIndex",
    "Input",
    "Variables",
    "Variants",
    "load_composition",
    "pairs",
    "read_content",
    "wanted_variants",
]

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
Variants = Annotated[
    list[str] | None,
    typer.Option(
        "--variant",
        metavar="NAME",
        help="A variant of the template; more than once for several, whose files have the name in theirs.",
        show_default=False,
    ),
]
AllVariants = Annotated[bool, typer.Option("--all-variants", help="Each variant of the template.")]
DeviceIndex = Annotated[int, typer.Option(min=0, help="Which OpenGL device, hardware first.")]


@dataclass(frozen=True)
class Content:
    """A composition, or a template and the values it is filled with.

    Attributes:
        name: how errors name its file.
        root: the folder that its paths start at.
        document: its fields.
        template: what it is, if it is one.
    """

    name: str
    root: Path
    document: Mapping[str, Any]
    template: Template | None
    values: Mapping[str, str]

    @property
    def locale_data(self) -> str | None:
        """What the template's numbers and dates are written by, if there are any."""
        return None if self.template is None else self.template.locale_data

    def composition(self, variant: str | None = None) -> ImageComposition:
        """What is to be drawn.

        Raises:
            CompositionError: it is not valid.
        """
        if self.template is not None:
            return self.template.fill(self.values, self.name, variant=variant)
        return ImageComposition.model_validate(self.document)


def read_content(path: Path, variables: Sequence[str] = ()) -> Content:
    """The content of a file or of standard input.

    Args:
        path: the file; - is standard input.
        variables: NAME=VALUE of each variable of a template.

    Raises:
        CompositionError: it cannot be read, is no valid template, or has no variables and is given some.
    """
    data, name = read_input(path, "composition")
    document, values = object_from_json(data, name, "a composition"), pairs(variables, "--var")
    root = Path.cwd() if path == Path("-") else path.parent
    template = Template.parse(document, name) if is_template(document) else None
    if template is None and values:
        raise CompositionError(f"{name}: it has no variables, so --var means nothing here")
    return Content(name, root, document, template, values)


def load_composition(path: Path, variables: Sequence[str] = ()) -> tuple[ImageComposition, Path]:
    """The composition of a file or of standard input, and the folder its paths start at.

    Args:
        path: the file; - is standard input.
        variables: NAME=VALUE of each variable of a template.

    Raises:
        CompositionError: it cannot be read, or is no valid composition.
    """
    content = read_content(path, variables)
    return content.composition(), content.root


def wanted_variants(
    template: RowTemplate | None, variants: Sequence[str], all_variants: bool
) -> tuple[str | None, ...]:
    """The variants that --variant and --all-variants ask for; None is the template as it stands.

    Raises:
        CompositionError: there is no such variant, or one is asked for twice.
    """
    known = () if template is None else template.variants
    if all_variants and (variants or not known):
        told = "give either --variant or --all-variants" if variants else "there are no variants"
        raise CompositionError(f"--all-variants: {told}")
    for variant in variants:
        if variant not in known:
            near = guess(variant, known) or ":"
            listed = ", ".join(known) or "none"
            raise CompositionError(f"--variant: there is no variant {variant!r}{near} there are {listed}")
        if variants.count(variant) > 1:
            raise CompositionError(f"--variant {variant!r} is given twice")
    return known if all_variants else tuple(variants) or (None,)


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
