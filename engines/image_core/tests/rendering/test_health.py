"""What a renderer says of its device: how it fares, why NumPy drew instead, what is held."""

from __future__ import annotations

import pytest

from engines.image_core import BackendUnavailableError, DeviceError, ImageComposition, Renderer
from engines.image_core.backend import BackendChoice
from engines.image_core.errors import DeviceFault
from engines.image_core.rendering.health import FALLBACKS, DeviceWatch
from tests.faults.driver import faulty_driver

PIXEL = ImageComposition(
    tenant_id="a",
    env="b",
    width=64,
    height=8,
    layers=[
        {
            "type": "vector",
            "shapes": [{"type": "ellipse", "cx": 9, "cy": 4, "rx": 9, "ry": 4, "fill": "#f00"}],
            "filters": [{"type": "blur", "radius": 2}],
        }
    ],
)
NONE = dict.fromkeys(FALLBACKS, 0)


def test_numpy_by_name_is_well_and_says_what_it_holds() -> None:
    """Its layers are what the device holds; caches are empty until something was drawn."""
    with Renderer("numpy") as renderer:
        empty = renderer.health
        assert (empty.state, empty.backend, empty.fallbacks) == ("ok", "numpy", NONE)
        assert set(empty.held_bytes.values()) == {0}
        renderer.render(PIXEL)
        held = renderer.health.held_bytes
    assert held["canvases"] == 64 * 8 * 4
    assert held["device"] == held["layers"] > 0
    assert min(held.values()) > 0


def test_no_device_where_one_was_looked_for_is_degraded(monkeypatch: pytest.MonkeyPatch) -> None:
    """auto without OpenGL is NumPy, which is told; NumPy by name is not."""

    def none(index: int) -> None:
        raise BackendUnavailableError("no EGL device was found")

    monkeypatch.setattr("engines.image_core.gl.open_device", none)
    with Renderer("auto") as renderer:
        health = renderer.health
    assert (health.state, health.backend) == ("degraded", "numpy")
    assert "no EGL device was found" in health.reason
    assert health.fallbacks == NONE | {"unavailable": 1}


@pytest.mark.usefixtures("gl_renderer")
@pytest.mark.parametrize(("choice", "state"), [("auto", "degraded"), ("gl", "failed")])
def test_a_device_that_failed_is_well_again_when_it_draws_again(
    choice: BackendChoice, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a picture or the check finds so; the driver's words are told meanwhile, and counted once."""
    with faulty_driver(monkeypatch) as drivers, Renderer(choice) as renderer:
        renderer.render(PIXEL)
        assert renderer.health.held_bytes["device"] > 0
        drivers[-1].arm("context lost", 0, "run")
        again = PIXEL.model_copy(update={"background_color": "#ff0000"})
        if choice == "gl":
            with pytest.raises(DeviceError):
                renderer.render(again)
        else:
            assert renderer.render(again).backend == "numpy"
        assert not renderer.check_device()
        lost = renderer.health
        assert lost.state == state
        assert "GL_CONTEXT_LOST" in lost.reason
        assert lost.fallbacks == NONE | {"error": int(choice == "auto")}
        drivers[-1].disarm()
        assert renderer.check_device()
        assert renderer.health.state == "ok"
        assert renderer.health.fallbacks == lost.fallbacks


@pytest.mark.parametrize("kind", ["limit", "memory"])
def test_a_picture_that_is_too_large_for_a_device_is_not_the_devices_failure(kind: DeviceFault) -> None:
    """NumPy draws it, which is counted; nobody can have a server say that its device failed."""
    watch = DeviceWatch(None, may_fall_back=True)
    watch.failed(DeviceError("too large", kind))
    assert watch.state == "ok"
    assert watch.fallbacks == NONE | {kind: 1}
