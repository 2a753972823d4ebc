"""Assets and derived artifacts of one tenant and env: bytes in a blob store, rows in a database."""

from engines.media_v2.errors import (
    DamagedBlobError,
    InvalidArtifactError,
    InvalidRequestError,
    MediaError,
    NotFoundError,
    StorageError,
)
from engines.media_v2.models import (
    ArtifactKind,
    AssetKind,
    DerivedArtifact,
    ImageRenderMeta,
    MaskMeta,
    MediaAsset,
    Page,
)
from engines.media_v2.service import MediaService
from engines.media_v2.storage import Blob
from engines.media_v2.upkeep import Finding

__all__ = [
    "ArtifactKind",
    "AssetKind",
    "Blob",
    "DamagedBlobError",
    "DerivedArtifact",
    "Finding",
    "ImageRenderMeta",
    "InvalidArtifactError",
    "InvalidRequestError",
    "MaskMeta",
    "MediaAsset",
    "MediaError",
    "MediaService",
    "NotFoundError",
    "Page",
    "StorageError",
]
