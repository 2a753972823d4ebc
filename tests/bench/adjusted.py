"""Three adjustment layers over a photograph: curves, hue and saturation, levels, by us and by others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import PIL
import psd_tools
from numpy.typing import NDArray
from PIL import Image
from psd_tools import PSDImage
from psd_tools.api import adjustments
from psd_tools.constants import Compression, Tag
from psd_tools.psd.adjustments import CurvesExtraItem, CurvesExtraMarker, LevelRecord
from psd_tools.psd.layer_and_mask import ChannelDataList, LayerRecord
from psd_tools.psd.tagged_blocks import TaggedBlocks

from engines.image_core.backend import open_backend
from engines.image_core.numbers.fixed import to8, to15
from engines.image_core.numbers.tones import levels_table, spline_table
from tests.bench.contenders import Job, Ours
from tests.bench.stacks import HD, Photo, make_stack, planned
from tests.bench.timing import Samples, race

__all__ = ["three_adjustments"]

POINTS = ((0, 0), (64, 48), (192, 212), (255, 255))
HUE = 30
"""In degrees. The saturation stays as it is: HSV, which Pillow has, means another by it than Photoshop."""

BLACK, WHITE, GAMMA = 12, 240, 1.2

ADJUSTMENTS: tuple[dict[str, Any], ...] = (
    {"type": "curves", "rgb": POINTS},
    {"type": "hue-saturation", "hue": HUE},
    {"type": "levels", "rgb": {"input_black": BLACK, "input_white": WHITE, "gamma": GAMMA}},
)


def three_adjustments(rounds: int) -> dict[str, Samples]:
    """The photograph with its adjustments, 1920x1080, decoded in memory."""
    (photo,) = make_stack("cut-outs", 1).photos
    layers = [photo.layer(), *({"type": "adjustment", "adjust": adjust} for adjust in ADJUSTMENTS)]
    plan = planned(HD, layers, {(0,): photo})
    gl, numpy = open_backend("gl"), open_backend("numpy")
    jobs = {
        "image-core gl": Ours(gl).draw(plan),
        "image-core numpy": Ours(numpy).draw(plan),
        f"Pillow {PIL.__version__} point, HSV": _pillow(photo),
        f"psd-tools {psd_tools.__version__}": _psd_tools(photo),
    }
    results = race(jobs, rounds)
    gl.close()
    numpy.close()
    return results


def _pillow(photo: Photo) -> Job:
    """Tables of 256 entries, made beforehand, and between them the hue by way of HSV."""
    image = Image.fromarray(photo.pixels).convert("RGB")
    values = np.arange(256)
    curve = _bytes(spline_table(POINTS, ((0, 0), (255, 255))))
    levels = _bytes(levels_table((BLACK, WHITE, GAMMA, 0, 255), (0, 255, 1.0, 0, 255)))
    turned = (values + round(HUE * 256 / 360)) % 256
    hsv = [*turned.tolist(), *values.tolist(), *values.tolist()]

    def run() -> Image.Image:
        toned = image.point(curve * 3).convert("HSV").point(hsv).convert("RGB")
        return toned.point(levels * 3).convert("RGBA")

    return Job(run, np.asarray)


def _bytes(table: NDArray[np.uint16]) -> list[int]:
    """A curve of 15-bit values as one of 8-bit values."""
    found: list[int] = to8(table[to15(np.arange(256, dtype=np.uint8))].astype(np.int32)).tolist()
    return found


def _psd_tools(photo: Photo) -> Job:
    """A Photoshop document in memory, of a photograph and three adjustment layers, composited."""
    document = PSDImage.new("RGB", HD)
    image = Image.fromarray(photo.pixels).convert("RGB")
    document.create_pixel_layer(image, compression=Compression.RAW)
    points = CurvesExtraItem(channel_id=0, points=[(after, before) for before, after in POINTS])
    whole = LevelRecord(BLACK, WHITE, 0, 255, round(100 * GAMMA))
    unchanged = [LevelRecord(0, 255, 0, 255, 100)] * 28
    ranges = [[(0, 0, 0, 0), (0, 0, 0)]] * 6
    for kind, settings in (
        (adjustments.Curves, {"version": 1, "extra": CurvesExtraMarker(version=4, items=[points])}),
        (
            adjustments.HueSaturation,
            {"enable": 0, "colorization": (0, 0, 0), "master": (HUE, 0, 0), "items": ranges},
        ),
        (adjustments.Levels, {"version": 2, "items": [whole, *unchanged]}),
    ):
        _add(document, kind, settings)
    return Job(lambda: document.composite(force=True), lambda result: np.asarray(result.convert("RGBA")))


def _add(document: PSDImage, kind: Any, settings: Mapping[str, Any]) -> None:
    """Put an adjustment layer on top of a document."""
    record = LayerRecord(name=kind.__name__)
    record.tagged_blocks = TaggedBlocks()
    record.tagged_blocks.set_data(Tag(kind._KEY), **settings)
    document.append(kind(document, record, ChannelDataList()))
