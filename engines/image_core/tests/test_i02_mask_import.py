"""Pictures made elsewhere as mask artifacts: which are taken, what is kept of them, when two are the same."""

from __future__ import annotations

import hashlib
import io
import struct
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engines.image_core import CompositionError, ExportError, ImageCoreService, SourceError
from engines.image_core.export import encode_mask
from engines.image_core.tests.composing import Pixels, composed, file_data, solid
from engines.image_core.tests.encoded import gray_profile, png
from engines.media_v2 import DerivedArtifact, MaskMeta, MediaError

ACME: Any = {"tenant_id": "acme", "env": "dev"}
RAMP = np.arange(256, dtype=np.uint8).reshape(8, 32)
FRAME = file_data(Image.fromarray(RAMP))
COLOUR = np.random.default_rng(1).integers(0, 256, (8, 32, 4), dtype=np.uint8)


def imported(service: ImageCoreService, data: bytes = FRAME, **options: Any) -> DerivedArtifact:
    """A picture as a mask of acme, dev, unless told otherwise."""
    return service.import_mask(data, **(ACME | options))


def stored(service: ImageCoreService, artifact: DerivedArtifact) -> bytes:
    """The artifact's file."""
    return service.media.read_artifact(artifact.id, **ACME)


def pixels(service: ImageCoreService, data: bytes, **options: Any) -> Pixels:
    """What is in the file of an imported mask."""
    return np.array(Image.open(io.BytesIO(stored(service, imported(service, data, **options)))))


def test_the_meta_of_an_imported_mask(service: ImageCoreService) -> None:
    """Its kind is mask, its type imported, its hash that of width, height and the grey bytes."""
    artifact = imported(service, start_ms=40, end_ms=80)
    assert (artifact.kind, artifact.mime_type, artifact.filename) == ("mask", "image/png", "mask.png")
    content = struct.pack(">II", 32, 8) + RAMP.tobytes()
    assert artifact.meta == MaskMeta(
        width=32,
        height=8,
        selection_hash=hashlib.sha256(content).hexdigest(),
        mask_type="imported",
        start_ms=40,
        end_ms=80,
    )


def test_an_imported_mask_works_in_a_layer(service: ImageCoreService) -> None:
    """A layer of one colour gets the mask's values as its alpha."""
    mask = {"mask_artifact_id": imported(service).id}
    artifact = service.render_composition(composed(solid("#ff8000", mask=mask), size=(32, 8)))
    drawn = np.array(Image.open(io.BytesIO(stored(service, artifact))))
    assert np.array_equal(drawn[..., 3], RAMP)


def test_the_file_is_a_grey_png_without_colour_space(service: ImageCoreService) -> None:
    """Whatever came in, the file has 8 bits and one channel, and three chunks: header, pixels, end."""
    data = stored(service, imported(service, file_data(Image.fromarray(RAMP), "TIFF")))
    assert data == encode_mask(RAMP)
    assert data[24:26] == b"\x08\x00"  # IHDR: bit depth 8, colour type 0
    assert [name for name in (b"sRGB", b"gAMA", b"iCCP", b"tEXt", b"tIME") if name in data] == []


@pytest.mark.parametrize("format", ["PNG", "TIFF", "BMP"])
def test_a_grey_picture_keeps_every_value(service: ImageCoreService, format: str) -> None:
    """0 to 255 come back as they were, from each format that has grey without loss."""
    assert np.array_equal(pixels(service, file_data(Image.fromarray(RAMP), format)), RAMP)


def test_a_colour_profile_changes_no_value(service: ImageCoreService) -> None:
    """The values are coverage: a profile that would darken a picture is passed over."""
    file = io.BytesIO()
    Image.fromarray(RAMP).save(file, "PNG", icc_profile=gray_profile([256]))
    assert np.array_equal(pixels(service, file.getvalue()), RAMP)


def test_16_bits_are_rounded_to_nearest(service: ImageCoreService) -> None:
    """Each of the 65,536 values becomes the nearest of 256."""
    wide = np.arange(65536).reshape(256, 256, 1)
    nearest = np.floor(wide[..., 0] * 255 / 65535 + 0.5)
    assert np.array_equal(pixels(service, png(wide.astype(np.uint16), 0, 16)), nearest)


@pytest.mark.parametrize("channel", ["red", "green", "blue", "alpha"])
def test_the_channel_that_is_named_is_taken(service: ImageCoreService, channel: str) -> None:
    """Of a picture in colour with alpha, the values of that channel as they are, under alpha 0 too."""
    index = ["red", "green", "blue", "alpha"].index(channel)
    taken = pixels(service, file_data(Image.fromarray(COLOUR)), channel=channel)
    assert np.array_equal(taken, COLOUR[..., index])


def test_the_channels_of_a_grey_picture_are_its_grey(service: ImageCoreService) -> None:
    """With alpha beside the grey either can be named; without, the grey still answers to a colour."""
    with_alpha = file_data(Image.fromarray(COLOUR[..., :2].copy(), "LA"))
    assert np.array_equal(pixels(service, with_alpha, channel="red"), COLOUR[..., 0])
    assert np.array_equal(pixels(service, with_alpha, channel="alpha"), COLOUR[..., 1])
    assert np.array_equal(pixels(service, FRAME, channel="green"), RAMP)


@pytest.mark.parametrize(
    ("mode", "kind", "there"),
    [
        ("RGB", "RGB", "red, green, blue"),
        ("P", "RGB", "red, green, blue"),
        ("RGBA", "RGBA", "red, green, blue, alpha"),
        ("LA", "grey with alpha", "red, green, blue, alpha"),
    ],
)
def test_several_channels_are_refused_unless_one_is_named(
    service: ImageCoreService, mode: str, kind: str, there: str
) -> None:
    """The line names the picture and the channels it has."""
    with pytest.raises(SourceError) as caught:
        imported(service, file_data(Image.new(mode, (4, 4))), name="mask 'frame.png'")
    assert str(caught.value) == (
        f"mask 'frame.png': a mask has one channel, but this picture is {kind}: "
        f"name the channel to take, {there}"
    )


