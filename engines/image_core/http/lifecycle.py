"""A server's life: it starts, it serves, and when it is told to end it drains: what it accepted is finished,
what comes meanwhile is told to go elsewhere. Probes and metrics are answered all along."""

from __future__ import annotations

import asyncio
from typing import Literal, TypeAlias

from prometheus_client import Counter
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engines.media_v2.problems import problem

__all__ = ["PROBES", "Gate", "Lifecycle", "State"]

State: TypeAlias = Literal["starting", "serving", "draining"]

PROBES = frozenset({"/livez", "/readyz", "/healthz", "/metrics"})
"""What is answered in every state and counts as nobody's request."""


class Lifecycle:
    """Where a server is in its life, and how many requests it has accepted and not yet answered.

    All but `state` and `in_flight` belong to the event loop's thread.
    """

    def __init__(self) -> None:
        self.state: State = "starting"
        self.in_flight = 0
        self._draining = asyncio.Event()

    def serve(self) -> None:
        """Take requests from now on, unless it is draining already."""
        if self.state == "starting":
            self.state = "serving"

    def drain(self) -> None:
        """Take no more requests; draining twice does nothing."""
        self.state = "draining"
        self._draining.set()

    async def told_to_drain(self) -> None:
        """Return when it has been told to drain."""
        await self._draining.wait()


class Gate:
    """ASGI middleware that accepts requests while the server serves, and tells them to come back otherwise.

    No answer may be taken for a type it does not name (nosniff). Answers while it drains close their
    connections, so that clients open the next one elsewhere.
    """

    def __init__(self, app: ASGIApp, life: Lifecycle, refusals: Counter) -> None:
        self._app = app
        self._life = life
        self._refusals = refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                if self._life.state == "draining":
                    headers["Connection"] = "close"
            await send(message)

        if scope["path"].removeprefix(scope.get("root_path", "")) in PROBES:
            await self._app(scope, receive, send_with_headers)
        elif self._life.state == "serving":
            self._life.in_flight += 1
            try:
                await self._app(scope, receive, send_with_headers)
            finally:
                self._life.in_flight -= 1
        else:
            self._refusals.labels(self._life.state).inc()
            answer = problem(503, f"the server is {self._life.state}: come back later", {"Retry-After": "1"})
            await answer(scope, receive, send_with_headers)
