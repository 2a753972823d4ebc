"""Renders and masks as artifacts of a tenant and env in media_v2."""

from __future__ import annotations

import hashlib
import time
from os import PathLike
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from engines.image_core.backend import BackendChoice
from engines.image_core.composition.fields import CanvasSide, Model, parse
from engines.image_core.composition.shapes import Selection
from engines.image_core.errors import SourceError
from engines.image_core.export import ExportOptions, encode_mask, mask_hash, parse_options
from engines.image_core.models import ImageComposition, RasterLayer
from engines.image_core.planning.needed import needed_areas
from engines.image_core.rendering.masks import draw_mask
from engines.image_core.rendering.rendered import RenderedImage
from engines.image_core.rendering.renderer import Renderer
from engines.image_core.runtime.limits import DEFAULT_LIMITS, Budget, RenderLimits
from engines.image_core.sources.raster.decoding import Channel, decode_matte
from engines.image_core.sources.raster.icc import DamagedProfiles
from engines.media_v2 import ArtifactKind, DerivedArtifact, MediaError, MediaService
from engines.media_v2.models import ImageRenderMeta, MaskMeta

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
        data_dir: str | PathLike[str] | None = None,
        *,
        database_url: str | None = None,
        blob_url: str | None = None,
        backend: BackendChoice = "auto",
        root: str | PathLike[str] | None = None,
        device_index: int = 0,
        limits: RenderLimits = DEFAULT_LIMITS,
        warm: bool = False,
        fonts: str | PathLike[str] | None = None,
        damaged_profiles: DamagedProfiles = "error",
    ) -> Self:
        """Open on a media store, made when missing, with a renderer of its own.

        Args:
            data_dir, database_url, blob_url: the store, as for `MediaService.open`: a folder, two URLs, or
                nothing where the environment says it.
            backend, root, device_index, limits, warm, fonts, damaged_profiles: as for `Renderer`.

        Raises:
            BackendUnavailableError: the backend that was asked for cannot run here.
            MediaError: the store cannot be opened.
            SourceError: there is no such folder of fonts.
        """
        renderer = Renderer(
            backend,
            root,
            device_index,
            limits=limits,
            warm=warm,
            fonts=fonts,
            damaged_profiles=damaged_profiles,
        )
        try:
            media = MediaService.open(data_dir, database_url=database_url, blob_url=blob_url)
            return cls(media, renderer)
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
        self, composition: ImageComposition, format: ExportOptions | str = "png", *, force: bool = False
    ) -> DerivedArtifact:
        """Render a composition and register the file as an `image_render` artifact.

        The same plan in the same format with the same options, tenant and env is the same artifact: it is
        returned without being rendered again. Its parent is the asset of the lowest layer that has one.

        Args:
            composition: what to draw.
            format: "png", "webp", "jpeg" or "avif", or options of one, such as `WebpOptions(quality=80)`.
            force: render again and let the fresh artifact take the place of the one that is there.

        Raises:
            SourceError: a source is missing, not allowed or damaged; the message names the layer.
            ExportError: no such format, or it cannot hold this picture.
            DeviceError: the GPU or its driver failed.
            MediaError: the store failed.
        """
        options = parse_options(format) if isinstance(format, str) else format
        planned = self.renderer.plan(composition, _Scoped(self.media, composition.tenant_id, composition.env))
        scope = {"tenant_id": composition.tenant_id, "env": composition.env}
        key = f"{planned.plan.pipeline_hash}:{options.key}"
        if not force:
            held = self.media.find_artifact(**scope, kind=ArtifactKind.IMAGE_RENDER, dedupe_key=key)
            if held is not None:
                return held
        image = self.renderer.draw(planned)
        started = time.perf_counter()
        data = image.encode(options)
        encoded = 1000 * (time.perf_counter() - started)
        return self.media.register_artifact(
            data,
            **scope,
            kind=ArtifactKind.IMAGE_RENDER,
            meta=_render_meta(composition, image, data, options.format.value, encoded),
            filename=f"render.{options.format}",
            mime_type=options.format.content_type,
            parent_asset_id=_parent(composition),
            dedupe_key=key,
            supersede=force,
        )

    def generate_mask(
        self,
        selection: Selection | dict[str, Any],
        width: int,
        height: int,
        tenant_id: str,
        env: str,
        *,
        start_ms: int | None = None,
        end_ms: int | None = None,
    ) -> DerivedArtifact:
        """Rasterise a selection and register it as a `mask` artifact: an 8-bit grey PNG, 255 = visible.

        The same selection, size and times for the same tenant and env is the same artifact.

        Args:
            selection: the selection, or a dict of its fields.
            width, height: the canvas in pixels, 1 to 16384.
            tenant_id, env: whose it is.
            start_ms, end_ms: when in a video it holds, in milliseconds: from start_ms on, until end_ms where
                that is given.

        Raises:
            CompositionError: the selection, the size or a time is not valid.
            SourceError: the selection's outline is too dense to be drawn.
            MediaError: the store failed, or the tenant or env is not valid.
        """
        chosen = parse(Selection, selection, "selection")
        canvas = parse(_Canvas, {"width": width, "height": height}, "canvas")
        mask = draw_mask(chosen, canvas.width, canvas.height, Budget(self.renderer.limits))
        meta = {
            "width": canvas.width,
            "height": canvas.height,
            "selection_hash": mask.content_hash,
            "mask_type": chosen.type,
            "points_count": len(chosen.points) or None,
            "strokes_count": len(chosen.strokes) or None,
            "feather_radius": chosen.feather_radius,
            "inverted": chosen.inverted,
            "start_ms": start_ms,
            "end_ms": end_ms,
        }
        return self._register_mask(mask.pixels, meta, tenant_id, env, None)

    def import_mask(
        self,
        data: bytes,
        tenant_id: str,
        env: str,
        *,
        channel: Channel | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        parent_asset_id: str | None = None,
        name: str = "mask",
    ) -> DerivedArtifact:
        """Register a picture, such as a frame of a matte video, as a `mask` artifact.

        Whatever file it came in, the artifact is an 8-bit grey PNG, 255 = visible, of the picture's values
        as they are: 8-bit ones exactly, 16-bit ones rounded to nearest. Its `mask_type` is "imported", its
        `selection_hash` the SHA-256 of width and height (4 bytes each, big-endian) and the grey bytes.
        The same pixels, times and parent for the same tenant and env is the same artifact.

        Args:
            data: the whole encoded file.
            tenant_id, env: whose it is.
            channel: "red", "green", "blue" or "alpha", the channel to take; a grey picture needs none.
            start_ms, end_ms: when in the video it holds, in milliseconds: from start_ms on, until end_ms
                where that is given.
            parent_asset_id: the asset it was taken from, of the same tenant and env.
            name: how errors name the picture.

        Raises:
            SourceError: not a picture, damaged, or of several channels and none named.
            CompositionError: larger than a canvas may be, or a time that is not valid.
            MediaError: the store failed, there is no such parent, or the tenant or env is not valid.
        """
        pixels = decode_matte(data, channel, name, self.renderer.limits)
        height, width = pixels.shape
        canvas = parse(_Canvas, {"width": width, "height": height}, "canvas")
        meta = {
            "width": canvas.width,
            "height": canvas.height,
            "selection_hash": mask_hash(pixels),
            "mask_type": "imported",
            "start_ms": start_ms,
            "end_ms": end_ms,
        }
        return self._register_mask(pixels, meta, tenant_id, env, parent_asset_id)

    def _register_mask(
        self,
        pixels: NDArray[np.uint8],
        fields: dict[str, Any],
        tenant_id: str,
        env: str,
        parent_asset_id: str | None,
    ) -> DerivedArtifact:
        """Register a mask, once for what it is, when it holds and what it was taken from."""
        meta = parse(MaskMeta, fields, "mask")
        key = meta.selection_hash
        if meta.start_ms is not None or parent_asset_id is not None:
            key = f"{key}:{meta.start_ms}:{meta.end_ms}:{parent_asset_id}"
        return self.media.register_artifact(
            encode_mask(pixels),
            tenant_id=tenant_id,
            env=env,
            kind=ArtifactKind.MASK,
            meta=meta,
            filename="mask.png",
            mime_type="image/png",
            parent_asset_id=parent_asset_id,
            dedupe_key=key,
        )


