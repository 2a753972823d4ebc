"""The self-test that "auto" makes of a driver it meets for the first time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engines.image_core import DeviceError, ImageComposition, Renderer
from engines.image_core.backend import GLBackend

pytestmark = pytest.mark.usefixtures("gl_renderer")

COMPOSITION = ImageComposition(
    tenant_id="acme", env="dev", width=256, height=256, background_color="#123456", layers=()
)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of the user's."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "image-core" / "self-test"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The plans that OpenGL was given."""
    plans: list[Any] = []
    evaluate = GLBackend.evaluate

    def noted(self: GLBackend, plan: Any, *clock: Any) -> Any:
        plans.append(plan)
        return evaluate(self, plan, *clock)

    monkeypatch.setattr(GLBackend, "evaluate", noted)
    return plans


def test_a_driver_is_tested_when_it_is_met_and_not_again(cache: Path, drawn: list[Any]) -> None:
    """The cache folder remembers it."""
    with Renderer("auto") as renderer:
        assert renderer.render(COMPOSITION).backend == "gl"
    assert len(drawn) > 5
    assert len(list(cache.iterdir())) == 1
    drawn.clear()
    with Renderer("auto") as renderer:
        renderer.render(COMPOSITION)
    assert len(drawn) == 1


def test_a_backend_asked_for_by_name_is_not_tested(cache: Path, drawn: list[Any]) -> None:
    """Whoever names it has chosen."""
    Renderer("gl").close()
    assert drawn == []
    assert not cache.exists()


def test_a_driver_that_draws_wrongly_is_not_used_and_every_result_says_why(
    cache: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One step in one pixel is enough; NumPy draws; the failure is not remembered."""
    evaluate = GLBackend.evaluate

    def wrong(self: GLBackend, plan: Any, *clock: Any) -> Any:
        evaluated = evaluate(self, plan, *clock)
        if evaluated.pixels.shape[:2] == (256, 256):
            evaluated.pixels[0, 0, 1] ^= 1
        return evaluated

    monkeypatch.setattr(GLBackend, "evaluate", wrong)
    with Renderer("auto") as renderer:
        image = renderer.render(COMPOSITION)
    assert image.backend == "numpy"
    assert "failed the self-test blend/overlay-pairs (1 of 65,536 pixels differ by up to 1" in image.reason
    assert image.reason in caplog.text
    assert not cache.exists()
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache.parents[1]))
    with Renderer("auto") as renderer:
        assert renderer.render(COMPOSITION).backend == "gl"


def test_a_driver_that_fails_in_the_self_test_is_not_used(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its error is the reason."""

    def fail(*_: Any) -> None:
        raise DeviceError("the context is lost")

    monkeypatch.setattr(GLBackend, "evaluate", fail)
    with Renderer("auto") as renderer:
        image = renderer.render(COMPOSITION)
    assert (image.backend, "the context is lost" in image.reason) == ("numpy", True)
    assert not cache.exists()


def test_a_cache_folder_that_cannot_be_written_costs_a_test_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn: list[Any]
) -> None:
    """Here it is a file."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    for _ in range(2):
        drawn.clear()
        with Renderer("auto") as renderer:
            assert renderer.render(COMPOSITION).backend == "gl"
        assert len(drawn) > 5
