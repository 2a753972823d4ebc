"""Every fault over HTTP is a problem of one line, and no request is larger than allowed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import httpx
import pytest

from tests.http.conftest import SMALL
from tests.http.serving import CALLER, MASK_META, PIXEL, problem_of, upload


@pytest.mark.parametrize("missing", ["X-Tenant-Id", "X-Env"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/media-v2/assets"),
        ("GET", "/media-v2/assets"),
        ("GET", "/media-v2/assets/x"),
        ("POST", "/media-v2/assets/x/artifacts"),
        ("GET", "/media-v2/artifacts/x"),
        ("GET", "/media-v2/artifacts/x/content"),
        ("POST", "/image-core/render"),
        ("POST", "/image-core/masks"),
    ],
)
def test_a_missing_header_is_400(client: httpx.Client, method: str, path: str, missing: str) -> None:
    """On every route that acts for a tenant, and by name."""
    json: dict[str, Any] = {"json": PIXEL} if path.startswith("/image-core") else {}
    request = client.build_request(method, path, **json)
    del request.headers[missing]
    assert problem_of(client.send(request), 400) == f"{missing}: this field is required"


@pytest.mark.parametrize("value", [b"", b"..", b"a/b", b"a" * 65, "ü".encode()])
def test_a_header_that_names_no_tenant_is_400(client: httpx.Client, value: bytes) -> None:
    """Only what the store takes for a tenant."""
    response = client.get("/media-v2/assets", headers={b"X-Tenant-Id": value})
    assert problem_of(response, 400).startswith("X-Tenant-Id: ")


def test_a_header_given_twice_is_400(client: httpx.Client) -> None:
    """A proxy that adds its header to the client's must not leave the choice to the server."""
    headers = [*CALLER.items(), ("X-Tenant-Id", "other")]
    bare = httpx.Client(base_url=client.base_url)
    with bare:
        assert "2 times" in problem_of(bare.get("/media-v2/assets", headers=headers), 400)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nope", 404), ("DELETE", "/media-v2/assets", 405), ("GET", "/image-core/render", 405)],
)
def test_a_route_that_is_not_there_is_a_problem(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    """Of an unknown path and of an unknown method; the latter says which there are."""
    response = client.request(method, path)
    assert problem_of(response, status) == f"{method} '{path}': no such route"
    assert ("allow" in response.headers) == (status == 405)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("limit=0", "limit: '0' is not allowed"),
        ("limit=x", "limit: 'x' is not allowed"),
        ("kind=film", "kind: 'film' is not allowed"),
        ("cursor=x", "cursor: 'x'"),
        ("limt=5", "limt: '5' is not allowed"),
    ],
)
def test_a_query_that_is_wrong_is_422(client: httpx.Client, query: str, told: str) -> None:
    """Values out of range and names that do not exist."""
    assert problem_of(client.get(f"/media-v2/assets?{query}"), 422).startswith(told)


def test_an_option_of_a_render_that_is_wrong_is_422(client: httpx.Client) -> None:
    """An unknown format, and an option that is misspelt, which must not be ignored."""
    for query, told in (
        ("format=gif", "format: 'gif'"),
        ("force=perhaps", "force: "),
        ("froce=1", "froce: "),
    ):
        response = client.post(f"/image-core/render?{query}", json=PIXEL)
        assert problem_of(response, 422).startswith(told)


FILE = {"file": ("m.png", b"mask")}


@pytest.mark.parametrize(
    ("files", "data", "told"),
    [
        ({"picture": ("a.png", b"x")}, {}, "file: this field is required"),
        ([("file", ("a.png", b"x")), ("colour", (None, b"x"))], {}, "'colour': there is no such field"),
        (
            [("file", ("a.png", b"x")), ("kind", (None, b"image")), ("kind", (None, b"font"))],
            {},
            "kind: this",
        ),
        ([("file", (None, b"text"))], {}, "file: allowed is a part with a filename"),
        (FILE, {"kind": "film"}, "asset, kind: 'film' is not allowed"),
        (FILE, {"meta": "[]"}, "meta: allowed is a JSON object"),
        ({"file": ("a/b.png", b"x")}, {}, "asset, filename: 'a/b.png' is not allowed"),
        ({"file": ("", b"x")}, {}, "file: "),
        ({"file": ("a.png", b"")}, {}, "data: an empty file is not allowed"),
        ({"file": ("a.png", b"x", "text/plain; charset=utf-8")}, {}, "asset, mime_type: "),
    ],
)
def test_a_form_that_is_wrong_is_422(
    client: httpx.Client, files: Any, data: dict[str, str], told: str
) -> None:
    """Parts that are missing, unknown, repeated or of the wrong sort; what the store refuses."""
    assert problem_of(client.post("/media-v2/assets", files=files, data=data), 422).startswith(told)


def test_a_form_that_is_not_well_formed_is_400(client: httpx.Client) -> None:
    """Headers of a part that are none, whichever library finds it."""
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert problem_of(client.post("/media-v2/assets", content=b"--x\r\nNone--x--\r\n", headers=headers), 400)


