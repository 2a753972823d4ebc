"""Pictures drawn into four corners and bent by meshes, on hand-made pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engines.image_core import CompositionError, Renderer
from engines.image_core.tests.composing import (
    Layer,
    Pixels,
    composed,
    flat,
    group,
    largest_step,
    picture,
    premultiplied,
    random_pixels,
    solid,
)
from tests.oracle_warps import (
    bezier_places,
    centres,
    corner_places,
    mean_seen,
    quad_coverage,
    seen_at,
)

Fields = dict[str, Any]
Points = list[list[float]]

SIZE = (110, 90)
SLANTED: Points = [[12.5, 8], [95, 20.25], [80, 82], [5.75, 60]]
BENT: Points = [
    [10, 12], [35, 4], [70, 22], [98, 10],
    [6, 36], [40, 30], [66, 40], [104, 32],
    [14, 55], [36, 60], [74, 52], [94, 60],
    [8, 80], [36, 88], [68, 74], [100, 84],
]  # fmt: skip


def corners(points: Points) -> Fields:
    """A warp to four corners."""
    return {"type": "corners", "points": points}


def mesh(points: Points, columns: int = 1, rows: int = 1) -> Fields:
    """A warp by a mesh."""
    return {"type": "mesh", "columns": columns, "rows": rows, "points": points}


def box_corners(left: float, top: float, width: float, height: float) -> Fields:
    """A warp to an upright rectangle."""
    right, bottom = left + width, top + height
    return corners([[left, top], [right, top], [right, bottom], [left, bottom]])


def box_mesh(left: float, top: float, width: float, height: float, columns: int = 1, rows: int = 1) -> Fields:
    """A mesh that bends nothing."""
    across, down = 3 * columns, 3 * rows
    points = [
        [left + width * i / across, top + height * j / down]
        for j in range(down + 1)
        for i in range(across + 1)
    ]
    return mesh(points, columns, rows)


def drawn(renderer: Renderer, *layers: Layer, size: tuple[int, int] = SIZE, **fields: Any) -> Pixels:
    """Layers on a transparent canvas."""
    pixels: Pixels = renderer.render(composed(*layers, size=size, **fields)).pixels
    return pixels


def smooth(width: int, height: int, waves: float = 3.0) -> Pixels:
    """An opaque picture of slow waves, no two channels alike."""
    x, y = centres(width, height)
    planes = [
        np.sin(waves * (x / width * a + y / height * b) * np.pi + c) for a, b, c in
        ((1, 0.3, 0), (-0.4, 1, 1), (0.8, -0.9, 2))
    ]  # fmt: skip
    values = np.stack([*(127.5 + 127.5 * plane for plane in planes), np.full(x.shape, 255)], axis=-1)
    found: Pixels = np.rint(values).astype(np.uint8)
    return found


PLAIN: list[Callable[[int, int], Fields]] = [
    lambda width, height: box_corners(21, 13, width, height),
    lambda width, height: box_mesh(21, 13, width, height),
    lambda width, height: box_mesh(21, 13, width, height, 2, 4),
]


@pytest.mark.parametrize("warp", PLAIN, ids=["corners", "one patch", "eight patches"])
def test_a_warp_to_the_own_box_at_whole_pixels_keeps_every_pixel(
    renderer: Renderer, warp: Callable[[int, int], Fields]
) -> None:
    """An opaque picture gives the bytes of the picture moved there; one of all alphas the same, but for what
    is lost of colours that are multiplied by an alpha near 0."""
    pixels = random_pixels(5, 48, 48)
    moved, found = (
        drawn(renderer, picture(pixels, **placed))
        for placed in ({"transform": {"x": 21, "y": 13}}, {"warp": warp(48, 48)})
    )
    assert np.array_equal(found[..., 3], moved[..., 3])
    assert largest_step(premultiplied(found), premultiplied(moved)) <= 0.01
    pixels[..., 3] = 255
    moved = drawn(renderer, picture(pixels, transform={"x": 21, "y": 13}))
    assert np.array_equal(drawn(renderer, picture(pixels, warp=warp(48, 48))), moved)


@pytest.mark.parametrize(
    ("points", "transform"),
    [
        ([[10.5, 3], [34.5, 3], [34.5, 19], [10.5, 19]], {"x": 10.5, "y": 3, "scale": 0.5}),
        ([[90, 5], [90, 53], [58, 53], [58, 5]], {"x": 90, "y": 5, "rotation": 90}),
        ([[70, 9.25], [22, 9.25], [22, 41.25], [70, 41.25]], {"x": 70, "y": 9.25, "scale": -1, "scale_y": 1}),
    ],
)
def test_a_parallelogram_is_what_a_transform_makes(
    renderer: Renderer, points: Points, transform: Fields
) -> None:
    """The same bytes and the same hash."""
    pixels = random_pixels(6, 48, 32)
    warped = renderer.render(composed(picture(pixels, warp=corners(points)), size=SIZE))
    placed = renderer.render(composed(picture(pixels, transform=transform), size=SIZE))
    assert np.array_equal(warped.pixels, placed.pixels)
    assert warped.pipeline_hash == placed.pipeline_hash


def test_four_corners_are_the_projective_map(renderer: Renderer) -> None:
    """An enlarged picture of noise is Keys's interpolation where each pixel's centre lies in it, as float64
    has it: within two steps, most of them what positions in 1/256 pixels are out by."""
    pixels = random_pixels(7, 30, 20)
    pixels[..., 3] = 255
    x, y = centres(*SIZE)
    expected = seen_at(pixels.astype(float), *corner_places(SLANTED, (30, 20), x, y))
    found = drawn(renderer, picture(pixels, warp=corners(SLANTED)))
    inside = found[..., 3] == 255
    assert inside.sum() > 4000
    off = np.abs(found[inside] - np.clip(expected[inside], 0, 255))
    assert off.max() <= 2
    assert off.mean() < 0.5


def test_a_patch_is_the_bezier_surface(renderer: Renderer) -> None:
    """In a picture whose channels say where they lie, a pixel's place is that of Newton's method within 1/16
    of a pixel of the canvas, and half a step of rounding."""
    u, v = np.meshgrid(np.arange(64), np.arange(64))
    pixels = np.stack([u * 4, v * 4, np.zeros_like(u), np.full_like(u, 255)], axis=-1).astype(np.uint8)
    x, y = centres(*SIZE)
    expected_u, expected_v = bezier_places(BENT, (64, 64), x, y)
    found = drawn(renderer, picture(pixels, warp=mesh(BENT)))
    inside = (found[..., 3] == 255) & (expected_u > 2) & (expected_u < 62)
    inside &= (expected_v > 2) & (expected_v < 62)
    assert inside.sum() > 4000
    for channel, place in ((0, expected_u), (1, expected_v)):
        off = np.abs(found[..., channel] - (place - 0.5) * 4)[inside]
        assert off.max() <= 4 / 16 * 1.5 + 0.5 + 4 / 256  # up to 1.5 of its pixels to one of the canvas


def test_edges_are_as_soft_as_a_pixel(renderer: Renderer) -> None:
    """However much a picture is enlarged: alpha is what of a pixel the quadrilateral covers."""
    white = flat("#ffffff", 2, 3)
    for warp in (
        corners(SLANTED),
        mesh([_lerped(SLANTED, i / 3, j / 3) for j in range(4) for i in range(4)]),
    ):
        found = drawn(renderer, picture(white, warp=warp))[..., 3]
        expected = quad_coverage(SLANTED, *SIZE) * 255
        assert np.abs(found - expected).max() <= 255 * 0.03


def _lerped(points: Points, u: float, v: float) -> list[float]:
    upper, lower = (
        [a * (1 - u) + b * u for a, b in zip(points[i], points[j], strict=True)] for i, j in ((0, 1), (3, 2))
    )
    return [a * (1 - v) + b * v for a, b in zip(upper, lower, strict=True)]


@pytest.mark.parametrize("waves", [3.0, 60.0])
def test_a_reduced_picture_is_a_mean(renderer: Renderer, waves: float) -> None:
    """A floor that is seen in the distance, to a fifth of its size: within four steps of the mean of 256
    positions a pixel for slow waves, and no patterns of fast ones, which come out grey."""
    floor: Points = [[40, 5], [70, 5], [108, 85], [2, 85]]
    pixels = smooth(160, 300, waves)
    x, y = centres(*SIZE, parts=16)
    u, v = corner_places(floor, (160, 300), x, y)
    found = drawn(renderer, picture(pixels, warp=corners(floor)))
    inside = found[..., 3] == 255
    expected = mean_seen(pixels.astype(float), np.nan_to_num(u), np.nan_to_num(v), 16)
    off = np.abs(found - expected)[inside][:, :3]
    assert off.max() <= (4 if waves == 3 else 40)
    assert off.mean() <= (0.6 if waves == 3 else 8)


@pytest.mark.parametrize("warp", [corners(SLANTED), mesh(BENT)], ids=["corners", "mesh"])
def test_the_canvas_is_a_window(renderer: Renderer, warp: Fields) -> None:
    """Moved by whole pixels, or seen through a smaller canvas, a warp has the same pixels."""
    pixels = random_pixels(8, 150, 170)
    whole = drawn(renderer, picture(pixels, warp=warp))
    points = [[x - 31, y - 17] for x, y in warp["points"]]
    part = drawn(renderer, picture(pixels, warp={**warp, "points": points}), size=(50, 40))
    assert np.array_equal(part, whole[17:57, 31:81])


def test_a_mesh_of_many_patches_is_one_surface(renderer: Renderer) -> None:
    """Between patches that share their edges there is no gap, and no seam: 2 x 2 straight patches are the
    picture enlarged, within a step."""
    pixels = smooth(40, 30)
    for warp in (box_mesh(5, 5, 100, 75, 2, 2), box_mesh(5, 5, 100, 75, 50, 50)):
        found = drawn(renderer, picture(pixels, warp=warp))
        whole = drawn(renderer, picture(pixels, warp=box_mesh(5, 5, 100, 75)))
        assert found[5:80, 5:105, 3].min() == 255
        assert np.abs(found.astype(int) - whole).max() <= 2


def test_where_a_mesh_lies_over_itself_the_later_part_is_seen(renderer: Renderer) -> None:
    """A picture folded back to the left: what is further to the right covers what is further to the left."""
    pixels = np.zeros((30, 90, 4), np.uint8)
    pixels[..., 3] = 255
    pixels[:, :45, 0] = 255
    pixels[:, 45:, 1] = 255
    line = [10.0, 30.0, 50.0, 100.0, 120.0, 60.0, 20.0]
    points = [[x, 10.0 + 20 * row] for row in range(4) for x in line]
    found = drawn(renderer, picture(pixels, warp=mesh(points, 2, 1)), size=(120, 80))
    assert (found[20:60, 25:95] == [0, 255, 0, 255]).all()
    assert (found[20:60, 12:18] == [255, 0, 0, 255]).all()


@pytest.mark.parametrize(
    "warp",
    [corners([[3, 10.2], [97, 30], [97, 30.4], [3, 10.5]]), box_mesh(3, 10.25, 94, 0.5)],
    ids=["corners", "mesh"],
)
def test_what_is_thinner_than_a_pixel_is_faint_and_whole(renderer: Renderer, warp: Fields) -> None:
    """Its alpha comes to its area, also where it lies between the centres of pixels."""
    found = drawn(renderer, picture(flat("#09c81e", 40, 40), warp=warp))
    xs, ys = zip(*warp["points"], strict=True)
    thick = 0.35 if warp["type"] == "corners" else max(ys) - min(ys)
    area = (max(xs) - min(xs)) * thick
    assert abs(found[..., 3].sum() / 255 - area) < 0.05 * area
    assert np.ptp(np.flatnonzero(found[..., 3].any(axis=0))) == 93
    assert np.abs(found[found[..., 3] > 20][:, :3] - [9.0, 200, 30]).max() <= 8


@pytest.mark.parametrize("fit", ["cover", "contain", "fill"])
def test_the_box_of_a_fit_is_what_is_warped(renderer: Renderer, fit: str) -> None:
    """A mesh that bends nothing shows the picture as the fit alone does, cropped and with margins alike."""
    pixels = smooth(40, 20, 1.0)
    box = {"fit": fit, "width": 60, "height": 60}
    plain = drawn(renderer, picture(pixels, transform={"x": 20, "y": 10}, **box))
    warped = drawn(renderer, picture(pixels, warp=box_mesh(20, 10, 60, 60), **box))
    assert np.array_equal(plain[..., 3], warped[..., 3])
    assert np.abs(plain.astype(int) - warped).max() <= 2


OPTIONS: dict[str, Fields] = {
    "opacity": {"opacity": 0.4},
    "a mode": {"blend_mode": "multiply"},
    "a mask": {"mask": {"selection": {"type": "rect", "points": [[20, 10], [70, 60]], "feather_radius": 3}}},
    "filters": {"filters": [{"type": "invert"}, {"type": "blur", "radius": 2}]},
    "adjustments": {"adjustments": {"exposure": 0.5, "sharpness": 1.5}},
    "effects": {
        "effects": [
            {"type": "drop-shadow", "color": "#000000", "distance": 6, "size": 5},
            {"type": "stroke", "color": "#ff8000", "size": 3},
        ]
    },
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("warp", [corners(SLANTED), mesh(BENT)], ids=["corners", "mesh"])
def test_everything_else_comes_after_the_warp(renderer: Renderer, warp: Fields, options: Fields) -> None:
    """A warped layer with an option is a group with it that has the warped layer in it."""
    layer = picture(random_pixels(9, 60, 80), warp=warp)
    below = solid("#405878")
    one = drawn(renderer, below, {**layer, **options})
    assert np.array_equal(one, drawn(renderer, below, group(layer, **options)))
    assert not np.array_equal(one, drawn(renderer, below, layer))


def test_effects_are_aligned_with_what_is_drawn(renderer: Renderer) -> None:
    """A gradient overlay begins and ends where the quadrilateral's box of whole pixels does."""
    stops = [{"offset": 0, "color": "#000000"}, {"offset": 1, "color": "#ffffff"}]
    overlay = {
        "type": "gradient-overlay",
        "gradient": {"type": "gradient", "smoothness": 0, "angle": 0, "stops": stops},
    }
    points: Points = [[20, 10], [80, 20], [80, 60], [20, 70]]
    found = drawn(
        renderer,
        picture(flat("#ff0000", 30, 30), warp=corners(points), effects=[overlay]),
    )
    middle = found[40, 20:80, 0].astype(float)
    assert np.abs(middle - (np.arange(60) + 0.5) / 60 * 255).max() < 4


