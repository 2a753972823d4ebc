"""One artifact per dedupe key, whoever registers it and however many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from engines.media_v2 import (
    InvalidArtifactError,
    InvalidRequestError,
    MediaService,
)
from engines.media_v2.tests.stores import Store
from engines.media_v2.tests.support import (
    ACME,
    render,
)


class TestDedupe:
    """One artifact per key."""

    def test_the_first_artifact_of_a_key_is_the_one_that_stays(
        self, media: MediaService, store: Store
    ) -> None:
        """A second registration returns the first and stores nothing."""
        first = render(media, b"first", dedupe_key="key")
        second = render(media, b"second", dedupe_key="key")
        assert second == first
        assert media.find_artifact(**ACME, kind="image_render", dedupe_key="key") == first
        assert store.blobs() == [b"first"]

    def test_without_a_key_each_registration_is_an_artifact(self, media: MediaService) -> None:
        """None is not a key that could be taken."""
        assert render(media).id != render(media).id
        assert len(media.list_artifacts(**ACME).items) == 2

    def test_superseding_gives_the_key_to_the_new_artifact(self, media: MediaService) -> None:
        """The fresh bytes are what is found from then on; the older artifact stays readable by its id."""
        first = render(media, b"first", dedupe_key="key")
        fresh = render(media, b"fresh", dedupe_key="key", supersede=True)
        assert fresh.id != first.id
        assert render(media, b"third", dedupe_key="key") == fresh
        assert media.find_artifact(**ACME, kind="image_render", dedupe_key="key") == fresh
        assert media.read_artifact(first.id, **ACME) == b"first"
        assert media.read_artifact(fresh.id, **ACME) == b"fresh"

    def test_superseding_nothing_is_a_first_registration(self, media: MediaService) -> None:
        """And without a key it is a contradiction."""
        assert render(media, dedupe_key="key", supersede=True) == render(media, dedupe_key="key")
        with pytest.raises(InvalidArtifactError, match="supersede"):
            render(media, supersede=True)

    @pytest.mark.parametrize("key", ["", "x" * 256, 7, "a\0"])
    def test_a_key_that_is_no_name_is_refused(self, media: MediaService, key: Any) -> None:
        """On registration and on finding."""
        with pytest.raises(InvalidArtifactError, match=r"^dedupe_key: "):
            render(media, dedupe_key=key)
        with pytest.raises(InvalidRequestError, match=r"^dedupe_key: "):
            media.find_artifact(**ACME, kind="mask", dedupe_key=key)

    def test_the_loser_of_a_race_gets_the_winners_artifact(self, media: MediaService, store: Store) -> None:
        """Sixteen threads, ten keys: each key ends with one artifact, one blob, one answer for all."""
        with ThreadPoolExecutor(16) as pool:
            for key in map(str, range(10)):
                made = pool.map(lambda n, key=key: render(media, b"%d" % n, dedupe_key=key), range(16))
                assert len({artifact.id for artifact in made}) == 1
        assert len(media.list_artifacts(**ACME).items) == 10
        assert len(store.blobs()) == 10

    def test_of_several_that_supersede_at_once_one_has_the_key(
        self, media: MediaService, store: Store
    ) -> None:
        """Sixteen threads give a key to their own artifact: all sixteen are kept, the key finds one."""
        render(media, b"first", dedupe_key="key")
        with ThreadPoolExecutor(16) as pool:
            made = set(
                pool.map(lambda n: render(media, b"%d" % n, dedupe_key="key", supersede=True).id, range(16))
            )
        assert len(made) == 16
        holder = media.find_artifact(**ACME, kind="image_render", dedupe_key="key")
        assert holder is not None
        assert holder.id in made
        assert len(store.execute("SELECT id FROM media_v2_artifacts WHERE dedupe_key = 'key'")) == 1
        assert len(store.blobs()) == len(media.list_artifacts(**ACME).items) == 17


class TestOpening:
    """Several openings of one store."""

    def test_new_files_are_opened_by_many_threads_at_once(self, tmp_path: Path) -> None:
        """The switch to SQLite's write-ahead log is not covered by its busy timeout; nobody may see that."""
        with ThreadPoolExecutor(8) as pool:
            for index in range(10):
                folders = [tmp_path / str(index)] * 8
                for service in pool.map(MediaService.open, folders):
                    service.close()

    def test_what_one_process_wrote_the_next_one_reads(self, store: Store) -> None:
        """Closing and opening loses nothing."""
        with store.open() as media:
            artifact = render(media, dedupe_key="key")
        with store.open() as media:
            assert media.find_artifact(**ACME, kind="image_render", dedupe_key="key") == artifact
            assert media.read_artifact(artifact.id, **ACME) == b"pixels"
