"""What an orchestrator is told of a server that starts, serves, drains, hangs, or whose device fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from engines.image_core import ImageCoreService, RenderLimits
from engines.image_core.backend import BackendChoice
from engines.image_core.http import Site, create_app
from tests.faults.driver import faulty_driver
from tests.http.serving import PIXEL, problem_of, serving, upload

DISC = {"type": "ellipse", "cx": 9, "cy": 9, "rx": 9, "ry": 5, "fill": "#ff0000"}
CARD = {**PIXEL, "width": 20, "height": 20, "layers": [{"type": "vector", "shapes": [DISC]}]}


def _until(probe: Callable[[], Any], expected: Any) -> None:
    deadline = time.monotonic() + 20
    while (got := probe()) != expected:
        assert time.monotonic() < deadline, f"{got}, not {expected}"
        time.sleep(0.02)


def test_a_server_that_is_not_open_yet_lives_and_takes_nothing(service: ImageCoreService) -> None:
    """Liveness is 200, readiness 503 as anything else; once it is open all is 200."""
    site = Site()
    with serving(site.app) as client:
        assert client.get("/livez").status_code == 200
        starting = client.get("/readyz")
        assert (starting.status_code, starting.json()["status"]) == (503, "starting")
        for answer in (client.post("/image-core/render", json=PIXEL), client.get("/media-v2/assets")):
            assert problem_of(answer, 503) == "the server is starting: come back later"
            assert int(answer.headers["retry-after"]) >= 1
            assert "connection" not in answer.headers
        site.open(service)
        assert client.post("/image-core/render", json=PIXEL).status_code == 200
        ready = client.get("/readyz")
        assert ready.status_code == 200
        assert ready.json().keys() == {"status", "detail", "backend", "device"}
        assert (ready.json()["status"], ready.json()["backend"]) == ("ready", "numpy")


def test_a_server_that_is_told_to_drain_before_it_is_open_never_serves(service: ImageCoreService) -> None:
    """SIGTERM while programs are compiled."""
    site = Site()
    site.life.drain()
    site.open(service)
    with serving(site.app) as client:
        assert client.get("/readyz").json()["status"] == "draining"
        assert problem_of(client.post("/image-core/render", json=PIXEL), 503)


@pytest.mark.usefixtures("gl_renderer")
@pytest.mark.parametrize(("backend", "status", "told"), [("gl", 503, "failed"), ("auto", 200, "degraded")])
def test_a_device_that_fails_is_told_and_found_when_it_works_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: BackendChoice, status: int, told: str
) -> None:
    """By name it is failed, and gets nothing; where NumPy draws instead it is degraded, and goes on. Probing
    is enough to find that it works again: no render is needed, for none would come."""
    with (
        faulty_driver(monkeypatch) as drivers,
        ImageCoreService.open(tmp_path, backend=backend) as service,
        serving(create_app(service)) as client,
    ):
        assert client.get("/readyz").json()["status"] == "ready"
        drivers[-1].arm("context lost", 0, "run")
        client.post("/image-core/render", json=CARD)
        failed = client.get("/readyz")
        assert (failed.status_code, failed.json()["status"]) == (status, told)
        assert "GL_CONTEXT_LOST" in failed.json()["detail"]
        assert client.get("/livez").status_code == 200
        drivers[-1].disarm()
        _until(lambda: client.get("/readyz").json()["status"], "ready")


def test_a_render_that_hangs_asks_for_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times the seconds that a render may take; when it comes back after all, all is well."""
    limits = RenderLimits(seconds=0.01)
    back = threading.Event()
    with (
        ImageCoreService.open(tmp_path, backend="numpy", limits=limits) as service,
        serving(create_app(service)) as client,
    ):
        monkeypatch.setattr(service, "render_composition", lambda *_, **__: back.wait(30))
        with suppress(httpx.ReadTimeout):
            client.post("/image-core/render", json=PIXEL, timeout=0.01)
        _until(lambda: client.get("/livez").json()["status"], "hung")
        assert client.get("/livez").status_code == 503
        back.set()
        _until(lambda: client.get("/livez").status_code, 200)


def test_a_render_thread_that_ended_asks_for_a_restart(service: ImageCoreService) -> None:
    """Nothing would ever be rendered again."""
    site = Site()
    site.open(service)
    with serving(site.app) as client:
        client.post("/image-core/render", json=PIXEL)
        ended = threading.Thread(target=lambda: None)
        site.queue._worker = ended
        assert (client.get("/livez").status_code, client.get("/livez").json()["status"]) == (503, "dead")


def test_no_answer_may_be_taken_for_another_type(
    service: ImageCoreService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """nosniff on everything: probes, metrics, JSON, faults of the client's, and defects."""
    with serving(create_app(service)) as client:
        asset = upload(client, b"<script>")
        monkeypatch.setattr(service, "render_composition", lambda *_, **__: 1 / 0)
        answers = [
            *(client.get(path) for path in ("/livez", "/readyz", "/healthz", "/metrics", "/openapi.json")),
            client.get(f"/media-v2/assets/{asset['id']}"),
            client.get("/nope"),
            client.delete("/metrics"),
            client.post("/image-core/masks", json={}),
            client.post("/image-core/render", content=b"x"),
            client.post("/image-core/render", json=PIXEL),
        ]
    assert {answer.status_code for answer in answers} == {200, 404, 405, 415, 422, 500}
    assert [answer.headers.get_list("x-content-type-options") for answer in answers] == [["nosniff"]] * 11