REFUSED: dict[str, tuple[Fields, str]] = {
    "three on a line": (
        {"warp": corners([[0, 0], [10, 0], [20, 0], [0, 9]])},
        "layer 'card', layers[0].warp: points are no convex quadrilateral: allowed are four corners in their "
        "order around it, no three of them on a line, or nearly so",
    ),
    "nearly on a line": (
        {"warp": corners([[0, 0], [100, 0], [50, 1e-6], [0, 100]])},
        "no convex quadrilateral",
    ),
    "a dent": ({"warp": corners([[0, 0], [10, 0], [3, 3], [0, 10]])}, "no convex quadrilateral"),
    "crossed": ({"warp": corners([[0, 0], [10, 10], [10, 0], [0, 10]])}, "no convex quadrilateral"),
    "five points": ({"warp": corners([[0, 0]] * 5)}, "layers[0].warp.points"),
    "too few points": (
        {"warp": mesh(BENT[:15])},
        "a mesh of 1 x 1 patches has 4 x 4 = 16 points (given: 15)",
    ),
    "too many patches": (
        {"warp": mesh(BENT, 51)},
        "layers[0].warp.columns: 51 is not allowed: allowed is 1 to 50",
    ),
    "no type": ({"warp": {"points": SLANTED}}, "layers[0].warp"),
    "a transform": (
        {"warp": corners(SLANTED), "transform": {"x": 3}},
        "a layer with a warp takes no transform (move the warp's points)",
    ),
    "rounded corners": ({"warp": corners(SLANTED), "corner_radius": 3}, "takes no corner_radius"),
    "a border": (
        {"warp": corners(SLANTED), "border": {"width": 2, "color": "#ff0000"}},
        "takes no border",
    ),
    "a linked mask": (
        {"warp": corners(SLANTED), "mask": {"path": "mask.png", "linked": True}},
        "takes no linked mask (give one that is not linked)",
    ),
    "a paint": (
        {"warp": corners(SLANTED), "source": {"color": "#ff0000"}},
        "warp is for pictures; a color source is placed by its transform",
    ),
}


