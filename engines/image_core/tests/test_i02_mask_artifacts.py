"""Masks as artifacts: made from selections, registered once, used in compositions, kept apart by tenant."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engines.image_core import CompositionError, ImageCoreService, Selection, SourceError
from engines.image_core.tests.composing import Layer, Pixels, composed, solid
from engines.media_v2 import DerivedArtifact, MaskMeta, MediaError

SIZE = (40, 30)
ACME: Any = {"tenant_id": "acme", "env": "dev"}
ELLIPSE: Layer = {"type": "ellipse", "points": [[4, 5], [36, 25]], "feather_radius": 2.5}
BRUSH: Layer = {
    "type": "brush",
    "strokes": [
        {"points": [[3, 3], [30, 20]], "width": 5},
        {"points": [[9, 20]], "width": 9, "opacity": 0.5},
    ],
    "inverted": True,
}


def generated(service: ImageCoreService, selection: Any = ELLIPSE, **scope: str) -> DerivedArtifact:
    """A mask of SIZE for acme, dev, unless told otherwise."""
    width, height = SIZE
    return service.generate_mask(selection, width, height, **(ACME | scope))


def drawn(service: ImageCoreService, mask: Layer) -> Pixels:
    """A half-transparent layer of the composition under a mask, rendered by the service."""
    layer = solid("#ff8000cc", mask=mask)
    artifact = service.render_composition(composed(layer, size=SIZE))
    return np.asarray(Image.open(io.BytesIO(service.media.read_artifact(artifact.id, **ACME))))


@pytest.mark.parametrize("selection", [ELLIPSE, BRUSH], ids=["ellipse", "brush"])
def test_an_artifact_masks_as_its_selection_does(service: ImageCoreService, selection: Layer) -> None:
    """A mask rendered once and kept gives the bytes that the selection itself gives, inverted too."""
    artifact = generated(service, selection)
    for inverted in (False, True):
        inline = drawn(service, {"selection": selection, "inverted": inverted})
        kept = drawn(service, {"mask_artifact_id": artifact.id, "inverted": inverted})
        assert np.array_equal(inline, kept)
        assert len(np.unique(kept[..., 3])) > 10


def test_the_meta_of_a_mask(service: ImageCoreService) -> None:
    """The meta says how the mask was made, the file is a grey PNG of its size."""
    ellipse, brush = generated(service), generated(service, BRUSH)
    assert (ellipse.kind, ellipse.mime_type, ellipse.filename) == ("mask", "image/png", "mask.png")
    assert isinstance(ellipse.meta, MaskMeta)
    assert isinstance(brush.meta, MaskMeta)
    assert (ellipse.meta.width, ellipse.meta.height, ellipse.meta.mask_type) == (40, 30, "ellipse")
    assert (ellipse.meta.points_count, ellipse.meta.strokes_count) == (2, None)
    assert (ellipse.meta.feather_radius, ellipse.meta.inverted) == (2.5, False)
    assert (brush.meta.points_count, brush.meta.strokes_count, brush.meta.inverted) == (None, 2, True)
    assert ellipse.meta.selection_hash != brush.meta.selection_hash
    with Image.open(io.BytesIO(service.media.read_artifact(ellipse.id, **ACME))) as file:
        assert (file.format, file.mode, file.size) == ("PNG", "L", SIZE)


def test_the_same_mask_is_the_same_artifact(service: ImageCoreService) -> None:
    """Selection, size, tenant and env name the artifact, whether the selection is a dict or a model."""
    first = generated(service)
    assert generated(service) == first
    again = service.generate_mask(Selection.model_validate(ELLIPSE), *SIZE, **ACME)
    assert again == first
    assert len(service.media.list_artifacts(**ACME).items) == 1


def test_another_mask_is_another_artifact(service: ImageCoreService) -> None:
    """Each field of the selection, the size, the tenant and the env make a difference."""
    ids = {
        generated(service).id,
        generated(service, {**ELLIPSE, "inverted": True}).id,
        generated(service, {**ELLIPSE, "feather_radius": 2.4}).id,
        generated(service, {**ELLIPSE, "type": "rect"}).id,
        generated(service, {**ELLIPSE, "points": [[4, 5], [36, 25.5]]}).id,
        generated(service, tenant_id="globex").id,
        generated(service, env="prod").id,
        service.generate_mask(ELLIPSE, 40, 31, **ACME).id,
    }
    assert len(ids) == 8


@pytest.mark.parametrize("scope", [{"tenant_id": "globex"}, {"env": "prod"}], ids=str)
def test_a_mask_of_another_tenant_or_env_is_not_found(
    service: ImageCoreService, scope: dict[str, str]
) -> None:
    """Word for word as a mask that does not exist at all."""
    lines = []
    for artifact_id in (generated(service, **scope).id, "0" * 32):
        with pytest.raises(SourceError) as caught:
            drawn(service, {"mask_artifact_id": artifact_id})
        lines.append(str(caught.value).replace(artifact_id, "ID"))
    assert lines == ["layers[0], mask: artifact 'ID' not found"] * 2


def test_an_artifact_of_another_kind_is_no_mask(service: ImageCoreService) -> None:
    """The id of a render is told as what it is."""
    render = service.render_composition(composed(solid("#ffffff"), size=SIZE))
    with pytest.raises(SourceError) as caught:
        drawn(service, {"mask_artifact_id": render.id})
    assert str(caught.value) == f"layers[0], mask: artifact {render.id!r} is an image_render, not a mask"


def test_a_mask_artifact_has_the_canvas_s_size(service: ImageCoreService) -> None:
    """A mask made for another canvas is refused with both sizes."""
    wide = service.generate_mask(ELLIPSE, 41, 30, **ACME)
    with pytest.raises(SourceError) as caught:
        drawn(service, {"mask_artifact_id": wide.id})
    assert str(caught.value) == (
        "layers[0], mask: a mask must have the canvas's size, 40 x 30, but this one is 41 x 30"
    )


def test_a_renderer_without_a_store_has_no_artifacts(service: ImageCoreService) -> None:
    """Ids mean nothing without a store, and the message says what does."""
    layer = solid("#ffffff", mask={"mask_artifact_id": generated(service).id})
    with pytest.raises(SourceError, match=r"layers\[0\], mask: .* need a media store"):
        service.renderer.render(composed(layer, size=SIZE))


SELECTIONS: list[tuple[Any, str]] = [
    ({**ELLIPSE, "type": "star"}, "type: 'star' is not allowed: "
                                  "allowed is 'polygon', 'lasso', 'rect', 'ellipse' or 'brush'"),
    ({**ELLIPSE, "points": [[0, 0]]},
     "selection: type ellipse takes 2 points, opposite corners of its box (given: 1)"),
    ({**ELLIPSE, "feather_radius": 251}, "feather_radius: 251 is not allowed: allowed is 0 to 250"),
    ({**ELLIPSE, "points": [[0, 0], [1, float("nan")]]},
     "points[1][1]: nan is not allowed: allowed is -1000000 to 1000000"),
    ({"type": "lasso", "points": [[0, 0], [1, 1]]},
     "selection: type lasso takes at least 3 points (given: 2)"),
    ({"type": "brush", "points": [[0, 0]]}, "selection: type brush takes one or more strokes and no points"),
    ({"type": "brush", "strokes": [{"points": [[1, 1]], "width": 0}]},
     "strokes[0].width: 0 is not allowed: allowed is above 0 and up to 16384"),
    (5, "selection: 5 is not allowed: allowed is an object"),
]  # fmt: skip


@pytest.mark.parametrize(("selection", "line"), SELECTIONS, ids=str)
def test_selections_that_are_not_valid(service: ImageCoreService, selection: Any, line: str) -> None:
    """One line with the field, the value and what is allowed; nothing is registered."""
    with pytest.raises(CompositionError) as caught:
        service.generate_mask(selection, *SIZE, **ACME)
    assert str(caught.value) == line
    assert service.media.list_artifacts(**ACME).items == ()


@pytest.mark.parametrize(("width", "height", "line"), [
    (0, 30, "width: 0 is not allowed: allowed is 1 to 16384"),
    (40, 16385, "height: 16385 is not allowed: allowed is 1 to 16384"),
    (40.0, 30, "width: 40.0 is not allowed: allowed is a whole number"),
])  # fmt: skip
def test_sizes_that_are_not_valid(service: ImageCoreService, width: Any, height: Any, line: str) -> None:
    """A mask's size is a canvas's size."""
    with pytest.raises(CompositionError) as caught:
        service.generate_mask(ELLIPSE, width, height, **ACME)
    assert str(caught.value) == line


@pytest.mark.parametrize("scope", [{"tenant_id": ""}, {"env": "a/b"}, {"tenant_id": ".."}], ids=str)
def test_the_tenant_and_env_are_checked(service: ImageCoreService, scope: dict[str, str]) -> None:
    """A tenant or env that cannot be is told with its field."""
    with pytest.raises(MediaError, match=f"^{next(iter(scope))}: .* is not allowed"):
        generated(service, **scope)
