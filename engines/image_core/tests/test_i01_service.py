"""Compositions rendered and registered as `image_render` artifacts."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engines.image_core import ExportError, ImageComposition, ImageCoreService, Renderer, SourceError
from engines.image_core.backend import STAGES
from engines.image_core.export import pixel_hash
from engines.image_core.tests.composing import (
    Layer,
    Pixels,
    composed,
    file_data,
    flat,
    group,
    photo,
    random_pixels,
    solid,
)
from engines.media_v2 import DerivedArtifact, ImageRenderMeta, MediaError

ACME: Any = {"tenant_id": "acme", "env": "dev"}
STACK: tuple[Layer, ...] = (
    solid("#102030"),
    photo("coffee.png", fit="cover", blend_mode="screen", opacity=0.8),
    group(solid("#ff800080", width=40, height=20), blend_mode="add"),
)


def card(**fields: Any) -> ImageComposition:
    """Four layers, one of them in a group, on 120 x 80."""
    return composed(*STACK, **{"size": (120, 80), **fields})


def read(service: ImageCoreService, artifact: DerivedArtifact) -> bytes:
    """The stored file of an artifact of acme, dev."""
    return service.media.read_artifact(artifact.id, **ACME)


def decoded(data: bytes) -> Pixels:
    """A file's pixels as RGBA."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))


def meta(artifact: DerivedArtifact) -> ImageRenderMeta:
    """The meta of an image_render."""
    assert isinstance(artifact.meta, ImageRenderMeta)
    return artifact.meta


def test_the_artifact_holds_the_rendered_pixels(service: ImageCoreService) -> None:
    """The stored PNG decodes to exactly what rendering gives, and the meta says what it is."""
    image = service.renderer.render(card())
    artifact = service.render_composition(card())
    data = read(service, artifact)
    assert np.array_equal(decoded(data), image.pixels)
    assert artifact.kind == "image_render"
    assert (artifact.tenant_id, artifact.env) == ("acme", "dev")
    assert (artifact.mime_type, artifact.filename) == ("image/png", "render.png")
    assert artifact.uri.startswith("tenants/acme/dev/media_v2/")
    found = meta(artifact)
    assert (found.width, found.height, found.layers_count, found.format) == (120, 80, 4, "png")
    assert found.pipeline_hash == image.pipeline_hash
    assert found.pixel_hash == image.pixel_hash == pixel_hash(decoded(data))
    assert found.sha256 == artifact.sha256 == hashlib.sha256(data).hexdigest()
    assert found.size_bytes == artifact.size_bytes == len(data)
    assert (found.backend, found.device) == ("numpy", f"NumPy {np.__version__}")
    assert found.blend_modes == ("add", "normal", "screen")
    assert set(found.timings) == {"decode", "plan", *STAGES, "encode"}


def test_pixels_with_alpha_are_stored_exactly(service: ImageCoreService) -> None:
    """A PNG keeps every byte of colour and alpha."""
    pixels = random_pixels(1, 50, 40)
    asset = service.media.register_asset(file_data(Image.fromarray(pixels)), **ACME, filename="a.png")
    artifact = service.render_composition(
        composed({"type": "raster", "source": {"asset_id": asset.id}}, size=(50, 40))
    )
    assert np.array_equal(decoded(read(service, artifact)), np.where(pixels[..., 3:] == 0, 0, pixels))
    assert artifact.parent_asset_id == asset.id


def test_webp(service: ImageCoreService) -> None:
    """The same plan as WEBP is an artifact of its own, of the same pixels before the lossy coding."""
    png, webp = service.render_composition(card()), service.render_composition(card(), "webp")
    assert webp.id != png.id
    assert (webp.mime_type, webp.filename, meta(webp).format) == ("image/webp", "render.webp", "webp")
    assert meta(webp).pixel_hash == meta(png).pixel_hash
    with Image.open(io.BytesIO(read(service, webp))) as file:
        assert (file.format, file.size) == ("WEBP", (120, 80))
    difference = np.abs(decoded(read(service, webp)).astype(int) - decoded(read(service, png)))
    assert difference.mean() < 4


