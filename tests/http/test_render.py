"""Rendering and masks over HTTP."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from PIL import Image

from engines.image_core import ImageComposition, ImageCoreService
from engines.image_core.http import RenderQueue, render_router
from engines.media_v2 import StorageError
from engines.media_v2.routes import media_router
from tests.http.serving import CALLER, PIXEL, STRANGER, problem_of, serving, upload

SELECTION = {"type": "rect", "points": [[2, 3], [10, 12]]}


def _content(client: httpx.Client, artifact: dict[str, Any]) -> bytes:
    response = client.get(f"/media-v2/artifacts/{artifact['id']}/content")
    assert response.status_code == 200
    return response.content


@pytest.mark.parametrize("format", ["png", "webp"])
def test_a_render_is_the_file_the_library_makes(
    client: httpx.Client, service: ImageCoreService, photo: bytes, format: str
) -> None:
    """A composition of an uploaded photograph comes out as the service's own render, byte for byte."""
    asset = upload(client, photo, "rocket.jpg")
    composition = {
        "width": 64,
        "height": 48,
        "layers": [
            {"type": "raster", "source": {"asset_id": asset["id"]}, "fit": "cover"},
            {"type": "text", "text": "Lift-off", "size": 14, "color": "#ffffff"},
        ],
    }
    response = client.post(f"/image-core/render?format={format}", json=composition)
    artifact = response.json()
    assert response.status_code == 200, response.text
    assert artifact["kind"] == "image_render"
    assert artifact["parent_asset_id"] == asset["id"]
    direct = service.render_composition(
        ImageComposition.model_validate(composition | {"tenant_id": "acme", "env": "dev"}), format, force=True
    )
    data = _content(client, artifact)
    assert data == service.media.read_artifact(direct.id, tenant_id="acme", env="dev")
    assert Image.open(BytesIO(data)).size == (64, 48)


def test_the_same_composition_is_the_same_artifact_unless_forced(client: httpx.Client) -> None:
    """Twice is one artifact; force makes another of the same bytes, which then is the one."""
    first, second = (client.post("/image-core/render", json=PIXEL).json() for _ in range(2))
    forced = client.post("/image-core/render?force=true", json=PIXEL).json()
    assert first["id"] == second["id"] != forced["id"]
    assert first["sha256"] == forced["sha256"]
    assert client.post("/image-core/render", json=PIXEL).json()["id"] == forced["id"]


def test_tenant_and_env_are_those_of_the_headers(client: httpx.Client) -> None:
    """Left out they are filled in, the same they are fine, others are refused by name."""
    same = client.post("/image-core/render", json=PIXEL | {"tenant_id": "acme", "env": "dev"})
    assert (same.json()["tenant_id"], same.json()["env"]) == ("acme", "dev")
    for field, header in (("tenant_id", "acme"), ("env", "dev")):
        response = client.post("/image-core/render", json=PIXEL | {field: "other"})
        detail = f"{field}: 'other' is not that of the request's header, '{header}'"
        assert problem_of(response, 422) == detail


def test_another_tenants_asset_is_not_found_by_a_layer(client: httpx.Client) -> None:
    """Word for word the answer for an asset that does not exist."""
    asset_id = upload(client, b"ours")["id"]
    details = []
    for wanted in (asset_id, "0" * 32):
        composition = PIXEL | {"layers": [{"type": "raster", "source": {"asset_id": wanted}}]}
        response = client.post("/image-core/render", json=composition, headers=STRANGER)
        details.append(problem_of(response, 422).replace(wanted, "ID"))
    assert details[0] == details[1] == "layers[0], source: asset 'ID' not found"


@pytest.mark.parametrize(
    "layer",
    [
        {"type": "raster", "source": {"path": "/etc/hostname"}},
        {"type": "raster", "source": {"color": "#ffffff"}, "mask": {"path": "mask.png"}},
        {"type": "text", "text": "a", "font": {"path": "font.ttf"}},
    ],
)
def test_local_files_are_refused(client: httpx.Client, layer: dict[str, Any]) -> None:
    """No path of the server's can be named, as picture, mask or font."""
    response = client.post("/image-core/render", json=PIXEL | {"width": 4, "height": 4, "layers": [layer]})
    assert "is not allowed here" in problem_of(response, 422)


