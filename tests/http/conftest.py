"""A service on a store of its own, and a client of an application that serves it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from engines.image_core import ImageCoreService
from engines.image_core.http import Limits, create_app
from tests.http.processes import Process, running
from tests.http.serving import serving

SMALL = Limits(upload=400_000, body=20_000, pixels=10_000)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImageCoreService]:
    """Renders with NumPy into a folder that the tests of a module share."""
    with ImageCoreService.open(tmp_path_factory.mktemp("store"), backend="numpy") as service:
        yield service


@pytest.fixture(scope="module")
def client(service: ImageCoreService) -> Iterator[httpx.Client]:
    """A client of tenant acme, env dev, whose server has small limits."""
    with serving(create_app(service, limits=SMALL)) as client:
        yield client


@pytest.fixture(scope="module")
def photo(photos: Path) -> bytes:
    """A small photograph."""
    return (photos / "rocket.jpg").read_bytes()


@pytest.fixture
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Process]:
    """`image-core serve` as a process, with the options that a test has for it."""
    with running(tmp_path, *getattr(request, "param", [])) as process:
        yield process
