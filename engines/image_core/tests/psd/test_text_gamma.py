"""By what gamma Photoshop mixes a file's text."""

from __future__ import annotations

import pytest
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import Resource, Tag
from psd_tools.psd import descriptor as told
from psd_tools.psd.image_resources import ImageResource, VersionInfo
from psd_tools.psd.tagged_blocks import TaggedBlock, TypeToolObjectSetting

from engines.image_core.psd.text_gamma import text_gamma

MAC = b"<xmp:CreatorTool>Adobe Photoshop CC (Macintosh)</xmp:CreatorTool>"
WINDOWS = b'stEvt:softwareAgent="Adobe Photoshop 22.4 (Windows)"'


def mixed(version: str = "", smoothing: bytes = b"AnCr", metadata: bytes = b"") -> float | None:
    """The gamma of a text layer in a file that a version saved."""
    image = PSDImage.new("RGB", (8, 8))
    layer = image.create_pixel_layer(Image.new("RGBA", (4, 4)))
    text = told.DescriptorBlock(classID=b"TxLr")
    text[b"AntA"] = told.Enumerated(b"Annt", smoothing)
    block = TypeToolObjectSetting(text_version=50, warp_version=1, text_data=text)
    layer.tagged_blocks[Tag.TYPE_TOOL_OBJECT_SETTING] = TaggedBlock(
        key=Tag.TYPE_TOOL_OBJECT_SETTING, data=block
    )
    resources: dict[Resource, object] = {Resource.XMP_METADATA: metadata}
    if version:
        resources[Resource.VERSION_INFO] = VersionInfo(reader=version)
    for key, data in resources.items():
        image.image_resources[key] = ImageResource(key=key.value, data=data)
    return text_gamma(layer)


@pytest.mark.parametrize("version", ["6.0", "7.0", "CS", "CS2", "CS3", "CS5", "CS5.1"])
def test_versions_before_cs6_mix_plainly(version: str) -> None:
    """They had no gamma for text."""
    assert mixed(f"Adobe Photoshop {version}") is None


@pytest.mark.parametrize(
    "version", ["", "Adobe Photoshop CS6", "Adobe Photoshop CC 2019", "Adobe Photoshop 2026"]
)
def test_versions_since_mix_by_1_45(version: str) -> None:
    """Those that are not told are taken for such."""
    assert mixed(version) == 1.45


def test_the_operating_systems_greys_are_mixed_plainly() -> None:
    """Whatever the version."""
    assert mixed("Adobe Photoshop 2026", b"antiAliasPlatformGray", WINDOWS) is None


def test_an_lcds_colours_are_mixed_by_1_1_on_a_mac() -> None:
    """Elsewhere by 1.45."""
    assert mixed("Adobe Photoshop CC", b"antiAliasPlatformLCD", MAC) == 1.1
    assert mixed("Adobe Photoshop 2021", b"antiAliasPlatformLCD", MAC + WINDOWS) == 1.45
