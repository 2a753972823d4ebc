"""media_v2 over HTTP: a FastAPI router that a host includes. The extra `http` installs what it needs.

Tenant and env come from the headers X-Tenant-Id and X-Env. Nothing here checks that a caller may name them:
the host in front of it does. The store's calls run in the framework's pool of threads.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Header, Query, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile as StarletteUploadFile
from starlette.exceptions import HTTPException

from engines.media_v2.bodies import form_field, form_file, is_type, json_object
from engines.media_v2.downloads import content_response, describe_response
from engines.media_v2.errors import InvalidRequestError
from engines.media_v2.fields import Identifier, Model, parse
from engines.media_v2.models import ArtifactKind, AssetKind, DerivedArtifact, MediaAsset, Page, Scope
from engines.media_v2.problems import MEDIA_ANSWERS, problem_route, problems
from engines.media_v2.service import MediaService

__all__ = ["MAX_UPLOAD", "Caller", "media_router"]

MAX_UPLOAD = 64 << 20
"""Bytes of the largest upload where the host says nothing else: 64 MiB, all parts of the form included."""

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
        openapi_extra=_ASSET_BODY,
        responses=problems(404, 413, 415),
    )
    async def register_asset(request: Request, response: Response, caller: Caller) -> MediaAsset:
        """Keep a file: uploaded as a form, or a copy of one the host has put into the blob store, by its key
        below tenants/{tenant}/{env}/. No address outside that store is ever fetched."""
        if is_type(request, "application/json"):
            body = await request.body()
            asset = await run_in_threadpool(_copied, media, caller, body)
        elif is_type(request, "multipart/form-data"):
            async with request.form(max_files=1, max_fields=8) as form:
                asset = await run_in_threadpool(_uploaded, media, caller, form)
        else:
            raise HTTPException(415, "Content-Type: allowed are multipart/form-data and application/json")
        response.headers["Location"] = f"assets/{asset.id}"  # from /media-v2/assets, wherever that is mounted
        return asset

    @router.get("/assets")
    def list_assets(
        caller: Caller,
        kind: AssetKind | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        cursor: str | None = None,
    ) -> Page[MediaAsset]:
        """A page of assets, newest first; `next_cursor` is the `cursor` of the page that follows."""
        return media.list_assets(**dict(caller), kind=kind, limit=limit, cursor=cursor)

    @router.get("/assets/{asset_id}", responses=problems(404))
    def get_asset(asset_id: str, caller: Caller) -> MediaAsset:
        """An asset."""
        return media.get_asset(asset_id, **dict(caller))


def _add_artifacts(router: APIRouter, media: MediaService) -> None:
    @router.post("/assets/{asset_id}/artifacts", status_code=201, responses=problems(404, 413))
    def register_artifact(
        asset_id: str,
        response: Response,
        caller: Caller,
        file: UploadFile,
        kind: Annotated[ArtifactKind, Form()],
        meta: Annotated[str, Form(description="What the kind asks for, as JSON.")],
    ) -> DerivedArtifact:
        """Keep something that was made from an asset."""
        artifact = media.register_artifact(
            file.file.read(),
            **dict(caller),
            kind=kind,
            meta=json_object(meta.encode(errors="replace"), "meta"),
            filename=file.filename or "",
            mime_type=_declared_type(file),
            parent_asset_id=asset_id,
        )
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


def _uploaded(media: MediaService, caller: Scope, form: FormData) -> MediaAsset:
    file, kind, meta = form_file(form, "file"), form_field(form, "kind"), form_field(form, "meta")
    return media.register_asset(
        file.file.read(),
        **dict(caller),
        filename=file.filename or "",
        kind=AssetKind.IMAGE if kind is None else kind,
        mime_type=_declared_type(file),
        meta=None if meta is None else json_object(meta.encode(errors="replace"), "meta"),
    )


def _copied(media: MediaService, caller: Scope, body: bytes) -> MediaAsset:
    wanted = parse(_StoredFile, json_object(body, "body"))
    return media.register_blob(**dict(caller), **dict(wanted))


def _declared_type(file: StarletteUploadFile) -> str | None:
    """The type a client gave its file, or None where it gave none or the one that says nothing."""
    declared = file.content_type
    return None if declared in {None, "", "application/octet-stream"} else declared


_META = {"type": "string", "contentMediaType": "application/json", "description": "A JSON object, as text."}
_KIND = {"type": "string", "enum": [kind.value for kind in AssetKind], "default": AssetKind.IMAGE.value}
_ASSET_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "kind": _KIND,
                        "meta": _META,
                    },
                }
            },
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["uri"],
                    "additionalProperties": False,
                    "properties": {
                        "uri": {"type": "string", "description": "A key below tenants/{tenant}/{env}/."},
                        "filename": {
                            "type": ["string", "null"],
                            "description": "By default the last part of the uri.",
                        },
                        "kind": _KIND,
                        "mime_type": {
                            "type": ["string", "null"],
                            "description": "By default what the filename says.",
                        },
                        "meta": {"type": "object"},
                    },
                }
            },
        },
    }
}

_BYTES = {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The bytes.", **_BYTES},
    206: {"description": "The part of the bytes that was asked for.", **_BYTES},
    304: {"description": "The client has them already."},
}
