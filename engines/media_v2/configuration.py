"""Where a store's rows and bytes lie: a folder that has both, or two URLs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from engines.media_v2.errors import InvalidRequestError

__all__ = ["BLOB_VARIABLE", "DATABASE_VARIABLE", "Stores", "locate"]

DATABASE_VARIABLE = "IMAGE_CORE_DATABASE_URL"
BLOB_VARIABLE = "IMAGE_CORE_BLOB_URL"

_DATABASE_URLS = "allowed are sqlite:///FILE and postgresql+psycopg://USER:PASSWORD@HOST:PORT/DATABASE"
_BLOB_URLS = "allowed are file:///FOLDER and s3://BUCKET/PREFIX"


@dataclass(frozen=True, slots=True)
class Stores:
    """The two halves of a store."""

    database: URL
    blobs: str


def locate(data_dir: str | PathLike[str] | None, database_url: str | None, blob_url: str | None) -> Stores:
    """The store that is meant: the folder if one is given, else the two URLs, else those of the environment.

    The two URLs come from one place, never one from the arguments and one from the environment: rows that
    name the bytes of another store would be damage.

    Raises:
        InvalidRequestError: nothing, half a store or two stores are given, or a URL is not allowed. Messages
            never hold a password.
    """
    if data_dir is not None:
        if database_url is not None or blob_url is not None:
            raise InvalidRequestError("media store: give a data folder or the two URLs, not both")
        folder = Path(data_dir).absolute()
        return Stores(
            URL.create("sqlite", database=str(folder / "media_v2.sqlite3")), (folder / "blobs").as_uri()
        )
    names = ("database_url", "blob_url")
    if database_url is None and blob_url is None:
        names = (DATABASE_VARIABLE, BLOB_VARIABLE)
        database_url, blob_url = (os.environ.get(name) or None for name in names)
    if database_url is None and blob_url is None:
        raise InvalidRequestError(
            "media store: none is configured: give a data folder, or database_url and blob_url, or set"
            f" {DATABASE_VARIABLE} and {BLOB_VARIABLE}"
        )
    if database_url is None or blob_url is None:
        given, missing = names if blob_url is None else reversed(names)
        raise InvalidRequestError(f"{missing}: this is required with {given}; the two belong together")
    return Stores(_database(database_url, names[0]), _blobs(blob_url, names[1]))


def _database(given: str, name: str) -> URL:
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        raise InvalidRequestError(f"{name}: this is not a database URL: {_DATABASE_URLS}") from None
    if url.drivername == "sqlite":
        return _sqlite(url, name)
    if url.drivername != "postgresql+psycopg":
        raise InvalidRequestError(f"{name}: {url.drivername!r} is not allowed: {_DATABASE_URLS}")
    if "@" in (url.host or ""):
        raise InvalidRequestError(f"{name}: an '@' in the user or password has to be written %40")
    if not url.database:
        raise InvalidRequestError(f"{name}: it names no database: {_DATABASE_URLS}")
    return url


def _sqlite(url: URL, name: str) -> URL:
    if url.host or url.query or not url.database or url.database == ":memory:":
        raise InvalidRequestError(
            f"{name}: a file is required, without host or query: sqlite:///relative.db or sqlite:////folder/x.db"
        )
    return url.set(database=str(Path(url.database).absolute()))


def _blobs(given: str, name: str) -> str:
    try:
        parts = urlsplit(given)
        authority = parts.username or parts.password or parts.port
    except ValueError:
        raise InvalidRequestError(f"{name}: this is not a URL: {_BLOB_URLS}") from None
    if parts.scheme not in {"file", "s3"}:
        raise InvalidRequestError(f"{name}: the scheme {parts.scheme!r} is not allowed: {_BLOB_URLS}")
    if authority or parts.query or parts.fragment:
        raise InvalidRequestError(
            f"{name}: user, password, port, '?' and '#' are not allowed: {_BLOB_URLS}; S3's endpoint and"
            " credentials come from the AWS_ variables of the environment"
        )
    if not _is_complete(parts):
        raise InvalidRequestError(f"{name}: {given!r} is not allowed: {_BLOB_URLS}")
    return given


def _is_complete(parts: SplitResult) -> bool:
    if parts.scheme == "s3":
        return bool(parts.netloc)
    return not parts.netloc and parts.path.startswith("/")
