"""A Photoshop file as the template of a batch: rows of values for its layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from engines.image_core.documents.templates.variables import WORDS
from engines.image_core.errors import CompositionError
from engines.image_core.models import ImageComposition
from engines.image_core.psd.layers import PsdLayer, walk
from engines.image_core.psd.template import Profile, PsdTemplate

__all__ = ["PsdRows"]

Field = Literal["text", "images", "colors", "visible"]

_PREFIXES: dict[str, Field] = {"text": "text", "image": "images", "color": "colors", "visible": "visible"}
_OF_KIND: dict[str, Field] = {"text": "text", "smart object": "images", "shape": "colors", "fill": "colors"}


class PsdRows:
    """Fills a Photoshop file with values by the names of its layers: of a text layer its text, of a smart
    object the path of a picture, of a shape or a fill layer its colour, of any other yes or no, whether it is
    shown. A name may say which it is: `visible:Headline`, `color:Headline`, `text:...`, `image:...`.

    An empty text hides its layer; any other empty value changes nothing. It goes to other processes as the
    file's name, and is opened there again.

    Args:
        path: the file. Paths of pictures start at its folder, which is the renderer's root.
        tenant_id, env: whose the compositions are.
        profile, strict: as of `PsdTemplate.open`.
    """

    def __init__(
        self, path: Path, tenant_id: str, env: str, profile: Profile = "srgb", strict: bool = False
    ) -> None:
        self._arguments = path, tenant_id, env, profile, strict
        self._tenant_id, self._env = tenant_id, env
        self._template = PsdTemplate.open(path, source=path.name, profile=profile, strict=strict)
        self._kinds = {
            key: layer.kind for layer in reversed([*walk(self._template.layers)]) for key in _keys(layer)
        }

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return PsdRows, self._arguments

    @property
    def variables(self) -> Mapping[str, str | None]:
        """What a column may be called."""
        prefixed = (f"{prefix}:{key}" for prefix in _PREFIXES for key in self._kinds)
        return dict.fromkeys([*self._kinds, *prefixed], "")

    @property
    def variants(self) -> tuple[str, ...]:
        """A Photoshop file has none."""
        return ()

    def fill(
        self, values: Mapping[str, str], name: str = "template", *, variant: str | None = None
    ) -> ImageComposition:
        """The composition with the values in it.

        Args:
            values: strings by the names of layers.
            name: how errors name the row.
            variant: None; a Photoshop file has no variants.

        Raises:
            CompositionError: there is no such layer, or its value is not allowed; a variant is asked for.
        """
        if variant is not None:
            raise CompositionError(f"{name}: there is no variant {variant!r}: a Photoshop file has none")
        for key, value in values.items():
            if not isinstance(value, str):
                raise CompositionError(f"{name}: {key}: {value!r} is not text")
        changes: dict[str, dict[str, Any]] = {field: {} for field in _PREFIXES.values()}
        for key, value in values.items():
            field, layer = self._meant(key)
            if field == "text" and not value:
                changes["visible"][layer] = False
            elif field == "visible" and value:
                changes[field][layer] = _said(value, f"{name}: {key}")
            elif value:
                changes[field][layer] = value
        try:
            return self._template.composition(
                tenant_id=self._tenant_id,
                env=self._env,
                text=changes["text"],
                images=changes["images"],
                visible=changes["visible"],
                colors=changes["colors"],
            )
        except CompositionError as error:
            raise CompositionError(f"{name}: {error}") from error

    def _meant(self, key: str) -> tuple[Field, str]:
        """What of a layer a key is for, and the layer."""
        prefix, colon, layer = key.partition(":")
        if colon and prefix in _PREFIXES and key not in self._kinds:
            return _PREFIXES[prefix], layer
        return _OF_KIND.get(self._kinds.get(key, ""), "visible"), key


def _keys(layer: PsdLayer) -> list[str]:
    return [layer.name, layer.path, *([] if layer.id is None else [f"#{layer.id}"])]


def _said(value: str, label: str) -> bool:
    if value.lower() not in WORDS:
        raise CompositionError(f"{label}: {value!r} is not allowed: allowed is {', '.join(WORDS)}")
    return WORDS[value.lower()]
