"""A service on an empty store for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engines.image_core import ImageCoreService


@pytest.fixture
def service(tmp_path: Path, photos: Path) -> Iterator[ImageCoreService]:
    """An `ImageCoreService` that renders with NumPy; its `path` sources are files of `photos`."""
    with ImageCoreService.open(tmp_path / "data", backend="numpy", root=photos) as service:
        yield service
