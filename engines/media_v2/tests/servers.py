"""Real servers for the tests: a PostgreSQL cluster of its own and an S3 server, both on loopback ports.

What talks to them is imported where it is used, so that tests without it skip and others run.
"""

from __future__ import annotations

import logging
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

__all__ = ["PostgresServer", "S3Server", "find_postgres"]


def find_postgres() -> Path | None:
    """The folder of initdb and postgres, or None: on the path, or where Debian has them off it."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in versions), key=lambda folder: int(folder.parent.name), default=None)


class PostgresServer:
    """A PostgreSQL server on a temporary cluster, without the care for power cuts that would make it slow."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._user = _unprivileged_user()
        self._folder = Path(tempfile.mkdtemp(prefix="image-core-postgres-"))
        if self._user:
            shutil.chown(self._folder, self._user)
        initdb = ["initdb", "-D", self._data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        subprocess.run(self._command(initdb), check=True, capture_output=True, user=self._user, cwd="/")
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        import psycopg

        quick = ["-c", "fsync=off", "-c", "full_page_writes=off"]
        only_loopback = ["-h", "127.0.0.1", "-p", str(self._port), "-k", ""]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command(["postgres", "-D", self._data, *only_loopback, *quick]),
                stdout=log,
                stderr=log,
                user=self._user,
                cwd="/",
            )
        deadline = time.monotonic() + 30
        while True:
            try:
                self._execute("SELECT 1")
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    self.stop()
                    raise
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server at once, as a crash would, and wait until it has ended."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        """Stop the server and remove its cluster."""
        self.stop()
        shutil.rmtree(self._folder)

    def new_database(self) -> str:
        """The URL of a fresh, empty database."""
        name = f"test_{uuid.uuid4().hex}"
        self._execute(f'CREATE DATABASE "{name}"')
        return f"postgresql+psycopg://tester@127.0.0.1:{self._port}/{name}"

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def _command(self, words: list[str]) -> list[str]:
        return [str(self._programs / words[0]), *words[1:]]

    def _execute(self, statement: str) -> None:
        import psycopg

        where = f"host=127.0.0.1 port={self._port} user=tester dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement.encode())


class S3Server:
    """An S3 server in this process; `environment` makes every store find it."""

    def __init__(self) -> None:
        from moto.server import ThreadedMotoServer

        logging.getLogger("werkzeug").setLevel(logging.WARNING)  # not every request
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self._url = f"http://{host}:{port}"
        self.environment = {
            "AWS_ENDPOINT_URL": self._url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "tester",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "us-east-1",
        }

    def stop(self) -> None:
        """Stop the server."""
        self._server.stop()

    def new_bucket(self) -> str:
        """The name of a fresh, empty bucket."""
        name = f"test-{uuid.uuid4().hex}"
        self._request("PUT", name)
        return name

    def _request(self, method: str, path: str) -> None:
        request = urllib.request.Request(f"{self._url}/{path}", method=method)
        with urllib.request.urlopen(request, timeout=10):
            pass


def _unprivileged_user() -> str | None:
    """Who runs the server: PostgreSQL refuses to be root. None is whoever runs the tests."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
