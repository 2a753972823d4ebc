"""A proxy before an S3 server that has trouble with the requests it is told of, and passes the others on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

__all__ = ["FlakyS3", "Trouble", "flaky_s3"]

Trouble: TypeAlias = Literal["500", "503", "dropped", "answer dropped", "answer cut", "slow"]
"""What becomes of a request: a status; the connection closed before or after it was done, or in the middle of
its answer; or done after `SLOW` seconds."""

SLOW = 0.5


class FlakyS3(ThreadingHTTPServer):
    """The proxy.

    Attributes:
        troubles: of the next requests, in order, by their method.
    """

    daemon_threads = True

    def __init__(self, server_url: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = urlsplit(server_url)
        self.troubles: dict[str, list[Trouble]] = {}

    @property
    def url(self) -> str:
        """What stores take for the S3 server."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FlakyS3

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        left = self.server.troubles.get(self.command)
        trouble = left.pop(0) if left else None
        if trouble in {"500", "503"}:
            self._send(int(trouble), {}, b"")
        elif trouble == "dropped":
            self.close_connection = True
        else:
            if trouble == "slow":
                time.sleep(SLOW)
            status, headers, answer = self._passed_on(body)
            if trouble == "answer dropped":
                self.close_connection = True
            else:
                self._send(status, headers, answer, cut=trouble == "answer cut")

    do_GET = do_PUT = do_DELETE = _answer  # noqa: N815  # named as http.server wants them

    def _passed_on(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection(str(self.server.behind.hostname), self.server.behind.port, timeout=30)
        try:
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def _send(self, status: int, headers: dict[str, str], body: bytes, cut: bool = False) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if cut:
            body, self.close_connection = body[: len(body) // 2], True
        with suppress(OSError):  # the client may have gone: it does not wait for what is slow
            self.wfile.write(body)


@contextmanager
def flaky_s3(server_url: str) -> Iterator[FlakyS3]:
    """A proxy that serves meanwhile."""
    proxy = FlakyS3(server_url)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
