"""An empty store for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engines.media_v2 import MediaService


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A folder for one test's store, with a name a URL has to quote."""
    return tmp_path / "media #1 100% é?"


@pytest.fixture
def media(data_dir: Path) -> Iterator[MediaService]:
    """An empty store."""
    with MediaService.open(data_dir) as service:
        yield service
