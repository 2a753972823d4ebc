"""The render queue: bounded, rid of clients that went away, finished before the server ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

import httpx
import pytest

from engines.image_core import DeviceError, ImageCoreService
from engines.image_core.http import RenderQueue, create_app
from tests.http.serving import PIXEL, problem_of, serving

LIMIT = 3


class Gate:
    """Holds every render until it is opened, and counts those that came to it."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.rendered = 0

    def wrap(self, render: Callable[..., Any]) -> Callable[..., Any]:
        """A render that waits at the gate first."""

        def wait_and_render(*arguments: Any, **options: Any) -> Any:
            self.rendered += 1
            assert self.opened.wait(30)
            return render(*arguments, **options)

        return wait_and_render


@pytest.fixture
def gate(service: ImageCoreService, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """A gate before the service's renders; opened at the end, whatever happens."""
    gate = Gate()
    monkeypatch.setattr(service, "render_composition", gate.wrap(service.render_composition))
    yield gate
    gate.opened.set()


@contextmanager
def _clients(client: httpx.Client, count: int) -> Iterator[list[Future[httpx.Response]]]:
    """That many clients, each waiting for a render of its own size."""
    with ThreadPoolExecutor(count) as pool:
        yield [
            pool.submit(client.post, "/image-core/render", json=PIXEL | {"width": width})
            for width in range(1, count + 1)
        ]


def _metric(client: httpx.Client, name: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


def _until(client: httpx.Client, name: str, value: float) -> None:
    deadline = time.monotonic() + 10
    while _metric(client, name) != value:
        assert time.monotonic() < deadline, f"{name} is {_metric(client, name)}, not {value}"
        time.sleep(0.01)


def test_a_full_queue_is_503_and_says_when_to_come_back(service: ImageCoreService, gate: Gate) -> None:
    """As many renders as the limit are taken; one more is told to retry; once there is room it is taken."""
    with serving(create_app(service, queue_limit=LIMIT)) as client, _clients(client, LIMIT) as waiting:
        _until(client, "image_core_queue_depth", LIMIT)
        refused = client.post("/image-core/render", json=PIXEL)
        assert "3" in problem_of(refused, 503)
        assert int(refused.headers["retry-after"]) >= 1
        assert problem_of(client.post("/image-core/masks", json={}), 503)
        assert client.get("/healthz").status_code == 200
        assert client.get("/media-v2/assets").status_code == 200
        gate.opened.set()
        assert [future.result().status_code for future in waiting] == [200] * LIMIT
        assert client.post("/image-core/render", json=PIXEL).status_code == 200
        assert _metric(client, 'image_core_jobs_total{job="render",outcome="refused"}') == 1


def test_a_client_that_goes_away_leaves_its_place(service: ImageCoreService, gate: Gate) -> None:
    """A render that waited for a client that is gone is never begun, and its place is free at once; the one
    that runs is finished and gives its place back."""
    with serving(create_app(service, queue_limit=LIMIT)) as client:
        for width in range(1, LIMIT + 1):
            with pytest.raises(httpx.ReadTimeout):
                client.post("/image-core/render", json=PIXEL | {"width": width}, timeout=0.3)
        _until(client, "image_core_queue_depth", 1)
        assert _metric(client, 'image_core_jobs_total{job="render",outcome="abandoned"}') == LIMIT - 1
        gate.opened.set()
        _until(client, "image_core_queue_depth", 0)
        assert gate.rendered == 1
        assert _metric(client, 'image_core_jobs_total{job="render",outcome="done"}') == 1


def test_what_is_in_flight_is_finished_before_the_server_ends(service: ImageCoreService, gate: Gate) -> None:
    """Clients whose renders wait when the server is told to stop get their artifacts."""
    with ThreadPoolExecutor(LIMIT) as pool:
        with serving(create_app(service, queue_limit=LIMIT)) as client:
            another = httpx.Client(base_url=client.base_url, headers=client.headers, timeout=30)
            waiting = [pool.submit(another.post, "/image-core/render", json=PIXEL) for _ in range(LIMIT)]
            _until(client, "image_core_queue_depth", LIMIT)
            threading.Timer(0.5, gate.opened.set).start()
        with closing(another):
            assert gate.opened.is_set()
            assert [future.result().status_code for future in waiting] == [200] * LIMIT


def test_a_job_that_fails_gives_its_place_back(service: ImageCoreService) -> None:
    """Faults of a composition leave the queue as empty as it was."""
    with serving(create_app(service, queue_limit=1)) as client:
        for _ in range(3):
            assert problem_of(client.post("/image-core/render", json={"width": 0}), 422)
        assert _metric(client, 'image_core_jobs_total{job="render",outcome="failed"}') == 3
        assert _metric(client, "image_core_queue_depth") == 0


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (DeviceError("OpenGL failed while composing"), "the device that renders failed"),
        (MemoryError(), "there is not enough memory for this"),
    ],
)
def test_a_machine_that_fails_is_500_and_lives_on(
    service: ImageCoreService, monkeypatch: pytest.MonkeyPatch, error: Exception, detail: str
) -> None:
    """The caller is told that it is not its fault, and the next render is made."""

    def fail(*_: object, **__: object) -> None:
        raise error

    with serving(create_app(service)) as client:
        with monkeypatch.context() as patch:
            patch.setattr(service, "render_composition", fail)
            assert problem_of(client.post("/image-core/render", json=PIXEL), 500) == detail
        assert client.post("/image-core/render", json=PIXEL).status_code == 200


def test_renders_do_not_hold_up_other_requests(service: ImageCoreService, gate: Gate) -> None:
    """While a render takes its time, everything else is answered."""
    with serving(create_app(service)) as client, _clients(client, 1):
        _until(client, "image_core_queue_depth", 1)
        started = time.monotonic()
        assert client.get("/media-v2/assets").status_code == 200
        assert time.monotonic() - started < 5
        gate.opened.set()


def test_a_queue_holds_at_least_one() -> None:
    """A limit of 0 would refuse everything."""
    with pytest.raises(ValueError, match="limit: 0"):
        RenderQueue(0)


def test_metrics_name_routes_by_their_template(service: ImageCoreService) -> None:
    """Ids, unknown paths and unknown methods make no labels of their own."""
    with serving(create_app(service)) as client:
        client.get("/media-v2/assets/an-id-of-its-own")
        client.get("/no/such/path")
        client.request("BREW", "/healthz")
        text = client.get("/metrics").text
    assert (
        'image_core_http_requests_total{method="GET",route="/media-v2/assets/{asset_id}",status="404"} 1.0'
        in text
    )
    assert 'image_core_http_requests_total{method="GET",route="none",status="404"} 1.0' in text
    assert 'method="other",route="/healthz",status="405"' in text
    assert "an-id-of-its-own" not in text
    assert "BREW" not in text
    assert "process_resident_memory_bytes" in text
