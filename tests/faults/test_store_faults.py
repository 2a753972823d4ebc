"""A database or a blob store that is away, slow or locked while a render is registered, and comes back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import event

from engines.image_core import ImageComposition, ImageCoreError, ImageCoreService, Renderer
from engines.image_core.export import encode_png
from engines.image_core.tests.composing import composed, picture, random_pixels
from engines.media_v2 import MediaError, StorageError
from engines.media_v2.tests.servers import PostgresServer, S3Server
from engines.media_v2.tests.support import ACME
from tests.faults.flaky_s3 import FlakyS3, Trouble, flaky_s3

PIXELS = random_pixels(1, 120, 90)
TROUBLES: tuple[Trouble, ...] = get_args(Trouble)


@pytest.fixture(scope="module")
def expected() -> str:
    """The hash of the card as NumPy draws it."""
    with Renderer("numpy") as renderer:
        return renderer.render(composed(picture(PIXELS), size=(120, 90))).pixel_hash


def _card(service: ImageCoreService) -> ImageComposition:
    """A composition whose picture is read from the store."""
    asset = service.media.register_asset(encode_png(PIXELS), **ACME, filename="photo.png")
    return composed({"type": "raster", "source": {"asset_id": asset.id}}, size=(120, 90))


def _check_registered_once(service: ImageCoreService, card: ImageComposition, expected: str) -> None:
    """The card renders right, to the one artifact there is, and all that is stored can be read back."""
    artifact = service.render_composition(card)
    assert artifact.meta.model_dump()["pixel_hash"] == expected
    assert [kept.id for kept in service.media.list_artifacts(**ACME).items] == [artifact.id]
    assert {finding.fault for finding in service.media.verify()} == {None}


class TestBlobs:
    """S3 behind a proxy that has trouble."""

    @pytest.fixture
    def proxy(self, s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlakyS3]:
        """The proxy, which stores take for the server."""
        with flaky_s3(s3.environment["AWS_ENDPOINT_URL"]) as proxy:
            monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
            yield proxy

    @pytest.fixture
    def open_service(self, proxy: FlakyS3, s3: S3Server, tmp_path: Path) -> Callable[[], ImageCoreService]:
        """Opens a service on a store of SQLite and S3, empty at first."""
        return partial(
            ImageCoreService.open,
            database_url=f"sqlite:///{tmp_path}/store.db",
            blob_url=f"s3://{s3.new_bucket()}/here",
            backend="numpy",
        )

    @pytest.mark.parametrize("trouble", TROUBLES)
    def test_what_passes_is_tried_again(
        self, trouble: Trouble, proxy: FlakyS3, open_service: Callable[[], ImageCoreService], expected: str
    ) -> None:
        """Two requests to read and two to write fail: the render is right and registered once."""
        with open_service() as service:
            card = _card(service)
            proxy.troubles = {"GET": [trouble] * 2, "PUT": [trouble] * 2}
            artifact = service.render_composition(card)
            assert artifact.meta.model_dump()["pixel_hash"] == expected
            assert all(len(left) < 2 for left in proxy.troubles.values())
            proxy.troubles = {}
            _check_registered_once(service, card, expected)

    @pytest.mark.parametrize("trouble", ["503", "answer dropped", "slow"])
    def test_what_lasts_is_one_line(
        self,
        trouble: Trouble,
        proxy: FlakyS3,
        open_service: Callable[[], ImageCoreService],
        expected: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Requests to read, or to write, fail for longer than is waited for: nothing is registered, and when
        they succeed again the same call does."""
        monkeypatch.setattr("engines.media_v2.storage._RETRY_TIMEOUT", timedelta(seconds=0.3))
        monkeypatch.setenv("AWS_TIMEOUT", "300ms")  # what the server answers more slowly is no answer
        with open_service() as service:
            card = _card(service)
            for method in ("GET", "PUT"):
                proxy.troubles = {method: [trouble] * 1000}
                with pytest.raises((ImageCoreError, MediaError), match="blob tenants/acme/dev/") as told:
                    service.render_composition(card)
                assert "\n" not in str(told.value)
                assert service.media.list_artifacts(**ACME).items == ()
            proxy.troubles = {}
            _check_registered_once(service, card, expected)


