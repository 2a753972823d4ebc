"""What Photoshop files of ours say, beside pixels: as psd-tools and ImageMagick read them."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from psd_tools import PSDImage
from psd_tools.constants import Resource, Tag
from psd_tools.psd import PSD

from engines.image_core import BlendMode, ExportError, Renderer, SourceError, write_psd
from tests.psd.scenes import HEIGHT, WIDTH, Fields, backdrop, painted, scene

TREE = (
    backdrop(),
    {
        "type": "group",
        "name": "Gruppe ♥ 山",
        "blend_mode": "pass-through",
        "opacity": 0.6,
        "layers": [
            {"type": "text", "name": "headline", "text": "Aa", "size": 20.0},
            painted(3, name="clipped", clip=True, blend_mode="screen"),
            {"type": "group", "id": "inner", "blend_mode": "multiply", "layers": [], "visible": False},
        ],
    },
    {"type": "adjustment", "adjust": {"type": "curves", "red": [[0, 20], [255, 200]]}},
)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    """NumPy, which defines the pixels."""
    with Renderer("numpy") as opened:
        yield opened


def _low_level(data: bytes) -> PSD:
    return PSD.read(io.BytesIO(data))


def test_the_tree_is_that_of_the_composition(renderer: Renderer) -> None:
    """Names, kinds, modes, opacities, clipping and visibility, for psd-tools, bottom first."""
    read = PSDImage.open(io.BytesIO(write_psd(scene(*TREE), renderer).data))
    seen = [
        (layer.name, layer.kind, layer.blend_mode.name, layer.opacity, layer.clipping, layer.visible)
        for layer in read.descendants()
    ]
    assert seen == [
        ("backdrop", "pixel", "NORMAL", 255, False, True),
        ("Gruppe ♥ 山", "group", "PASS_THROUGH", 153, False, True),
        ("headline", "pixel", "NORMAL", 255, False, True),
        ("clipped", "pixel", "SCREEN", 255, True, True),
        ("inner", "group", "MULTIPLY", 255, False, False),
        ("Adjustment 6", "curves", "NORMAL", 255, False, True),
    ]


def test_layers_have_numbers_of_their_own(renderer: Renderer) -> None:
    """The ends of groups among them."""
    records = _low_level(write_psd(scene(*TREE), renderer).data)._iter_layers()
    numbers = [record.tagged_blocks.get_data(Tag.LAYER_ID) for record, _ in records]
    assert len(numbers) == 8
    assert sorted(set(numbers)) == numbers


def test_the_header_and_the_resources(renderer: Renderer) -> None:
    """8 bits, RGB, 72 pixels an inch, an sRGB profile without a date, and a small JPEG."""
    psd = _low_level(write_psd(scene(*TREE), renderer).data)
    header, resources = psd.header, psd.image_resources
    assert (header.version, header.depth, header.color_mode.name) == (1, 8, "RGB")
    assert (header.width, header.height, header.channels) == (WIDTH, HEIGHT, 3)
    assert resources.get_data(Resource.RESOLUTION_INFO).horizontal == 72 << 16
    assert resources.get_data(Resource.VERSION_INFO).has_composite
    profile = ImageCms.ImageCmsProfile(io.BytesIO(resources.get_data(Resource.ICC_PROFILE)))
    assert "sRGB" in ImageCms.getProfileDescription(profile)
    small = Image.open(io.BytesIO(resources.get_data(Resource.THUMBNAIL_RESOURCE).data))
    assert (small.format, small.size) == ("JPEG", (WIDTH, HEIGHT))


def test_the_merged_picture_is_the_render_over_white_with_its_alpha(renderer: Renderer) -> None:
    """As Photoshop stores one that is not opaque: the count of layers is below 0 then."""
    composition = scene(painted(2), bit_depth=16)
    psd = _low_level(write_psd(composition, renderer).data)
    assert psd.layer_and_mask_information.layer_info is not None
    assert psd.layer_and_mask_information.layer_info.layer_count == -1
    planes = [np.frombuffer(plane, np.uint8) for plane in psd.image_data.get_data(psd.header)]
    merged = np.stack(planes, -1).reshape(HEIGHT, WIDTH, 4)
    pixels = renderer.render(composition).pixels.astype(np.float64)
    alpha = pixels[..., 3:] / 255
    assert np.array_equal(merged[..., 3], pixels[..., 3])
    assert np.array_equal(merged[..., :3], np.rint(pixels[..., :3] * alpha + 255 * (1 - alpha)))


def test_an_opaque_background_is_photoshops_own(renderer: Renderer) -> None:
    """A layer without alpha at the bottom."""
    composition = scene(painted(2), background_color="#204060")
    record, _ = next(_low_level(write_psd(composition, renderer).data)._iter_layers())
    assert record.name == "Background"
    assert [int(channel.id) for channel in record.channel_info] == [0, 1, 2]
    assert record.flags.transparency_protected


def test_an_empty_composition_has_an_empty_layer(renderer: Renderer) -> None:
    """A Photoshop document has at least one, which its transparency goes by."""
    psd = _low_level(write_psd(scene(), renderer).data)
    assert psd.layer_and_mask_information.layer_info is not None
    assert psd.layer_and_mask_information.layer_info.layer_count == -1


def test_large_documents(renderer: Renderer, tmp_path: Path) -> None:
    """A PSB where it is asked for, or named so: longer numbers, the same picture."""
    composition = scene(*TREE)
    small, large = write_psd(composition, renderer), write_psd(composition, renderer, large=True)
    named = write_psd(composition, renderer, tmp_path / "picture.psb")
    assert _low_level(large.data).header.version == 2
    assert named.data == large.data == (tmp_path / "picture.psb").read_bytes()
    pictures = [PSDImage.open(io.BytesIO(file.data)).numpy() for file in (small, large)]
    assert np.array_equal(*pictures)


def test_the_bytes_are_the_same_each_time(renderer: Renderer) -> None:
    """Nothing of a date or of chance is in them."""
    with Renderer("numpy") as other:
        assert write_psd(scene(*TREE), renderer).data == write_psd(scene(*TREE), other).data


def test_all_rows_of_a_channel_mixer(renderer: Renderer) -> None:
    """Each channel's, though psd-tools reads the first alone."""
    rows = {"red": [90, 10, 0, 5], "green": [0, 80, 20, -5], "blue": [-10, 0, 110, 0]}
    mixer = {"type": "adjustment", "adjust": {"type": "channel-mixer", **rows}}
    record, _ = next(_low_level(write_psd(scene(mixer), renderer).data)._iter_layers())
    block = record.tagged_blocks.get_data(Tag.CHANNEL_MIXER)
    assert list(block.data) == [90, 10, 0, 0, 5]
    rest = struct.unpack(">15h", block.unknown)
    assert rest == (0, 80, 20, 0, -5, -10, 0, 110, 0, 0, 0, 0, 0, 0, 0)


