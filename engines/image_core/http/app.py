"""The application that `image-core serve` serves: both routers, probes, metrics."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from prometheus_client import CollectorRegistry, ProcessCollector
from starlette.exceptions import HTTPException

from engines.image_core.http.lifecycle import Gate, Lifecycle
from engines.image_core.http.limits import Limits
from engines.image_core.http.metrics import RequestMetrics, metrics_response
from engines.image_core.http.probes import Probes, probe_router
from engines.image_core.http.queue import RenderQueue
from engines.image_core.http.routes import ANSWERS, render_router
from engines.image_core.service import ImageCoreService
from engines.media_v2.fields import short
from engines.media_v2.problems import answer_to, problem
from engines.media_v2.routes import media_router

__all__ = ["Site", "create_app"]

_POLLED = 0.02  # seconds between two looks at what is still to be finished


class Site:
    """An application that answers its probes before there is a service, and serves from when it is opened.

    Args:
        queue_limit: renders that may wait, the running one included; beyond, 503 with Retry-After.
        limits: the bounds of a request.

    Attributes:
        app: the application.
        life: starting until `open`; `life.drain()` has it take no more requests.
        queue: where renders wait.
    """

    def __init__(self, *, queue_limit: int = 32, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.life = Lifecycle()
        self.queue = RenderQueue(queue_limit, registry)
        self._probes = Probes(self.life, self.queue)

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            yield
            await run_in_threadpool(self.queue.close)

        self.app = FastAPI(
            title="image-core",
            version=version("image-core"),
            lifespan=lifespan,
            docs_url=None,  # they load scripts from a third party; the schema is at /openapi.json
            redoc_url=None,
            exception_handlers={HTTPException: _tell, RequestValidationError: _tell, Exception: _tell},
        )
        self.app.add_middleware(Gate, life=self.life, refusals=self.queue.refusals)
        self.app.add_middleware(RequestMetrics, registry=registry)
        self.app.include_router(probe_router(self._probes))

        @self.app.get("/metrics", tags=["operation"], response_class=Response)
        def metrics() -> Response:
            """Metrics for Prometheus."""
            return metrics_response(registry)

    def open(self, service: ImageCoreService) -> None:
        """Serve from now on.

        Args:
            service: renders and registers; its renderer has no root. The caller closes it, after the
                application has shut down: shutting down finishes the renders that wait.
        """
        self.app.include_router(media_router(service.media, max_upload=self._limits.upload))
        self.app.include_router(render_router(service, self.queue, self._limits))
        self._probes.renderer = service.renderer
        self.life.serve()

    async def drained(self, seconds: float) -> bool:
        """Take no more requests, and return when all that were accepted are answered, or the time is over:
        then those whose renders wait are told to come back, and jobs that run are left alone.

        Returns:
            Whether all were answered, and no job runs.
        """
        self.life.drain()
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        while self.life.in_flight or self.queue.depth:
            if loop.time() >= ends or self.queue.given_up:
                self.queue.give_up()
                return False
            await asyncio.sleep(_POLLED)
        return True


def create_app(service: ImageCoreService, *, queue_limit: int = 32, limits: Limits | None = None) -> FastAPI:
    """An application that renders and keeps media for the tenants its callers name.

    It has no authentication: put it behind a host that has, and that sets X-Tenant-Id and X-Env itself.

    Args:
        service: renders and registers; its renderer has no root. The caller closes it, after the application
            has shut down: shutting down finishes the renders that wait.
        queue_limit: renders that may wait, the running one included; beyond, 503 with Retry-After.
        limits: the bounds of a request.
    """
    site = Site(queue_limit=queue_limit, limits=limits)
    site.open(service)
    return site.app


async def _tell(request: Request, error: Exception) -> Response:
    """What no route of ours tells: no such path or method, and defects, whose traceback the server logs."""
    if isinstance(error, HTTPException) and error.status_code in {404, 405}:
        return problem(
            error.status_code, f"{request.method} {short(request.url.path)}: no such route", error.headers
        )
    return answer_to(error, ANSWERS) or problem(
        500, "this is a defect of image-core; the server's log has it"
    )