def test_a_mask_is_drawn_registered_and_used(client: httpx.Client) -> None:
    """White inside the selection, black outside; a layer that names it shows just there."""
    request = {"selection": SELECTION, "width": 16, "height": 16, "start_ms": 40, "end_ms": 80}
    response = client.post("/image-core/masks", json=request)
    mask = response.json()
    assert response.status_code == 200, response.text
    assert (mask["kind"], mask["meta"]["start_ms"], mask["meta"]["end_ms"]) == ("mask", 40, 80)
    expected = np.zeros((16, 16), np.uint8)
    expected[3:12, 2:10] = 255
    assert np.array_equal(np.asarray(Image.open(BytesIO(_content(client, mask)))), expected)
    layer = {"type": "raster", "source": {"color": "#ff0000"}, "mask": {"mask_artifact_id": mask["id"]}}
    composition = {"width": 16, "height": 16, "layers": [layer]}
    render = client.post("/image-core/render", json=composition).json()
    alpha = np.asarray(Image.open(BytesIO(_content(client, render))).convert("RGBA"))[..., 3]
    assert np.array_equal(alpha, expected)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (PIXEL | {"width": "1"}, "width: '1' is not allowed: allowed is a whole number"),
        (PIXEL | {"widht": 1}, "widht: 1 is not allowed: there is no such field"),
        ([], "body: a composition is a JSON object"),
        (PIXEL | {"width": 101, "height": 100}, "canvas: 101 x 100 is not allowed here"),
    ],
)
def test_faults_of_a_composition_are_told_by_field(client: httpx.Client, body: Any, told: str) -> None:
    """The line is the library's own."""
    assert problem_of(client.post("/image-core/render", json=body), 422).startswith(told)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"width": 1,\n "height" 1}', "body: not JSON: line 2, column 11: "),
        (b'{"width": 1, "width": 2}', "body: the key 'width' is given twice in one object"),
        (b"\xff", "body: not UTF-8 text (byte 0)"),
        (b"[" * 10_000, "body: nested too deep"),
        (b"", "body: this field is required"),
    ],
)
def test_a_body_that_is_no_json_is_told_by_place(client: httpx.Client, body: bytes, told: str) -> None:
    """A broken document is a problem, not a crash."""
    headers = {"Content-Type": "application/json"}
    assert problem_of(client.post("/image-core/render", content=body, headers=headers), 422).startswith(told)


def test_faults_of_a_mask_are_told_by_field(client: httpx.Client) -> None:
    """Canvas, selection and times are checked as the library checks them."""
    for change, told in (
        ({"width": 0}, "width: 0"),
        ({"width": 1000, "height": 1000}, "canvas: 1000 x 1000 is not allowed here"),
        ({"selection": {"type": "rect", "points": [[0, 0]]}}, "selection: "),
        ({"end_ms": 5}, "end_ms: 5"),
    ):
        body = {"selection": SELECTION, "width": 16, "height": 16, **change}
        assert problem_of(client.post("/image-core/masks", json=body), 422).startswith(told)


def test_a_store_that_fails_is_not_the_callers_fault(
    client: httpx.Client, service: ImageCoreService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503, and not a word of what database or bucket it was."""

    def fail(*_: object, **__: object) -> bytes:
        raise StorageError("database postgresql+psycopg://db.internal/media: connection refused")

    monkeypatch.setattr(service.media, "read_asset", fail)
    composition = PIXEL | {"layers": [{"type": "raster", "source": {"asset_id": "0" * 32}}]}
    detail = problem_of(client.post("/image-core/render", json=composition), 503)
    assert detail == "the media store cannot be used at the moment"


def test_a_host_includes_the_routers_in_its_own_application(service: ImageCoreService) -> None:
    """Under a prefix of its own, with problems for errors and a schema without dangling references."""
    queue = RenderQueue(4)
    host = FastAPI()
    host.include_router(media_router(service.media), prefix="/pictures")
    host.include_router(render_router(service, queue), prefix="/pictures")
    with serving(host) as client:
        artifact = client.post("/pictures/image-core/render", json=PIXEL, headers=CALLER).json()
        assert client.get(f"/pictures/media-v2/artifacts/{artifact['id']}/content").status_code == 200
        assert problem_of(client.get("/pictures/media-v2/assets/x"), 404) == "asset 'x' not found"
        schema = client.get("/openapi.json").json()
    queue.close()
    names = schema["components"]["schemas"]
    references = [part.partition('"')[0] for part in json.dumps(schema).split('"#/components/schemas/')[1:]]
    assert references
    assert set(references) <= set(names)
