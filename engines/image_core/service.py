"""Renders and masks as artifacts of a tenant and env in media_v2."""

from __future__ import annotations

import hashlib
import time
from io import BytesIO
from os import PathLike
from typing import Any, Self

from PIL import Image

from engines.image_core.backend import BackendChoice
from engines.image_core.errors import SourceError
from engines.image_core.export import Format, encode, parse_format
from engines.image_core.fields import CanvasSide, Model, parse
from engines.image_core.models import ImageComposition, RasterLayer
from engines.image_core.renderer import RenderedImage, Renderer
from engines.image_core.selections import rasterise_selection
from engines.image_core.shapes import Selection
from engines.media_v2 import (
    ArtifactKind,
    DerivedArtifact,
    ImageRenderMeta,
    MaskMeta,
    MediaError,
    MediaService,
)

__all__ = ["ImageCoreService"]


class ImageCoreService:
    """Renders compositions and masks and keeps them in a media store.

    Asset ids and mask artifact ids in a composition are those of its own tenant and env.
    """

    def __init__(self, media: MediaService, renderer: Renderer) -> None:
        self.media = media
        self.renderer = renderer

    @classmethod
    def open(
        cls,
        data_dir: str | PathLike[str],
        *,
        backend: BackendChoice = "auto",
        root: str | PathLike[str] | None = None,
        device_index: int = 0,
    ) -> Self:
        """Open on the embedded store of a folder (made when missing), with a renderer of its own.

        Args:
            data_dir: the folder of the store.
            backend, root, device_index: as for `Renderer`.

        Raises:
            BackendUnavailableError: the backend that was asked for cannot run here.
            MediaError: the store cannot be opened.
        """
        renderer = Renderer(backend, root, device_index)
        try:
            return cls(MediaService.open(data_dir), renderer)
        except BaseException:
            renderer.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the renderer and the store."""
        self.renderer.close()
        self.media.close()

    def render_composition(
        self, composition: ImageComposition, format: Format | str = Format.PNG, *, force: bool = False
    ) -> DerivedArtifact:
        """Render a composition and register the file as an `image_render` artifact.

        The same plan in the same format, tenant and env is the same artifact: it is returned without being
        rendered again. Its parent is the asset of the lowest layer that has one.

        Args:
            composition: what to draw.
            format: "png" or "webp", with the format's default settings.
            force: render again and let the fresh artifact take the place of the one that is there.

        Raises:
            SourceError: a source is missing, not allowed or damaged; the message names the layer.
            ExportError: no such format, or it cannot hold a picture of this size.
            DeviceError: the GPU or its driver failed.
            MediaError: the store failed.
        """
        chosen = parse_format(format)
        planned = self.renderer.plan(composition, _Scoped(self.media, composition.tenant_id, composition.env))
        scope = {"tenant_id": composition.tenant_id, "env": composition.env}
        key = f"{planned.plan.pipeline_hash}:{chosen.value}"
        if not force:
            held = self.media.find_artifact(**scope, kind=ArtifactKind.IMAGE_RENDER, dedupe_key=key)
            if held is not None:
                return held
        image = self.renderer.draw(planned)
        started = time.perf_counter()
        data = encode(image.pixels, chosen)
        encoded = 1000 * (time.perf_counter() - started)
        return self.media.register_artifact(
            data,
            **scope,
            kind=ArtifactKind.IMAGE_RENDER,
            meta=_render_meta(composition, image, data, chosen, encoded),
            filename=f"render.{chosen.value}",
            mime_type=chosen.content_type,
            parent_asset_id=_parent(composition),
            dedupe_key=key,
            supersede=force,
        )

    def generate_mask(
        self, selection: Selection | dict[str, Any], width: int, height: int, tenant_id: str, env: str
    ) -> DerivedArtifact:
        """Rasterise a selection and register it as a `mask` artifact: an 8-bit grey PNG, 255 = visible.

        The same selection and size for the same tenant and env is the same artifact.

        Args:
            selection: the selection, or a dict of its fields.
            width, height: the canvas in pixels, 1 to 16384.
            tenant_id, env: whose it is.

        Raises:
            CompositionError: the selection or the size is not valid.
            MediaError: the store failed, or the tenant or env is not valid.
        """
        chosen = parse(Selection, selection)
        canvas = parse(_Canvas, {"width": width, "height": height})
        mask = rasterise_selection(chosen, canvas.width, canvas.height)
        file = BytesIO()
        Image.fromarray(mask.pixels).save(file, "PNG")
        return self.media.register_artifact(
            file.getvalue(),
            tenant_id=tenant_id,
            env=env,
            kind=ArtifactKind.MASK,
            meta=MaskMeta(
                width=canvas.width,
                height=canvas.height,
                selection_hash=mask.content_hash,
                mask_type=chosen.type,
                points_count=len(chosen.points) or None,
                strokes_count=len(chosen.strokes) or None,
                feather_radius=chosen.feather_radius,
                inverted=chosen.inverted,
            ),
            filename="mask.png",
            mime_type="image/png",
            dedupe_key=mask.content_hash,
        )


class _Canvas(Model):
    width: CanvasSide
    height: CanvasSide


class _Scoped:
    """The media store as a composition sees it: its own tenant and env, and errors that name the layer."""

    def __init__(self, media: MediaService, tenant_id: str, env: str) -> None:
        self._media = media
        self._tenant_id = tenant_id
        self._env = env

    def read_asset(self, asset_id: str, label: str) -> bytes:
        try:
            return self._media.read_asset(asset_id, tenant_id=self._tenant_id, env=self._env)
        except MediaError as error:
            raise SourceError(f"{label}: {error}") from error

    def read_mask(self, artifact_id: str, label: str) -> bytes:
        scope = {"tenant_id": self._tenant_id, "env": self._env}
        try:
            artifact = self._media.get_artifact(artifact_id, **scope)
            if artifact.kind is not ArtifactKind.MASK:
                raise SourceError(f"{label}: artifact {artifact_id!r} is an {artifact.kind}, not a mask")
            return self._media.read_artifact(artifact_id, **scope)
        except MediaError as error:
            raise SourceError(f"{label}: {error}") from error


def _parent(composition: ImageComposition) -> str | None:
    """The asset of the lowest layer that has one."""
    for _, layer in composition.walk():
        if isinstance(layer, RasterLayer) and layer.source.asset_id is not None:
            return layer.source.asset_id
    return None


def _render_meta(
    composition: ImageComposition, image: RenderedImage, data: bytes, format: Format, encoded: float
) -> ImageRenderMeta:
    return ImageRenderMeta(
        width=image.width,
        height=image.height,
        layers_count=image.layers_count,
        pipeline_hash=image.pipeline_hash,
        pixel_hash=image.pixel_hash,
        format=format.value,
        backend=image.backend,
        device=image.device,
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        blend_modes=tuple(sorted({layer.blend_mode.value for _, layer in composition.walk()})),
        timings={**image.timings, "encode": encoded},
    )
