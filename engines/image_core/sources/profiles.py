"""The colour space that a composition has of its own: read, kept, and what it makes of the canvas."""

from __future__ import annotations

from functools import partial

from PIL import features

from engines.image_core.composition.color_profiles import OutputProfile, ProfileSource
from engines.image_core.planning.decoded import Finish
from engines.image_core.runtime.caching import Cache, CacheCounts
from engines.image_core.sources.files import FileRoot
from engines.image_core.sources.hashing import content_hash
from engines.image_core.sources.raster.converting import converted
from engines.image_core.sources.raster.icc import ColorSpace, color_space, unchanged
from engines.image_core.sources.reading import File, Reading

__all__ = ["MAX_PROFILE_BYTES", "canvas_finish", "read_space"]

MAX_PROFILE_BYTES = 8 << 20
"""The largest profile read: 8 MiB, which is less than what a JPEG file can carry."""

_LABEL = "color_profile"


def read_space(
    source: ProfileSource | None, files: FileRoot, reading: Reading, kept: Cache
) -> ColorSpace | None:
    """The space of a composition's profile; None where it has none, or one that is sRGB for our purposes.

    A local file is read again only when it may have changed.

    Args:
        source: what the composition names.
        files: where local files lie.
        reading: reads for this composition.
        kept: spaces of earlier compositions.

    Raises:
        SourceError: the profile is missing, not allowed, damaged, too large, or of neither RGB nor grey.
    """
    if source is None:
        return None
    named = source.psd or source
    most = () if source.psd else (MAX_PROFILE_BYTES,)

    def file() -> File:
        return reading.bytes_of(named.path, named.asset_id, _LABEL, *most)

    def space() -> ColorSpace | None:
        if source.psd is None:
            return color_space(file().data, _LABEL)
        from engines.image_core.sources.psd.parts import part_bytes

        return color_space(part_bytes(reading.document(file(), _LABEL), "profile", _LABEL), _LABEL)

    version = None if named.path is None else files.version(named.path, _LABEL)
    return kept.once((source.psd is None, version or file().digest), space, CacheCounts())


def canvas_finish(space: ColorSpace | None, output: OutputProfile) -> Finish | None:
    """What becomes of the canvas of a composition in a space of its own; None where it is the picture as it
    is: it has no such space, or its canvas is sRGB for our purposes, as one of grey may be."""
    if space is None:
        return None
    if output == "keep":
        return Finish(None, content_hash("canvas kept", space.digest), space.profile)
    convert = space.to_srgb()
    if convert is unchanged:
        return None
    libraries = f"littlecms2 {features.version('littlecms2')}"
    decided_by = content_hash("canvas to srgb 1", space.digest, libraries)
    return Finish(partial(converted, convert=convert), decided_by, None)
