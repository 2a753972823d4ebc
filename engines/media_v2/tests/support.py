"""The arguments most tests of media_v2 call with."""

from __future__ import annotations

from typing import Any

from engines.media_v2 import DerivedArtifact, MediaService

__all__ = ["ACME", "HASH", "MASK", "NOWHERE", "OTHERS", "RENDER", "render"]

ACME: Any = {"tenant_id": "acme", "env": "dev"}
OTHERS: Any = [{"tenant_id": "globex", "env": "dev"}, {"tenant_id": "acme", "env": "prod"}]
HASH = "ab" * 32
RENDER: dict[str, Any] = {"width": 4, "height": 3, "layers_count": 2, "pipeline_hash": HASH}
MASK: dict[str, Any] = {"width": 4, "height": 3, "selection_hash": HASH}
NOWHERE = "0" * 32


def render(media: MediaService, data: bytes = b"pixels", **changes: Any) -> DerivedArtifact:
    """Register an image_render of acme/dev, with some arguments changed."""
    arguments = {**ACME, "kind": "image_render", "meta": RENDER, "filename": "card.png", **changes}
    return media.register_artifact(data, **arguments)