class _Canvas(Model):
    width: CanvasSide
    height: CanvasSide


def _parent(composition: ImageComposition) -> str | None:
    """The asset of the lowest layer that has one and may show: one that does not is never looked up."""
    shown = needed_areas(composition)
    for path, layer in composition.walk():
        if path in shown and isinstance(layer, RasterLayer):
            source = layer.source.psd or layer.source
            if source.asset_id is not None:
                return source.asset_id
    return None


def _render_meta(
    composition: ImageComposition, image: RenderedImage, data: bytes, format: str, encoded: float
) -> ImageRenderMeta:
    return ImageRenderMeta(
        width=image.width,
        height=image.height,
        layers_count=image.layers_count,
        pipeline_hash=image.pipeline_hash,
        pixel_hash=image.pixel_hash,
        format=format,
        backend=image.backend,
        device=image.device,
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        blend_modes=tuple(sorted({str(layer.blend_mode) for _, layer in composition.walk()})),
        timings={**image.timings, "encode": encoded},
    )


class _Scoped:
    """Assets and masks of a composition's own tenant and env; errors name the layer."""

    def __init__(self, media: MediaService, tenant_id: str, env: str) -> None:
        self._media = media
        self._tenant_id = tenant_id
        self._env = env

    def read_asset(self, asset_id: str, label: str) -> bytes:
        """The bytes of an asset; SourceError when there is none, or the store fails."""
        try:
            return self._media.read_asset(asset_id, tenant_id=self._tenant_id, env=self._env)
        except MediaError as error:
            raise SourceError(f"{label}: {error}") from error

    def read_mask(self, artifact_id: str, label: str) -> bytes:
        """The PNG of a mask artifact; SourceError when there is none, it is no mask, or the store fails."""
        scope = {"tenant_id": self._tenant_id, "env": self._env}
        try:
            artifact = self._media.get_artifact(artifact_id, **scope)
            if artifact.kind is not ArtifactKind.MASK:
                raise SourceError(f"{label}: artifact {artifact_id!r} is an {artifact.kind}, not a mask")
            return self._media.read_artifact(artifact_id, **scope)
        except MediaError as error:
            raise SourceError(f"{label}: {error}") from error
