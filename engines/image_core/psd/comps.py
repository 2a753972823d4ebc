"""Layer comps: the states of a Photoshop file that its maker gave names."""

from __future__ import annotations

from typing import Any

from psd_tools import PSDImage
from psd_tools.api.layers import Layer
from psd_tools.constants import Resource, Tag

from engines.image_core.errors import CompositionError
from engines.image_core.psd.document import Document

__all__ = ["check_comp", "comp_names", "comp_visibility", "comps_say_more"]

_VISIBILITY = 1  # of what a comp captures: 2 is where layers lie, 4 how they look


def comp_names(image: PSDImage) -> tuple[str, ...]:
    """The names of a file's layer comps."""
    return tuple(_name(comp) for comp in _comps(image))


def comps_say_more(image: PSDImage) -> bool:
    """Whether a comp captures more than which layers are shown."""
    return any(int(comp.get(b"capturedInfo", 0)) & ~_VISIBILITY for comp in _comps(image))


def check_comp(names: tuple[str, ...], name: str) -> None:
    """Refuse a comp that is not among those of a file.

    Raises:
        CompositionError: it lists those that there are.
    """
    if name not in names:
        there = ", ".join(map(repr, names)) or "none"
        raise CompositionError(f"comp: there is no layer comp {name!r}: there is {there}")


def comp_visibility(image: PSDImage, name: str, document: Document) -> dict[int, bool]:
    """Which layers a comp of a file shows, by their numbers; those that it says nothing of are left out."""
    comp = next(comp for comp in _comps(image) if _name(comp) == name)
    found = ((layer, _shown(layer, int(comp.get(b"compID")))) for layer in image.descendants())
    return {document.number(layer): shown for layer, shown in found if shown is not None}


def _comps(image: PSDImage) -> list[Any]:
    data = image.image_resources.get_data(Resource.LAYER_COMPS)
    return [] if data is None else list(data.get(b"list") or ())


def _name(comp: Any) -> str:
    return str(comp.get(b"Nm  ").value).rstrip("\0")


def _shown(layer: Layer, comp_id: int) -> bool | None:
    for item in layer.tagged_blocks.get_data(Tag.METADATA_SETTING) or ():
        if item.key != b"cmls":
            continue
        for state in item.data.get(b"layerSettings") or ():
            listed = state.get(b"compList") or ()
            if comp_id in [int(number) for number in listed] and state.get(b"enab") is not None:
                return bool(state.get(b"enab"))
    return None
