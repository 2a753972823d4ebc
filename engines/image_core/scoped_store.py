"""The media store as a composition sees it."""

from __future__ import annotations

from engines.image_core.errors import SourceError
from engines.media_v2 import ArtifactKind, MediaError, MediaService

__all__ = ["Scoped"]


class Scoped:
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
