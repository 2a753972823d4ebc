"""The GL backend as a resource: nothing leaks, threads share it, contexts come and go."""

import ctypes
import os
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest

from engines.image_core import BackendUnavailableError, DeviceError, Renderer
from engines.image_core.backend import BackendChoice
from engines.image_core.gl import Session, open_device
from engines.image_core.gl.evaluate import evaluate
from engines.image_core.planning.planner import Plan, Sources, make_plan
from tests.parity.objects import alive
from tests.parity.support import ANY_SOURCE, Both, composed, noise, numbered


def busy_plan(seed: int = 0) -> Plan:
    """Every kind of step in one plan."""
    filters = [
        {"type": "blur", "radius": 2},
        {"type": "blur", "radius": 20},
        {"type": "sharpen", "radius": 3},
    ]
    raster = {"type": "raster", "source": ANY_SOURCE}
    layers = [
        {**raster, "filters": filters, "adjustments": {"sharpness": 2, "exposure": 1}},
        {**raster, "transform": {"rotation": 10, "scale": 0.7}},
        {"type": "group", "opacity": 0.5, "layers": [raster] * 9},
    ]
    images = {path: noise(seed + sum(path), 60, 60) for path in [(0,), (1,), *((2, i) for i in range(9))]}
    return make_plan(composed(80, 70, layers), Sources(images, {}))


@pytest.mark.usefixtures("gl_renderer")
def test_every_texture_buffer_and_program_is_given_back() -> None:
    """Rendering again makes no new GL object, and a released session leaves none behind."""
    device = open_device()
    before = device.run(alive)
    session = device.run(lambda: Session(device))
    for number in range(2):  # the first time by the general program, the second by their own
        device.run(lambda number=number: evaluate(session, busy_plan(number)))  # type: ignore[misc]
    held = device.run(alive)
    device.run(lambda: evaluate(session, busy_plan(2)))
    assert len(held) > len(before)
    assert len(device.run(alive)) == len(held)
    assert session.textures.live == 0
    device.run(session.release)
    device.run(lambda: ctypes.CDLL("libGL.so.1").glUseProgram(0))  # GL keeps a program while it is in use
    assert device.run(alive) == before
    device.close()


def test_a_failed_render_gives_its_textures_back_and_the_next_is_right(both: Both) -> None:
    """More of a picture than the device takes a side, for a blur at the canvas's edges, is a DeviceError; the
    renderer lives on."""
    layer = {"type": "raster", "source": ANY_SOURCE}
    wide = {**layer, "transform": {"x": -300}, "filters": [{"type": "blur", "radius": 100}]}
    images = numbered(noise(1, 64, 64), noise(0, 1, 17000, opaque=True))
    with pytest.raises(DeviceError, match="17000 x 1"):
        both.same(composed(16384, 1, [layer, wide]), images)
    both.same(composed(64, 64, [layer]), numbered(noise(1, 64, 64)))


