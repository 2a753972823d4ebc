"""What is told of a layered file: how layers stand in it, where that is not as the composition has them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from engines.image_core.models import LayerBase, LayerPath, layer_label
from engines.image_core.runtime.writing import write_file

__all__ = ["Kind", "LayerNotes", "LayeredFile", "Note", "Notes"]

Kind: TypeAlias = Literal["drawn", "approximated", "left out"]
"""Drawn: it looks the same, and is pixels of 8 bits that were settings. Approximated: an editor shows it a
little differently. Left out: the layers lack it, and only the merged picture has it."""


@dataclass(frozen=True)
class Note:
    """Something that a file says in another way than the composition.

    Attributes:
        layer: how messages name the layer, such as `layer "headline" (layers[3])`; "" for the whole picture.
        kind: what that means for the picture.
        text: what it is.
    """

    layer: str
    kind: Kind
    text: str

    def __str__(self) -> str:
        subject = f"{self.layer}: " if self.layer else ""
        return f"{subject}{self.kind}: {self.text}"


@dataclass(frozen=True)
class LayeredFile:
    """A layered file and what is not in it as the composition has it.

    Attributes:
        data: the whole file.
        layers: how many layers it has, groups among them.
        notes: in the order of the layers, bottom first.
    """

    data: bytes
    layers: int
    notes: tuple[Note, ...]

    @property
    def approximated(self) -> tuple[Note, ...]:
        """The notes of what an editor does not show just so."""
        return tuple(note for note in self.notes if note.kind != "drawn")

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all.

        Raises:
            ExportError: it cannot be written.
        """
        write_file(path, self.data)


class Notes:
    """Gathers notes; each is told once."""

    def __init__(self) -> None:
        self._found: dict[Note, None] = {}

    def add(self, kind: Kind, text: str, layer: str = "") -> None:
        """Tell something of a layer, or of the whole picture."""
        self._found[Note(layer, kind, text)] = None

    def of(self, path: LayerPath, layer: LayerBase) -> LayerNotes:
        """What gathers the notes of one layer."""
        return LayerNotes(self, layer_label(path, layer))

    @property
    def all(self) -> tuple[Note, ...]:
        """Those told so far."""
        return tuple(self._found)


@dataclass(frozen=True)
class LayerNotes:
    """Gathers the notes of one layer."""

    notes: Notes
    label: str

    def drawn(self, text: str) -> None:
        """Tell what became pixels."""
        self.notes.add("drawn", text, self.label)

    def approximated(self, text: str) -> None:
        """Tell what an editor shows a little differently."""
        self.notes.add("approximated", text, self.label)

    def left_out(self, text: str) -> None:
        """Tell what only the merged picture has."""
        self.notes.add("left out", text, self.label)

    def whole(self, field: str, value: float, scale: float = 1) -> int:
        """`value` times `scale`, in the whole numbers a file has for it; told where that is another value."""
        stored = round(value * scale)
        if abs(stored - value * scale) > 1e-6:
            self.approximated(f"{field} {value:g} is {stored / scale:.6g} in the file")
        return stored
