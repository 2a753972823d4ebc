"""Photoshop files over HTTP."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from engines.image_core import Renderer
from tests.http.serving import STRANGER, problem_of, upload
from tests.psd.made import Made
from tests.psd.scenes import backdrop, painted, scene

UPRIGHT = ((10.0, 6.0), (30.0, 6.0), (30.0, 26.0), (10.0, 26.0))


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A card with a smart object."""
    photo = painted(7, 20, 20, opaque=True, name="Photo", transform={"x": 10.0, "y": 6.0})
    path: Path = tmp_path_factory.mktemp("psd") / "card.psd"
    with Renderer("numpy") as renderer:
        made = Made(scene(backdrop(), photo, painted(3, 8, 8, name="Badge")), renderer)
    return made.smart_object("Photo", b"-", UPRIGHT, (20, 20)).save(path).read_bytes()


def _green() -> bytes:
    file = BytesIO()
    Image.new("RGB", (20, 20), "#00ff00").save(file, "PNG")
    return file.getvalue()


def test_an_asset_is_drawn_with_another_asset_in_it(client: httpx.Client, card: bytes) -> None:
    """The same request is the same artifact, whose parent is the file."""
    asset, picture = upload(client, card, "card.psd"), upload(client, _green(), "green.png")
    wanted: dict[str, Any] = {
        "asset_id": asset["id"],
        "images": {"Photo": {"asset_id": picture["id"]}},
        "visible": {"Badge": False},
    }
    first, again = (client.post("/image-core/psd", json=wanted) for _ in range(2))
    assert first.status_code == 200, first.text
    assert first.json()["id"] == again.json()["id"]
    assert first.json()["parent_asset_id"] == asset["id"]
    data = client.get(f"/media-v2/artifacts/{first.json()['id']}/content").content
    drawn = np.asarray(Image.open(BytesIO(data)).convert("RGBA"))
    assert (drawn[6:26, 10:30] == (0, 255, 0, 255)).all()


def test_what_cannot_be_drawn_is_told(client: httpx.Client, card: bytes) -> None:
    """A layer that is not there, a file that is no Photoshop file, and one of somebody else."""
    asset = upload(client, card, "card.psd")
    wanted = {"asset_id": asset["id"], "text": {"Headline": "Lift-off"}}
    missing = client.post("/image-core/psd", json=wanted)
    assert "there is no text layer 'Headline'" in problem_of(missing, 422)
    other = client.post("/image-core/psd", json={"asset_id": upload(client, _green(), "g.png")["id"]})
    assert "not a PSD or PSB file" in problem_of(other, 422)
    assert client.post("/image-core/psd", json=wanted, headers=STRANGER).status_code == 404