@pytest.mark.usefixtures("gl_renderer")
def test_a_failure_of_any_pass_gives_all_textures_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each pass of a busy plan fails in turn; nothing stays taken, and the next rendering is right."""
    device = open_device()
    session = device.run(lambda: Session(device))
    plan = busy_plan()
    expected, *_ = device.run(lambda: evaluate(session, plan))
    dispatch = Session.dispatch
    passes = 0
    failed = True
    while failed:
        countdown = iter(range(passes, -1, -1))

        def failing(self: Session, *args: Any, left: Iterator[int] = countdown, **named: Any) -> None:
            if next(left, 1) == 0:
                raise DeviceError("no memory left")
            dispatch(self, *args, **named)

        monkeypatch.setattr(Session, "dispatch", failing)
        try:
            actual, *_ = device.run(lambda: evaluate(session, plan))
            failed = False
        except DeviceError:
            passes += 1
        assert session.textures.live == 0
    assert passes > 10
    assert np.array_equal(actual, expected)
    device.run(session.release)
    device.close()


@pytest.mark.usefixtures("gl_renderer")
def test_the_pool_frees_the_sizes_that_were_used_longest_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four textures of 400 bytes where three may stay: the first is freed, the others are used again."""
    monkeypatch.setattr("engines.image_core.gl.textures._POOL_BYTES", 1200)
    device = open_device()
    textures = Session(device).textures

    def use(width: int) -> int:
        texture = textures.take(width, 100 // width, "rgba8")
        textures.release(texture)
        return int(texture.handle.glo)

    before = [device.run(partial(use, width)) for width in (100, 50, 25, 20)]
    assert not device.run(lambda: ctypes.CDLL("libGL.so.1").glIsTexture(before[0]))
    assert [device.run(partial(use, width)) for width in (50, 25, 20)] == before[1:]
    device.close()


@pytest.mark.usefixtures("gl_renderer")
def test_the_pool_frees_a_size_that_is_not_taken_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may miss two textures and is gone with the third; one that is taken again and again stays."""
    monkeypatch.setattr("engines.image_core.gl.textures._IDLE_TAKES", 2)
    device = open_device()
    textures = Session(device).textures

    def use(width: int) -> int:
        texture = textures.take(width, 1, "rgba8")
        textures.release(texture)
        return int(texture.handle.glo)

    once, often = (device.run(partial(use, width)) for width in (5, 7))
    there = [device.run(lambda: ctypes.CDLL("libGL.so.1").glIsTexture(once))]
    for _ in range(2):
        assert device.run(partial(use, 7)) == often
        there.append(device.run(lambda: ctypes.CDLL("libGL.so.1").glIsTexture(once)))
    assert there == [1, 1, 0]
    device.close()


def test_threads_can_share_a_renderer(both: Both) -> None:
    """Eight threads render at once; each gets its own picture."""
    layer = {"type": "raster", "source": ANY_SOURCE, "transform": {"rotation": 30}}
    failures: list[BaseException] = []

    def work(seed: int) -> None:
        try:
            both.same(composed(50, 40, [layer]), numbered(noise(seed, 30, 30)))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.usefixtures("gl_renderer")
def test_renderers_can_be_opened_and_closed_many_times_and_side_by_side() -> None:
    """Two contexts in turn give the same pixels; a closed renderer says that it is closed."""
    composition = composed(30, 20, [{"type": "raster", "source": {"color": "#12345678"}}])
    hashes = set()
    for _ in range(10):
        with Renderer("gl") as first, Renderer("gl") as second:
            hashes |= {first.render(composition).pixel_hash, second.render(composition).pixel_hash}
    assert len(hashes) == 1
    with pytest.raises(DeviceError, match="closed"):
        first.render(composition)


@pytest.mark.usefixtures("gl_renderer")
def test_auto_falls_back_to_numpy_when_the_device_fails_and_says_so(
    numpy_renderer: Renderer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pixels are the reference's; the result names its backend and why, and the log warns."""

    def fail(*_: object) -> None:
        raise DeviceError("no memory left")

    composition = composed(30, 20, [{"type": "raster", "source": {"color": "#12345678"}}])
    with Renderer("auto") as renderer:
        assert renderer.render(composition).backend == "gl"
        monkeypatch.setattr("engines.image_core.gl.evaluate", fail)
        image = renderer.render(composition)
    assert (image.backend, image.reason) == ("numpy", "OpenGL failed (no memory left)")
    assert np.array_equal(image.pixels, numpy_renderer.render(composition).pixels)
    assert "falls back from OpenGL to NumPy: no memory left" in caplog.text


@pytest.mark.usefixtures("gl_renderer")
def test_a_forked_process_is_told_to_open_its_own_renderer() -> None:
    """A context does not survive fork: an error at once, not a wait without end."""
    composition = composed(8, 8, [{"type": "raster", "source": {"color": "#123456"}}])
    with Renderer("gl") as renderer:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                renderer.render(composition)
            except DeviceError as error:
                os.write(writer, str(error).encode())
            os._exit(0)
        os.close(writer)
        os.waitpid(child, 0)
        with os.fdopen(reader, "rb") as told:
            assert b"fork" in told.read()


@pytest.mark.usefixtures("gl_renderer")
@pytest.mark.parametrize("choice", ["auto", "gl"])
def test_a_device_that_is_not_there_is_an_error(choice: BackendChoice) -> None:
    """Naming a device is a demand: no other device and no other backend takes its place."""
    with pytest.raises(BackendUnavailableError, match="device_index 60: this machine has"):
        Renderer(choice, device_index=60)
