"""An application on a loopback port, served by uvicorn, and a client of it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from json import dumps
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from engines.media_v2 import ArtifactKind

__all__ = ["CALLER", "MASK_META", "PIXEL", "STRANGER", "derive", "problem_of", "serving", "upload"]

CALLER = {"X-Tenant-Id": "acme", "X-Env": "dev"}
STRANGER = {"X-Tenant-Id": "other", "X-Env": "dev"}

PIXEL: dict[str, Any] = {"width": 1, "height": 1, "background_color": "#336699"}

MASK_META = {"width": 1, "height": 1, "selection_hash": "0" * 64}


@contextmanager
def serving(app: FastAPI) -> Iterator[httpx.Client]:
    """Serve the application in a thread; leaving stops it as SIGTERM does."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=url, headers=CALLER, timeout=30) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def upload(client: httpx.Client, data: bytes, filename: str = "photo.png") -> dict[str, Any]:
    """Upload an asset and return it."""
    response = client.post("/media-v2/assets", files={"file": (filename, data)})
    assert response.status_code == 201, response.text
    asset: dict[str, Any] = response.json()
    return asset


def derive(client: httpx.Client, data: bytes, filename: str = "mask.png") -> dict[str, Any]:
    """Upload a mask made from a new asset, and return it."""
    parent = upload(client, b"parent")
    response = client.post(
        f"/media-v2/assets/{parent['id']}/artifacts",
        files={"file": (filename, data)},
        data={"kind": ArtifactKind.MASK, "meta": dumps(MASK_META)},
    )
    assert response.status_code == 201, response.text
    artifact: dict[str, Any] = response.json()
    return artifact


def problem_of(response: httpx.Response, status: int) -> str:
    """The line a problem tells, after a check that it is one of that status, whole and well-formed."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert set(problem) == {"type", "title", "status", "detail"}
    assert problem["type"] == "about:blank"
    assert problem["status"] == status
    detail: str = problem["detail"]
    assert "\n" not in detail
    return detail
