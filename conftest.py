"""What tests of every folder share: a renderer per backend and a folder of photographs.

A machine without OpenGL skips what needs it, or fails: see `tests.parts`.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from engines.image_core import BackendUnavailableError, Renderer
from tests.parts import require_part


@pytest.fixture(scope="session")
def photos() -> Path:
    """The folder of scikit-image's photographs: astronaut.png, chelsea.png, coffee.png, rocket.jpg, ..."""
    package = importlib.util.find_spec("skimage")
    assert package is not None, "scikit-image is a development dependency"
    assert package.origin is not None
    return Path(package.origin).parent / "data"


@pytest.fixture(scope="session")
def numpy_renderer(photos: Path) -> Iterator[Renderer]:
    """The reference; its `path` sources are files of `photos`."""
    with Renderer("numpy", root=photos) as renderer:
        yield renderer


@pytest.fixture(scope="session")
def gl_renderer(photos: Path) -> Iterator[Renderer]:
    """The first OpenGL device; its `path` sources are files of `photos`."""
    try:
        renderer = Renderer("gl", root=photos)
    except BackendUnavailableError as error:
        require_part("gl", available=False, why=str(error))
        raise
    with renderer:
        yield renderer


@pytest.fixture(params=["numpy", "gl"])
def renderer(request: pytest.FixtureRequest) -> Renderer:
    """Each backend in turn."""
    renderer: Renderer = request.getfixturevalue(f"{request.param}_renderer")
    return renderer
