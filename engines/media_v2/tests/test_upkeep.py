"""An operator's two tools: reading everything back, and clearing what no row refers to."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from engines.media_v2 import MediaError, MediaService, StorageError
from engines.media_v2.tests.stores import Store
from engines.media_v2.tests.support import ACME, MASK, NOWHERE, OTHERS, render

AT_ONCE = timedelta(seconds=-60)  # also what is a clock's difference younger than now
ORPHAN = f"tenants/acme/dev/media_v2/{NOWHERE}/left.png"


class TestVerify:
    """Every row and its bytes."""

    def test_a_whole_store_has_a_finding_without_fault_for_each_row(self, media: MediaService) -> None:
        """Assets and artifacts of all tenants and envs."""
        made = [("asset", media.register_asset(b"x", **OTHERS[0], filename="a.png").id)]
        made += [("artifact", render(media, **scope).id) for scope in (ACME, *OTHERS)]
        found = [(finding.what, finding.id, finding.fault) for finding in media.verify()]
        assert sorted(found) == sorted((what, object_id, None) for what, object_id in made)

    def test_each_damage_is_told_and_nothing_else(self, media: MediaService, store: Store) -> None:
        """Missing bytes, other bytes, a row that cannot be read, a row that points elsewhere."""
        whole = render(media)
        missing, damaged = media.register_asset(b"x", **ACME, filename="a.png"), render(media)
        unreadable, strayed = render(media, kind="mask", meta=MASK), render(media)
        store.remove(missing.uri)
        store.write(damaged.uri, b"other!")
        store.execute("UPDATE media_v2_artifacts SET kind = 'hologram' WHERE id = :id", id=unreadable.id)
        store.execute("UPDATE media_v2_artifacts SET uri = 'x/y' WHERE id = :id", id=strayed.id)
        faults = {finding.id: finding.fault for finding in media.verify()}
        assert faults.pop(whole.id) is None
        for stored, words in (
            (missing, "bytes are missing"),
            (damaged, "bytes are damaged"),
            (unreadable, "hologram"),
            (strayed, "not its own blob"),
        ):
            fault = faults.pop(stored.id)
            assert fault is not None
            assert words in fault
            assert "\n" not in fault
        assert faults == {}

    def test_a_store_of_many_rows_is_read_to_its_end(
        self, media: MediaService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Rows come in batches; a full last batch is not the end of it, nor read twice."""
        monkeypatch.setattr("engines.media_v2.upkeep._BATCH", 3)
        for count in range(1, 8):
            render(media)
            assert len({finding.id for finding in media.verify()}) == count == len(list(media.verify()))

    def test_a_closed_service_verifies_nothing(self, media: MediaService) -> None:
        """Nor does it collect garbage."""
        media.close()
        with pytest.raises(MediaError, match="closed"):
            media.verify()
        with pytest.raises(MediaError, match="closed"):
            media.collect_garbage()


class TestGarbage:
    """Blobs without rows."""

    def test_only_blobs_without_rows_are_listed_and_removed(self, media: MediaService, store: Store) -> None:
        """Listing removes nothing; removing removes what was listed; what has a row stays readable."""
        kept = render(media)
        store.write(ORPHAN, b"left over")
        for delete in (False, True):
            [found] = media.collect_garbage(delete=delete, older_than=AT_ONCE)
            assert (found.key, found.size_bytes) == (ORPHAN, 9)
            assert abs(found.modified_at.timestamp() - time.time()) < 60
        assert media.collect_garbage(older_than=AT_ONCE) == ()
        assert store.all_keys() == [kept.uri]
        assert media.read_artifact(kept.id, **ACME) == b"pixels"

    def test_what_is_younger_than_a_day_is_left_alone(self, media: MediaService, store: Store) -> None:
        """It may be a registration under way."""
        render(media)
        store.write(ORPHAN, b"on its way")
        assert media.collect_garbage(delete=True) == ()
        assert media.collect_garbage(delete=True, older_than=timedelta(hours=1)) == ()
        assert ORPHAN in store.all_keys()

    def test_what_the_host_keeps_in_the_same_place_is_left_alone(
        self, media: MediaService, store: Store
    ) -> None:
        """Only keys that media_v2 itself gives out are its to remove."""
        render(media)
        theirs = [
            "logo.png",
            "tenants/acme/dev/uploads/a.png",
            "tenants/acme/dev/media_v2/notes/a.png",
            f"tenants/acme/dev/media_v2/{NOWHERE}/deeper/a.png",
            f"backup/tenants/acme/dev/media_v2/{NOWHERE}/a.png",
        ]
        for key in theirs:
            store.write(key, b"theirs")
        assert media.collect_garbage(delete=True, older_than=AT_ONCE) == ()
        assert set(theirs) < set(store.all_keys())

    def test_blobs_of_another_store_are_not_garbage(self, media: MediaService, store: Store) -> None:
        """A database and blobs that are no pair: listing shows everything, removing refuses."""
        store.write(ORPHAN, b"somebody's only copy")
        assert len(media.collect_garbage(older_than=AT_ONCE)) == 1
        with pytest.raises(StorageError, match="no blob has a row"):
            media.collect_garbage(delete=True, older_than=AT_ONCE)
        assert store.read(ORPHAN) == b"somebody's only copy"

    def test_a_failed_registration_leaves_garbage_that_is_found(
        self, media: MediaService, store: Store
    ) -> None:
        """The blob whose row could not be added."""
        kept = render(media)
        with store.refusing_rows(), pytest.raises(StorageError):
            render(media, b"orphan")
        [found] = media.collect_garbage(delete=True, older_than=AT_ONCE)
        assert found.size_bytes == 6
        assert store.all_keys() == [kept.uri]

    def test_an_upload_to_a_folder_that_was_cut_short_is_found(self, data_dir: Path) -> None:
        """Its temporary file is older than a day; the folder it was in goes with it."""
        with MediaService.open(data_dir) as media:
            render(media)
            temporary = data_dir / "blobs" / f"{ORPHAN}#1"
            temporary.parent.mkdir()
            temporary.write_bytes(b"half of i")
            assert media.collect_garbage() == ()
            os.utime(temporary, (time.time() - 90_000,) * 2)
            [found] = media.collect_garbage(delete=True)
            assert found.key == f"{ORPHAN}#1"
            assert not temporary.parent.exists()
