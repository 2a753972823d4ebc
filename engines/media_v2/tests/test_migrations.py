"""Databases of every age: made, upgraded without loss, or refused."""

from __future__ import annotations

import json
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from engines.media_v2 import StorageError
from engines.media_v2.tables import REVISION, VERSION_TABLE, metadata
from engines.media_v2.tests.stores import Store
from engines.media_v2.tests.support import ACME, HASH, MASK, RENDER, render

# The schema as media_v2 made it before it had revisions, in its own words.
FIRST_SCHEMA = """
CREATE TABLE media_v2_assets (
    id VARCHAR(32) NOT NULL, tenant_id VARCHAR(64) NOT NULL, env VARCHAR(64) NOT NULL,
    kind VARCHAR(32) NOT NULL, filename VARCHAR(255) NOT NULL, mime_type VARCHAR(127) NOT NULL,
    size_bytes BIGINT NOT NULL, sha256 VARCHAR(64) NOT NULL, uri VARCHAR(1024) NOT NULL,
    created_at DATETIME NOT NULL, meta JSON NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT media_v2_assets_scope UNIQUE (id, tenant_id, env)
);
CREATE INDEX media_v2_assets_newest ON media_v2_assets (tenant_id, env, created_at, id);
CREATE TABLE media_v2_artifacts (
    id VARCHAR(32) NOT NULL, tenant_id VARCHAR(64) NOT NULL, env VARCHAR(64) NOT NULL,
    kind VARCHAR(32) NOT NULL, filename VARCHAR(255) NOT NULL, mime_type VARCHAR(127) NOT NULL,
    size_bytes BIGINT NOT NULL, sha256 VARCHAR(64) NOT NULL, uri VARCHAR(1024) NOT NULL,
    created_at DATETIME NOT NULL, meta JSON NOT NULL,
    parent_asset_id VARCHAR(32), dedupe_key VARCHAR(255),
    PRIMARY KEY (id),
    CONSTRAINT media_v2_artifacts_dedupe UNIQUE (tenant_id, env, kind, dedupe_key),
    CONSTRAINT media_v2_artifacts_parent_in_scope FOREIGN KEY(parent_asset_id, tenant_id, env)
        REFERENCES media_v2_assets (id, tenant_id, env)
);
CREATE INDEX media_v2_artifacts_newest ON media_v2_artifacts (tenant_id, env, created_at, id);
CREATE INDEX media_v2_artifacts_parent ON media_v2_artifacts (parent_asset_id);
"""
PIXELS_HASH = "6ec9c2b0eb14010746c8bce8939303b382344b296206612eb8a907a37b2b2f37"


@pytest.fixture
def old(data_dir: Path, sqlite_url: str) -> Store:
    """A store of that time: an asset, a render of it and a mask."""
    (data_dir / "blobs").mkdir(parents=True)
    store = Store(sqlite_url, (data_dir / "blobs").as_uri())
    rows = [
        ("assets", "a" * 32, "image", "{}", {}),
        ("artifacts", "b" * 32, "image_render", json.dumps(RENDER), {"parent_asset_id": "a" * 32}),
        ("artifacts", "c" * 32, "mask", json.dumps(MASK), {"dedupe_key": "key"}),
    ]
    with closing(sqlite3.connect(data_dir / "media_v2.sqlite3")) as connection, connection:
        connection.executescript("PRAGMA journal_mode = WAL;" + FIRST_SCHEMA)
        for table, row_id, kind, meta, more in rows:
            uri = f"tenants/acme/dev/media_v2/{row_id}/x.png"
            row = {
                "id": row_id,
                "tenant_id": "acme",
                "env": "dev",
                "kind": kind,
                "filename": "x.png",
                "mime_type": "image/png",
                "size_bytes": 6,
                "sha256": PIXELS_HASH,
                "uri": uri,
                "created_at": "2026-01-02 03:04:05.678901",
                "meta": meta,
                **more,
            }
            places = ", ".join(f":{name}" for name in row)
            connection.execute(f"INSERT INTO media_v2_{table} ({', '.join(row)}) VALUES ({places})", row)
            store.write(uri, b"pixels")
    return store


