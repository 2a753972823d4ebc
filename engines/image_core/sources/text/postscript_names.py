"""The PostScript names of a font: its own, and those of a variable font's named instances."""

from __future__ import annotations

import re
from collections.abc import Mapping

import uharfbuzz as hb

__all__ = ["postscript_names"]

_MOST_INSTANCES = 1000  # the largest fonts have some hundreds
_NO_NAME = 0xFFFF
_LONGEST = 127  # characters of a name, by Technical Note 5902


def postscript_names(face: hb.Face) -> dict[str, Mapping[str, float]]:
    """For each PostScript name the place on the font's axes that it stands for, by their tags.

    The font's own name is where all axes are at their defaults. An instance has the name that its font says,
    else that of Adobe Technical Note 5902: a prefix and the name of its style, letters and digits alone.
    """
    axes = face.axis_infos if face.has_var_data else []
    own = (face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME, "en") or "").strip()
    found: dict[str, Mapping[str, float]] = {}
    if own:
        found[own] = {axis.tag: axis.default_value for axis in axes}
    if axes:
        tags = [axis.tag for axis in axes]
        prefix = _prefix(face)
        for instance in face.named_instances[:_MOST_INSTANCES]:
            name = _instance_name(face, instance, prefix)
            if name:
                found.setdefault(name, dict(zip(tags, instance.design_coords, strict=True)))
    return found


def _instance_name(face: hb.Face, instance: hb.OTVarNamedInstance, prefix: str) -> str:
    if instance.postscript_name_id not in (0, _NO_NAME):
        named = face.get_name(instance.postscript_name_id, "en")
        if named and named.strip():
            return str(named.strip())
    style = _plain(face.get_name(instance.subfamily_name_id, "en"))
    return f"{prefix}-{style}"[:_LONGEST] if prefix and style else ""


def _prefix(face: hb.Face) -> str:
    ids = hb.OTNameIdPredefined
    names = (ids.VARIATIONS_PS_PREFIX, ids.TYPOGRAPHIC_FAMILY, ids.FONT_FAMILY)
    return next((prefix for name in names if (prefix := _plain(face.get_name(name, "en")))), "")


def _plain(name: str | None) -> str:
    return re.sub("[^A-Za-z0-9]", "", name or "")
