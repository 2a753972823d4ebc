"""A Photoshop file that is an asset, with something replaced, as a composition."""

from __future__ import annotations

import hashlib
from typing import Annotated

from pydantic import Field

from engines.image_core.composition.fields import Color, Flag, Identifier, Model
from engines.image_core.composition.sources import RasterSource
from engines.image_core.models import ImageComposition
from engines.image_core.psd.changes import Fit, Redrawn
from engines.image_core.psd.template import Profile, PsdTemplate
from engines.image_core.runtime.caching import Cache, CacheCounts
from engines.image_core.runtime.limits import RenderLimits
from engines.media_v2 import MediaService
from engines.media_v2.models import Scope

__all__ = ["PsdRequest", "PsdTemplates"]

_KEPT_BYTES = 256 << 20
"""How large the files may be together whose templates are kept."""

_MOST = 1000
"""How many layers of a kind a request may change."""


class PsdPicture(RasterSource):
    """A picture for a smart object: a source, and how it is fitted into the box of the old one."""

    fit: Fit = "cover"


class PsdRequest(Model):
    """A Photoshop file, an asset of the caller's, and what is changed of it, by the names of layers."""

    asset_id: Identifier
    text: Annotated[dict[str, str], Field(max_length=_MOST)] = Field(default_factory=dict)
    images: Annotated[dict[str, PsdPicture], Field(max_length=_MOST)] = Field(default_factory=dict)
    visible: Annotated[dict[str, Flag], Field(max_length=_MOST)] = Field(default_factory=dict)
    colors: Annotated[dict[str, Color], Field(max_length=_MOST)] = Field(default_factory=dict)
    comp: str | None = None
    artboard: str | None = None
    redraw: Flag | tuple[Redrawn, ...] = False
    strict: Flag = False
    profile: Profile = "srgb"


class PsdTemplates:
    """Templates of Photoshop files that are assets; those used last are kept.

    Args:
        media: where the assets are.
        limits: what a file may cost.
    """

    def __init__(self, media: MediaService, limits: RenderLimits) -> None:
        self._media = media
        self._limits = limits
        self._kept = Cache(_KEPT_BYTES, lambda kept: kept[1])

    def composition(self, request: PsdRequest, caller: Scope) -> ImageComposition:
        """The composition that a request asks for.

        Raises:
            MediaError: there is no such asset, or the store failed.
            SourceError: it is no Photoshop file, or damaged, or too large.
            CompositionError: there is no such layer, or what is given for it is not allowed.
        """
        scope = dict(caller)
        data = self._media.read_asset(request.asset_id, **scope)
        key = request.asset_id, hashlib.sha256(data).digest(), request.profile, request.strict

        def made() -> tuple[PsdTemplate, int]:
            source = {"asset_id": request.asset_id}
            name = f"asset {request.asset_id!r}"
            template = PsdTemplate.read(
                data, source, name=name, profile=request.profile, strict=request.strict, limits=self._limits
            )
            return template, len(data)

        template, _ = self._kept.once(key, made, CacheCounts())
        images = {
            layer: picture.model_dump(mode="json", exclude_none=True)
            for layer, picture in request.images.items()
        }
        return template.composition(
            **scope,
            text=request.text,
            images=images,
            visible=request.visible,
            colors=request.colors,
            comp=request.comp,
            artboard=request.artboard,
            redraw=request.redraw,
        )
