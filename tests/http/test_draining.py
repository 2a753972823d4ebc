"""A server that is told to end while clients use it: what it accepted is answered, as if nothing had been."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from engines.image_core import ImageComposition, Renderer
from tests.http.processes import Process
from tests.http.serving import CALLER, PIXEL, problem_of

CLIENTS = 8
RENDER = "/image-core/render"


def _card(number: int, side: int = 300) -> dict[str, Any]:
    """A picture of its own for each number, which takes NumPy some ten milliseconds."""
    half = side // 2
    disc = {"type": "ellipse", "cx": half, "cy": half, "rx": 5 + number % 99, "ry": half, "fill": "#ff000080"}
    layer = {"type": "vector", "shapes": [disc], "filters": [{"type": "blur", "radius": 9}]}
    return {"width": side, "height": side, "background_color": f"#{number:06x}", "layers": [layer]}


@dataclass
class Outcome:
    """What a client got for a card: an answer, or the error of its connection."""

    number: int
    begun: float
    ended: float
    answer: httpx.Response | None


def _ask(server: Process, numbers: list[int], until: threading.Event) -> list[Outcome]:
    """One card after the other, by one client, until there is nobody to ask."""
    outcomes = []
    with httpx.Client(base_url=server.url, headers=CALLER, timeout=60) as client:
        for number in numbers:
            begun, answer = time.monotonic(), None
            with suppress(httpx.TransportError):
                answer = client.post(RENDER, json=_card(number))
            outcomes.append(Outcome(number, begun, time.monotonic(), answer))
            if until.is_set() and answer is None:
                break
    return outcomes


def test_told_to_end_under_load_it_answers_all_that_it_accepted(server: Process) -> None:
    """Eight clients, told in the middle: each has its picture or a 503 that sends it elsewhere; a connection
    fails only after the server was told; the process ends with 0."""
    told_at, told = 0.0, threading.Event()
    with ThreadPoolExecutor(CLIENTS) as pool:
        mine = [list(range(client, 10_000, CLIENTS)) for client in range(CLIENTS)]
        clients = [pool.submit(_ask, server, numbers, told) for numbers in mine]
        while _metric(server, "image_core_jobs_total") < 2 * CLIENTS:
            time.sleep(0.01)
        told_at = time.monotonic()
        server.terminate()
        told.set()
        status = server.process.wait(60)
        outcomes = [outcome for client in clients for outcome in client.result()]
    assert status == 0, server.log.read_text()
    answered = [outcome for outcome in outcomes if outcome.answer and outcome.answer.status_code == 200]
    in_flight = [outcome for outcome in answered if outcome.begun < told_at < outcome.ended]
    assert len(in_flight) > 1, "nothing was in flight when it was told"
    with Renderer("numpy") as renderer:
        for outcome in answered:
            assert outcome.answer is not None
            card = ImageComposition(tenant_id="a", env="b", **_card(outcome.number))
            assert outcome.answer.json()["meta"]["pixel_hash"] == renderer.render(card).pixel_hash
    for outcome in outcomes:
        if outcome.answer is None:
            assert outcome.begun > told_at, "a request that was on its way was lost"
        elif outcome.answer.status_code != 200:
            assert problem_of(outcome.answer, 503) == "the server is draining: come back later"
            assert outcome.answer.headers["connection"] == "close"
            assert outcome.answer.headers["retry-after"] == "1"


def test_while_it_drains_probes_say_so_and_new_requests_are_sent_away(server: Process) -> None:
    """The one that runs is finished; all else is 503 with a closed connection, but liveness."""
    slow = {**_card(1, 1500), "layers": _card(1, 1500)["layers"] * 6}
    with ThreadPoolExecutor(1) as pool, httpx.Client(base_url=server.url, headers=CALLER) as client:
        running = pool.submit(httpx.post, f"{server.url}{RENDER}", json=slow, headers=CALLER, timeout=60)
        while not _metric(server, "image_core_queue_depth"):
            time.sleep(0.01)
        assert client.get("/readyz").json()["status"] == "ready"
        server.terminate()
        while (ready := client.get("/readyz")).status_code == 200:
            time.sleep(0.01)
        assert ready.json() == {"status": "draining", "detail": "requests in flight: 1"}
        assert client.get("/livez").status_code == 200
        for answer in (client.post(RENDER, json=PIXEL), client.get("/media-v2/assets")):
            problem_of(answer, 503)
            assert answer.headers["connection"] == "close"
            assert int(answer.headers["retry-after"]) >= 1
        assert not running.done()
        assert running.result().status_code == 200
    assert server.process.wait(30) == 0


@pytest.mark.parametrize("server", [["--drain-seconds", "0.2"]], indirect=True)
def test_what_is_not_finished_in_time_is_told_and_the_process_ends(server: Process) -> None:
    """The one that runs and those that wait get 503, and the exit status says that something was given up."""
    endless = {**_card(1, 2000), "layers": _card(1, 2000)["layers"] * 60}
    with ThreadPoolExecutor(3) as pool:
        waiting = [
            pool.submit(httpx.post, f"{server.url}{RENDER}", json=card, headers=CALLER, timeout=60)
            for card in (endless, endless | {"height": 1999}, endless | {"height": 1998})
        ]
        while _metric(server, "image_core_queue_depth") < 3:
            time.sleep(0.01)
        assert server.stop() == 1
        for answer in waiting:
            assert "ends before this is rendered" in problem_of(answer.result(), 503)
    assert "accepted and not finished" in server.log.read_text()


def _metric(server: Process, name: str) -> float:
    lines = httpx.get(f"{server.url}/metrics").text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))
