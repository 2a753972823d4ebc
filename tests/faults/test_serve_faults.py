"""What a client of the server, and its log, are told of a device that fails and of a full disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from engines.image_core import ImageCoreService, Renderer
from engines.image_core.http import create_app
from engines.media_v2.tests.support import ACME
from tests.faults.cards import card
from tests.faults.driver import faulty_driver
from tests.faults.injection import small_disk
from tests.http.serving import problem_of, serving

BODIES = {
    headline: card(headline).model_dump(mode="json", exclude_unset=True) for headline in ("A", "B", "C")
}


@pytest.fixture(scope="module")
def expected() -> dict[str, str]:
    """The hashes of the cards as NumPy draws them."""
    with Renderer("numpy") as renderer:
        return {headline: renderer.render(card(headline)).pixel_hash for headline in BODIES}


@pytest.mark.usefixtures("gl_renderer")
def test_a_render_that_numpy_did_for_the_device_names_both(
    tmp_path: Path,
    expected: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The artifact's backend is numpy and the log has the reason; the next render is the device's again."""
    with (
        faulty_driver(monkeypatch) as drivers,
        ImageCoreService.open(tmp_path, backend="auto") as service,
        serving(create_app(service)) as client,
    ):
        metas = {}
        for headline, body in BODIES.items():
            drivers[0].arm("error flags", 0 if headline == "B" else 100_000, "run")
            response = client.post("/image-core/render", json=body)
            assert response.status_code == 200, response.text
            metas[headline] = response.json()["meta"]
    assert [meta["backend"] for meta in metas.values()] == ["gl", "numpy", "gl"]
    assert {headline: meta["pixel_hash"] for headline, meta in metas.items()} == expected
    assert caplog.text.count("rendering falls back from OpenGL to NumPy: OpenGL failed while running") == 1


@pytest.mark.usefixtures("gl_renderer")
def test_a_device_asked_for_by_name_that_fails_is_the_servers_fault(
    tmp_path: Path,
    expected: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """500, the log has the driver's words, nothing is registered; the same request then succeeds."""
    with (
        faulty_driver(monkeypatch) as drivers,
        ImageCoreService.open(tmp_path, backend="gl") as service,
        serving(create_app(service)) as client,
    ):
        drivers[0].arm("raises", 0, "run")
        response = client.post("/image-core/render", json=BODIES["A"])
        assert problem_of(response, 500) == "the device that renders failed"
        assert "the driver failed: cannot do this" in caplog.text
        assert service.media.list_artifacts(**ACME).items == ()
        again = client.post("/image-core/render", json=BODIES["A"])
        assert again.json()["meta"]["pixel_hash"] == expected["A"]


def test_a_full_disk_is_told_as_a_store_that_cannot_be_used(tmp_path: Path, expected: dict[str, str]) -> None:
    """503; once there is room the same request succeeds."""
    with (
        small_disk(tmp_path / "disk", 512) as disk,
        ImageCoreService.open(disk.folder / "data", backend="numpy") as service,
        serving(create_app(service)) as client,
    ):
        disk.fill(0)
        response = client.post("/image-core/render", json=BODIES["A"])
        assert problem_of(response, 503) == "the media store cannot be used at the moment"
        disk.free()
        again = client.post("/image-core/render", json=BODIES["A"])
        assert again.json()["meta"]["pixel_hash"] == expected["A"]
