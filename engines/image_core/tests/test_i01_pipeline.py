"""The plan behind the pixels: what enters pipeline_hash, what is dropped, and that nothing else decides."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.image_core import Renderer
from engines.image_core.tests.composing import Layer, composed, flat, group, photo, picture, solid

CAT: Layer = photo("chelsea.png", fit="cover", width=40, height=30)


def pipeline(renderer: Renderer, *layers: Layer, **fields: Any) -> str:
    """The pipeline hash of layers on a canvas of 64 x 48."""
    composition = composed(*layers, **{"size": (64, 48), **fields})
    return renderer.plan(composition).plan.pipeline_hash


DROPPED: dict[str, Layer] = {
    "invisible": {**CAT, "visible": False},
    "opacity 0": {**CAT, "opacity": 0},
    "an opacity that rounds to 0": {**CAT, "opacity": 1e-6},
    "right of the canvas": {**CAT, "transform": {"x": 64}},
    "above the canvas": {**CAT, "transform": {"y": -30}},
    "turned off the canvas": {**CAT, "transform": {"x": -10, "y": 60, "rotation": 45}},
    "a transparent paint": solid("#ff000000"),
    "a paint off the canvas": solid("#ff0000", transform={"x": 100}),
    "text off the canvas": {"type": "text", "text": "far", "transform": {"y": 400}},
    "an invisible file that is not there": {**photo("no such file.png"), "visible": False},
    "a blur that does not reach": {
        **CAT,
        "transform": {"x": 200},
        "filters": [{"type": "blur", "radius": 5}],
    },
    "a mask, and the layer off the canvas": {
        **CAT,
        "transform": {"x": 70},
        "mask": {"selection": {"type": "rect", "points": [[0, 0], [64, 48]]}},
    },
}


@pytest.mark.parametrize("name", DROPPED)
def test_what_does_not_show_is_no_part_of_the_plan(numpy_renderer: Renderer, name: str) -> None:
    """A layer of which nothing can be seen leaves the hash as it is: below, between and above others, and in
    a group of its own."""
    base, top = solid("#336699"), {**CAT, "blend_mode": "screen"}
    expected = pipeline(numpy_renderer, base, top)
    unseen = DROPPED[name]
    for layers in ([unseen, base, top], [base, unseen, top], [base, top, unseen], [base, top, group(unseen)]):
        assert pipeline(numpy_renderer, *layers) == expected


def test_a_blur_that_reaches_in_is_drawn(numpy_renderer: Renderer) -> None:
    """A layer beside the canvas still shows what its blur spreads onto it."""
    beside = {**CAT, "transform": {"x": 66}, "filters": [{"type": "blur", "radius": 5}]}
    image = numpy_renderer.render(composed(beside, size=(64, 48)))
    assert image.pixels[15, 63, 3] > 0


NOT_SEEN: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"id": "a1"}, {}),
    ({"name": "the cat"}, {}),
    ({"visible": True}, {}),
    ({}, {"tenant_id": "globex"}),
    ({}, {"env": "prod"}),
    ({"transform": {"rotation": 360}}, {}),
    ({"opacity": 1 - 1e-7}, {}),
    ({"filters": [{"type": "blur", "radius": 0}]}, {}),
    ({"filters": [{"type": "sharpen", "amount": 0}]}, {}),
]


@pytest.mark.parametrize(("layer", "canvas"), NOT_SEEN)
def test_what_cannot_be_seen_does_not_count(
    numpy_renderer: Renderer, layer: dict[str, Any], canvas: dict[str, Any]
) -> None:
    """Ids, names, tenant, env and fields that change no pixel leave the hash as it is."""
    plain = pipeline(numpy_renderer, CAT)
    assert pipeline(numpy_renderer, {**CAT, **layer}, **canvas) == plain


SEEN: list[dict[str, Any]] = [
    {"opacity": 0.999},
    {"blend_mode": "multiply"},
    {"transform": {"x": 1}},
    {"transform": {"y": 0.001}},
    {"transform": {"scale": 1.001}},
    {"transform": {"rotation": 0.01}},
    {"transform": {"scale": -1, "x": 40}},
    {"fit": "fill"},
    {"width": 41},
    {"adjustments": {"exposure": 0.01}},
    {"adjustments": {"gamma": 1.01}},
    {"adjustments": {"saturation": 0.99}},
    {"adjustments": {"sharpness": 1.01}},
    {"filters": [{"type": "blur", "radius": 0.5}]},
    {"filters": [{"type": "blur", "radius": 0.51}]},
    {"filters": [{"type": "sharpen"}]},
    {"filters": [{"type": "sharpen", "threshold": 1}]},
    {"mask": {"selection": {"type": "rect", "points": [[0, 0], [20, 20]]}}},
    {"mask": {"selection": {"type": "rect", "points": [[0, 0], [20, 20]], "inverted": True}}},
    {"mask": {"selection": {"type": "ellipse", "points": [[0, 0], [20, 20]]}}},
    {"source": {"path": "coffee.png"}},
]


def test_all_that_can_be_seen_counts(numpy_renderer: Renderer) -> None:
    """Each change of a visible field, of the canvas, the background or the order gives a hash of its own."""
    hashes = [pipeline(numpy_renderer, {**CAT, **change}) for change in [{}, *SEEN]]
    hashes += [
        pipeline(numpy_renderer, CAT, background_color="#000000"),
        pipeline(numpy_renderer, CAT, size=(64, 49)),
        pipeline(numpy_renderer, CAT, CAT),
        pipeline(numpy_renderer, CAT, solid("#80808080")),
        pipeline(numpy_renderer, solid("#80808080"), CAT),
    ]
    assert len(set(hashes)) == len(hashes)


def test_an_inverted_selection_and_an_inverted_mask_are_one_plan(numpy_renderer: Renderer) -> None:
    """Two ways to write the same picture."""
    rect = {"type": "rect", "points": [[0, 0], [20, 20]]}
    masks = [
        {"selection": {**rect, "inverted": True}},
        {"selection": rect, "inverted": True},
    ]
    assert len({pipeline(numpy_renderer, {**CAT, "mask": mask}) for mask in masks}) == 1
    twice = {"selection": {**rect, "inverted": True}, "inverted": True}
    plain = {"selection": rect}
    assert len({pipeline(numpy_renderer, {**CAT, "mask": mask}) for mask in (twice, plain)}) == 1


def test_other_bytes_of_a_source_are_another_plan(numpy_renderer: Renderer) -> None:
    """One pixel of a source one step brighter is another picture."""
    first, second = flat("#102030", 8, 8), flat("#102030", 8, 8)
    second[7, 7, 2] += 1
    assert pipeline(numpy_renderer, picture(first)) != pipeline(numpy_renderer, picture(second))


STACK = (
    solid("#102030"),
    photo("coffee.png", fit="cover", opacity=0.9, adjustments={"gamma": 1.3, "saturation": 1.4}),
    photo("chelsea.png", transform={"x": 150, "y": 20, "scale": 0.4, "rotation": 12.5}, blend_mode="screen"),
    {"type": "text", "text": "Same bytes", "size": 40, "color": "#ffffff", "transform": {"x": 20, "y": 30}},
    group(
        solid("#ff8000", mask={"selection": {"type": "ellipse", "points": [[40, 60], [200, 180]]}}),
        filters=[{"type": "blur", "radius": 17}],
        blend_mode="add",
    ),
)


def test_both_backends_plan_and_draw_the_same(numpy_renderer: Renderer, gl_renderer: Renderer) -> None:
    """Hash for hash and byte for byte."""
    composition = composed(*STACK, size=(320, 200))
    a, b = numpy_renderer.render(composition), gl_renderer.render(composition)
    assert a.pipeline_hash == b.pipeline_hash
    assert np.array_equal(a.pixels, b.pixels)
    assert a.pixel_hash == b.pixel_hash


def test_every_run_and_every_thread_gives_the_same_bytes(renderer: Renderer) -> None:
    """Twelve renders by four threads on one renderer are one picture."""
    composition = composed(*STACK, size=(320, 200))
    with ThreadPoolExecutor(4) as pool:
        images = list(pool.map(renderer.render, [composition] * 12))
    assert len({image.pixel_hash for image in images}) == 1
    assert len({image.pipeline_hash for image in images}) == 1
    assert len({image.to_png() for image in images}) == 1


PROGRAM = """
import sys
from engines.image_core import ImageComposition, Renderer
with Renderer("numpy", root=sys.argv[1]) as renderer:
    image = renderer.render(ImageComposition.model_validate_json(sys.stdin.read()))
print(image.pipeline_hash, image.pixel_hash)
"""


def test_another_process_gives_the_same_bytes(numpy_renderer: Renderer, photos: Path) -> None:
    """A fresh interpreter with another hash seed plans and draws the same."""
    composition = composed(*STACK, size=(320, 200))
    image = numpy_renderer.render(composition)
    out = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(photos)],
        input=composition.model_dump_json(),
        env={**os.environ, "PYTHONHASHSEED": "12345"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert out.stdout.split() == [image.pipeline_hash, image.pixel_hash]


def test_the_image_says_how_it_was_made(renderer: Renderer) -> None:
    """Layers of all depths, the backend, the device and milliseconds for each stage."""
    image = renderer.render(composed(*STACK, size=(320, 200)))
    assert (image.width, image.height, image.layers_count) == (320, 200, 6)
    assert image.backend in {"numpy", "gl"}
    assert image.device
    assert image.reason == "it was asked for"
    assert list(image.timings) == ["decode", "plan", "upload", "compose", "readback"]
    assert all(value >= 0 for value in image.timings.values())
