"""Photoshop files as templates: what is told of them, and what is changed."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from typer.testing import CliRunner

from engines.image_core import CompositionError, ImageComposition, PsdTemplate, Renderer, SourceError
from engines.image_core.cli.main import app
from engines.image_core.psd.layers import walk
from engines.image_core.psd.writing.descriptors import descriptor, named
from tests.psd.made import Made
from tests.psd.scenes import HEIGHT, WIDTH, Fields, backdrop, painted, scene

U8 = NDArray[np.uint8]
BOX = (10, 6, 30, 26)
UPRIGHT = ((10.0, 6.0), (30.0, 6.0), (30.0, 26.0), (10.0, 26.0))


def _in_box(**fields: Any) -> Fields:
    return painted(7, 20, 20, opaque=True, transform={"x": 10.0, "y": 6.0}, **fields)


def _card() -> ImageComposition:
    group = {
        "type": "group",
        "name": "Card",
        "blend_mode": "pass-through",
        "layers": [_in_box(name="Photo"), painted(3, 8, 8, name="Badge", opacity=0.6)],
    }
    return scene(backdrop(), group, painted(4, 9, 9, name="Badge", visible=False))


def _plain(color: str, width: int = 20, height: int = 20) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), color).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    """NumPy, with the folder of the files as its root."""
    with Renderer("numpy", root=tmp_path_factory.getbasetemp()) as opened:
        yield opened


@pytest.fixture
def card(renderer: Renderer, tmp_path: Path) -> PsdTemplate:
    """A card with a smart object in a group."""
    made = Made(_card(), renderer).smart_object("Photo", _plain("#102030"), UPRIGHT, (20, 20))
    return PsdTemplate.open(made.save(tmp_path / "card.psd"))


def _drawn(template: PsdTemplate, renderer: Renderer, **changes: Any) -> U8:
    return renderer.render(template.composition(tenant_id="t", env="test", **changes)).pixels


def test_the_layers_are_told_as_they_are(card: PsdTemplate) -> None:
    """The lowest first, those of groups in them, with names, paths, kinds and boxes."""
    told = [(layer.path, layer.kind, layer.visible) for layer in walk(card.layers)]
    assert told == [
        ("backdrop", "pixels", True),
        ("Card", "group", True),
        ("Card/Photo", "smart object", True),
        ("Card/Badge", "pixels", True),
        ("Badge", "pixels", False),
    ]
    photo = next(layer for layer in walk(card.layers) if layer.name == "Photo")
    assert photo.box == BOX
    assert photo.smart_object is not None
    assert (photo.smart_object.filename, photo.smart_object.embedded) == ("photo.png", True)
    assert photo.smart_object.corners == UPRIGHT
    assert (card.width, card.height, card.mode, card.depth) == (WIDTH, HEIGHT, "rgb", 8)
    assert card.approximated == ()


def test_what_is_not_changed_is_the_files_own_picture(card: PsdTemplate, renderer: Renderer) -> None:
    """A smart object draws the pixels that the file keeps of it, not the file in it."""
    assert np.array_equal(_drawn(card, renderer), renderer.render(_card()).pixels)


def test_a_picture_takes_the_place_of_a_smart_object(card: PsdTemplate, renderer: Renderer) -> None:
    """In its box, whatever its own size; around it all stays."""
    before, after = _drawn(card, renderer), _drawn(card, renderer, images={"Photo": _plain("#00ff00", 7, 3)})
    left, top, right, bottom = BOX
    inside = after[top + 9 : bottom, left:right]  # below the badge
    assert (inside == (0, 255, 0, 255)).all()
    outside = np.ones((HEIGHT, WIDTH), bool)
    outside[top:bottom, left:right] = False
    assert np.array_equal(before[outside], after[outside])


@pytest.mark.parametrize(("fit", "covered"), [("cover", 400), ("fill", 400), ("contain", 200)])
def test_a_picture_is_fitted_into_the_box(renderer: Renderer, tmp_path: Path, fit: str, covered: int) -> None:
    """Twice as wide as high it covers a square box, is stretched to it, or leaves half of it."""
    made = Made(scene(_in_box(name="Photo")), renderer).smart_object("Photo", b"-", UPRIGHT, (20, 20))
    template = PsdTemplate.open(made.save(tmp_path / "fit.psd"))
    picture = {"data": _base64(_plain("#ff0000", 40, 20)), "fit": fit}
    drawn = _drawn(template, renderer, images={"Photo": picture})
    assert int((drawn[..., 3] == 255).sum()) == covered


def test_a_picture_goes_where_the_corners_are(renderer: Renderer, tmp_path: Path) -> None:
    """A smart object that is turned by a quarter turns what is put into it: its left comes to the top."""
    turned = (UPRIGHT[1], UPRIGHT[2], UPRIGHT[3], UPRIGHT[0])
    made = Made(scene(_in_box(name="Photo")), renderer).smart_object("Photo", b"-", turned, (20, 20))
    template = PsdTemplate.open(made.save(tmp_path / "turned.psd"))
    halves = Image.new("RGB", (20, 20), "#0000ff")
    halves.paste("#ff0000", (0, 0, 10, 20))
    file = io.BytesIO()
    halves.save(file, "PNG")
    drawn = _drawn(template, renderer, images={"Photo": file.getvalue()})
    assert tuple(drawn[8, 20]) == (255, 0, 0, 255)
    assert tuple(drawn[24, 20]) == (0, 0, 255, 255)


def test_linked_copies_change_together(renderer: Renderer, tmp_path: Path) -> None:
    """Two smart objects with one file in them: naming one replaces both."""
    other = painted(8, 5, 5, opaque=True, name="Copy", transform={"x": 40.0, "y": 30.0})
    made = Made(scene(_in_box(name="Photo"), other), renderer)
    made.smart_object("Photo", b"-", UPRIGHT, (20, 20))
    made.smart_object("Copy", b"-", ((40.0, 30.0), (45.0, 30.0), (45.0, 35.0), (40.0, 35.0)), (20, 20))
    template = PsdTemplate.open(made.save(tmp_path / "copies.psd"))
    drawn = _drawn(template, renderer, images={"Photo": _plain("#00ff00")})
    assert (drawn[30:35, 40:45] == (0, 255, 0, 255)).all()


def test_a_drawing_takes_the_place_of_a_smart_object(card: PsdTemplate, renderer: Renderer) -> None:
    """An SVG covers the box, and is cut off at its edges."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="10">'
        '<rect width="40" height="10" fill="#f00"/></svg>'
    )
    before, drawn = _drawn(card, renderer), _drawn(card, renderer, images={"Photo": svg.encode()})
    assert tuple(drawn[20, 29]) == (255, 0, 0, 255)
    assert np.array_equal(before[:, 30:], drawn[:, 30:])