def test_several_effects_of_a_kind_have_a_block_of_their_own(renderer: Renderer) -> None:
    """As Photoshop writes them; single ones are where its earlier versions look too."""
    shadow, overlay = {"type": "drop-shadow"}, {"type": "color-overlay"}
    layers = [painted(2, effects=[shadow, overlay]), painted(2, effects=[shadow, overlay, shadow])]
    read = list(PSDImage.open(io.BytesIO(write_psd(scene(*layers), renderer).data)))
    single = read[0].tagged_blocks.get_data(Tag.OBJECT_BASED_EFFECTS_LAYER_INFO)
    several = read[1].tagged_blocks.get_data(Tag.OBJECT_BASED_EFFECTS_LAYER_INFO_V0)
    assert list(single)[2:] == [b"DrSh", b"SoFi"]
    assert list(several)[2:] == [b"dropShadowMulti", b"solidFillMulti"]
    assert len(several[b"dropShadowMulti"]) == 2


@pytest.mark.parametrize("mode", list(BlendMode))
def test_effects_name_their_blend_modes(mode: BlendMode, renderer: Renderer) -> None:
    """In the words of descriptors, which are others than the four bytes of layers."""
    overlay = {"type": "color-overlay", "blend_mode": mode.value}
    file = write_psd(scene(painted(2, effects=[overlay])), renderer)
    (layer,) = PSDImage.open(io.BytesIO(file.data))
    (effect,) = layer.effects
    assert effect.blend_mode is layer._record.blend_mode.__class__(mode.facts.psd_key)


def test_paints_of_the_whole_canvas_are_fill_layers(renderer: Renderer) -> None:
    """A colour and a gradient, which may be edited, with their pixels; a painted box is pixels alone."""
    stops = [{"offset": 0.0, "color": "#ff0000"}, {"offset": 1.0, "color": "#0000ff"}]
    gradient = {"type": "raster", "source": {"color": {"type": "gradient", "stops": stops}}}
    color = {"type": "raster", "source": {"color": "#204060"}}
    composition = scene(gradient, color, color | {"width": 9.0}, color | {"source": {"color": "#20406080"}})
    read = list(PSDImage.open(io.BytesIO(write_psd(composition, renderer).data)))
    assert [layer.kind for layer in read] == ["gradientfill", "solidcolorfill", "pixel", "pixel"]
    assert all(layer.has_pixels() for layer in read)
    red = read[1].tagged_blocks.get_data(Tag.SOLID_COLOR_SHEET_SETTING).get(b"Clr ").get(b"Rd  ")
    assert float(red) == 0x20