def test_another_format_is_an_error(service: ImageCoreService) -> None:
    """A format that is not there is told with those that are."""
    with pytest.raises(
        ExportError, match=r"^format: 'gif' is not allowed: allowed is png, webp, jpeg or avif$"
    ):
        service.render_composition(card(), "gif")


def test_the_same_plan_is_the_same_artifact(
    service: ImageCoreService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rendered once; after that the artifact is found by its plan, whatever its layers are called."""
    first = service.render_composition(card())
    monkeypatch.setattr(Renderer, "draw", lambda *_: pytest.fail("it was rendered again"))
    assert service.render_composition(card()) == first
    named = composed(*({**layer, "name": "a name"} for layer in STACK), size=(120, 80))
    assert service.render_composition(named) == first


def test_a_changed_plan_is_another_artifact(service: ImageCoreService) -> None:
    """What can be seen makes a difference, in the bytes of a source too."""
    ids = {service.render_composition(card(**fields)).id for fields in ({}, {"size": (121, 80)})}
    for color in ("#ff0000", "#ff0001"):
        asset = service.media.register_asset(
            file_data(Image.fromarray(flat(color, 4, 4))), **ACME, filename="a.png"
        )
        layer = {"type": "raster", "source": {"asset_id": asset.id}}
        ids.add(service.render_composition(composed(layer)).id)
    assert len(ids) == 4


def test_force_renders_again(service: ImageCoreService) -> None:
    """A forced render is a new artifact of the same bytes that takes the old one's place; the old one keeps
    its id."""
    first = service.render_composition(card())
    forced = service.render_composition(card(), force=True)
    assert forced.id != first.id
    assert forced.sha256 == first.sha256
    assert service.render_composition(card()).id == forced.id
    assert service.media.get_artifact(first.id, **ACME) == first


@pytest.mark.parametrize("other", [{"tenant_id": "globex"}, {"env": "prod"}])
def test_tenants_and_envs_share_nothing(service: ImageCoreService, other: dict[str, str]) -> None:
    """The same plan of another tenant or env is rendered for it and kept apart."""
    mine, theirs = service.render_composition(card()), service.render_composition(card(**other))
    assert theirs.id != mine.id
    assert meta(theirs).pipeline_hash == meta(mine).pipeline_hash
    with pytest.raises(MediaError, match="not found"):
        service.media.get_artifact(theirs.id, **ACME)


def test_an_asset_of_another_tenant_or_env_is_not_found(service: ImageCoreService) -> None:
    """In the words for an asset that does not exist at all, and with the layer's name."""
    data = file_data(Image.fromarray(flat("#ff0000", 4, 4)))
    missing = "0" * 32
    scopes: list[Any] = [{"tenant_id": "globex", "env": "dev"}, {"tenant_id": "acme", "env": "prod"}]
    for scope in scopes:
        foreign = service.media.register_asset(data, **scope, filename="a.png").id
        lines = []
        for asset_id in (foreign, missing):
            layer = {"type": "raster", "name": "photo", "source": {"asset_id": asset_id}}
            with pytest.raises(SourceError) as caught:
                service.render_composition(composed(layer))
            lines.append(str(caught.value).replace(asset_id, "ID"))
        assert lines == ["layer 'photo' (layers[0]), source: asset 'ID' not found"] * 2


def test_a_layer_that_does_not_show_needs_no_asset(service: ImageCoreService) -> None:
    """An invisible layer's asset is not looked up, neither to be drawn nor as the artifact's parent."""
    gone: Layer = {"type": "raster", "source": {"asset_id": "0" * 32}, "visible": False}
    artifact = service.render_composition(composed(gone, solid("#ffffff")))
    assert artifact.parent_asset_id is None


def test_a_failed_render_registers_nothing(service: ImageCoreService) -> None:
    """A source that fails leaves no artifact behind."""
    with pytest.raises(SourceError):
        service.render_composition(composed(photo("no such.png")))
    assert service.media.list_artifacts(**ACME).items == ()


def test_a_store_opened_again_finds_its_artifacts(tmp_path: Path) -> None:
    """What was rendered in one run is found in the next."""
    ids = set()
    for _ in range(2):
        with ImageCoreService.open(tmp_path, backend="numpy") as service:
            ids.add(service.render_composition(composed(solid("#336699"))).id)
    assert len(ids) == 1
