"""Our pixels against Photoshop's, in files that it saved with its own merged picture.

IMAGE_CORE_PSD names a folder of such files, as `measuring.collection` reads it. The numbers are those of
docs/CONFORMANCE.md: no fewer files may come so near.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engines.image_core import PsdTemplate, Renderer, SourceError
from tests.photoshop.measuring import Score, collection, scores

FOLDER = os.environ.get("IMAGE_CORE_PSD")
pytestmark = pytest.mark.skipif(not FOLDER, reason="IMAGE_CORE_PSD names no folder of Photoshop files")

WITHIN_TWO_STEPS = 145
WITHIN_HALF_A_STEP = 152
REDRAWN_WITHIN_HALF_A_STEP = 148
OF_ADJUSTMENTS_AND_FILLS = 25
OF_EFFECTS = 10


@pytest.fixture(scope="module")
def found() -> list[Score]:
    """What each file of the folder came to."""
    assert FOLDER is not None
    samples = collection(Path(FOLDER))
    assert samples
    return list(scores(samples))


def test_every_file_is_mapped_and_drawn(found: list[Score]) -> None:
    """Whatever it holds: what cannot be drawn yet is left out, and shows in its score."""
    assert [(score.sample.path.name, score.error) for score in found if score.error] == []


def test_as_many_files_as_ever_are_within_two_steps_of_photoshop(found: list[Score]) -> None:
    """On every pixel, of colour over white and of alpha."""
    assert sum(score.largest <= 2.01 for score in found) >= WITHIN_TWO_STEPS


def test_as_many_files_as_ever_are_within_half_a_step_in_the_mean(found: list[Score]) -> None:
    """Of all pixels."""
    assert sum(score.mean <= 0.5 for score in found) >= WITHIN_HALF_A_STEP


def test_as_many_redrawn_files_as_ever_are_within_half_a_step_in_the_mean() -> None:
    """With shapes and fills from their settings."""
    assert FOLDER is not None
    redrawn = scores(collection(Path(FOLDER)), redrawn=True)
    assert sum(score.mean <= 0.5 for score in redrawn) >= REDRAWN_WITHIN_HALF_A_STEP


def test_both_backends_draw_the_same_bytes() -> None:
    """Of every file of the folder that opens, whether its picture is Photoshop's or not."""
    assert FOLDER is not None
    root = Path(FOLDER) / "files"
    with Renderer("numpy", root=root) as numpy, Renderer("gl", root=root) as gl:
        for path in sorted(root.iterdir()):
            try:
                composition = PsdTemplate.open(path, profile="keep").composition(tenant_id="t", env="test")
                drawn = numpy.render(composition)
            except SourceError:
                continue
            assert gl.render(composition).pixel_hash == drawn.pixel_hash, path.name


def test_as_many_adjustments_and_fills_as_ever_are_within_two_steps(found: list[Score]) -> None:
    """Of the files with an adjustment layer or a fill layer."""
    with_them = [score for score in found if any(f.startswith("adj:") for f in score.sample.features)]
    assert sum(score.largest <= 2.01 for score in with_them) >= OF_ADJUSTMENTS_AND_FILLS


def test_as_many_files_with_effects_as_ever_are_within_two_steps(found: list[Score]) -> None:
    """Among them the one with a word in each of ten effects, on every pixel."""
    with_them = [score for score in found if any(f.startswith("fx:") for f in score.sample.features)]
    near = {score.sample.path.name for score in with_them if score.largest <= 2.01}
    assert len(near) >= OF_EFFECTS
    assert "psd-tools--layer_effects.psd" in near


NOT_NEAR = {
    # Photoshop's feather is three box blurs, at most 3 steps from a Gaussian; at a feathered path's edge 8.
    "psd-tools--layer_mask_data.psd",
    "psd-tools--layer_mask_data.psb",
    # Its merged picture is not what its layers say.
    "psd-tools--layer_comps.psd",
}


def test_pixels_masks_clips_and_groups_are_near(found: list[Score]) -> None:
    """All files that hold nothing but pixels, shapes, masks, clipped layers and groups are within 2.4 steps,
    but for those named: 0.4 is what two roundings, of colour and of alpha, come to over white."""
    plain = {"clip", "mask", "maskparams", "vmask", "shape", "group:pass", "group:isolated"}
    with_it = [score for score in found if set(score.sample.features) & plain]
    only = [score for score in with_it if plain.issuperset(score.sample.features)]
    far = {score.sample.path.name for score in only if score.largest > 2.4}
    assert len(only) > 30
    assert far <= NOT_NEAR
