"""Nothing of another tenant or env can be seen or reached."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import make_url

from engines.media_v2 import (
    DamagedBlobError,
    InvalidRequestError,
    MediaService,
    NotFoundError,
    StorageError,
)
from engines.media_v2.database import Database
from engines.media_v2.repository import MediaRepository
from engines.media_v2.tests.stores import Store
from engines.media_v2.tests.support import (
    ACME,
    MASK,
    NOWHERE,
    OTHERS,
    render,
)


class TestTenancy:
    """Nothing of another tenant or env can be seen."""

    @pytest.mark.parametrize("stranger", OTHERS)
    def test_what_is_anothers_is_not_found_word_for_word(self, media: MediaService, stranger: Any) -> None:
        """By id, by bytes, by key and by listing: as if it did not exist."""
        asset = media.register_asset(b"photo", **ACME, filename="a.jpg")
        artifact = render(media, parent_asset_id=asset.id, dedupe_key="key")
        by_id: list[tuple[Callable[..., object], str]] = [
            (media.get_asset, asset.id),
            (media.read_asset, asset.id),
            (media.get_artifact, artifact.id),
            (media.read_artifact, artifact.id),
        ]
        for call, known_id in by_id:
            with pytest.raises(NotFoundError) as hidden:
                call(known_id, **stranger)
            with pytest.raises(NotFoundError) as absent:
                call(NOWHERE, **stranger)
            assert str(hidden.value) == str(absent.value).replace(NOWHERE, known_id)
        assert media.find_artifact(**stranger, kind="image_render", dedupe_key="key") is None
        assert media.list_assets(**stranger).items == ()
        assert media.list_artifacts(**stranger).items == ()
        with pytest.raises(NotFoundError):
            media.list_artifacts(**stranger, parent_asset_id=asset.id)

    def test_a_cursor_of_another_tenant_is_no_cursor(self, media: MediaService) -> None:
        """A cursor tells nothing about what others have."""
        artifact = render(media)
        messages = []
        for cursor in (artifact.id, NOWHERE):
            with pytest.raises(InvalidRequestError) as caught:
                media.list_artifacts(**OTHERS[0], cursor=cursor)
            messages.append(str(caught.value).replace(cursor, "ID"))
        assert messages[0] == messages[1]

    def test_the_same_dedupe_key_of_two_tenants_is_two_artifacts(self, media: MediaService) -> None:
        """Keys belong to a tenant, an env and a kind."""
        scopes = [ACME, *OTHERS]
        made = [render(media, **scope, dedupe_key="key") for scope in scopes]
        made.append(render(media, kind="mask", meta=MASK, dedupe_key="key"))
        assert len({artifact.id for artifact in made}) == 4

    @pytest.mark.parametrize("name", ["tenant_id", "env"])
    @pytest.mark.parametrize("value", ["", ".", "..", "a/b", "a b", "é", "a\n", "\0", "x" * 65, None, 7])
    def test_every_call_refuses_a_tenant_or_env_that_is_no_name(
        self, media: MediaService, name: str, value: Any
    ) -> None:
        """Before anything is read or written; the error names the field."""
        scope: Any = {**ACME, name: value}
        calls: list[Callable[[], object]] = [
            lambda: media.register_asset(b"x", **scope, filename="a.png"),
            lambda: media.register_blob("tenants/acme/dev/a.png", **scope),
            lambda: media.get_asset(NOWHERE, **scope),
            lambda: media.read_asset(NOWHERE, **scope),
            lambda: media.list_assets(**scope),
            lambda: render(media, **scope),
            lambda: media.find_artifact(**scope, kind="mask", dedupe_key="k"),
            lambda: media.get_artifact(NOWHERE, **scope),
            lambda: media.read_artifact(NOWHERE, **scope),
            lambda: media.list_artifacts(**scope),
        ]
        for call in calls:
            with pytest.raises(InvalidRequestError, match=rf"^{name}: .* is not allowed"):
                call()

    def test_a_tenant_may_have_every_allowed_character(self, media: MediaService) -> None:
        """64 letters, digits and the three signs, also in a name that begins with a dot."""
        scope: Any = {"tenant_id": "..a", "env": "Az09-_." + "x" * 57}
        asset = media.register_asset(b"x", **scope, filename="a.png")
        assert media.read_asset(asset.id, **scope) == b"x"

    @pytest.mark.parametrize(
        "uri",
        [
            "tenants/globex/dev/media_v2/{other}/a.jpg",
            "tenants/acme/dev/media_v2/{own}/../../../../globex/dev/media_v2/{other}/a.jpg",
            "tenants/acme/dev/media_v2/{other}/a.jpg",
            "/etc/passwd",
        ],
    )
    def test_a_row_that_points_at_anothers_blob_is_refused(
        self, media: MediaService, store: Store, uri: str
    ) -> None:
        """Even a manipulated database does not make one tenant's bytes another's."""
        own = media.register_asset(b"own", **ACME, filename="a.jpg")
        other = media.register_asset(b"own", **OTHERS[0], filename="a.jpg")
        forged = uri.format(own=own.id, other=other.id)
        store.execute("UPDATE media_v2_assets SET uri = :uri WHERE id = :id", uri=forged, id=own.id)
        with pytest.raises(DamagedBlobError, match="is not its own blob; refused"):
            media.read_asset(own.id, **ACME)

    def test_a_blob_of_the_host_becomes_an_asset(self, media: MediaService, store: Store) -> None:
        """What lies under the caller's own prefix is copied: the host may change or remove it afterwards."""
        uri = "tenants/acme/dev/incoming/2026/a photo é.jpg"
        store.write(uri, b"photo")
        asset = media.register_blob(uri, **ACME, kind="image", meta={"from": "camera"})
        named = media.register_blob(uri, **ACME, filename="b.bin", mime_type="image/jpeg")
        store.remove(uri)
        assert media.read_asset(asset.id, **ACME) == media.read_asset(named.id, **ACME) == b"photo"
        assert (asset.filename, asset.mime_type, asset.meta) == (
            "a photo é.jpg",
            "image/jpeg",
            {"from": "camera"},
        )
        assert (named.filename, named.mime_type) == ("b.bin", "image/jpeg")
        with pytest.raises(NotFoundError, match=r"^blob 'tenants/acme/dev/incoming/.*' not found$"):
            media.register_blob(uri, **ACME)

    @pytest.mark.parametrize(
        "uri",
        [
            "tenants/globex/dev/a.jpg",
            "tenants/acme/prod/a.jpg",
            "tenants/acme/developers/a.jpg",
            "tenants/acme/dev",
            "tenants/acme/dev/",
            "tenants/acme/dev//a.jpg",
            "tenants/acme/dev/../../globex/dev/a.jpg",
            "tenants/acme/dev/./a.jpg",
            "/tenants/acme/dev/a.jpg",
            "file:///etc/passwd",
            "s3://bucket/tenants/acme/dev/a.jpg",
            "tenants/acme/dev/a.jpg\0",
            "tenants/acme/dev/" + "a/" * 600 + "a.jpg",
            "",
            None,
        ],
    )
    def test_a_blob_outside_the_callers_prefix_is_refused(
        self, media: MediaService, store: Store, uri: Any
    ) -> None:
        """Whether or not it is there, in the same words; nothing is registered."""
        for key in ("tenants/globex/dev/a.jpg", "tenants/acme/prod/a.jpg", "tenants/acme/developers/a.jpg"):
            store.write(key, b"secret")
        with pytest.raises(InvalidRequestError, match=r"^uri: ") as caught:
            media.register_blob(uri, **ACME)
        assert "\n" not in str(caught.value)
        assert media.list_assets(**ACME).items == ()

    def test_the_database_itself_refuses_a_parent_of_another_tenant(
        self, media: MediaService, store: Store
    ) -> None:
        """The foreign key spans tenant and env, and the database checks it."""
        asset = media.register_asset(b"x", **ACME, filename="a.jpg")
        stray = render(media).model_copy(
            update={"id": NOWHERE, "tenant_id": "globex", "parent_asset_id": asset.id}
        )
        with closing(Database.open(make_url(store.database_url))) as database:
            repository = MediaRepository(database)
            with pytest.raises(StorageError, match=r"(?i)foreign key"):
                repository.add_artifact(stray, None)
            repository.add_artifact(stray.model_copy(update={"tenant_id": "acme"}), None)
