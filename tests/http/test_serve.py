"""`image-core serve` as a process of its own: what a user types, and what curl gets."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from engines.image_core import ImageComposition, ImageCoreService, Renderer
from engines.image_core.documents.demo import demo_card, write_photos
from tests.http.processes import COMMAND, Process
from tests.http.serving import CALLER, PIXEL


def _card(server: Process, folder: Path) -> dict[str, Any]:
    """The demo card with its photographs registered as assets."""
    write_photos(folder)

    def registered(value: Any) -> Any:
        if isinstance(value, list):
            return [registered(part) for part in value]
        if not isinstance(value, dict):
            return value
        if "path" in value:
            photo = folder / value["path"]
            answer = httpx.post(
                f"{server.url}/media-v2/assets",
                files={"file": (photo.name, photo.read_bytes())},
                headers=CALLER,
                timeout=30,
            )
            return {"asset_id": answer.json()["id"]}
        return {name: registered(part) for name, part in value.items()}

    card: dict[str, Any] = registered(demo_card().model_dump(mode="json", exclude_unset=True))
    return {name: value for name, value in card.items() if name not in ("tenant_id", "env")}


def _post(server: Process, card: dict[str, Any], folder: Path) -> dict[str, Any]:
    """POST a composition with curl where there is one."""
    url = f"{server.url}/image-core/render?format=png"
    curl = shutil.which("curl")
    if curl is None:
        return dict(httpx.post(url, json=card, headers=CALLER, timeout=60).json())
    (folder / "card.json").write_text(json.dumps(card))
    headers = [f"{name}: {value}" for name, value in CALLER.items()] + ["Content-Type: application/json"]
    options = [word for header in headers for word in ("--header", header)]
    command = [curl, "--silent", "--fail-with-body", *options, "--data-binary", "@card.json", url]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout
    return dict(json.loads(done.stdout))


def test_the_demo_card_is_posted_and_fetched(server: Process, tmp_path: Path) -> None:
    """Photographs uploaded, the card posted with curl, its artifact's bytes those the library renders."""
    card = _card(server, tmp_path)
    artifact = _post(server, card, tmp_path)
    assert artifact["kind"] == "image_render"
    content = f"{server.url}/media-v2/artifacts/{artifact['id']}/content"
    whole = httpx.get(content, headers=CALLER)
    assert whole.headers["etag"] == f'"{artifact["sha256"]}"'
    with Renderer("numpy", root=tmp_path) as renderer:
        expected = renderer.render(demo_card())
    assert artifact["meta"]["pixel_hash"] == expected.pixel_hash
    assert whole.content == expected.to_png()
    assert Image.open(BytesIO(whole.content)).size == (1200, 630)
    part = httpx.get(content, headers=CALLER | {"Range": "bytes=0-7"})
    assert (part.status_code, part.content) == (206, whole.content[:8])
    again = httpx.get(content, headers=CALLER | {"If-None-Match": whole.headers["etag"]})
    assert again.status_code == 304
    assert server.stop() == 0


def test_stopping_finishes_what_is_in_flight(server: Process) -> None:
    """A render that was begun when the process is told to stop is answered, and the process ends with 0."""
    slow = {"width": 1500, "height": 1500, "layers": [_blurred() for _ in range(3)]}
    answers: list[httpx.Response] = []

    def post() -> None:
        answers.append(httpx.post(f"{server.url}/image-core/render", json=slow, headers=CALLER, timeout=60))

    client = threading.Thread(target=post)
    client.start()
    while "image_core_queue_depth 1.0" not in httpx.get(f"{server.url}/metrics").text:
        assert client.is_alive()
    assert server.stop() == 0
    client.join()
    assert [answer.status_code for answer in answers] == [200]


def _blurred() -> dict[str, Any]:
    shape = {"type": "ellipse", "cx": 750, "cy": 750, "rx": 700, "ry": 500, "fill": "#ff000080"}
    return {"type": "vector", "shapes": [shape], "filters": [{"type": "blur", "radius": 40}]}


def test_what_was_stored_is_there_after_a_restart(server: Process, tmp_path: Path) -> None:
    """A store outlives its server: the same composition is the same artifact with the next one."""
    first = httpx.post(f"{server.url}/image-core/render", json=PIXEL, headers=CALLER).json()
    assert server.stop() == 0
    with ImageCoreService.open(tmp_path / "data", backend="numpy") as service:
        composition = ImageComposition.model_validate(PIXEL | {"tenant_id": "acme", "env": "dev"})
        assert service.render_composition(composition).id == first["id"]


def test_answers_do_not_wait_for_acknowledgements(server: Process) -> None:
    """Headers and body leave at once: without TCP_NODELAY every answer takes the 40 ms of a delayed ACK."""
    with httpx.Client() as client:
        times = [client.get(f"{server.url}/healthz").elapsed for _ in range(20)]
    assert min(times).total_seconds() < 0.03


_LIMITS = ["--max-seconds", "0.001", "--max-pixels", "100", "--max-body", "1", "--max-upload", "1"]


@pytest.mark.parametrize("server", [_LIMITS], indirect=True)
def test_an_operator_says_what_a_request_may_cost(server: Process) -> None:
    """Each limit has an option, and what passes it is one line that names it."""
    large = {**PIXEL, "width": 11, "height": 10}
    text = {"type": "text", "text": "x" * (1 << 20)}
    requests = {
        "canvas: 11 x 10 is not allowed here: allowed are 100 pixels": large,
        "rendering takes more than 0.001 seconds": {**PIXEL, "layers": [_blurred()] * 9},
        "body: allowed are up to 1048576 bytes": {**PIXEL, "layers": [text]},
    }
    for told, card in requests.items():
        answer = httpx.post(f"{server.url}/image-core/render", json=card, headers=CALLER, timeout=60)
        assert told in answer.json()["detail"]
    file = {"file": ("large.png", bytes(1 << 20))}
    answer = httpx.post(f"{server.url}/media-v2/assets", headers=CALLER, files=file, timeout=60)
    assert answer.status_code == 413


def _run(*options: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *map(str, options)]
    return subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    """Exit 2 and the address at fault."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _run("--port", str(port), "--data", tmp_path, "--backend", "numpy")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"image-core: cannot listen on 127.0.0.1, port {port}: ")
    assert done.stderr.count("\n") == 1


def test_without_the_extra_one_line_names_it(tmp_path: Path) -> None:
    """A machine that has image-core alone is told what to install."""
    (tmp_path / "fastapi.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'fastapi'\", name='fastapi')"
    )
    path = f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    done = _run("--port", "0", "--data", tmp_path / "data", "--backend", "numpy", PYTHONPATH=path)
    assert done.returncode == 2
    assert 'pip install "image-core[http]"' in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