def test_a_channel_that_is_not_there_is_refused(service: ImageCoreService) -> None:
    """No alpha is made up for a picture that has none, and no other word is a channel."""
    for channel in ("alpha", "luma", "R"):
        line = (
            f"^mask: channel: '{channel}' is not allowed: this picture is grey: allowed is red, green, blue$"
        )
        with pytest.raises(SourceError, match=line):
            imported(service, channel=channel)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", "not a picture in a format this library reads"),
        (b"not a picture", "not a picture in a format this library reads"),
        (FRAME[:-20], "this PNG file is cut short"),
        (file_data(Image.new("CMYK", (4, 4)), "TIFF"), "a mask is not made from a CMYK picture"),
        (file_data(Image.new("F", (4, 4)), "TIFF"), "floating-point pixels are not read"),
    ],
    ids=["empty", "text", "cut short", "CMYK", "floating point"],
)
def test_what_is_no_picture_is_refused(service: ImageCoreService, data: bytes, line: str) -> None:
    """One line that says what is wrong, and no artifact."""
    with pytest.raises(SourceError, match=f"^mask: {line}"):
        imported(service, data)
    assert service.media.list_artifacts(**ACME).items == ()


def test_a_picture_larger_than_a_canvas_is_refused(service: ImageCoreService) -> None:
    """No composition could use it."""
    with pytest.raises(CompositionError, match=r"^width: 16385 is not allowed: allowed is 1 to 16384$"):
        imported(service, file_data(Image.new("L", (16385, 1))))


@pytest.mark.parametrize(
    ("times", "line"),
    [
        ({"start_ms": -1}, "start_ms: -1 is not allowed"),
        ({"start_ms": 1.5}, "start_ms: 1.5 is not allowed"),
        ({"end_ms": 5}, "end_ms: 5 is not allowed: an end needs a start_ms"),
        ({"start_ms": 6, "end_ms": 5}, "end_ms: 5 is not allowed: allowed is start_ms, 6, or more"),
    ],
)
def test_times_that_are_not_valid(service: ImageCoreService, times: dict[str, Any], line: str) -> None:
    """For imported and for generated masks, the line names the field."""
    rect = {"type": "rect", "points": [[0, 0], [4, 4]]}
    with pytest.raises(CompositionError, match=f"^{line}"):
        imported(service, **times)
    with pytest.raises(CompositionError, match=f"^{line}"):
        service.generate_mask(rect, 8, 8, **ACME, **times)


def test_the_same_pixels_are_the_same_artifact(service: ImageCoreService) -> None:
    """From another file too, and 16 bits that round to the same 8."""
    artifact = imported(service)
    assert imported(service) == artifact
    assert imported(service, file_data(Image.fromarray(RAMP), "TIFF")) == artifact
    assert imported(service, png(RAMP[..., np.newaxis].astype(np.uint16) * 257, 0, 16)) == artifact


def test_other_pixels_times_parents_and_scopes_are_other_artifacts(service: ImageCoreService) -> None:
    """What the caller said of a mask is never that of another one."""
    matte = service.media.register_asset(b"matte", **ACME, filename="matte.mkv", kind="other")
    variants: list[dict[str, Any]] = [
        {},
        {"data": file_data(Image.fromarray(RAMP[::-1].copy()))},
        {"data": file_data(Image.fromarray(RAMP.reshape(32, 8)))},
        {"start_ms": 0},
        {"start_ms": 0, "end_ms": 0},
        {"start_ms": 0, "end_ms": 40},
        {"parent_asset_id": matte.id},
        {"parent_asset_id": matte.id, "start_ms": 0},
        {"env": "prod"},
        {"tenant_id": "other"},
    ]
    made = [imported(service, **variant) for variant in variants]
    assert len({artifact.id for artifact in made}) == len(variants)
    assert [imported(service, **variant) for variant in variants] == made
    assert [artifact.parent_asset_id for artifact in made].count(matte.id) == 2


def test_a_generated_mask_has_times_of_its_own(service: ImageCoreService) -> None:
    """The same selection at another time is another artifact of the same bytes."""
    rect = {"type": "rect", "points": [[0, 0], [4, 4]]}
    always, first, second = (
        service.generate_mask(rect, 8, 8, **ACME, start_ms=start, end_ms=end)
        for start, end in ((None, None), (0, 40), (40, 80))
    )
    assert len({always.id, first.id, second.id}) == 3
    assert always.sha256 == first.sha256 == second.sha256
    assert service.generate_mask(rect, 8, 8, **ACME, start_ms=40, end_ms=80) == second


def test_a_parent_of_another_tenant_is_not_found(service: ImageCoreService) -> None:
    """An asset that the caller cannot see is no parent."""
    matte = service.media.register_asset(
        b"matte", tenant_id="other", env="dev", filename="m.mkv", kind="other"
    )
    with pytest.raises(MediaError, match=f"asset '{matte.id}' not found"):
        imported(service, parent_asset_id=matte.id)


def test_a_mask_is_encoded_from_one_channel_of_bytes() -> None:
    """Arrays of another shape or type are refused, with both named."""
    for array in (np.zeros((2, 2, 4), np.uint8), np.zeros((2, 2)), np.zeros((0, 2), np.uint8)):
        with pytest.raises(
            ExportError, match=r"^a mask of shape .* is not allowed: allowed is uint8 of shape"
        ):
            encode_mask(array)  # type: ignore[arg-type]  # float64 is what is tried
