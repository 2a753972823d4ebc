"""An empty store for each test, on each of the three combinations a host may choose.

Tests that ask for `store` or `media` run on SQLite with a folder, PostgreSQL with a folder and PostgreSQL
with S3. Where one of these is missing they skip or fail as `tests.parts` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url

from engines.media_v2 import MediaService
from engines.media_v2.database import Database
from engines.media_v2.tests.servers import PostgresServer, S3Server, find_postgres
from engines.media_v2.tests.stores import Store
from tests.parts import require_part


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A folder for one test's store, with a name a URL has to quote."""
    return tmp_path / "media #1 100% é?"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running PostgreSQL server."""
    programs = find_postgres()
    require_part("postgres", programs is not None, "PostgreSQL's initdb was not found")
    require_part("postgres", find_spec("psycopg") is not None, "psycopg is not installed")
    assert programs is not None
    server = PostgresServer(programs)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """A running S3 server, and the environment in which stores find it."""
    require_part("s3", find_spec("moto") is not None, "moto is not installed")
    server = S3Server()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        yield server
    server.stop()


@pytest.fixture
def sqlite_url(data_dir: Path) -> str:
    """The URL of an SQLite file that is not there yet."""
    return str(URL.create("sqlite", database=str(data_dir / "media_v2.sqlite3")))


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> str:
    """The URL of an empty PostgreSQL database."""
    return postgres.new_database()


@pytest.fixture(scope="session")
def _postgres_with_tables(postgres: PostgresServer) -> Store:
    """A database that many tests share, one after the other: a new one for each takes longer than they do."""
    store = Store(postgres.new_database(), "memory:///")
    Database.open(make_url(store.database_url)).close()
    return store


@pytest.fixture
def empty_postgres_url(_postgres_with_tables: Store) -> str:
    """The URL of a PostgreSQL database with empty tables."""
    _postgres_with_tables.execute("DELETE FROM media_v2_artifacts")
    _postgres_with_tables.execute("DELETE FROM media_v2_assets")
    return _postgres_with_tables.database_url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database without tables, of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite-folder", "postgres-folder", "postgres-s3"])
def store(request: pytest.FixtureRequest, data_dir: Path) -> Store:
    """An empty store, of each combination in turn."""
    database, blobs = request.param.split("-")
    url: str = request.getfixturevalue("sqlite_url" if database == "sqlite" else "empty_postgres_url")
    if blobs == "folder":
        return Store(url, (data_dir / "blobs").as_uri())
    s3: S3Server = request.getfixturevalue("s3")
    return Store(url, f"s3://{s3.new_bucket()}/a prefix/of two")


@pytest.fixture
def media(store: Store) -> Iterator[MediaService]:
    """The service on `store`."""
    with store.open() as service:
        yield service
