"""Assets and artifacts over HTTP."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import httpx
import pytest

from engines.image_core import ImageCoreService
from tests.http.serving import CALLER, MASK_META, STRANGER, derive, problem_of, upload


def test_an_upload_is_kept_under_its_name_and_hash(client: httpx.Client, service: ImageCoreService) -> None:
    """The answer is the asset, its Location the place it can be read at; the bytes are those sent."""
    response = client.post(
        "/media-v2/assets",
        files={"file": ("sky.png", b"pixels", "image/png")},
        data={"kind": "image", "meta": '{"taken": 1969}'},
    )
    asset = response.json()
    assert response.status_code == 201
    assert {name: asset[name] for name in ("filename", "mime_type", "size_bytes", "kind", "meta")} == {
        "filename": "sky.png",
        "mime_type": "image/png",
        "size_bytes": 6,
        "kind": "image",
        "meta": {"taken": 1969},
    }
    assert asset["sha256"] == hashlib.sha256(b"pixels").hexdigest()
    assert client.get(response.url.join(response.headers["location"])).json() == asset
    assert service.media.read_asset(asset["id"], tenant_id="acme", env="dev") == b"pixels"


@pytest.mark.parametrize(
    ("declared", "kept"), [("application/octet-stream", "image/png"), ("image/apng", "image/apng")]
)
def test_the_declared_type_is_kept_unless_it_says_nothing(
    client: httpx.Client, declared: str, kept: str
) -> None:
    """application/octet-stream is what clients send that do not know; then the extension says."""
    response = client.post("/media-v2/assets", files={"file": ("a.png", b"x", declared)})
    assert response.json()["mime_type"] == kept


def test_a_blob_of_the_store_is_registered_by_its_key(
    client: httpx.Client, service: ImageCoreService
) -> None:
    """A file the host put below the caller's own prefix becomes an asset of the same bytes."""
    key = "tenants/acme/dev/incoming/sky.jpg"
    service.media._blobs.put(key, b"from the host")
    response = client.post("/media-v2/assets", json={"uri": key})
    assert response.status_code == 201, response.text
    assert response.json()["filename"] == "sky.jpg"
    stored = service.media.read_asset(response.json()["id"], tenant_id="acme", env="dev")
    assert stored == b"from the host"


@pytest.mark.parametrize(
    "uri",
    [
        "tenants/other/dev/incoming/sky.jpg",
        "tenants/acme/prod/incoming/sky.jpg",
        "tenants/acme/dev/../../other/dev/incoming/sky.jpg",
        "tenants/acme/dev2/sky.jpg",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "s3://bucket/tenants/acme/dev/sky.jpg",
    ],
)
def test_a_uri_outside_the_callers_prefix_is_refused(
    client: httpx.Client, service: ImageCoreService, uri: str
) -> None:
    """Neither another tenant's or env's blobs nor files nor the network can be reached, there or not."""
    service.media._blobs.put("tenants/other/dev/incoming/sky.jpg", b"theirs")
    assert problem_of(client.post("/media-v2/assets", json={"uri": uri}), 422).startswith("uri: ")


def test_a_uri_without_bytes_is_not_found(client: httpx.Client) -> None:
    """Inside the caller's prefix, a key that holds nothing is 404."""
    response = client.post("/media-v2/assets", json={"uri": "tenants/acme/dev/none.png"})
    assert "none.png" in problem_of(response, 404)


def test_assets_are_listed_in_pages(service: ImageCoreService, client: httpx.Client) -> None:
    """Following next_cursor gives every asset of the tenant and env once, newest first."""
    headers = {"X-Tenant-Id": "lister"}
    made = [
        client.post("/media-v2/assets", files={"file": (f"{n}.png", b"x")}, headers=headers).json()["id"]
        for n in range(5)
    ]
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        page = client.get("/media-v2/assets", params=query, headers=headers).json()
        seen += [asset["id"] for asset in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == made[::-1]


def test_an_artifact_is_kept_with_its_parent(client: httpx.Client) -> None:
    """What was made from an asset names it, and is read back at its Location."""
    parent = upload(client, b"matte")
    response = client.post(
        f"/media-v2/assets/{parent['id']}/artifacts",
        files={"file": ("mask.png", b"mask")},
        data={"kind": "mask", "meta": json.dumps(MASK_META)},
    )
    artifact = response.json()
    assert response.status_code == 201
    assert artifact["parent_asset_id"] == parent["id"]
    assert artifact["meta"]["selection_hash"] == MASK_META["selection_hash"]
    assert client.get(response.url.join(response.headers["location"])).json() == artifact


def test_another_tenants_objects_are_not_found_word_for_word(client: httpx.Client) -> None:
    """By every route, another tenant's object answers as one that does not exist, and lists as nothing."""
    asset, artifact = upload(client, b"ours"), derive(client, b"ours")
    form: dict[str, Any] = {
        "files": {"file": ("m.png", b"m")},
        "data": {"kind": "mask", "meta": json.dumps(MASK_META)},
    }
    routes: list[tuple[str, str, str, dict[str, Any]]] = [
        ("GET", "/media-v2/assets/{}", asset["id"], {}),
        ("POST", "/media-v2/assets/{}/artifacts", asset["id"], form),
        ("GET", "/media-v2/artifacts/{}", artifact["id"], {}),
        ("GET", "/media-v2/artifacts/{}/content", artifact["id"], {}),
    ]
    for method, route, held, body in routes:
        none = "0" * 32
        for headers in (STRANGER, CALLER | {"X-Env": "prod"}):
            theirs = client.request(method, route.format(held), headers=headers, **body)
            nobodys = client.request(method, route.format(none), headers=headers, **body)
            assert problem_of(theirs, 404) == problem_of(nobodys, 404).replace(none, held)
    assert client.head(f"/media-v2/artifacts/{artifact['id']}/content", headers=STRANGER).status_code == 404
    assert client.get("/media-v2/assets", headers=STRANGER).json()["items"] == []