@pytest.mark.parametrize(("fields", "told"), REFUSED.values(), ids=REFUSED)
def test_what_has_no_place_in_a_warp_is_refused(fields: Fields, told: str) -> None:
    """In a line that names the layer and the field."""
    with pytest.raises(CompositionError) as caught:
        composed({**picture(flat("#010203", 8, 8), name="card"), **fields})
    assert told in str(caught.value)
    assert "card" in str(caught.value)


def test_a_mesh_that_lies_over_itself_too_often_is_refused(renderer: Renderer) -> None:
    """Its places would take minutes: it is an error that says so."""
    rng = np.random.default_rng(1)
    points = rng.uniform(-1e6, 1e6, (31 * 31, 2)).tolist()
    layer = picture(flat("#010203", 8, 8), warp=mesh(points, 10, 10), name="crumpled")
    with pytest.raises(CompositionError, match=r"layer 'crumpled'.*its mesh lies over itself so often"):
        drawn(renderer, layer, size=(4000, 4000))


@pytest.mark.parametrize(("width", "height"), [(4e-323, 4e-323), (90.0, 1e-300), (1e-12, 90.0)])
def test_corners_that_hold_next_to_nothing_show_nothing(
    renderer: Renderer, width: float, height: float
) -> None:
    """However small and however thin."""
    points: Points = [[0.0, 0.0], [width, 0.0], [width * 0.75, height], [0.0, height]]
    assert not drawn(renderer, picture(flat("#ff0000", 8, 8), warp=corners(points))).any()


def test_a_mesh_without_an_area_shows_nothing(renderer: Renderer) -> None:
    """All its points in one, or on one line."""
    for points in ([[5.0, 5.0]] * 16, [[5.0 * i, 5.0 * i] for i in range(16)]):
        assert not drawn(renderer, picture(flat("#ff0000", 8, 8), warp=mesh(points))).any()