class TestUpgrade:
    """Databases older than this version."""

    def test_a_database_without_a_revision_is_upgraded_without_loss(self, old: Store) -> None:
        """Every row, byte, key and parent is there; old renders are found by their pipeline hash."""
        with old.open() as media:
            asset = media.get_asset("a" * 32, **ACME)
            render_, mask = media.get_artifact("b" * 32, **ACME), media.get_artifact("c" * 32, **ACME)
            assert [media.read_artifact(artifact.id, **ACME) for artifact in (render_, mask)] == [
                b"pixels"
            ] * 2
            assert asset.created_at == datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)
            assert render_.parent_asset_id == asset.id
            assert media.find_artifact(**ACME, kind="mask", dedupe_key="key") == mask
            assert media.list_artifacts(**ACME, pipeline_hash=HASH).items == (render_,)
        assert old.execute(f"SELECT version_num FROM {VERSION_TABLE}") == [(REVISION,)]

    def test_one_damaged_row_does_not_keep_the_store_from_opening(self, old: Store) -> None:
        """Reading it says what is wrong; the others are as they were."""
        old.execute("UPDATE media_v2_artifacts SET meta = '{' WHERE kind = 'image_render'")
        with old.open() as media:
            assert media.read_artifact("c" * 32, **ACME) == b"pixels"
            with pytest.raises(StorageError):
                media.get_artifact("b" * 32, **ACME)

    def test_a_schema_whose_making_was_cut_short_is_completed(self, old: Store) -> None:
        """The first versions made their tables one by one."""
        old.execute("DROP TABLE media_v2_artifacts")
        with old.open() as media:
            assert render(media, parent_asset_id="a" * 32).parent_asset_id == "a" * 32

    def test_a_failed_upgrade_changes_nothing(self, old: Store) -> None:
        """All scripts run in one transaction: the next opening finds what this one found."""
        old.execute("CREATE TABLE media_v2_artifacts_pipeline (x INTEGER)")  # the name of an index to come
        before = old.execute("SELECT name, sql FROM sqlite_master ORDER BY name")
        with pytest.raises(StorageError, match=r"^database .*media_v2_artifacts_pipeline"):
            old.open()
        assert old.execute("SELECT name, sql FROM sqlite_master ORDER BY name") == before
        old.execute("DROP TABLE media_v2_artifacts_pipeline")
        with old.open() as media:
            assert len(media.list_artifacts(**ACME).items) == 2

    def test_tables_of_somebody_else_are_refused(self, old: Store) -> None:
        """A table of the same name and other columns is not taken for an old one."""
        old.execute("ALTER TABLE media_v2_assets ADD COLUMN colour TEXT")
        with pytest.raises(StorageError, match=r"^database .*media_v2_assets has other columns"):
            old.open()


class TestSchema:
    """What the scripts make."""

    def test_the_scripts_make_what_the_tables_say(self, database_url: str, tmp_path: Path) -> None:
        """Columns, indexes and constraints; so the newest script is the one REVISION names."""
        Store(database_url, tmp_path.as_uri()).open().close()
        engine = create_engine(database_url)
        with engine.connect() as connection:
            options = {"version_table": VERSION_TABLE, "compare_type": True}
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, metadata) == []
            assert context.get_current_revision() == REVISION
        engine.dispose()

    def test_a_newer_database_is_refused(self, database_url: str, tmp_path: Path) -> None:
        """With a line that says so, and it is left as it was."""
        store = Store(database_url, tmp_path.as_uri())
        store.open().close()
        store.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
        with pytest.raises(StorageError, match=r"^database .*revision '9999', made by a newer version"):
            store.open()
        assert store.execute(f"SELECT version_num FROM {VERSION_TABLE}") == [("9999",)]

    def test_the_tables_of_a_host_in_the_same_database_stay(
        self, database_url: str, data_dir: Path, tmp_path: Path
    ) -> None:
        """Its own Alembic version too."""
        data_dir.mkdir()
        store = Store(database_url, tmp_path.as_uri())
        store.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        store.execute("INSERT INTO alembic_version VALUES ('theirs')")
        store.open().close()
        assert store.execute("SELECT version_num FROM alembic_version") == [("theirs",)]

    def test_the_hosts_logging_stays(self, sqlite_url: str, tmp_path: Path) -> None:
        """No handler, no level, nothing switched off."""
        root, ours = logging.getLogger(), logging.getLogger("engines.test")
        before = (root.level, list(root.handlers), ours.disabled)
        Store(sqlite_url, tmp_path.as_uri()).open().close()
        assert (root.level, list(root.handlers), ours.disabled) == before


def _open_and_close(store: Store) -> None:
    store.open().close()


def _open_together(store: Store, ready: Barrier) -> None:
    import alembic.command  # noqa: F401  # so that all of them are as quick once they are let go

    ready.wait()
    _open_and_close(store)


class TestAtOnce:
    """Several that open a database without tables at the same moment."""

    def test_processes_make_the_tables_once(self, database_url: str, tmp_path: Path) -> None:
        """One migrates, the others wait for it; all of them open it."""
        store = Store(database_url, tmp_path.as_uri())
        context = get_context("spawn")
        ready = context.Barrier(4)
        processes = [context.Process(target=_open_together, args=(store, ready)) for _ in range(4)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [0] * 4
        assert store.execute(f"SELECT version_num FROM {VERSION_TABLE}") == [(REVISION,)]

    def test_threads_make_the_tables_once(self, database_url: str, tmp_path: Path) -> None:
        """Also two databases at once: Alembic's own state is shared by a process."""
        stores = [
            Store(database_url, tmp_path.as_uri()),
            Store(f"sqlite:///{tmp_path}/b.db", tmp_path.as_uri()),
        ]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(_open_and_close, stores * 4))
        for store in stores:
            assert store.execute(f"SELECT version_num FROM {VERSION_TABLE}") == [(REVISION,)]
