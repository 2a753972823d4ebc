"""A database with media_v2's tables in it: SQLite for one host, PostgreSQL for several.

A connection that the server has dropped is noticed and replaced when it is next used: a database that was
away and came back needs no restart here.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from engines.media_v2.errors import StorageError
from engines.media_v2.migrating import migrate

__all__ = ["Database"]

_BUSY_TIMEOUT_S = 30
_CONNECT_TIMEOUT_S = 10


class Database:
    """Connections to a database. Safe to share between threads; open one per process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._name = _name(engine.url)

    @classmethod
    def open(cls, url: URL) -> Database:
        """Open `sqlite:///FILE` (made if it is not there) or `postgresql+psycopg://...`, and make or upgrade
        the tables.

        Raises:
            StorageError: the database cannot be opened, or a newer version made it.
        """
        database = cls(_sqlite(url) if url.drivername == "sqlite" else _postgresql(url))
        try:
            with database.reporting():
                migrate(database._engine)
        except StorageError:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def reading(self) -> Connection:
        """A connection, given back at the end of its `with`."""
        return self._engine.connect()

    def writing(self) -> AbstractContextManager[Connection]:
        """A connection in a transaction, committed at the end of its `with`."""
        return self._engine.begin()

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Tell what goes wrong inside as a `StorageError` of one line that names the database."""
        try:
            yield
        except (SQLAlchemyError, ValueError) as error:  # ValueError: a column's text is no JSON, no time
            # The driver's own words; SQLAlchemy appends the statement and its parameters on further lines.
            reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
            raise StorageError(f"database {self._name}: {reason}") from error


def _name(url: URL) -> str:
    """What messages call a database: no user, no password, no options that could hold one."""
    if url.drivername == "sqlite":
        return str(url.database)
    return f"{url.host or ''}{f':{url.port}' if url.port else ''}/{url.database}"


def _sqlite(url: URL) -> Engine:
    try:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"data folder {Path(str(url.database)).parent}: {error.strerror or error}"
        ) from error
    engine = create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _postgresql(url: URL) -> Engine:
    timeout: dict[str, Any] = {"connect_timeout": _CONNECT_TIMEOUT_S}
    try:
        return create_engine(url, pool_pre_ping=True, connect_args=timeout | dict(url.query))
    except ImportError as error:
        raise StorageError("PostgreSQL needs one more package: pip install 'image-core[postgres]'") from error


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """Readers that do not block the writer, and foreign keys that are checked."""
    _use_write_ahead_log(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")  # a row that was acknowledged outlives a power cut


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch a new file over; on any other this changes nothing. SQLite's own busy timeout does not cover the
    switch: of several processes opening a new file at once, some are told at once that it is locked."""
    deadline = time.monotonic() + _BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.005)
