"""Photoshop files are drawn in their own colour space, and converted with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from psd_tools import PSDImage
from psd_tools.constants import Resource
from psd_tools.psd.image_resources import ImageResource

from engines.image_core import ImageComposition, Renderer
from engines.image_core.psd.converting import convert_psd
from engines.image_core.psd.template import Profile, PsdTemplate
from engines.image_core.tests.composing import Pixels, composed, largest_step, photo
from engines.image_core.tests.profiled import GREY, P3, P3_TO_SRGB, curved, document, linear

RGB = np.random.default_rng(3).integers(0, 256, (8, 8, 3), dtype=np.uint8)
FILES = {"p3.psd": document(RGB, P3), "grey.psd": document(RGB, GREY, "L"), "plain.psd": document(RGB)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with Photoshop files of three spaces."""
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def composition(folder: Path, name: str, profile: Profile = "srgb") -> ImageComposition:
    """A file as a composition."""
    template = PsdTemplate.open(folder / name, source=name, profile=profile)
    return template.composition(tenant_id="acme", env="dev")


def drawn(folder: Path, card: ImageComposition) -> Pixels:
    """Its pixels."""
    with Renderer("numpy", root=folder) as renderer:
        return renderer.render(card).pixels


def test_a_file_is_converted_from_its_own_space(folder: Path) -> None:
    """To sRGB, or it is left in it."""
    expected = curved(linear(RGB) @ P3_TO_SRGB.T)
    assert largest_step(drawn(folder, composition(folder, "p3.psd"))[..., :3], expected) <= 1.5
    for name in ("p3.psd", "plain.psd"):
        assert np.array_equal(drawn(folder, composition(folder, name, "keep"))[..., :3], RGB)


def test_a_file_without_a_profile_is_srgb(folder: Path) -> None:
    """Its composition has no space of its own."""
    assert composition(folder, "plain.psd").color_profile is None


@pytest.mark.parametrize("name", FILES)
def test_what_a_file_is_converted_to_draws_the_same(folder: Path, name: str) -> None:
    """The pictures in the folder carry the profile, of grey as grey."""
    template = PsdTemplate.open(folder / name, source=name)
    target = folder / "converted"
    converted = convert_psd(template, target, tenant_id="acme", env="dev")
    card = ImageComposition.model_validate_json(converted.composition.read_bytes())
    assert np.array_equal(drawn(target, card), drawn(folder, composition(folder, name)))


def test_a_file_of_32_bits_is_srgb_whatever_its_profile(tmp_path: Path) -> None:
    """Its profile tells light, which is brought to sRGB's curve when it is read."""
    light = np.array([0.02, 0.3, 0.9])
    image = PSDImage.new("RGB", (4, 4), depth=32)
    planes = [np.full((4, 4), value, ">f4").tobytes() for value in light]
    image._record.image_data.set_data(planes, image._record.header)
    image.image_resources[Resource.ICC_PROFILE] = ImageResource(key=Resource.ICC_PROFILE.value, data=P3)
    image.save(tmp_path / "light.psd")
    assert composition(tmp_path, "light.psd").color_profile is None
    card = composed(photo("light.psd"), size=(4, 4))
    assert largest_step(drawn(tmp_path, card)[0, 0, :3], curved(light)) <= 0.51
