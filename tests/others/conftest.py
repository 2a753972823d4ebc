"""The others, where they are installed."""

from __future__ import annotations

import pytest

from engines.image_core import Renderer
from tests.others import chromium, imagemagick
from tests.others.peers import Peers
from tests.parts import require_part


@pytest.fixture(scope="session")
def peers(numpy_renderer: Renderer) -> Peers:
    """This library's reference beside Chromium, ImageMagick and Pillow."""
    for part, version in (("chromium", chromium.version()), ("imagemagick", imagemagick.version())):
        require_part(part, bool(version), f"{part} is not installed (Debian: apt-get install {part})")
    return Peers(numpy_renderer)