class TestPostgres:
    """A server that goes away in the middle of a registration."""

    def test_it_stops_when_the_bytes_are_stored(
        self, postgres: PostgresServer, tmp_path: Path, expected: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One line and no row; when it is back the same service registers the same card once."""
        url = postgres.new_database()
        with ImageCoreService.open(database_url=url, blob_url=tmp_path.as_uri(), backend="numpy") as service:
            card = _card(service)
            put = service.media._blobs.put

            def put_and_stop(key: str, data: bytes) -> None:
                put(key, data)
                postgres.stop()

            with monkeypatch.context() as patch:
                patch.setattr(service.media._blobs, "put", put_and_stop)
                with _restarted(postgres), pytest.raises(StorageError, match=r"^database 127") as told:
                    service.render_composition(card)
            assert "\n" not in str(told.value)
            _check_registered_once(service, card, expected)

    def test_it_stops_in_the_transaction(
        self, postgres: PostgresServer, tmp_path: Path, expected: str
    ) -> None:
        """The row is sent and not committed: it is as if it had not been."""
        url = postgres.new_database()
        with ImageCoreService.open(database_url=url, blob_url=tmp_path.as_uri(), backend="numpy") as service:
            card = _card(service)
            stops = iter([postgres.stop])
            event.listen(service.media._database._engine, "commit", lambda _: next(stops, lambda: None)())
            with _restarted(postgres), pytest.raises(StorageError, match=r"^database 127") as told:
                service.render_composition(card)
            assert "\n" not in str(told.value)
            _check_registered_once(service, card, expected)

    def test_its_word_that_a_row_is_committed_is_lost(
        self, postgres: PostgresServer, tmp_path: Path, expected: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The call is told that it failed. The row is there, and its bytes too: the same call finds it."""
        from psycopg import Connection, OperationalError

        commit = Connection.commit

        def committed(self: Any) -> None:
            commit(self)
            raise OperationalError("server closed the connection unexpectedly")

        url = postgres.new_database()
        with ImageCoreService.open(database_url=url, blob_url=tmp_path.as_uri(), backend="numpy") as service:
            card = _card(service)
            with monkeypatch.context() as patch:
                patch.setattr(Connection, "commit", committed)
                with pytest.raises(StorageError, match="closed the connection"):
                    service.render_composition(card)
            _check_registered_once(service, card, expected)


@contextmanager
def _restarted(postgres: PostgresServer) -> Iterator[None]:
    """Start the server at the end, when it has been stopped meanwhile."""
    try:
        yield
    finally:
        postgres.stop()
        postgres.start()


LOCK = """
import sqlite3, sys, time
with sqlite3.connect(sys.argv[1], isolation_level=None) as connection:
    connection.execute("BEGIN IMMEDIATE")
    print("locked", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.mark.parametrize(("held", "patience"), [(0.5, 30.0), (60.0, 0.2)], ids=["a while", "too long"])
def test_a_database_that_another_process_has_locked(
    held: float, patience: float, tmp_path: Path, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's writer is waited for; for too long it is one line, and the same call succeeds afterwards."""
    monkeypatch.setattr("engines.media_v2.database._BUSY_TIMEOUT_S", patience)
    with ImageCoreService.open(tmp_path, backend="numpy") as service:
        card = _card(service)
        command = [sys.executable, "-c", LOCK, str(tmp_path / "media_v2.sqlite3"), str(held)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "locked\n"
            if held > patience:
                with pytest.raises(StorageError, match=r"^database .*: database is locked$"):
                    service.render_composition(card)
                other.kill()
            else:
                service.render_composition(card)
        _check_registered_once(service, card, expected)
