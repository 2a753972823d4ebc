"""The paragraphs that both programs set, each once as the fields of a text layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engines.image_core.models import TextLayer
from engines.image_core.sources.text.hyphenation import with_soft_hyphens

__all__ = ["Sample", "run_texts"]


@dataclass(frozen=True)
class Sample:
    """A paragraph.

    Attributes:
        name: What it shows.
        fields: Of the text layer.
    """

    name: str
    fields: dict[str, Any]

    @property
    def layer(self) -> TextLayer:
        """As our model has it; 24 pixels on lines of 30 in a box of 360 unless it says otherwise."""
        given = {"type": "text", "size": 24.0, "box_width": 360.0, "line_height": 1.25, **self.fields}
        return TextLayer.model_validate(given)

    @property
    def text(self) -> str:
        """All of it, as Chromium gets it."""
        return "".join(run_texts(self.layer))


def run_texts(layer: TextLayer) -> list[str]:
    """The runs' texts as Chromium gets them: with soft hyphens where we hyphenate.

    Chromium has no patterns of its own where it is built without the component that brings them.
    """
    texts = [text for text, _ in layer.styled]
    if not layer.hyphenate:
        return texts
    return with_soft_hyphens(texts, [style.language for _, style in layer.styled], "text")
