"""What goes out over HTTP: bytes with their validators, whole or in part (RFC 9110, sections 8.8, 13, 14)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException

from engines.media_v2.models import DerivedArtifact

__all__ = ["content_response", "describe_response"]

_CHUNK = 256 * 1024


def content_response(
    artifact: DerivedArtifact, request_headers: Mapping[str, str], read: Callable[[], bytes]
) -> Response:
    """The bytes of an artifact, or the part of them a request asks for, or that it has them already.

    The bytes are read and checked before the first one goes out, so what is damaged is an error and not half
    a picture; they then leave in chunks, at the pace of the client. The entity tag is the SHA-256. Of several
    ranges in one request none is honoured: the answer is the whole, as the RFC allows.

    Args:
        artifact: what is asked for.
        request_headers: If-None-Match, If-Range and Range are looked at.
        read: gives the bytes; not called when none are to be sent.

    Raises:
        HTTPException: 416, the range begins behind the last byte.
    """
    headers = _headers(artifact)
    if _is_held(request_headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    span = _wanted(request_headers, headers["ETag"], artifact.size_bytes)
    if span is None:
        return _streamed(200, memoryview(read()), artifact, headers)
    headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{artifact.size_bytes}"
    return _streamed(206, memoryview(read())[span.start : span.stop], artifact, headers)


def describe_response(artifact: DerivedArtifact, request_headers: Mapping[str, str]) -> Response:
    """The headers that `content_response` would send for the whole, without reading the bytes (HEAD)."""
    headers = _headers(artifact)
    if _is_held(request_headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    headers["Content-Length"] = str(artifact.size_bytes)
    return Response(headers=headers, media_type=artifact.mime_type)


def _headers(artifact: DerivedArtifact) -> dict[str, str]:
    return {
        "ETag": f'"{artifact.sha256}"',
        "Accept-Ranges": "bytes",
        # An artifact's bytes never change; whose it is, no shared cache can know.
        "Cache-Control": "private, max-age=31536000, immutable",
        "Vary": "X-Tenant-Id, X-Env",
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(artifact.filename, safe='')}",
        # It may be a page or an SVG somebody uploaded: it must not run in the name of the host's site.
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }


def _streamed(
    status: int, data: memoryview, artifact: DerivedArtifact, headers: dict[str, str]
) -> StreamingResponse:
    headers["Content-Length"] = str(len(data))
    return StreamingResponse(_chunks(data), status, headers, media_type=artifact.mime_type)


async def _chunks(data: memoryview) -> AsyncIterator[bytes]:
    for start in range(0, len(data), _CHUNK):
        yield bytes(data[start : start + _CHUNK])


def _is_held(if_none_match: str | None, etag: str) -> bool:
    """Whether the client's tags name the bytes; by weak comparison, as If-None-Match asks for."""
    if if_none_match is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in tags or etag in tags


def _wanted(headers: Mapping[str, str], etag: str, size: int) -> range | None:
    """The bytes asked for; None for the whole, also where the Range is none that has to be honoured."""
    match = re.fullmatch(
        r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", headers.get("range", ""), re.IGNORECASE
    )
    if match is None or match.groups() == ("", "") or headers.get("if-range", etag) != etag:
        return None
    first, last = (int(text) if text else None for text in match.groups())
    if first is None:
        assert last is not None
        first, last = size - min(last, size), size - 1
    elif last is None:
        last = size - 1
    elif last < first:
        return None  # no valid range: as if there were none
    if first >= size:
        raise HTTPException(
            416,
            f"Range: {headers['range']!r} is not allowed: there are {size} bytes",
            headers={"Content-Range": f"bytes */{size}"},
        )
    return range(first, min(last + 1, size))
