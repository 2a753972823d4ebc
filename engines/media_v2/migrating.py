"""The schema of an open database, brought to what this version needs by Alembic's scripts in `migrations`."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, inspect, text

from engines.media_v2.tables import REVISION, VERSION_TABLE

__all__ = ["UnknownSchemaError", "migrate"]

_SCRIPTS = Path(__file__).with_name("migrations")
# Taken by the transaction that migrates, held until it ends. The number is the ASCII of "media_v2".
_LOCKS = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": f"SELECT pg_advisory_xact_lock({int.from_bytes(b'media_v2', 'big')})",
}
_alembic = Lock()  # Alembic's `op` and `context` are one per process


class UnknownSchemaError(ValueError):
    """A database has tables or a revision that no script here leads on from."""


def migrate(engine: Engine) -> None:
    """Make or upgrade the tables, all of it in one transaction, or nothing.

    Of several processes that open a database at once one migrates, and the others wait for it.

    Raises:
        UnknownSchemaError: a newer version made the database, or somebody else its tables.
        SQLAlchemyError: the database failed.
    """
    with engine.connect() as connection:
        if _revision(connection) == REVISION:
            return
    with _alembic, engine.begin() as connection:
        connection.execute(text(_LOCKS[engine.dialect.name]))
        _upgrade(connection)


def _revision(connection: Connection) -> str | None:
    """The revision a database has; None if it is empty or older than revisions."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()


def _upgrade(connection: Connection) -> None:
    # Imported here: opening a database that is up to date, nearly every opening, does without its 0.1 s.
    from alembic.command import upgrade
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = _revision(connection)
    if found is not None and found not in known:
        raise UnknownSchemaError(
            f"its schema has revision {found!r}, made by a newer version of image-core;"
            f" this one knows revisions up to {REVISION!r}"
        )
    upgrade(config, "head")
