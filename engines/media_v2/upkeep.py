"""What an operator does with a whole store, across tenants: read everything back, and clear what nobody has.

Nothing here is for a tenant's own calls, which see one tenant and env.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import RowMapping, Table, select

from engines.media_v2.database import Database
from engines.media_v2.errors import StorageError
from engines.media_v2.models import DerivedArtifact, MediaAsset
from engines.media_v2.reading import read_checked
from engines.media_v2.repository import artifact_of_row, asset_of_row
from engines.media_v2.storage import Blob, BlobStore
from engines.media_v2.tables import artifacts, assets

__all__ = ["Finding", "collect_garbage", "verify"]

_BATCH = 500
# Where media_v2 puts blobs, and only media_v2: what lies elsewhere is the host's.
_OWN_KEY = re.compile(r"tenants/[^/]+/[^/]+/media_v2/([0-9a-f]{32})/[^/]+")

_TABLES: Mapping[str, tuple[Table, Callable[[RowMapping], MediaAsset | DerivedArtifact]]] = {
    "asset": (assets, asset_of_row),
    "artifact": (artifacts, artifact_of_row),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What reading one asset or artifact back came to. `fault` is one line, None if all is well."""

    what: str
    id: str
    fault: str | None


def verify(database: Database, blobs: BlobStore) -> Iterator[Finding]:
    """Read every row and its bytes, of all tenants: a finding for each, as it is read.

    Raises:
        StorageError: the database cannot be reached.
    """
    for what, (table, _) in _TABLES.items():
        for object_id in _ids(database, table):
            yield Finding(what, object_id, _fault(database, blobs, what, object_id))


def _fault(database: Database, blobs: BlobStore, what: str, object_id: str) -> str | None:
    table, parsed = _TABLES[what]
    try:
        read_checked(blobs, what, parsed(_row(database, table, object_id)))
    except StorageError as error:
        return str(error)
    return None


def _ids(database: Database, table: Table) -> Iterator[str]:
    """All ids, a batch at a time: whole rows are read one by one, so that a damaged one costs only itself."""
    last = ""
    while True:
        following = select(table.c.id).where(table.c.id > last).order_by(table.c.id).limit(_BATCH)
        with database.reporting(), database.reading() as connection:
            batch = connection.execute(following).scalars().all()
        yield from batch
        if len(batch) < _BATCH:
            return
        last = batch[-1]


def _row(database: Database, table: Table, object_id: str) -> RowMapping:
    with database.reporting(), database.reading() as connection:
        return connection.execute(select(table).where(table.c.id == object_id)).mappings().one()


def collect_garbage(
    database: Database, blobs: BlobStore, *, delete: bool, older_than: timedelta
) -> tuple[Blob, ...]:
    """The blobs of all tenants that no row refers to, removed if so wished.

    Args:
        database: the rows.
        blobs: the bytes.
        delete: remove them.
        older_than: the age below which a blob is left alone, for its row may be on the way.

    Raises:
        StorageError: the database or the blob store failed; or there are blobs and none has a row: then the
            two are hardly a pair, and nothing is removed.
    """
    # The blobs before their rows: the row of a blob listed here is there by then, or its age protects it.
    found = [blob for blob in blobs.list() if _OWN_KEY.fullmatch(blob.key)]
    starts = range(0, len(found), _BATCH)
    free = [blob for start in starts for blob in _without_row(database, found[start : start + _BATCH])]
    if found and delete and len(free) == len(found):
        raise StorageError(
            "no blob has a row: are this database and these blobs one store? Nothing was removed"
        )
    limit = datetime.now(UTC) - older_than
    garbage = tuple(blob for blob in free if blob.modified_at < limit)
    if delete:
        for blob in garbage:
            blobs.delete(blob.key)
    return garbage


def _without_row(database: Database, found: Sequence[Blob]) -> list[Blob]:
    ids = {match[1] for blob in found if (match := _OWN_KEY.fullmatch(blob.key))}
    taken: set[str] = set()
    for table, _ in _TABLES.values():
        with database.reporting(), database.reading() as connection:
            taken.update(connection.execute(select(table.c.uri).where(table.c.id.in_(ids))).scalars())
    return [blob for blob in found if blob.key not in taken]
