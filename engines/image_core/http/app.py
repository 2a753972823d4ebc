"""The application that `image-core serve` serves: both routers, health, metrics."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from prometheus_client import CollectorRegistry, ProcessCollector
from starlette.exceptions import HTTPException

from engines.image_core.http.limits import Limits
from engines.image_core.http.metrics import RequestMetrics, metrics_response
from engines.image_core.http.queue import RenderQueue
from engines.image_core.http.routes import ANSWERS, render_router
from engines.image_core.service import ImageCoreService
from engines.media_v2.fields import short
from engines.media_v2.problems import answer_to, problem
from engines.media_v2.routes import media_router

__all__ = ["create_app"]


def create_app(service: ImageCoreService, *, queue_limit: int = 32, limits: Limits | None = None) -> FastAPI:
    """An application that renders and keeps media for the tenants its callers name.

    It has no authentication: put it behind a host that has, and that sets X-Tenant-Id and X-Env itself.

    Args:
        service: renders and registers; its renderer has no root. The caller closes it, after the application
            has shut down: shutting down finishes the renders that wait.
        queue_limit: renders that may wait, the running one included; beyond, 503 with Retry-After.
        limits: the bounds of a request.
    """
    limits = limits or Limits()
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    queue = RenderQueue(queue_limit, registry)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(queue.close)

    app = FastAPI(
        title="image-core",
        version=version("image-core"),
        lifespan=lifespan,
        docs_url=None,  # they load scripts from a third party; the schema is at /openapi.json
        redoc_url=None,
        exception_handlers={
            HTTPException: _tell,
            RequestValidationError: _tell,
            Exception: _tell,
        },
    )
    app.add_middleware(RequestMetrics, registry=registry)
    app.include_router(media_router(service.media, max_upload=limits.upload))
    app.include_router(render_router(service, queue, limits))

    @app.get("/healthz", tags=["operation"])
    async def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @app.get("/metrics", tags=["operation"], response_class=Response)
    def metrics() -> Response:
        """Metrics for Prometheus."""
        return metrics_response(registry)

    return app


async def _tell(request: Request, error: Exception) -> Response:
    """What no route of ours tells: no such path or method, and defects, whose traceback the server logs."""
    if isinstance(error, HTTPException) and error.status_code in {404, 405}:
        return problem(
            error.status_code, f"{request.method} {short(request.url.path)}: no such route", error.headers
        )
    return answer_to(error, ANSWERS) or problem(
        500, "this is a defect of image-core; the server's log has it"
    )
