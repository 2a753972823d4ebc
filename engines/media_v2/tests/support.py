"""What the tests of media_v2 share: arguments, and eyes on what lies on the disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from engines.media_v2 import DerivedArtifact, MediaService

__all__ = ["ACME", "HASH", "MASK", "NOWHERE", "OTHERS", "RENDER", "blob", "blobs", "execute", "render"]

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


def blob(data_dir: Path, uri: str) -> Path:
    """The file that holds a blob."""
    return data_dir / "blobs" / uri


def blobs(data_dir: Path) -> list[bytes]:
    """The contents of all blobs there are."""
    return [path.read_bytes() for path in (data_dir / "blobs").rglob("*") if path.is_file()]


def execute(data_dir: Path, statement: str, *values: object) -> None:
    """Change the database behind the service's back."""
    with closing(sqlite3.connect(data_dir / "media_v2.sqlite3")) as connection, connection:
        connection.execute(statement, values)