def test_layers_are_shown_and_hidden_by_name_path_and_id(card: PsdTemplate, renderer: Renderer) -> None:
    """All of a name, the one of a path, or the one of an id."""
    base = _card()
    badge = next(layer for layer in walk(card.layers) if layer.path == "Card/Badge")
    hidden = _drawn(card, renderer, visible={"Card/Badge": False})
    assert np.array_equal(hidden, _drawn(card, renderer, visible={f"#{badge.id}": False}))
    assert not np.array_equal(hidden, renderer.render(base).pixels)
    both = _drawn(card, renderer, visible={"Badge": True})
    shown = base.model_copy(
        update={"layers": (*base.layers[:2], base.layers[2].model_copy(update={"visible": True}))}
    )
    assert np.array_equal(both, renderer.render(shown).pixels)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"images": {"Foto": "a.png"}},
            "images: there is no smart object layer 'Foto': did you mean 'Photo'?",
        ),
        (
            {"images": {"Badge": "a.png"}},
            "images: layer 'Badge' is of kind pixels: allowed is smart object layer",
        ),
        ({"images": {"Photo": 3}}, "images: 'Photo': 3 is not allowed: allowed is a path, bytes or a source"),
        (
            {"images": {"Photo": {"path": "a.png", "fit": "none"}}},
            "images: 'Photo': fit 'none' is not allowed: allowed is cover, contain, fill",
        ),
        ({"text": {"Headline": "x"}}, "text: there is no text layer 'Headline': there is none"),
        ({"visible": {"#99": True}}, "visible: there is no layer '#99': there is "),
        ({"comp": "Night"}, "comp: there is no layer comp 'Night': there is none"),
        ({"artboard": "Story"}, "artboard: there is no artboard layer 'Story': there is none"),
    ],
)
def test_what_is_not_there_is_one_line(card: PsdTemplate, changes: dict[str, Any], message: str) -> None:
    """It says what was asked for, and what there is."""
    with pytest.raises(CompositionError) as caught:
        card.composition(tenant_id="t", env="test", **changes)
    assert str(caught.value).startswith(message)


def test_an_artboard_is_drawn_alone(renderer: Renderer, tmp_path: Path) -> None:
    """On a canvas of its size, with its background, and nothing of its neighbours."""
    inner = painted(5, 30, 12, opaque=True, name="inside", transform={"x": 20.0, "y": 10.0})
    board = {"type": "group", "name": "Story", "layers": [inner]}
    made = Made(scene(backdrop(), board), renderer).artboard("Story", (24, 8, 44, 30))
    template = PsdTemplate.open(made.save(tmp_path / "boards.psd"))
    assert template.artboards == ("Story",)
    whole, alone = _drawn(template, renderer), _drawn(template, renderer, artboard="Story")
    assert alone.shape == (22, 20, 4)
    assert np.array_equal(alone, whole[8:30, 24:44])
    assert tuple(alone[20, 10]) == (255, 255, 255, 255)


