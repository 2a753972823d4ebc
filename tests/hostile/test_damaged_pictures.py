"""Damaged pictures in many kinds: each decodes or is our one-line error; no crash, hang, warning or log line.

Which damage must be found is said beside the decoders (`sources/raster/test_damage.py`); here nothing may
break.
"""

from __future__ import annotations

import pytest

from engines.image_core.errors import SourceError
from engines.image_core.runtime.limits import RenderLimits
from engines.image_core.sources.raster.decoding import decode_image, decode_mask, decode_matte, jpeg_size
from tests.hostile.child import in_child, now_at
from tests.hostile.pictures import HEIGHT, WIDTH, damaged, pictures
from tests.hostile.telling import told

_LABEL = "layer 'photo' (layers[0])"
_LIMITS = RenderLimits(source_pixels=1_000_000)
_SEEDS = 90  # of each file


def _is_told_or_decoded(data: bytes) -> bool:
    """Whether it decodes; it is read in each way that the library reads pictures."""
    told(lambda: jpeg_size(data, _LABEL, _LIMITS), _LABEL)
    told(lambda: decode_matte(data, "red", _LABEL, _LIMITS), _LABEL)
    told(lambda: decode_mask(data, (WIDTH, HEIGHT), _LABEL, _LIMITS), _LABEL)
    told(lambda: decode_image(data, _LABEL, limits=_LIMITS, frame=1), _LABEL)
    return told(lambda: decode_image(data, _LABEL, limits=_LIMITS), _LABEL) is None


def decode_damaged(first: int, last: int) -> int:
    """Decode each file with each seed's damage; returns how many still decode."""
    decoded = 0
    for name, data in pictures().items():
        for seed in range(first, last):
            now_at(f"{name}, seed {seed}")
            decoded += _is_told_or_decoded(damaged(data, seed))
    return decoded


@pytest.mark.parametrize("name", pictures())
def test_whole_pictures_decode(name: str) -> None:
    """The files that are damaged below are good before."""
    assert decode_image(pictures()[name], _LABEL, limits=_LIMITS).pixels.shape[2] == 4


def test_damaged_pictures_decode_or_are_told() -> None:
    """Thousands of files, in a process with warnings as errors that says nothing else than where it is."""
    outcome = in_child(decode_damaged, 0, _SEEDS)
    assert 0 < outcome.result < _SEEDS * len(pictures())
    assert outcome.peak_mib < 1000


@pytest.mark.parametrize("where", [0, 1, 2, 3])
def test_a_profile_of_a_space_that_is_no_text_is_told(where: int) -> None:
    """A byte of the space's name that is not ASCII once came out as a UnicodeDecodeError."""
    data = bytearray(pictures()["jpeg"])
    place = data.index(b"acsp") - 36 + 16 + where
    assert data[place - where : place - where + 4] == b"RGB "
    data[place] = 0xF6
    with pytest.raises(SourceError, match=r"embedded colour profile is (damaged|for )"):
        decode_image(bytes(data), _LABEL)
