"""media_v2 over HTTP: a FastAPI router that a host includes. The extra `http` installs what it needs.

Tenant and env come from the headers X-Tenant-Id and X-Env. Nothing here checks that a caller may name them:
the host in front of it does. The store's calls run in the framework's pool of threads.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from engines.media_v2.bodies import BoundedRequest, form_parts, is_type, json_object
from engines.media_v2.downloads import content_response, describe_response
from engines.media_v2.errors import InvalidRequestError
from engines.media_v2.fields import Identifier, Model, parse
from engines.media_v2.models import ArtifactKind, AssetKind, DerivedArtifact, MediaAsset, Page, Scope
from engines.media_v2.problems import MEDIA_ANSWERS, problem_route, problems
from engines.media_v2.service import MediaService

__all__ = ["MAX_UPLOAD", "Caller", "media_router"]

MAX_UPLOAD = 64 << 20
"""Bytes of the largest upload where the host says nothing else: 64 MiB, all parts of the form included."""

_MAX_FIELD = 256 << 10  # bytes of JSON; a hundred times as much when it has been read

_IDENTIFIER = {"pattern": "^[A-Za-z0-9._-]{1,64}$"}
_TENANT = Header(alias="X-Tenant-Id", description="The tenant.", json_schema_extra=_IDENTIFIER)
_ENV = Header(alias="X-Env", description="The tenant's environment.", json_schema_extra=_IDENTIFIER)


class _StoredFile(Model):
    """What `register_blob` takes, as a body; the values are checked there."""

    uri: Any
    filename: Any = None
    kind: Any = AssetKind.IMAGE
    mime_type: Any = None
    meta: Any = None


class _Listing(Model):
    """The query of a listing; `cursor` is the `next_cursor` of the page before."""

    kind: AssetKind | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    cursor: str | None = None


class _Headers(Model):
    tenant_id: Annotated[Identifier, Field(alias="X-Tenant-Id")]
    env: Annotated[Identifier, Field(alias="X-Env")]


def _caller(request: Request, _tenant_id: Annotated[str, _TENANT], _env: Annotated[str, _ENV]) -> Scope:
    """Whom a request acts for. A header given twice is refused: a proxy that adds its own to what the client
    sent must not leave the choice to us."""
    names = ("X-Tenant-Id", "X-Env")
    given = {name: request.headers.getlist(name) for name in names}
    if twice := [name for name, values in given.items() if len(values) > 1]:
        raise HTTPException(400, f"{twice[0]}: this header is given {len(given[twice[0]])} times")
    try:
        headers = parse(_Headers, {name: values[0] for name, values in given.items()})
    except InvalidRequestError as error:
        raise HTTPException(400, str(error)) from error
    return Scope(tenant_id=headers.tenant_id, env=headers.env)


Caller = Annotated[Scope, Depends(_caller)]
"""The tenant and env that a request's headers name."""


def media_router(media: MediaService, *, max_upload: int = MAX_UPLOAD) -> APIRouter:
    """The routes below /media-v2. Their errors are problem details (RFC 9457).

    Args:
        media: the store; the host opens and closes it.
        max_upload: bytes; a longer body is refused with 413 while it comes.
    """
    route_class = problem_route(max_upload, MEDIA_ANSWERS)
    router = APIRouter(
        prefix="/media-v2", tags=["media_v2"], route_class=route_class, responses=problems(400, 422, 503)
    )
    _add_assets(router, media)
    _add_artifacts(router, media)
    return router


def _add_assets(router: APIRouter, media: MediaService) -> None:
    @router.post(
        "/assets",
        status_code=201,
        openapi_extra=_body(multipart=_ASSET_FORM, json=_STORED_FILE),
        responses=problems(404, 413, 415),
    )
    async def register_asset(request: Request, response: Response, caller: Caller) -> MediaAsset:
        """Keep a file: uploaded as a form, or a copy of one the host has put into the blob store, by its key
        below tenants/{tenant}/{env}/. No address outside that store is ever fetched."""
        if is_type(request, "application/json"):
            body = await BoundedRequest(request, _MAX_FIELD).body()
            asset = await run_in_threadpool(_copied, media, caller, body)
        else:
            async with _form(request) as form:
                asset = await run_in_threadpool(_uploaded, media, caller, form)
        response.headers["Location"] = f"assets/{asset.id}"  # from /media-v2/assets, wherever that is mounted
        return asset

    @router.get("/assets")
    def list_assets(caller: Caller, listing: Annotated[_Listing, Query()]) -> Page[MediaAsset]:
        """A page of assets, newest first; `next_cursor` is the `cursor` of the page that follows."""
        return media.list_assets(**dict(caller), **dict(listing))

    @router.get("/assets/{asset_id}", responses=problems(404))
    def get_asset(asset_id: str, caller: Caller) -> MediaAsset:
        """An asset."""
        return media.get_asset(asset_id, **dict(caller))