@pytest.mark.parametrize(
    ("data", "status", "told"),
    [
        ({"meta": "{}"}, 422, "kind: this field is required"),
        ({"kind": "film", "meta": "{}"}, 422, "kind: 'film' is not allowed"),
        ({"kind": "mask", "meta": "{}"}, 422, "mask artifact, meta.width: this field is required"),
        ({"kind": "mask", "meta": "{"}, 400, "meta: not JSON"),
        ({"kind": "mask", "meta": "[" * 100_000}, 400, "meta: nested too deep"),
        ({"kind": "mask", "meta": '{"width": 1, "width": 2}'}, 400, "meta: not JSON: the key 'width'"),
        ({"kind": "mask", "meta": "{}", "dedupe_key": "x"}, 422, "'dedupe_key': there is no such field"),
    ],
)
def test_an_artifact_that_is_wrong_is_refused(
    client: httpx.Client, data: dict[str, str], status: int, told: str
) -> None:
    """Kind and meta are checked as the store checks them; no upload can take a render's dedupe key."""
    asset = upload(client, b"parent")
    response = client.post(f"/media-v2/assets/{asset['id']}/artifacts", files=FILE, data=data)
    assert problem_of(response, status).startswith(told)


def test_a_parent_that_is_not_there_is_404(client: httpx.Client) -> None:
    """An artifact cannot be made from nothing."""
    data = {"kind": "mask", "meta": str(MASK_META).replace("'", '"')}
    response = client.post(f"/media-v2/assets/{'0' * 32}/artifacts", files=FILE, data=data)
    assert problem_of(response, 404) == f"asset '{'0' * 32}' not found"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/mixed; boundary=x"]
)
@pytest.mark.parametrize("path", ["/media-v2/assets", "/media-v2/assets/x/artifacts", "/image-core/render"])
def test_another_type_of_body_is_415(client: httpx.Client, path: str, kind: str) -> None:
    """What is neither the form nor the JSON that a route takes."""
    response = client.post(path, content=b"x", headers={"Content-Type": kind})
    assert problem_of(response, 415).startswith("Content-Type: ")


@pytest.mark.parametrize(
    "body", [b"", b"--x", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--"]
)
def test_a_broken_form_is_a_problem(client: httpx.Client, body: bytes) -> None:
    """Cut short, without names, without an end: 400 or 422, and nothing is kept of it."""
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = client.post("/media-v2/assets", content=body, headers=headers)
    assert response.status_code in {400, 422}
    problem_of(response, response.status_code)


@pytest.mark.parametrize("uri", [None, 5, "", ["tenants/acme/dev/x"], "tenants/acme/dev/\0"])
def test_a_uri_that_is_none_is_422(client: httpx.Client, uri: Any) -> None:
    """Of another type, empty, or with characters no key has."""
    assert problem_of(client.post("/media-v2/assets", json={"uri": uri}), 422).startswith("uri: ")


def _drip(count: int) -> Iterator[bytes]:
    """A body of that many KiB whose length is not announced."""
    for _ in range(count):
        yield b" " * 1024


BODIES = [
    ("/media-v2/assets", "multipart/form-data; boundary=x", SMALL.upload),
    ("/media-v2/assets", "application/json", 256 << 10),
    ("/media-v2/assets/x/artifacts", "multipart/form-data; boundary=x", SMALL.upload),
    ("/image-core/render", "application/json", SMALL.body),
    ("/image-core/masks", "application/json", SMALL.body),
]


@pytest.mark.parametrize(("path", "kind", "limit"), BODIES)
def test_a_body_announced_too_long_is_413(client: httpx.Client, path: str, kind: str, limit: int) -> None:
    """Before any of it is read: the answer comes although the body never does."""
    connection = HTTPConnection(client.base_url.host, client.base_url.port or 0, timeout=10)
    with closing(connection):
        connection.putrequest("POST", path)
        for name, value in {**CALLER, "Content-Type": kind, "Content-Length": str(10**15)}.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        response = httpx.Response(answer.status, headers=answer.getheaders(), content=answer.read())
    assert problem_of(response, 413) == f"body: allowed are up to {limit} bytes"


@pytest.mark.parametrize(("path", "kind", "limit"), BODIES)
def test_a_body_that_grows_too_long_is_413(client: httpx.Client, path: str, kind: str, limit: int) -> None:
    """Without a length it is counted while it comes, and refused when it passes the limit."""
    chunks = _drip(2 * limit // 1024)
    head = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        if "multi" in kind
        else b""
    )

    def body() -> Iterator[bytes]:
        yield head
        yield from chunks

    response = client.post(path, content=body(), headers={"Content-Type": kind})
    assert problem_of(response, 413) == f"body: allowed are up to {limit} bytes"


def test_a_body_at_the_limit_is_taken(client: httpx.Client) -> None:
    """The bound is the last size that is allowed."""
    body = b'{"width": 1, "height": 1}'.ljust(SMALL.body)
    headers = {"Content-Type": "application/json"}
    assert client.post("/image-core/render", content=body, headers=headers).status_code == 200
    response = client.post("/image-core/render", content=body + b" ", headers=headers)
    assert problem_of(response, 413)
