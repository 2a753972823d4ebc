"""`image-core serve` under load: `python -m tests.bench.serve [--clients 16] [--requests 320]`.

Clients post the demo card, its photographs registered as assets, each as soon as its last answer is there:
first with force, so that every request renders, encodes and registers, then without, so that it is recognised
and the artifact returned.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from engines.image_core.documents.demo import demo_card, write_photos

CALLER = {"X-Tenant-Id": "bench", "X-Env": "local"}
JSON = CALLER | {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Load:
    """What clients saw: milliseconds of each request in ascending order, and how long all took in seconds."""

    milliseconds: list[float]
    seconds: float

    def quantile(self, share: float) -> float:
        """The time that this share of the requests did not take longer than (nearest rank)."""
        rank = -int(-share * len(self.milliseconds) // 1)
        return self.milliseconds[max(0, rank - 1)]


def main() -> None:
    """Serve, load, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.serve", description=__doc__)
    parser.add_argument("--clients", type=int, default=16, help="connections that post at once")
    parser.add_argument("--requests", type=int, default=320, help="requests of each kind")
    parser.add_argument("--backend", default="auto", help="auto, gl or numpy")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder), options.backend) as url:
        card = _card(url, Path(folder))
        artifact = _post(httpx.Client(), url, card, force=True)
        print(f"{artifact['meta']['backend']} on {artifact['meta']['device']}; {options.clients} clients")
        print("timings of a render alone, ms:", _rounded(artifact["meta"]["timings"]))
        for name, force in (("rendered (force)", True), ("recognised", False)):
            before = _cpu(url)
            load = _load(url, card, force, options.clients, options.requests)
            print(
                f"{name}: p50 {load.quantile(0.5):.0f} ms, p99 {load.quantile(0.99):.0f} ms, "
                f"{options.requests / load.seconds:.1f} requests a second, "
                f"{1000 * (_cpu(url) - before) / options.requests:.0f} ms of the server's processor time each"
            )


@contextmanager
def _serving(folder: Path, backend: str) -> Iterator[str]:
    command = [sys.executable, "-c", "from engines.image_core.cli.main import main; main()", "serve"]
    options = ["--port", "0", "--data", str(folder / "data"), "--backend", backend]
    server = subprocess.Popen(command + options, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield server.stdout.readline().partition(": ")[0]
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


def _card(url: str, folder: Path) -> bytes:
    """The demo card as JSON, with assets in place of its files."""
    write_photos(folder)
    text = demo_card().model_copy(update=_scope()).model_dump_json(exclude_unset=True)
    for photo in (folder / "photos").iterdir():
        file = {"file": (photo.name, photo.read_bytes())}
        asset = httpx.post(f"{url}/media-v2/assets", files=file, headers=CALLER, timeout=60).json()
        text = text.replace(f'"path":"photos/{photo.name}"', f'"asset_id":"{asset["id"]}"')
    return text.encode()


def _scope() -> dict[str, str]:
    return {"tenant_id": CALLER["X-Tenant-Id"], "env": CALLER["X-Env"]}


def _post(client: httpx.Client, url: str, card: bytes, *, force: bool) -> dict[str, Any]:
    target = f"{url}/image-core/render?force={json.dumps(force)}"
    answer = client.post(target, content=card, headers=JSON, timeout=300)
    answer.raise_for_status()
    return dict(answer.json())


def _load(url: str, card: bytes, force: bool, clients: int, requests: int) -> Load:
    """That many requests by that many clients, each waiting for its answer before the next."""
    times: list[float] = []
    tickets = iter(range(requests))
    lock = threading.Lock()

    def work() -> None:
        with httpx.Client() as client:
            while True:
                with lock:
                    if next(tickets, None) is None:
                        return
                started = time.perf_counter()
                _post(client, url, card, force=force)
                times.append(1000 * (time.perf_counter() - started))

    threads = [threading.Thread(target=work) for _ in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(times) != requests:
        sys.exit(f"{requests - len(times)} requests failed")
    return Load(sorted(times), time.perf_counter() - started)


def _cpu(url: str) -> float:
    """Seconds of processor time the server has taken, without those of the processes that draw SVGs."""
    metrics = httpx.get(f"{url}/metrics").text
    found = re.search(r"^process_cpu_seconds_total (\S+)", metrics, re.MULTILINE)
    assert found is not None
    return float(found[1])


def _rounded(timings: dict[str, float]) -> str:
    return ", ".join(f"{stage} {milliseconds:.1f}" for stage, milliseconds in timings.items())


if __name__ == "__main__":
    main()
