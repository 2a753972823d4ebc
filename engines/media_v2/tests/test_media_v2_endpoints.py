"""What media_v2 takes and gives back: assets, artifacts and their meta."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import JsonValue

from engines.media_v2 import (
    ArtifactKind,
    AssetKind,
    ImageRenderMeta,
    InvalidArtifactError,
    InvalidRequestError,
    MaskMeta,
    MediaService,
    NotFoundError,
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


class TestAssets:
    """Files that are handed in."""

    def test_an_asset_comes_back_as_it_was_registered(self, media: MediaService) -> None:
        """All fields and every byte survive; the time is now, in UTC."""
        meta: dict[str, JsonValue] = {"camera": "Ζ9", "exposure": {"iso": 100, "stops": [1, 0.5, None, True]}}
        asset = media.register_asset(b"\x89PNG", **ACME, filename="Foto 1 é.png", meta=meta)
        assert media.get_asset(asset.id, **ACME) == asset
        assert media.read_asset(asset.id, **ACME) == b"\x89PNG"
        assert (asset.kind, asset.mime_type, asset.size_bytes) == (AssetKind.IMAGE, "image/png", 4)
        assert asset.sha256 == hashlib.sha256(b"\x89PNG").hexdigest()
        assert asset.uri == f"tenants/acme/dev/media_v2/{asset.id}/Foto 1 é.png"
        assert asset.meta == meta
        assert asset.created_at.tzinfo is UTC
        assert abs(datetime.now(UTC) - asset.created_at) < timedelta(minutes=1)

    def test_the_mime_type_is_the_callers_or_that_of_the_name(self, media: MediaService) -> None:
        """A given type wins; a name that says nothing is application/octet-stream."""
        given = media.register_asset(b"x", **ACME, filename="a.png", kind="font", mime_type="font/otf")
        unknown = media.register_asset(b"x", **ACME, filename="README")
        assert (given.kind, given.mime_type) == (AssetKind.FONT, "font/otf")
        assert unknown.mime_type == "application/octet-stream"

    @pytest.mark.parametrize(
        "filename",
        ["", ".", "..", "a/b", "../a", "a\\b", "a\0b", "a\nb", "\x7f", "é" * 101, "a#1", "\ud800", None],
    )
    def test_a_name_that_could_leave_its_folder_is_refused(
        self, media: MediaService, store: Store, filename: Any
    ) -> None:
        """The error names the field, and no byte is stored."""
        with pytest.raises(InvalidRequestError, match=r"^asset, filename: .* is not allowed: "):
            media.register_asset(b"x", **ACME, filename=filename)
        assert store.blobs() == []

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"kind": "video"}, "kind"),
            ({"mime_type": "PNG"}, "mime_type"),
            ({"mime_type": "text/html; charset=utf-8"}, "mime_type"),
            ({"meta": {"x": float("nan")}}, "meta"),
            ({"meta": {"x": ["\0"]}}, "meta"),
            ({"meta": {"\ud800": 1}}, "meta"),
            ({"meta": {"x": object()}}, "meta.x"),
            ({"meta": 3}, "meta"),
            ({"meta": []}, "meta"),
        ],
    )
    def test_a_field_that_cannot_be_kept_is_an_error_that_names_it(
        self, media: MediaService, changes: dict[str, Any], field: str
    ) -> None:
        """One line, no repair."""
        with pytest.raises(InvalidRequestError) as caught:
            media.register_asset(b"x", **{**ACME, "filename": "a.png", **changes})
        assert str(caught.value).startswith(f"asset, {field}: ")
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("data", [b"", "text", bytearray(b"x"), None])
    def test_only_bytes_and_at_least_one_are_kept(self, media: MediaService, data: Any) -> None:
        """An empty file is a mistake upstream, not an asset."""
        with pytest.raises(InvalidRequestError, match=r"^data: .* allowed are 1 or more bytes"):
            media.register_asset(data, **ACME, filename="a.png")


class TestArtifactContract:
    """Kinds and their meta."""

    def test_an_image_render_keeps_its_whole_meta(self, media: MediaService) -> None:
        """Every field of the contract survives the database."""
        data = b"file"
        meta = ImageRenderMeta(
            width=1200,
            height=630,
            layers_count=5,
            pipeline_hash=HASH,
            pixel_hash="cd" * 32,
            format="png",
            backend="gl",
            device="llvmpipe (LLVM 15.0.6, 256 bits)",
            sha256=hashlib.sha256(data).hexdigest(),
            size_bytes=4,
            blend_modes=("normal", "multiply"),
            timings={"decode": 1.25, "compose": 30},
        )
        artifact = render(media, data, meta=meta)
        assert media.get_artifact(artifact.id, **ACME).meta == meta
        assert media.get_artifact(artifact.id, **ACME) == artifact
        assert media.read_artifact(artifact.id, **ACME) == data
        assert artifact.kind is ArtifactKind.IMAGE_RENDER

    def test_a_mask_keeps_its_whole_meta(self, media: MediaService) -> None:
        """The same for masks; what was not given stays not given."""
        meta = {**MASK, "mask_type": "polygon", "points_count": 4, "feather_radius": 2.5, "inverted": True}
        artifact = render(media, kind="mask", meta=meta)
        kept = media.get_artifact(artifact.id, **ACME).meta
        assert isinstance(kept, MaskMeta)
        assert kept.model_dump(exclude_none=True) == meta

    @pytest.mark.parametrize("name", sorted(RENDER))
    def test_an_image_render_without_a_required_field_is_refused(
        self, media: MediaService, name: str
    ) -> None:
        """The error names the kind and the missing field."""
        meta = {key: value for key, value in RENDER.items() if key != name}
        with pytest.raises(InvalidArtifactError) as caught:
            render(media, meta=meta)
        assert str(caught.value) == f"image_render artifact, meta.{name}: this field is required"

    @pytest.mark.parametrize("name", sorted(MASK))
    def test_a_mask_without_a_required_field_is_refused(self, media: MediaService, name: str) -> None:
        """The error names the kind and the missing field."""
        meta = {key: value for key, value in MASK.items() if key != name}
        with pytest.raises(InvalidArtifactError) as caught:
            render(media, kind="mask", meta=meta)
        assert str(caught.value) == f"mask artifact, meta.{name}: this field is required"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("width", 0),
            ("width", -4),
            ("width", 4.0),
            ("width", "4"),
            ("width", True),
            ("width", None),
            ("height", 0),
            ("layers_count", -1),
            ("pipeline_hash", "ab"),
            ("pipeline_hash", HASH.upper()),
            ("pipeline_hash", HASH + "\n"),
            ("pixel_hash", 7),
            ("format", ""),
            ("device", "two\nlines"),
            ("size_bytes", 0),
            ("size_bytes", 99),
            ("sha256", HASH),
            ("blend_modes", "normal"),
            ("timings", {"compose": -1}),
            ("timings", {"compose": float("nan")}),
            ("timings", {"compose": "3"}),
            ("colour_space", "srgb"),
            ("two\nlines", 1),
        ],
    )
    def test_a_wrong_image_render_field_is_refused_by_name(
        self, media: MediaService, store: Store, name: str, value: Any
    ) -> None:
        """Wrong types, zero and negative sizes, unknown fields, and a hash or size that is not the bytes'."""
        with pytest.raises(InvalidArtifactError) as caught:
            render(media, meta={**RENDER, name: value})
        shown = name if name.isprintable() else repr(name)
        assert str(caught.value).startswith(f"image_render artifact, meta.{shown}")
        assert "\n" not in str(caught.value)
        assert store.blobs() == []
        assert media.list_artifacts(**ACME).items == ()

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("width", 0),
            ("selection_hash", "x"),
            ("points_count", -1),
            ("strokes_count", 1.5),
            ("feather_radius", -0.1),
            ("feather_radius", float("inf")),
            ("inverted", 1),
            ("mask_type", 3),
            ("layers_count", 2),
        ],
    )
    def test_a_wrong_mask_field_is_refused_by_name(self, media: MediaService, name: str, value: Any) -> None:
        """The same for masks; a field of another kind is an unknown field."""
        with pytest.raises(InvalidArtifactError) as caught:
            render(media, kind="mask", meta={**MASK, name: value})
        assert str(caught.value).startswith(f"mask artifact, meta.{name}: ")

    @pytest.mark.parametrize("kind", ["thumbnail", "", None, 3, "IMAGE_RENDER"])
    def test_an_unknown_kind_is_refused_with_the_known_ones(self, media: MediaService, kind: Any) -> None:
        """On registration, finding and listing."""
        allowed = r"^kind: .* is not allowed: allowed is 'image_render' or 'mask'$"
        with pytest.raises(InvalidArtifactError, match=allowed):
            render(media, kind=kind)
        with pytest.raises(InvalidRequestError, match=allowed):
            media.find_artifact(**ACME, kind=kind, dedupe_key="k")
        if kind is not None:  # None lists all kinds
            with pytest.raises(InvalidRequestError, match=allowed):
                media.list_artifacts(**ACME, kind=kind)

    def test_the_meta_model_of_another_kind_is_refused(self, media: MediaService) -> None:
        """A mask's meta does not make an image_render."""
        with pytest.raises(InvalidArtifactError, match="meta: allowed is a dict or ImageRenderMeta"):
            render(media, meta=MaskMeta(**MASK))

    def test_a_parent_must_be_an_asset_of_the_same_tenant_and_env(self, media: MediaService) -> None:
        """A parent that is not there and one of another tenant or env give the same answer."""
        asset = media.register_asset(b"photo", **ACME, filename="a.jpg")
        assert render(media, parent_asset_id=asset.id).parent_asset_id == asset.id
        for scope in OTHERS:
            with pytest.raises(NotFoundError) as caught:
                render(media, **scope, parent_asset_id=asset.id)
            assert str(caught.value) == f"asset '{asset.id}' not found"
        with pytest.raises(NotFoundError, match=f"^asset '{NOWHERE}' not found$"):
            render(media, parent_asset_id=NOWHERE)
