"""The command `image-core serve`: rendering and media over HTTP."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from engines.image_core.backend import BackendChoice
from engines.image_core.cli.support import (
    BlobUrl,
    DamagedProfilesOption,
    DatabaseUrl,
    DataDir,
    FontsFolder,
    reporting,
    say,
)
from engines.image_core.errors import ImageCoreError
from engines.image_core.runtime.limits import RenderLimits
from engines.image_core.service import ImageCoreService

if TYPE_CHECKING:
    import uvicorn

    from engines.image_core.http import Site

__all__ = ["serve"]

UNFINISHED = 1

log = logging.getLogger("image_core")


def serve(
    data: DataDir = None,
    database_url: DatabaseUrl = None,
    blob_url: BlobUrl = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8000,
    backend: Annotated[
        BackendChoice, typer.Option(help="What renders: auto takes a GPU, else Mesa, else NumPy.")
    ] = "auto",
    device_index: Annotated[int, typer.Option(min=0, help="Which OpenGL device, hardware first.")] = 0,
    queue: Annotated[
        int, typer.Option(min=1, help="Renders that may wait or run; further ones are told to come back.")
    ] = 32,
    warm: Annotated[
        bool,
        typer.Option(help="Compile the device's programs first, some seconds, and not while clients wait."),
    ] = True,
    fonts: FontsFolder = None,
    damaged_profiles: DamagedProfilesOption = "error",
    max_seconds: Annotated[
        float, typer.Option(min=0.001, help="Seconds that a render may take, its time in the queue aside.")
    ] = 30.0,
    max_pixels: Annotated[int, typer.Option(min=1, help="Pixels of a canvas.")] = 1 << 25,
    max_memory: Annotated[
        int,
        typer.Option(min=1, help="MiB that a composition's pictures, text and drawings may take, decoded."),
    ] = 2048,
    max_body: Annotated[
        int, typer.Option(min=1, help="MiB of a composition with all it holds, as it is sent.")
    ] = 16,
    max_upload: Annotated[int, typer.Option(min=1, help="MiB of an uploaded file with its form.")] = 64,
    drain_seconds: Annotated[
        float,
        typer.Option(
            min=0, help="Seconds to finish what was accepted, when told to end by SIGTERM or Ctrl-C."
        ),
    ] = 60.0,
) -> None:
    """Serve rendering and media over HTTP until interrupted; what is in flight is finished first.

    It has no authentication: whoever reaches it may name any tenant. Put it behind a host that has.
    """
    open_service = partial(
        ImageCoreService.open,
        data,
        database_url=database_url,
        blob_url=blob_url,
        backend=backend,
        device_index=device_index,
        warm=warm,
        fonts=fonts,
        damaged_profiles=damaged_profiles,
        limits=RenderLimits(seconds=max_seconds, decoded_bytes=max_memory << 20),
    )
    with reporting(verbose=True), _listening(host, port) as listener:
        site = _site(queue, upload=max_upload << 20, body=max_body << 20, pixels=max_pixels)
        finished = asyncio.run(_serve(site, listener, open_service, drain_seconds))
        if not finished:
            log.error("the server ends with requests that were accepted and not finished")
            if site.queue.running_seconds:
                os._exit(UNFINISHED)  # a render that hangs would keep the process, which is told to end
            raise typer.Exit(UNFINISHED)


async def _serve(
    site: Site, listener: socket.socket, open_service: Callable[[], ImageCoreService], drain_seconds: float
) -> bool:
    """Answer probes, open the service, serve until told to end, and finish what was accepted.

    Returns:
        Whether all that was accepted is answered.
    """
    server = _server(site)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        service = await asyncio.to_thread(open_service)
    except BaseException:
        server.should_exit = True
        await serving
        raise
    try:
        site.open(service)
        if site.life.state == "serving":
            say(f"http://{_address(listener)}: serving")
        await site.life.told_to_drain()
        log.info("draining: %d requests are in flight", site.life.in_flight)
        finished = await site.drained(drain_seconds)
        server.should_exit = True
        await serving
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)  # by now there is only closing to do
        service.close()
    return finished


def _site(queue: int, **limits: int) -> Site:
    try:
        import python_multipart  # noqa: F401  # FastAPI asks for it only when a form comes
        import uvicorn  # noqa: F401

        from engines.image_core.http import Limits, Site
    except ModuleNotFoundError as error:
        raise ImageCoreError(
            f'serving needs the extra http: pip install "image-core[http]" ({error})'
        ) from error
    return Site(queue_limit=queue, limits=Limits(**limits))


def _server(site: Site) -> uvicorn.Server:
    import uvicorn

    loop = asyncio.get_running_loop()

    class Server(uvicorn.Server):
        """Drains when it is told to end, and ends after that; told again, it ends without waiting longer."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            again = site.life.state == "draining"
            loop.call_soon_threadsafe(site.queue.give_up if again else site.life.drain)

    # Requests are counted in /metrics; only faults are logged, by the handlers of the process. What is still
    # on its way when the site has drained is of clients that do not read or send.
    config = uvicorn.Config(
        site.app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=1
    )
    return Server(config)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ImageCoreError(f"cannot listen on {host}, port {port}: {error.strerror or error}") from error
    # For what is accepted here; asyncio sets it on sockets of its own making only. Without it the body of an
    # answer waits 40 ms for the client to acknowledge the headers.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _address(listener: socket.socket) -> str:
    host, port, *_ = listener.getsockname()
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