def test_a_layer_comp_shows_its_layers(renderer: Renderer, tmp_path: Path) -> None:
    """And hides the others that it knows of; what a caller says goes before it."""
    made = Made(_card(), renderer).comps({"Day": {"Photo": True}, "Night": {"Photo": False}})
    template = PsdTemplate.open(made.save(tmp_path / "comps.psd"))
    assert template.comps == ("Day", "Night")
    day, night = (_drawn(template, renderer, comp=name) for name in template.comps)
    assert np.array_equal(day, _drawn(template, renderer))
    assert np.array_equal(night, _drawn(template, renderer, visible={"Photo": False}))
    assert np.array_equal(day, _drawn(template, renderer, comp="Night", visible={"Photo": True}))


def test_the_composition_is_an_ordinary_one(card: PsdTemplate, renderer: Renderer) -> None:
    """As JSON it is the same, with the same hash of what is drawn."""
    composition = card.composition(tenant_id="t", env="test", visible={"Card/Badge": False})
    again = ImageComposition.model_validate_json(composition.model_dump_json())
    assert renderer.plan(again).plan.pipeline_hash == renderer.plan(composition).plan.pipeline_hash


def test_another_file_of_the_same_layers_is_another_plan(renderer: Renderer, tmp_path: Path) -> None:
    """Parts are known by their file's content: one pixel more counts."""
    plans = []
    for seed in (3, 4):
        path = Made(scene(painted(seed, name="a")), renderer).save(tmp_path / f"{seed}.psd")
        composition = PsdTemplate.open(path).composition(tenant_id="t", env="test")
        plans.append(renderer.plan(composition).plan.pipeline_hash)
    assert plans[0] != plans[1]


def test_a_file_that_is_none_is_one_line(tmp_path: Path) -> None:
    """One that is missing, and one of another kind."""
    (tmp_path / "a.psd").write_bytes(_plain("#000000"))
    with pytest.raises(SourceError, match=r"^a\.psd: not a PSD or PSB file$"):
        PsdTemplate.open(tmp_path / "a.psd")
    with pytest.raises(SourceError, match="No such file"):
        PsdTemplate.open(tmp_path / "b.psd")


def _base64(data: bytes) -> str:
    import base64

    return base64.b64encode(data).decode()


def _warped(renderer: Renderer, path: Path) -> Path:
    """A file whose smart object has a named warp."""
    arc = descriptor(b"warp", {b"warpStyle": named(b"warpStyle", b"warpArc")})
    made = Made(scene(_in_box(name="Photo")), renderer)
    return made.smart_object("Photo", _plain("#ff0000"), UPRIGHT, (20, 20), warp=arc).save(path)


def test_what_is_approximated_only_of_a_new_picture_is_refused_with_it(
    renderer: Renderer, tmp_path: Path
) -> None:
    """A warped smart object is exact until it is replaced: a strict template opens, and refuses that."""
    template = PsdTemplate.open(_warped(renderer, tmp_path / "warped.psd"), strict=True)
    (photo,) = template.layers
    note = "its warp 'arc' is not drawn on what is put in its place"
    assert (photo.approximated, photo.approximated_anew) == ((), (note,))
    _drawn(template, renderer)
    with pytest.raises(CompositionError, match=f"^warped.psd: layer 'Photo': {note}$"):
        _drawn(template, renderer, images={"Photo": _plain("#00ff00")})


def test_the_commands_tell_what_is_approximated_of_what_is_replaced(
    renderer: Renderer, tmp_path: Path
) -> None:
    """`inspect` beforehand, `render` when something is put there, in JSON too, and `convert`."""
    file = _warped(renderer, tmp_path / "warped.psd")
    (tmp_path / "new.png").write_bytes(_plain("#00ff00"))
    note = "its warp 'arc' is not drawn on what is put in its place"

    def told(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["psd", *arguments])
        assert result.exit_code == 0, result.output
        return result.stdout

    drawn = ["render", str(file), "-o", str(tmp_path / "out.png"), "--backend", "numpy"]
    new = ["--image", f"Photo={tmp_path / 'new.png'}"]
    assert f"~ once replaced: {note}" in told("inspect", str(file))
    assert f"~ Photo: {note}" in told(*drawn, *new)
    assert note not in told(*drawn)
    assert f"~ Photo: {note}" in told("convert", str(file), "-o", str(tmp_path / "folder"))
    assert json.loads(told(*drawn, *new, "--json"))["approximated"] == {"Photo": [note]}
