"""Listings: pages, their order and what narrows them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import chain
from typing import Any

import pytest

from engines.media_v2 import (
    ArtifactKind,
    InvalidRequestError,
    MediaService,
)
from engines.media_v2.tests.stores import Store
from engines.media_v2.tests.support import (
    ACME,
    HASH,
    MASK,
    NOWHERE,
    OTHERS,
    RENDER,
    render,
)


class TestListing:
    """Pages, newest first."""

    def test_pages_join_to_the_whole_listing_without_gaps(self, media: MediaService) -> None:
        """Seven artifacts in pages of three; the last page says that it is the last."""
        made = [render(media).id for _ in range(7)]
        pages: list[list[str]] = []
        cursor = None
        while not pages or cursor:
            page = media.list_artifacts(**ACME, limit=3, cursor=cursor)
            pages.append([artifact.id for artifact in page.items])
            cursor = page.next_cursor
        assert [len(page) for page in pages] == [3, 3, 1]
        assert [*chain(*pages)] == made[::-1]

    def test_a_full_last_page_has_no_cursor(self, media: MediaService) -> None:
        """No empty page follows."""
        for _ in range(3):
            media.register_asset(b"x", **ACME, filename="a.png")
        assert media.list_assets(**ACME, limit=3).next_cursor is None

    def test_what_is_added_while_paging_shifts_nothing(self, media: MediaService) -> None:
        """A cursor is a place in the listing, not a number of rows."""
        made = [media.register_asset(b"x", **ACME, filename="a.png").id for _ in range(4)]
        page = media.list_assets(**ACME, limit=2)
        media.register_asset(b"x", **ACME, filename="late.png")
        rest = media.list_assets(**ACME, limit=2, cursor=page.next_cursor)
        assert [asset.id for asset in (*page.items, *rest.items)] == made[::-1]

    def test_equal_times_are_told_apart_by_id(self, media: MediaService, store: Store) -> None:
        """Pages of one through rows of the same microsecond."""
        made = {render(media).id for _ in range(5)}
        store.execute("UPDATE media_v2_artifacts SET created_at = '2026-01-01 00:00:00.000000'")
        seen, cursor = [], None
        for _ in range(5):
            page = media.list_artifacts(**ACME, limit=1, cursor=cursor)
            seen += [artifact.id for artifact in page.items]
            cursor = page.next_cursor
        assert cursor is None
        assert sorted(seen) == sorted(made)

    def test_a_listing_narrows_by_kind_and_parent(self, media: MediaService) -> None:
        """Alone and together."""
        photo = media.register_asset(b"x", **ACME, filename="a.jpg")
        font = media.register_asset(b"x", **ACME, filename="a.otf", kind="font")
        free, derived = render(media), render(media, parent_asset_id=photo.id)
        mask = render(media, kind="mask", meta=MASK, parent_asset_id=photo.id)

        def ids(**wanted: Any) -> list[str]:
            return [artifact.id for artifact in media.list_artifacts(**ACME, **wanted).items]

        assert ids() == [mask.id, derived.id, free.id]
        assert ids(kind="image_render") == [derived.id, free.id]
        assert ids(parent_asset_id=photo.id) == [mask.id, derived.id]
        assert ids(kind=ArtifactKind.MASK, parent_asset_id=photo.id) == [mask.id]
        assert ids(parent_asset_id=font.id) == []
        assert media.list_assets(**ACME, kind="font").items == (font,)

    def test_a_listing_narrows_by_pipeline_hash(self, media: MediaService) -> None:
        """Renders of a plan, in any format; no mask has one."""
        other = {**RENDER, "pipeline_hash": "cd" * 32}
        made = [render(media, meta=meta).id for meta in (RENDER, other, RENDER)]
        render(media, kind="mask", meta=MASK)
        listed = media.list_artifacts(**ACME, pipeline_hash=HASH).items
        assert [artifact.id for artifact in listed] == [made[2], made[0]]
        assert media.list_artifacts(**ACME, pipeline_hash=HASH, kind="mask").items == ()
        assert media.list_artifacts(**OTHERS[0], pipeline_hash=HASH).items == ()
        page = media.list_artifacts(**ACME, pipeline_hash=HASH, limit=1)
        rest = media.list_artifacts(**ACME, pipeline_hash=HASH, limit=1, cursor=page.next_cursor)
        assert (page.items[0].id, rest.items[0].id, rest.next_cursor) == (made[2], made[0], None)

    def test_a_listing_narrows_by_time(self, media: MediaService, store: Store) -> None:
        """From the first moment on, up to and without the second: spans that touch share nothing and miss
        nothing. The time zone a moment is given in does not matter."""
        hours = [datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in range(5)]
        for table, made in (
            ("assets", [media.register_asset(b"x", **ACME, filename="a.png").id for _ in hours]),
            ("artifacts", [render(media).id for _ in hours]),
        ):
            for object_id, hour in zip(made, hours, strict=True):
                # Written as each database keeps it, in UTC.
                moment = f"{hour:%Y-%m-%d %H:%M:%S}.000000" + (
                    "" if "sqlite" in store.database_url else "+00"
                )
                statement = f"UPDATE media_v2_{table} SET created_at = :moment WHERE id = :id"
                store.execute(statement, moment=moment, id=object_id)
            listing = media.list_assets if table == "assets" else media.list_artifacts

            def ids(listing: Any = listing, **wanted: Any) -> list[str]:
                return [item.id for item in listing(**ACME, **wanted).items]

            assert ids(created_after=hours[3]) == [made[4], made[3]]
            assert ids(created_before=hours[2]) == [made[1], made[0]]
            tokyo = timezone(timedelta(hours=9))
            assert ids(created_after=hours[1].astimezone(tokyo), created_before=hours[3]) == [
                made[2],
                made[1],
            ]
            assert ids(created_after=hours[4] + timedelta(microseconds=1)) == []

    @pytest.mark.parametrize(
        "span",
        [
            {"created_after": datetime(2026, 1, 1)},
            {"created_after": "2026-01-01T00:00:00Z"},
            {"created_before": 0},
            {
                "created_after": datetime(2026, 1, 1, tzinfo=UTC),
                "created_before": datetime(2026, 1, 1, tzinfo=UTC),
            },
            {"created_before": datetime.min.replace(tzinfo=timezone(timedelta(hours=9)))},
        ],
    )
    def test_a_time_that_is_no_moment_is_refused(self, media: MediaService, span: dict[str, Any]) -> None:
        """No time zone, text, a number, a span that holds nothing, a moment before the calendar."""
        for listing in (media.list_assets, media.list_artifacts):
            with pytest.raises(InvalidRequestError, match=r"^created_(after|before): ") as caught:
                listing(**ACME, **span)
            assert "\n" not in str(caught.value)

    @pytest.mark.parametrize(
        ("wanted", "field"),
        [
            ({"limit": 0}, "limit"),
            ({"limit": 1001}, "limit"),
            ({"limit": True}, "limit"),
            ({"limit": "3"}, "limit"),
            ({"cursor": "x"}, "cursor"),
            ({"cursor": NOWHERE}, "cursor"),
            ({"kind": "video"}, "kind"),
        ],
    )
    def test_a_page_that_cannot_be_is_refused(
        self, media: MediaService, wanted: dict[str, Any], field: str
    ) -> None:
        """The error names the argument."""
        with pytest.raises(InvalidRequestError, match=f"^{field}: "):
            media.list_assets(**ACME, **wanted)
        with pytest.raises(InvalidRequestError, match=f"^{field}: "):
            media.list_artifacts(**ACME, **wanted)

    @pytest.mark.parametrize("value", ["", "ab", HASH.upper(), 7])
    def test_a_pipeline_hash_that_is_none_is_refused(self, media: MediaService, value: Any) -> None:
        """It is a SHA-256 in lower-case hex."""
        with pytest.raises(InvalidRequestError, match=r"^pipeline_hash: "):
            media.list_artifacts(**ACME, pipeline_hash=value)
