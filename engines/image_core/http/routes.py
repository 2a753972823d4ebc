"""POST /image-core/render, /image-core/psd and /image-core/masks: a FastAPI router that a host includes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request
from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema
from starlette.exceptions import HTTPException

from engines.image_core.composition.fields import CanvasSide, Model, parse
from engines.image_core.composition.shapes import Selection
from engines.image_core.documents.loading import object_from_json
from engines.image_core.errors import CompositionError, DeviceError, ImageCoreError, SourceError
from engines.image_core.export import Format
from engines.image_core.http.limits import Limits
from engines.image_core.http.psd import PsdRequest, PsdTemplates
from engines.image_core.http.queue import AbandonedError, QueueFullError, RenderQueue
from engines.image_core.models import ImageComposition
from engines.image_core.service import ImageCoreService
from engines.media_v2 import DerivedArtifact, StorageError
from engines.media_v2.bodies import is_type
from engines.media_v2.fields import short
from engines.media_v2.models import Scope
from engines.media_v2.problems import MEDIA_ANSWERS, Answer, Answers, problem_route, problems
from engines.media_v2.routes import Caller

__all__ = ["ANSWERS", "render_router"]

ANSWERS: Answers = {
    **MEDIA_ANSWERS,
    ImageCoreError: Answer(422),
    DeviceError: Answer(500, "the device that renders failed"),
    MemoryError: Answer(500, "there is not enough memory for this"),
    QueueFullError: Answer(503, headers={"Retry-After": "1"}),
    AbandonedError: Answer(499),  # nobody reads it; logs and metrics show that the client went away
}
"""How errors are told over HTTP."""


class _Rendering(Model):
    """The query of a render. `force` renders again although the artifact is there."""

    format: Format = Format.PNG
    force: bool = False


class _MaskRequest(Model):
    """A selection, the canvas it is drawn on, and when in a video it holds, in milliseconds."""

    selection: Selection
    width: CanvasSide
    height: CanvasSide
    start_ms: int | None = None
    end_ms: int | None = None


class _JsonOf:
    """Annotates a body of bytes with the model it is parsed as later, for the OpenAPI schema."""

    def __init__(self, model: type[BaseModel], optional: tuple[str, ...] = ()) -> None:
        self._model = model
        self._optional = optional

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.any_schema()

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        described = handler(self._model.__pydantic_core_schema__)
        fields = handler.resolve_ref_schema(described)
        fields["required"] = [name for name in fields["required"] if name not in self._optional]
        return described


def _is_json(request: Request) -> None:
    if not is_type(request, "application/json"):
        raise HTTPException(415, "Content-Type: allowed is application/json")


_Composition = Annotated[bytes, _JsonOf(ImageComposition, optional=("tenant_id", "env")), Body()]
_Psd = Annotated[bytes, _JsonOf(PsdRequest), Body()]
_Mask = Annotated[bytes, _JsonOf(_MaskRequest), Body()]


def render_router(service: ImageCoreService, queue: RenderQueue, limits: Limits | None = None) -> APIRouter:
    """The routes below /image-core. Their errors are problem details (RFC 9457).

    Args:
        service: renders and registers; the host opens and closes it, with a renderer that has no root, so
            that no local file can be named.
        queue: where renders wait; the host closes it, before the service.
        limits: the bounds of a request.
    """
    limits = limits or Limits()
    router = APIRouter(
        prefix="/image-core",
        tags=["image_core"],
        route_class=problem_route(limits.body, ANSWERS),
        dependencies=[Depends(_is_json)],
        responses=problems(400, 413, 415, 422, 500, 503),
    )

    @router.post("/render")
    async def render(
        request: Request, caller: Caller, composition: _Composition, options: Annotated[_Rendering, Query()]
    ) -> DerivedArtifact:
        """Render a composition and register the file; the same one in the same format is the same artifact.
        `tenant_id` and `env` may be left out; where they are given they are those of the headers."""

        def job() -> DerivedArtifact:
            content = _read_composition(composition, caller, limits)
            with _store_failures():
                return service.render_composition(content, options.format, force=options.force)

        return await queue.run("render", job, request)

    templates = PsdTemplates(service.media, service.renderer.limits)

    @router.post("/psd")
    async def render_psd(
        request: Request, caller: Caller, psd: _Psd, options: Annotated[_Rendering, Query()]
    ) -> DerivedArtifact:
        """Render a Photoshop file, an asset, with texts, pictures and colours replaced, and register the
        picture; the same one in the same format is the same artifact."""

        def job() -> DerivedArtifact:
            wanted = parse(PsdRequest, object_from_json(psd, "body", "a request for a PSD file"), "psd")
            content = templates.composition(wanted, caller)
            limits.check_canvas(content.width, content.height)
            with _store_failures():
                return service.render_composition(content, options.format, force=options.force)

        return await queue.run("render", job, request)

    @router.post("/masks")
    async def generate_mask(request: Request, caller: Caller, mask: _Mask) -> DerivedArtifact:
        """Draw a selection as a mask, an 8-bit grey PNG, and register it; the same is the same artifact."""

        def job() -> DerivedArtifact:
            wanted = parse(_MaskRequest, object_from_json(mask, "body", "a request for a mask"), "mask")
            limits.check_canvas(wanted.width, wanted.height)
            return service.generate_mask(**dict(wanted), **dict(caller))

        return await queue.run("mask", job, request)

    return router


def _read_composition(body: bytes, caller: Scope, limits: Limits) -> ImageComposition:
    fields = object_from_json(body, "body", "a composition")
    for name, value in caller:
        if fields.setdefault(name, value) != value:
            raise CompositionError(
                f"{name}: {short(fields[name])} is not that of the request's header, {value!r}"
            )
    composition = ImageComposition.model_validate(fields)
    limits.check_canvas(composition.width, composition.height)
    return composition


@contextmanager
def _store_failures() -> Iterator[None]:
    """Tell a store that failed while a layer was read as that, and not as a fault of the composition."""
    try:
        yield
    except SourceError as error:
        if isinstance(error.__cause__, StorageError):
            raise error.__cause__ from error
        raise
