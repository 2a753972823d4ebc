"""What hostile input may come to: a result, or one line of our own that names the layer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from engines.image_core import ImageCoreError, Renderer, RenderLimits
from engines.image_core.documents.loading import composition_from_json
from engines.image_core.runtime.limits import DEFAULT_LIMITS

__all__ = ["composition", "rendered_told", "told"]


def told(call: Callable[[], Any], label: str = "") -> str | None:
    """The line that tells what is wrong; None if all is well. Any other exception goes on."""
    try:
        call()
    except ImageCoreError as error:
        line = str(error)
    else:
        return None
    assert line.startswith(label), line
    assert line.isprintable(), line
    assert len(line) <= 1000
    return line


def composition(*layers: Any, width: int = 100, height: int = 80, **fields: Any) -> dict[str, Any]:
    """A composition of these layers, to be written as JSON."""
    return {"tenant_id": "t", "env": "dev", "width": width, "height": height, "layers": layers, **fields}


def rendered_told(
    document: dict[str, Any] | bytes, label: str = "", limits: RenderLimits = DEFAULT_LIMITS
) -> str | None:
    """Read a document as JSON and render it with NumPy; the line that refuses it, if any."""
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    with Renderer("numpy", limits=limits) as renderer:
        return told(lambda: renderer.render(composition_from_json(data, "body")), label)
