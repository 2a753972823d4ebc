"""Which store is meant, and what is said of a configuration that is none."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from engines.media_v2 import InvalidRequestError, MediaService, StorageError
from engines.media_v2.configuration import BLOB_VARIABLE, DATABASE_VARIABLE
from engines.media_v2.tests.servers import PostgresServer
from engines.media_v2.tests.stores import Store
from engines.media_v2.tests.support import ACME, render


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test of this module depends on the environment it is run in."""
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
    monkeypatch.delenv(BLOB_VARIABLE, raising=False)


class TestPlaces:
    """One store by each of its names."""

    def test_a_folder_is_the_store_of_its_two_urls(
        self, data_dir: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What is registered through the folder is found by URLs, by relative paths, by the environment."""
        by_url = Store(sqlite_url, (data_dir / "blobs").as_uri())
        with MediaService.open(data_dir) as media:
            artifact = render(media)
        with by_url.open() as media:
            assert media.read_artifact(artifact.id, **ACME) == b"pixels"
        monkeypatch.chdir(data_dir)
        with MediaService.open(".") as media:
            assert media.read_artifact(artifact.id, **ACME) == b"pixels"
        monkeypatch.setenv(DATABASE_VARIABLE, "sqlite:///media_v2.sqlite3")
        monkeypatch.setenv(BLOB_VARIABLE, by_url.blob_url)
        with MediaService.open() as media:
            assert media.read_artifact(artifact.id, **ACME) == b"pixels"

    def test_arguments_take_the_place_of_the_environment(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A folder, and a pair of URLs, are the store whatever the environment says."""
        monkeypatch.setenv(DATABASE_VARIABLE, "nonsense")
        monkeypatch.setenv(BLOB_VARIABLE, "nonsense")
        MediaService.open(tmp_path / "a").close()
        Store(f"sqlite:///{tmp_path}/b/rows.db", f"file://{tmp_path}/b/blobs").open().close()
        assert (tmp_path / "a/media_v2.sqlite3").is_file()
        assert (tmp_path / "b/rows.db").is_file()
        assert (tmp_path / "b/blobs").is_dir()


class TestFaults:
    """One line each, which names the argument or the variable."""

    def test_no_store_at_all_is_refused(self) -> None:
        """The line says every way to name one."""
        with pytest.raises(InvalidRequestError, match="none is configured") as caught:
            MediaService.open()
        for word in ("data folder", "database_url", "blob_url", DATABASE_VARIABLE, BLOB_VARIABLE):
            assert word in str(caught.value)

    def test_half_a_store_is_refused(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """In the arguments, in the environment, and one half in each: rows and bytes belong together."""
        database_url, blob_url = f"sqlite:///{tmp_path}/x.db", f"file://{tmp_path}/blobs"
        with pytest.raises(InvalidRequestError, match=r"^blob_url: this is required with database_url"):
            MediaService.open(database_url=database_url)
        with pytest.raises(InvalidRequestError, match=r"^database_url: this is required with blob_url"):
            MediaService.open(blob_url=blob_url)
        monkeypatch.setenv(DATABASE_VARIABLE, database_url)
        with pytest.raises(InvalidRequestError, match=rf"^{BLOB_VARIABLE}: .*{DATABASE_VARIABLE}"):
            MediaService.open()
        with pytest.raises(InvalidRequestError, match=r"^database_url: this is required with blob_url"):
            MediaService.open(blob_url=blob_url)
        assert list(tmp_path.iterdir()) == []

    def test_two_stores_are_refused(self, tmp_path: Path) -> None:
        """A folder and a URL."""
        with pytest.raises(InvalidRequestError, match="not both"):
            MediaService.open(tmp_path, blob_url="s3://bucket")

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "nonsense",
            "mysql://u:hunter2@host/db",
            "postgresql://u:hunter2@host/db",
            "postgresql+psycopg://u:hunter2@host",
            "postgresql+psycopg://u:hunter2@host:port/db",
            "postgresql+psycopg://u:pass@hunter2@host/db",
            "sqlite://",
            "sqlite:///:memory:",
            "sqlite:///a.db?password=hunter2",
            "sqlite://hunter2/a.db",
        ],
    )
    def test_a_database_url_that_is_not_allowed_is_one_line_without_its_password(self, url: str) -> None:
        """It names the argument and says what is allowed."""
        with pytest.raises(InvalidRequestError, match=r"^database_url: ") as caught:
            MediaService.open(database_url=url, blob_url="file:///tmp/unused")
        assert "hunter2" not in str(caught.value)
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "nonsense",
            "/folder",
            "file:folder",
            "file://host/folder",
            "file:///a?b",
            "file:///a#b",
            "s3://",
            "s3:///prefix",
            "s3://key:hunter2@bucket/prefix",
            "s3://bucket:80x/prefix",
            "https://hunter2@bucket.s3.amazonaws.com/prefix",
            "memory:///",
        ],
    )
    def test_a_blob_url_that_is_not_allowed_is_one_line_without_its_password(
        self, tmp_path: Path, url: str
    ) -> None:
        """It names the argument and says what is allowed; nothing is made."""
        with pytest.raises(InvalidRequestError, match=r"^blob_url: .*(allowed|URL)") as caught:
            MediaService.open(database_url=f"sqlite:///{tmp_path}/x/x.db", blob_url=url)
        assert "hunter2" not in str(caught.value)
        assert "\n" not in str(caught.value)
        assert list(tmp_path.iterdir()) == []

    def test_a_server_that_is_not_there_is_one_line_without_its_password(self, tmp_path: Path) -> None:
        """The line names host, port and database, and the driver's reason."""
        url = "postgresql+psycopg://user:hunter2@127.0.0.1:1/media?application_name=hunter2"
        with pytest.raises(
            StorageError, match=r"^database 127\.0\.0\.1:1/media: connection failed"
        ) as caught:
            MediaService.open(database_url=url, blob_url=tmp_path.as_uri())
        assert "hunter2" not in str(caught.value)
        assert "\n" not in str(caught.value)

    def test_a_database_that_is_not_there_is_one_line(self, postgres: PostgresServer, tmp_path: Path) -> None:
        """PostgreSQL's databases are made by who runs the server, not by the library."""
        url = postgres.new_database() + "_"
        with pytest.raises(StorageError, match=r"^database .*does not exist"):
            MediaService.open(database_url=url, blob_url=tmp_path.as_uri())

    def test_without_the_driver_the_line_names_the_extra(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """psycopg comes with the extra `postgres`."""
        monkeypatch.setitem(sys.modules, "psycopg", None)
        arguments: Any = {"database_url": "postgresql+psycopg://h/d", "blob_url": tmp_path.as_uri()}
        with pytest.raises(StorageError, match=r"image-core\[postgres\]"):
            MediaService.open(**arguments)
