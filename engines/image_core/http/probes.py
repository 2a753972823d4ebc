"""What an orchestrator asks: does the process live, may it have requests?"""

from __future__ import annotations

import threading
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from engines.image_core.http.lifecycle import Lifecycle
from engines.image_core.http.queue import RenderQueue
from engines.image_core.rendering.renderer import Renderer

__all__ = ["HANGS", "Probes", "probe_router"]

HANGS = 10
"""A render that runs for so many times the seconds it may take hangs: they are looked at between steps, and
a driver may never come back from one."""

_FIELDS = {"type": "object", "required": ["status", "detail"], "properties": {"status": {"type": "string"}}}


class Probes:
    """The answers of a server's probes, from what its parts say.

    Attributes:
        renderer: None until the server has opened one.
    """

    def __init__(self, life: Lifecycle, queue: RenderQueue) -> None:
        self.renderer: Renderer | None = None
        self._life = life
        self._queue = queue
        self._checking = threading.Lock()

    def live(self) -> tuple[int, dict[str, Any]]:
        """Whether the process is worth keeping: 503 asks for its end."""
        seconds = self.renderer.limits.seconds if self.renderer else None
        running = self._queue.running_seconds
        if not self._queue.alive:
            return 503, {"status": "dead", "detail": "the thread that renders has ended"}
        if seconds is not None and running > HANGS * seconds:
            return 503, {"status": "hung", "detail": f"a render runs for {running:.0f} seconds"}
        return 200, {"status": "alive", "detail": "the process answers, and its render thread lives"}

    def ready(self) -> tuple[int, dict[str, Any]]:
        """Whether it may have requests now."""
        if self._life.state == "draining":
            return 503, {"status": "draining", "detail": f"requests in flight: {self._life.in_flight}"}
        if self.renderer is None or self._life.state == "starting":
            return 503, {"status": "starting", "detail": "the device is tested and its programs compiled"}
        health = self.renderer.health
        if health.state != "ok" and health.backend == "gl":
            self._check(self.renderer)
        status = {"ok": "ready", "degraded": "degraded", "failed": "failed"}[health.state]
        told = {"detail": health.reason, "backend": health.backend, "device": health.device}
        return 503 if health.state == "failed" else 200, {"status": status, **told}

    def _check(self, renderer: Renderer) -> None:
        """Have the device tried again: once it fails no renders come that would show that it works. Nobody
        waits for it, for a device may hang; the next probe has the outcome."""
        if self._checking.acquire(blocking=False):
            threading.Thread(target=self._checked, args=[renderer], daemon=True).start()

    def _checked(self, renderer: Renderer) -> None:
        try:
            renderer.check_device()
        finally:
            self._checking.release()


def probe_router(probes: Probes) -> APIRouter:
    """GET /livez, /readyz and /healthz. Each answers at once, whatever renders."""
    router = APIRouter(tags=["operation"])
    content = {"content": {"application/json": {"schema": _FIELDS}}}

    @router.get("/livez", responses={503: {"description": "Restart it.", **content}})
    async def livez() -> JSONResponse:
        """The process answers and its render thread lives; 503 asks for a restart."""
        status, told = probes.live()
        return JSONResponse(told, status)

    @router.get("/readyz", responses={503: {"description": "Send it nothing.", **content}})
    async def readyz() -> JSONResponse:
        """Whether requests may be sent here: `status` is ready or degraded with 200; starting, draining or
        failed with 503."""
        status, told = probes.ready()
        return JSONResponse(told, status)

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    return router
