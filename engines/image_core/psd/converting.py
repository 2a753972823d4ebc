"""A Photoshop file as a folder: a template of JSON, and the pictures it names."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from engines.image_core.errors import SourceError
from engines.image_core.psd.changes import Changes, Fit, Picture
from engines.image_core.psd.document import Fields
from engines.image_core.psd.layers import PsdLayer, walk
from engines.image_core.psd.template import PsdTemplate
from engines.image_core.psd.text_replacing import NewText
from engines.image_core.runtime.writing import write_file
from engines.image_core.sources.psd.knowing import is_document
from engines.image_core.sources.psd.opening import open_document
from engines.image_core.sources.psd.parts import part_picture
from engines.image_core.sources.psd.planes import own_profile
from engines.image_core.sources.raster.icc import is_gray
from engines.image_core.sources.raster.opening import sniff

__all__ = ["Converted", "convert_psd", "text_variables"]

_ASSETS = "assets"


@dataclass
class Converted:
    """What a Photoshop file was converted to.

    Attributes:
        composition: the template's file.
        variables: the names of its variables and their defaults.
        kept: why texts and smart objects keep the file's pixels and have no variable, by their paths.
    """

    composition: Path
    variables: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)


def convert_psd(template: PsdTemplate, folder: Path, *, tenant_id: str, env: str) -> Converted:
    """Write a template, composition.json, and the pictures it names, which need the PSD file no more.

    Texts and smart objects become variables, called as their layers are, of a text of several styles one for
    each part, of linked smart objects one for all; a text is then drawn live and a
    smart object from the file in it, where that is a picture. All others draw the file's pixels.

    Args:
        template: the file.
        folder: where to; made when missing.
        tenant_id, env: whose the compositions are.

    Raises:
        SourceError: the file is damaged.
        CompositionError: something cannot be drawn.
        OSError: the folder cannot be written to.
    """
    (folder / _ASSETS).mkdir(parents=True, exist_ok=True)
    converted = Converted(folder / "composition.json")
    texts: dict[int, NewText] = {}
    images: dict[int, Picture] = {}
    linked: dict[str, str] = {}
    for layer in walk(template.layers):
        if layer.kind == "text" and layer.text:
            missing = set(layer.fonts) & set(template.missing_fonts)
            if missing:
                converted.kept[layer.path] = f"its fonts are missing: {', '.join(sorted(missing))}"
                continue
            texts[layer.number] = text_variables(layer, converted)
        elif layer.kind == "smart object":
            smart = layer.smart_object
            if smart is None or smart.uuid not in linked:
                data, why = _picture_in(template, layer)
                if smart is None or data is None:
                    converted.kept[layer.path] = why
                    continue
                name = linked[smart.uuid] = _variable(layer.name, converted)
                converted.variables[name] = f"{_ASSETS}/{name}.{_suffix(data)}"
                write_file(folder / converted.variables[name], data)
            # Of a picture that the file itself stretches, another is stretched too: it comes out as it did.
            fit: Fit = "fill" if smart.stretched else "cover"
            images[layer.number] = Picture({"path": "{{" + linked[smart.uuid] + "}}"}, fit)
    checked = template.changed(Changes(text=texts, images=images), tenant_id=tenant_id, env=env)
    document = checked.model_dump(mode="json", exclude_defaults=True)
    _extract(document, template, folder)
    if converted.variables:
        document["variables"] = converted.variables
    text = json.dumps(document, indent=1, ensure_ascii=False)
    write_file(converted.composition, text.encode() + b"\n")
    return converted


def text_variables(layer: PsdLayer, converted: Converted) -> NewText:
    """A text's variable; of several styles one for each part, so that all keep theirs. Spaces stay."""
    if len(layer.runs) == 1:
        return _made(layer.name, layer.runs[0], converted)
    parts: list[str] = []
    for run in layer.runs:
        number = 1 + sum(part.startswith("{{") for part in parts)
        parts.append(_made(f"{layer.name[:40]} {number}", run, converted) if run.strip() else run)
    return parts


def _made(wanted: str, default: str, converted: Converted) -> str:
    """A new variable, as a composition names it."""
    name = _variable(wanted, converted)
    converted.variables[name] = default
    return "{{" + name + "}}"


def _variable(wanted: str, converted: Converted) -> str:
    """A name for a layer's variable that no other has."""
    plain = re.sub(r"[^a-z0-9]+", "_", wanted.lower()).strip("_")[:48] or "layer"
    name = plain if not plain[0].isdigit() else f"layer_{plain}"
    taken = [name, *(f"{name}_{number}" for number in range(2, len(converted.variables) + 3))]
    return next(one for one in taken if one not in converted.variables)


def _picture_in(template: PsdTemplate, layer: PsdLayer) -> tuple[bytes | None, str]:
    """The picture in a smart object, as a file that can be read; or why there is none."""
    part = None if layer.smart_object is None else template.file_of(layer.smart_object)
    if part is None:
        return None, "its file is not in the PSD file"
    try:
        data: bytes = template.part(part, layer.path)
        if is_document(data):
            inner = open_document(data, layer.path)
            data = _png(part_picture(inner, "merged", layer.path), own_profile(inner))
        sniff(data, layer.path)
    except SourceError as error:
        return None, str(error)
    return data, ""


def _suffix(data: bytes) -> str:
    return {"JPEG": "jpg"}.get(name := sniff(data, "picture"), name.lower())


def _extract(document: Fields, template: PsdTemplate, folder: Path) -> None:
    """Write all parts of the PSD file that a composition names, and have it name these files."""
    profile = template.profile
    for holder in list(_holders(document)):
        part = holder.pop("psd")["part"]
        found = template.part(part, part)
        if isinstance(found, bytes):
            data, suffix = found, "icc" if part == "profile" else "cube"
        else:
            data, suffix = _png(found, profile if found.ndim == 3 else None), "png"
        path = f"{_ASSETS}/{re.sub(r'[^a-z0-9]+', '_', part).strip('_')}.{suffix}"
        write_file(folder / path, data)
        holder["path"] = path


def _holders(node: Any) -> Iterator[Fields]:
    """The objects in a document that have a part of a PSD file."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from _holders(child)
    if isinstance(node, dict) and "psd" in node:
        yield node


def _png(pixels: np.ndarray[Any, Any], profile: bytes | None = None) -> bytes:
    """RGBA or grey as a PNG, with a colour profile; RGBA with one of grey is grey, as PNG has it."""
    image = Image.fromarray(pixels)
    if profile is not None and is_gray(profile):
        image = image.convert("LA")
    file = io.BytesIO()
    image.save(file, "PNG", icc_profile=profile)
    return file.getvalue()
