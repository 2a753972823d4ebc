"""What stays true when bytes rot, disks fill and files are not what they should be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engines.media_v2 import (
    DamagedBlobError,
    MediaError,
    MediaService,
    NotFoundError,
    StorageError,
)
from engines.media_v2.tests.stores import Store
from engines.media_v2.tests.support import (
    ACME,
    NOWHERE,
    render,
)


class TestDamage:
    """Bytes that are not what was registered never reach a caller."""

    @pytest.mark.parametrize("damage", [b"pixelz", b"pixel", b""])
    def test_changed_bytes_are_an_error_that_says_so(
        self, media: MediaService, store: Store, damage: bytes
    ) -> None:
        """One flipped character, a cut end, an empty file."""
        artifact = render(media)
        store.write(artifact.uri, damage)
        with pytest.raises(DamagedBlobError, match=rf"^artifact {artifact.id}: its bytes are damaged"):
            media.read_artifact(artifact.id, **ACME)

    def test_missing_bytes_are_an_error_that_says_so(self, media: MediaService, store: Store) -> None:
        """A row without its blob is damage, not "not found"."""
        asset = media.register_asset(b"x", **ACME, filename="a.jpg")
        store.remove(asset.uri)
        with pytest.raises(DamagedBlobError, match=rf"^asset {asset.id}: its bytes are missing"):
            media.read_asset(asset.id, **ACME)

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("meta", '{"width": 0}'),
            ("kind", "hologram"),
            ("sha256", ""),
        ],
    )
    def test_a_row_that_cannot_be_read_is_one_line(
        self, media: MediaService, store: Store, column: str, value: str
    ) -> None:
        """A damaged database gives media_v2's own error, not that of a library."""
        artifact = render(media)
        store.execute(f"UPDATE media_v2_artifacts SET {column} = :value", value=value)
        with pytest.raises(StorageError, match=r"^database .*: ") as caught:
            media.get_artifact(artifact.id, **ACME)
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize(("column", "value"), [("meta", "{"), ("created_at", "noon")])
    def test_a_column_that_is_not_of_its_type_is_one_line(
        self, sqlite_url: str, data_dir: Path, column: str, value: str
    ) -> None:
        """SQLite keeps any text in any column; PostgreSQL does not take this."""
        store = Store(sqlite_url, (data_dir / "blobs").as_uri())
        with store.open() as media:
            artifact = render(media)
            store.execute(f"UPDATE media_v2_artifacts SET {column} = :value", value=value)
            with pytest.raises(StorageError, match=r"^database .*: "):
                media.get_artifact(artifact.id, **ACME)


class TestCrashOrder:
    """Bytes first, row after."""

    def test_a_row_that_cannot_be_written_leaves_only_a_blob(self, media: MediaService, store: Store) -> None:
        """The database fails after the bytes are stored: an orphan blob, no row, and the key is free."""
        with store.refusing_rows(), pytest.raises(StorageError, match=r"^database .*full"):
            render(media, dedupe_key="key")
        assert store.blobs() == [b"pixels"]
        assert media.list_artifacts(**ACME).items == ()
        assert media.read_artifact(render(media, b"again", dedupe_key="key").id, **ACME) == b"again"

    def test_a_failed_superseding_leaves_the_key_where_it_was(
        self, media: MediaService, store: Store
    ) -> None:
        """Taking the key and giving it away is one transaction."""
        first = render(media, dedupe_key="key")
        with store.refusing_rows(), pytest.raises(StorageError, match="full"):
            render(media, b"fresh", dedupe_key="key", supersede=True)
        assert media.find_artifact(**ACME, kind="image_render", dedupe_key="key") == first

    def test_bytes_that_cannot_be_written_leave_no_row(self, data_dir: Path) -> None:
        """The blob store fails: nothing was registered."""
        with MediaService.open(data_dir) as media:
            (data_dir / "blobs").rmdir()
            (data_dir / "blobs").write_text("a file where the folder was")
            with pytest.raises(StorageError, match=r"^blob tenants/acme/dev/"):
                media.register_asset(b"x", **ACME, filename="a.png")
            assert media.list_assets(**ACME).items == ()


class TestOpening:
    """The folder and the life of a service."""

    def test_a_folder_that_cannot_be_made_is_one_line(self, tmp_path: Path) -> None:
        """A file stands where the folder should be."""
        (tmp_path / "taken").write_text("x")
        with pytest.raises(StorageError, match=r"^data folder .*taken: "):
            MediaService.open(tmp_path / "taken")

    def test_a_file_that_is_no_database_is_one_line(self, data_dir: Path) -> None:
        """And it is left as it was."""
        data_dir.mkdir()
        (data_dir / "media_v2.sqlite3").write_bytes(b"not a database" * 100)
        with pytest.raises(StorageError, match=r"^database .*: file is not a database$"):
            MediaService.open(data_dir)
        assert (data_dir / "media_v2.sqlite3").read_bytes() == b"not a database" * 100

    @pytest.mark.parametrize("object_id", ["", "x", "../x", NOWHERE.upper() + "\n", "0" * 5000, None, 3])
    def test_an_id_that_cannot_be_is_not_found(self, media: MediaService, object_id: Any) -> None:
        """No id is an error of its own kind; a long one is shortened in the message."""
        with pytest.raises(NotFoundError, match=r"^asset .* not found$") as caught:
            media.get_asset(object_id, **ACME)
        assert len(str(caught.value)) < 100

    def test_a_closed_service_takes_no_calls(self, media: MediaService, store: Store) -> None:
        """It says that it is closed, and stores nothing."""
        media.close()
        with pytest.raises(MediaError, match="closed"):
            media.register_asset(b"x", **ACME, filename="a.png")
        assert store.blobs() == []