PATTERN = {"type": "pattern", "source": painted(3, 4, 4)["source"]}

NOTED: dict[str, tuple[Fields, list[str]]] = {
    "a text": (
        {"type": "text", "text": "A", "size": 20.0, "blend_gamma": 1.45},
        ["drawn: its text is pixels", "approximated: blend_gamma: an editor mixes it plainly"],
    ),
    "filters": (
        painted(2, filters=[{"type": "blur", "radius": 1.0}], adjustments={"gamma": 2.0}),
        ["drawn: its adjustments are drawn", "drawn: its filters are drawn"],
    ),
    "a turned picture": (painted(2, transform={"rotation": 30.0}), ["drawn: its pixels are resampled"]),
    "pixels far beyond the canvas": (
        painted(2, 24, 3 * HEIGHT),
        ["drawn: what lies further out than a canvas's size beyond the canvas is cut off"],
    ),
    "a turned group": (
        {"type": "group", "layers": [painted(2)], "transform": {"scale": 1.5}},
        ["drawn: the group is one layer of pixels", "drawn: its pixels are resampled"],
    ),
    "an opacity between steps": (
        painted(2, opacity=0.5),
        ["approximated: opacity 0.5 is 0.501961 in the file"],
    ),
    "a shadow as CSS has it": (
        painted(2, effects=[{"type": "shadow", "x": 2.0}]),
        ["drawn: its effects are drawn: a shadow cannot be written as such"],
    ),
    "a stroke of a pattern": (
        painted(2, effects=[{"type": "stroke", "color": PATTERN}]),
        ["drawn: its effects are drawn: a stroke of a pattern cannot be written as such"],
    ),
    "frosted glass": (
        painted(2, effects=[{"type": "backdrop-blur", "radius": 2.0}]),
        ["left out: its backdrop-blur"],
    ),
    "a straight stroke": (
        painted(2, effects=[{"type": "stroke"}]),
        ["approximated: a stroke's distances are Photoshop's, up to 3 % longer than straight ones"],
    ),
    "a table of colours": (
        {"type": "adjustment", "adjust": {"type": "color-lookup", "source": {"path": "a.cube"}}},
        ["left out: its color-lookup: an empty layer stands for it"],
    ),
}


@pytest.mark.parametrize("name", NOTED)
def test_what_is_not_as_in_the_composition_is_told(name: str, tmp_path: Path) -> None:
    """By layer, and what it means for the picture."""
    layer, expected = NOTED[name]
    cube = "LUT_1D_SIZE 2\n0 0 0\n1 1 1\n"
    (tmp_path / "a.cube").write_text(cube)
    with Renderer("numpy", root=tmp_path) as renderer:
        file = write_psd(scene(backdrop(), layer), renderer)
    assert [str(note) for note in file.notes] == [f"layers[1]: {text}" for text in expected]


def test_sixteen_bits_are_told(renderer: Renderer) -> None:
    """A composition of 16 bits is put together in 8 by an editor."""
    notes = write_psd(scene(backdrop(), bit_depth=16), renderer).notes
    assert [str(note) for note in notes] == [
        "approximated: an editor puts the layers together in 8 bits a channel"
    ]


def test_faults_name_the_layer_and_the_file(renderer: Renderer, tmp_path: Path) -> None:
    """A source that is not allowed, and an output whose folder is missing."""
    with pytest.raises(SourceError, match=r"layer .photo. \(layers\[0\]\)"):
        write_psd(scene({"type": "raster", "name": "photo", "source": {"path": "a.png"}}), renderer)
    with pytest.raises(ExportError, match="nowhere"):
        write_psd(scene(), renderer, tmp_path / "nowhere" / "a.psd")


@pytest.mark.skipif(not shutil.which("convert"), reason="ImageMagick is not installed")
def test_imagemagick_reads_the_merged_picture(renderer: Renderer, tmp_path: Path) -> None:
    """Just as it was rendered, and its layers after it."""
    composition = scene(*TREE)
    write_psd(composition, renderer, tmp_path / "a.psd")
    program = "magick" if shutil.which("magick") else "convert"
    subprocess.run([program, tmp_path / "a.psd[0]", "-strip", f"PNG32:{tmp_path / 'a.png'}"], check=True)
    theirs = np.asarray(Image.open(tmp_path / "a.png"))
    assert np.array_equal(theirs, renderer.render(composition).pixels)
