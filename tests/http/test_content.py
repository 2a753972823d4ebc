"""The bytes of an artifact over HTTP: whole, in part, and not again."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from engines.image_core import ImageCoreService
from tests.http.serving import derive, problem_of

BYTES = bytes(range(256)) * 700  # more than one test server's chunk would be worth


@pytest.fixture(scope="module")
def artifact(client: httpx.Client) -> dict[str, Any]:
    """An artifact of BYTES."""
    return derive(client, BYTES, "a naïve name.png")


@pytest.fixture(scope="module")
def url(artifact: dict[str, Any]) -> str:
    """Where its bytes are."""
    return f"/media-v2/artifacts/{artifact['id']}/content"


def test_the_content_is_the_bytes_with_their_hash_as_etag(
    client: httpx.Client, url: str, artifact: dict[str, Any]
) -> None:
    """Type and length are the artifact's; the ETag is its SHA-256; no script in it may run."""
    response = client.get(url)
    assert response.status_code == 200
    assert response.content == BYTES
    assert response.headers["etag"] == f'"{artifact["sha256"]}"'
    assert response.headers["content-type"] == "image/png"
    assert response.headers["content-length"] == str(len(BYTES))
    assert response.headers["content-disposition"] == "inline; filename*=UTF-8''a%20na%C3%AFve%20name.png"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in response.headers["content-security-policy"]
    assert response.headers["cache-control"].startswith("private")


def test_head_is_get_without_the_bytes(client: httpx.Client, url: str) -> None:
    """HEAD has the headers of GET and no body."""
    head, get = client.head(url), client.get(url)
    assert head.status_code == 200
    assert head.content == b""
    assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("form", ['"{}"', 'W/"{}"', '"x", "{}"', "*"])
def test_a_client_that_has_the_bytes_gets_304(
    client: httpx.Client, url: str, artifact: dict[str, Any], method: str, form: str
) -> None:
    """If-None-Match with the tag, alone, weak, in a list, or * answers 304 with the tag and no bytes."""
    response = client.request(method, url, headers={"If-None-Match": form.format(artifact["sha256"])})
    assert response.status_code == 304
    assert response.content == b""
    assert response.headers["etag"] == f'"{artifact["sha256"]}"'


def test_a_client_that_has_other_bytes_gets_them_all(client: httpx.Client, url: str) -> None:
    """If-None-Match with another tag does not matter."""
    assert client.get(url, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=179199-", 179199, 179199),
        ("bytes=100-999999999", 100, 179199),
        ("bytes=-5", 179195, 179199),
        ("bytes=-999999", 0, 179199),
        ("BYTES=1-2", 1, 2),
    ],
)
def test_a_range_is_206_and_those_bytes(
    client: httpx.Client, url: str, asked: str, first: int, last: int
) -> None:
    """From, from-to and the last n bytes; ends beyond the file are its end."""
    response = client.get(url, headers={"Range": asked})
    assert response.status_code == 206
    assert response.content == BYTES[first : last + 1]
    assert response.headers["content-range"] == f"bytes {first}-{last}/179200"
    assert response.headers["content-length"] == str(last + 1 - first)


@pytest.mark.parametrize("asked", ["bytes=179200-", "bytes=179200-179300", "bytes=-0"])
def test_a_range_behind_the_end_is_416(client: httpx.Client, url: str, asked: str) -> None:
    """The problem says how many bytes there are, in words and in Content-Range."""
    response = client.get(url, headers={"Range": asked})
    assert "179200 bytes" in problem_of(response, 416)
    assert response.headers["content-range"] == "bytes */179200"


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", f"bytes={'9' * 5000}-", ""]
)
def test_a_range_that_is_none_is_ignored(client: httpx.Client, url: str, asked: str) -> None:
    """What is no valid range, another unit, or several at once gets the whole, as RFC 9110 allows."""
    response = client.get(url, headers={"Range": asked})
    assert response.status_code == 200
    assert response.content == BYTES


@pytest.mark.parametrize(("tag", "status"), [("{}", 206), ("other", 200)])
def test_if_range_gives_the_part_only_of_the_same_bytes(
    client: httpx.Client, url: str, artifact: dict[str, Any], tag: str, status: int
) -> None:
    """A download that goes on after the bytes changed starts anew."""
    headers = {"Range": "bytes=5-", "If-Range": f'"{tag.format(artifact["sha256"])}"'}
    assert client.get(url, headers=headers).status_code == status


def test_damaged_bytes_are_an_error_and_no_pixels(client: httpx.Client, service: ImageCoreService) -> None:
    """Bytes that are not those registered never go out, not even the first of them."""
    artifact = derive(client, b"good bytes")
    service.media._blobs.put(artifact["uri"], b"evil bytes")
    response = client.get(f"/media-v2/artifacts/{artifact['id']}/content")
    assert "damaged" in problem_of(response, 500)