def _add_artifacts(router: APIRouter, media: MediaService) -> None:
    @router.post(
        "/assets/{asset_id}/artifacts",
        status_code=201,
        openapi_extra=_body(multipart=_ARTIFACT_FORM),
        responses=problems(404, 413, 415),
    )
    async def register_artifact(
        asset_id: str, request: Request, response: Response, caller: Caller
    ) -> DerivedArtifact:
        """Keep something that was made from an asset."""
        async with _form(request) as form:
            artifact = await run_in_threadpool(_derived, media, caller, asset_id, form)
        response.headers["Location"] = f"../../artifacts/{artifact.id}"
        return artifact

    @router.get("/artifacts/{artifact_id}", responses=problems(404))
    def get_artifact(artifact_id: str, caller: Caller) -> DerivedArtifact:
        """An artifact."""
        return media.get_artifact(artifact_id, **dict(caller))

    @router.get(
        "/artifacts/{artifact_id}/content",
        response_class=Response,
        responses=_CONTENT | problems(404, 416, 500),
    )
    def get_content(artifact_id: str, request: Request, caller: Caller) -> Response:
        """The bytes of an artifact. The ETag is their SHA-256; If-None-Match and one Range are honoured."""
        artifact = media.get_artifact(artifact_id, **dict(caller))
        return content_response(
            artifact, request.headers, lambda: media.read_artifact(artifact_id, **dict(caller))
        )

    @router.head(
        "/artifacts/{artifact_id}/content",
        response_class=Response,
        responses=_CONTENT | problems(404),
    )
    def describe_content(artifact_id: str, request: Request, caller: Caller) -> Response:
        """The headers of an artifact's bytes."""
        return describe_response(media.get_artifact(artifact_id, **dict(caller)), request.headers)


def _form(request: Request) -> AbstractAsyncContextManager[FormData]:
    if not is_type(request, "multipart/form-data"):
        raise HTTPException(
            415, "Content-Type: allowed is multipart/form-data, for an asset also application/json"
        )
    return request.form(max_files=1, max_fields=16, max_part_size=_MAX_FIELD)


def _uploaded(media: MediaService, caller: Scope, form: FormData) -> MediaAsset:
    text = form_parts(form, required=(), optional=("kind", "meta"))
    return media.register_asset(
        **_file(form),
        **dict(caller),
        kind=text.get("kind", AssetKind.IMAGE),
        meta=json_object(text["meta"], "meta") if "meta" in text else None,
    )


def _copied(media: MediaService, caller: Scope, body: bytes) -> MediaAsset:
    wanted = parse(_StoredFile, json_object(body, "body"))
    return media.register_blob(**dict(caller), **dict(wanted))


def _derived(media: MediaService, caller: Scope, asset_id: str, form: FormData) -> DerivedArtifact:
    # No dedupe key: with the one of a render, an upload would be what rendering returns from then on.
    text = form_parts(form, required=("kind", "meta"))
    return media.register_artifact(
        **_file(form),
        **dict(caller),
        kind=text["kind"],
        meta=json_object(text["meta"], "meta"),
        parent_asset_id=asset_id,
    )


def _file(form: FormData) -> dict[str, Any]:
    """The bytes, name and type of a form's file. The type that says nothing counts as none."""
    file = form["file"]
    assert isinstance(file, UploadFile)
    declared = file.content_type
    mime_type = None if declared in {None, "", "application/octet-stream"} else declared
    return {"data": file.file.read(), "filename": file.filename or "", "mime_type": mime_type}


def _body(**schemas: dict[str, Any]) -> dict[str, Any]:
    types = {"multipart": "multipart/form-data", "json": "application/json"}
    content = {types[name]: {"schema": schema | {"type": "object"}} for name, schema in schemas.items()}
    return {"requestBody": {"required": True, "content": content}}


_FILE = {"type": "string", "format": "binary"}
_META = {"type": "string", "contentMediaType": "application/json", "description": "A JSON object, as text."}
_ASSET_KIND = {"type": "string", "enum": list(AssetKind), "default": AssetKind.IMAGE}
_ASSET_FORM: dict[str, Any] = {
    "required": ["file"],
    "additionalProperties": False,
    "properties": {"file": _FILE, "kind": _ASSET_KIND, "meta": _META},
}
_ARTIFACT_FORM: dict[str, Any] = {
    "required": ["file", "kind", "meta"],
    "additionalProperties": False,
    "properties": {"file": _FILE, "kind": {"type": "string", "enum": list(ArtifactKind)}, "meta": _META},
}
_STORED_FILE: dict[str, Any] = {
    "required": ["uri"],
    "additionalProperties": False,
    "properties": {
        "uri": {"type": "string", "description": "A key below tenants/{tenant}/{env}/."},
        "filename": {"type": ["string", "null"], "description": "By default the last part of the uri."},
        "kind": _ASSET_KIND,
        "mime_type": {"type": ["string", "null"], "description": "By default what the extension says."},
        "meta": {"type": ["object", "null"]},
    },
}

_BYTES = {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The bytes.", **_BYTES},
    206: {"description": "The part of the bytes that was asked for.", **_BYTES},
    304: {"description": "The client has them already."},
}
