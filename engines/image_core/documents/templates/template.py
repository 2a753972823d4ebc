"""A template: its variables, and the compositions that it is filled to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

from engines.image_core.composition.guessing import guess
from engines.image_core.documents.loading import object_from_json
from engines.image_core.documents.templates.compiling import compiled
from engines.image_core.documents.templates.formatters import LOCALIZED, check_locale, locale_data
from engines.image_core.documents.templates.nodes import Expanding, Inside, Repeat
from engines.image_core.documents.templates.scope import Chosen, Scope
from engines.image_core.documents.templates.variables import Values, Variable, chosen, declared
from engines.image_core.documents.templates.variants import variants_of, with_variant
from engines.image_core.errors import CompositionError
from engines.image_core.models import ImageComposition

__all__ = ["RowTemplate", "Template", "is_template"]

_OWN = ("variables", "variants", "locale")
"""The fields that a template has and a composition has not."""


class RowTemplate(Protocol):
    """What a batch fills with rows of values."""

    @property
    def variables(self) -> Mapping[str, Any]:
        """The names of values and their defaults; None must be given."""

    @property
    def variants(self) -> tuple[str, ...]:
        """The names of its variants."""

    def fill(self, values: Values, name: str = "template", *, variant: str | None = None) -> ImageComposition:
        """The composition with the values in it; a CompositionError begins with the name."""


class Template:
    """A composition with variables; `from_json` and `parse` make one.

    The document is a composition with up to three fields more:

    - `variables`: an object of names (a letter or `_`, then letters, digits and `_`, up to 64). Each is a
      default, a string, or null for text that must be given, or an object of a `type`: text, number, color,
      boolean, choice, image or list, see `documents/templates/variables.py`.
    - `variants`: other sizes by name, with the fields of the composition that differ; `layers` is there an
      object of fields by the ids of layers.
    - `locale`: how numbers and dates are written, by default "en".

    `{{name}}` stands for the value in text, in colours, in the `path`, `asset_id` and `data` of a source, the
    `path` and `asset_id` of a font and the `path` and `mask_artifact_id` of a mask; `{{price | number: 2}}`
    formats it. A field that is `"{{name}}"` and no more takes the value of any type but text: a number, true
    or false, a colour, a choice, and as a `source` an image. Anywhere else it is an error. `{{{{` writes two
    braces. A layer's `visible` may be a condition, and `{"repeat": LIST, "as": NAME, "layer": {...}}` in a
    list of layers is one for each item. A value is put into its place and nothing more: it is not read for
    variables, and cannot add fields or layers.
    """

    def __init__(
        self,
        variables: Mapping[str, Variable],
        locale: str,
        looks: dict[str | None, _Look],
        written_by: str | None,
    ) -> None:
        self._variables = variables
        self._locale = locale
        self._looks = looks
        self._locale_data = written_by

    @property
    def variables(self) -> Mapping[str, Any]:
        """The declared names and their defaults; None must be given."""
        return MappingProxyType({name: variable.default for name, variable in self._variables.items()})

    @property
    def declared(self) -> Mapping[str, Variable]:
        """The variables as they were declared."""
        return MappingProxyType(dict(self._variables))

    @property
    def variants(self) -> tuple[str, ...]:
        """The names of its variants."""
        return tuple(name for name in self._looks if name is not None)

    @property
    def locale(self) -> str:
        """The locale that numbers and dates are written in."""
        return self._locale

    @property
    def locale_data(self) -> str | None:
        """The versions of Babel and the CLDR, which numbers, currencies and dates in it are written by: with
        others they may be written otherwise. None where none is."""
        return self._locale_data

    @classmethod
    def from_json(cls, data: bytes, name: str = "template") -> Template:
        """The template of a JSON document.

        Args:
            data: UTF-8 text, with or without a byte order mark.
            name: how errors name the document.

        Raises:
            CompositionError: not JSON, or as `parse`.
        """
        return cls.parse(object_from_json(data, name, "a template"), name)

    @classmethod
    def parse(cls, document: Mapping[str, Any], name: str = "template") -> Template:
        """The template of a document's fields; the composition itself is checked by `fill`.

        Raises:
            CompositionError: faulty `variables`, `variants` or `locale`; a `{{name}}` that is not declared,
                stands where none may or is not closed (the message has its place); a variable that is used
                nowhere.
        """
        try:
            return cls._parsed(document)
        except RecursionError as error:
            raise CompositionError(f"{name}: nested too deep") from error
        except (ValueError, CompositionError) as error:
            raise CompositionError(f"{name}: {error}") from error

    @classmethod
    def _parsed(cls, document: Mapping[str, Any]) -> Template:
        fields = {key: value for key, value in document.items() if key not in _OWN}
        variants = variants_of(document["variants"]) if "variants" in document else {}
        optional = bool(variants) and not document.get("variables")
        variables = {} if optional else declared(document.get("variables"), "variables")
        locale = _read_locale(document.get("locale", "en"))
        scope = Scope(variables)
        looks: dict[str | None, _Look] = {None: _Look(*compiled(fields, scope))}
        for variant, changes in variants.items():
            place = f"variants.{variant}"
            merged = with_variant(fields, changes, place)
            try:
                looks[variant] = _Look(*compiled(merged, scope))
            except ValueError as error:
                raise ValueError(f"{place}: {error}") from error
        unused = next((variable for variable in variables if variable not in scope.used), None)
        if unused is not None:
            raise ValueError(f"variables.{unused}: it is used nowhere")
        return cls(variables, locale, looks, locale_data() if scope.calls & LOCALIZED else None)

    def fill(self, values: Values, name: str = "template", *, variant: str | None = None) -> ImageComposition:
        """The composition with the variables replaced.

        Args:
            values: by variable, as text or of its type; those left out take their default.
            name: how errors name the template, or the row the values come from.
            variant: the name of a variant; None is the template as it stands.

        Raises:
            CompositionError: a value for a variable there is none of, one that must be given and is not, a
                value that the variable does not allow, a variant there is none of, or a composition that is
                not valid with them.
        """
        look = self._look(variant, name)
        subject = name if variant is None else f"{name}, variant {variant!r}"
        own = chosen(self._variables, values, name)
        try:
            return look.filled(own, Expanding(self._locale))
        except (ValueError, CompositionError) as error:
            raise CompositionError(f"{subject}: {error}") from error

    def _look(self, variant: str | None, name: str) -> _Look:
        if variant not in self._looks:
            near = guess(variant, self.variants) or ":"
            known = ", ".join(self.variants) or "none"
            raise CompositionError(f"{name}: there is no variant {variant!r}{near} there are {known}")
        return self._looks[variant]


class _Look:
    """A template's document, or a variant's, and what changes of it."""

    def __init__(self, document: dict[str, Any], changing: Inside) -> None:
        self._document = document
        self._changing = changing
        self._checked = False

    def filled(self, values: Chosen, made: Expanding) -> ImageComposition:
        """The composition with these values.

        Raises:
            ValueError: a value has no place where it stands, or there is too much of them.
            CompositionError: the composition is not valid.
        """
        filled = ImageComposition.model_validate(self._changing.fill(self._document, values, made))
        if filled.layers and not self._checked:
            self._keep_layers(filled, values)
        return filled

    def _keep_layers(self, filled: ImageComposition, values: Chosen) -> None:
        """Have the document hold the layers that no variable changes: they need not be checked again."""
        inside = self._changing.children.get("layers")
        changing = inside.children if isinstance(inside, Inside) else {}
        kept, position = [], 0
        for index, layer in enumerate(self._document["layers"]):
            node = changing.get(index)
            kept.append(filled.layers[position] if node is None else layer)
            position += len(values[node.list_path[0]]) if isinstance(node, Repeat) else 1
        self._document = {**self._document, "layers": kept}
        self._checked = True


def is_template(document: Mapping[str, Any]) -> bool:
    """Whether a document is a template, and not a composition."""
    return "variables" in document or "variants" in document


def _read_locale(given: Any) -> str:
    try:
        return check_locale(given)
    except ValueError as error:
        raise ValueError(f"locale: {error}") from error
