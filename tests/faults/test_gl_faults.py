"""A device or driver that fails in the middle of a render: told or drawn with NumPy, and forgotten."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np
import pytest

from engines.image_core import DeviceError, ImageCoreError, RenderedImage, Renderer
from engines.image_core.backend import BackendChoice, GLBackend
from tests.faults.cards import card
from tests.faults.driver import FAULTS, Driver, Fault, faulty_driver

pytestmark = pytest.mark.usefixtures("gl_renderer")

HEADLINES = ["First", "Second", "Third"]
RETRIED = {"texture", "filter"}  # the calls that make a texture, tried again after kept ones were freed
FALLBACK = "rendering falls back from OpenGL to NumPy: "


@pytest.fixture
def drivers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Driver]]:
    """The drivers of the devices that a test opens."""
    with faulty_driver(monkeypatch) as drivers:
        yield drivers


@pytest.fixture(scope="module")
def expected() -> dict[str, str]:
    """The hashes of the cards, by headline, as NumPy draws them."""
    with Renderer("numpy") as renderer:
        return {headline: renderer.render(card(headline)).pixel_hash for headline in HEADLINES}


def forget(renderer: Renderer) -> None:
    """Free what a renderer's device keeps, so that the next render uploads and draws all of it."""
    backend = renderer._backend
    assert isinstance(backend, GLBackend)
    assert backend._session.textures.live == 0
    backend._device.run(backend._session.textures.clear)


def settle(renderer: Renderer) -> None:
    """Render the card until it is drawn by the programs that it stays with, which the second render makes."""
    for _ in range(2):
        renderer.render(card())


def held_by(renderer: Renderer, driver: Driver) -> int:
    """How many objects a renderer has on its device beside kept layers."""
    forget(renderer)
    return driver.held


def held_by_another(drivers: list[Driver]) -> int:
    """The same of a renderer that has rendered the card: its programs."""
    with Renderer("gl") as another:
        settle(another)
        return held_by(another, drivers[-1])


Outcome = tuple[str, str] | DeviceError


def outcomes(renderer: Renderer, headlines: list[str]) -> Iterator[Outcome]:
    """What becomes of the cards of these headlines, rendered as many: backend and hash, or the error."""

    def drawn(image: RenderedImage) -> Outcome:
        return image.backend, image.pixel_hash

    def failed(error: ImageCoreError) -> Outcome:
        assert isinstance(error, DeviceError)
        return error

    return renderer.render_many(map(card, headlines), drawn, failed=failed, workers=2)


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_call_fails_auto_draws_with_numpy_and_the_next_render_is_right(
    fault: Fault, drivers: list[Driver], expected: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """Every upload, pass and read fails once: the fallback says why in its reason and in the log, nothing
    stays on the device, and the device then draws the same bytes, also from the layers it has kept."""
    with Renderer("auto") as renderer:
        (driver,) = drivers
        settle(renderer)
        held, healed = held_by(renderer, driver), 0
        for number in itertools.count():
            caplog.clear()
            driver.arm(fault, number)
            image = renderer.render(card())
            if not driver.struck:
                break
            assert image.pixel_hash == expected["First"], driver.calls[-1]
            if image.backend == "gl":  # it had no memory, kept layers were freed, and then it had
                assert driver.calls[number] in RETRIED
                healed += 1
            else:
                assert image.reason.startswith("OpenGL failed (")
                assert FALLBACK + image.reason[len("OpenGL failed (") : -1] in caplog.text
            driver.disarm()
            for _ in range(2):
                image = renderer.render(card())
                assert (image.backend, image.pixel_hash) == ("gl", expected["First"]), driver.calls[-1]
            assert held_by(renderer, driver) == held, driver.calls[number]
    assert number > 100
    assert healed == 0 if fault == "context lost" else healed >= 5
    assert {"texture", "filter", "write", "buffer", "run", "finish", "read_into"} <= set(driver.calls)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_device_asked_for_by_name_is_told_in_one_line(
    fault: Fault, drivers: list[Driver], expected: dict[str, str]
) -> None:
    """A DeviceError, and the next render on the same renderer is right."""
    with Renderer("gl") as renderer:
        (driver,) = drivers
        renderer.render(card())
        forget(renderer)
        for name in ("write", "buffer", "bind_to_image", "run", "memory_barrier", "finish", "read_into"):
            driver.arm(fault, 0, name)
            with pytest.raises(DeviceError) as told:
                renderer.render(card())
            assert "\n" not in str(told.value)
            driver.disarm()
            assert renderer.render(card()).pixel_hash == expected["First"]
            forget(renderer)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_program_that_cannot_be_made_is_made_by_the_next_render(
    fault: Fault, drivers: list[Driver], expected: dict[str, str]
) -> None:
    """Each fails in turn on a renderer that has none: none of those that failed is kept."""
    with Renderer("gl") as renderer:
        (driver,) = drivers
        for number in itertools.count():
            driver.arm(fault, min(number, 1), "compute_shader")  # the one that failed is made, the next fails
            with suppress(DeviceError):
                renderer.render(card())
            if not driver.struck:
                break
            driver.disarm()
        assert number > 5
        assert renderer.render(card()).pixel_hash == expected["First"]
        assert held_by(renderer, driver) <= held_by_another(drivers)  # the general one may lack


def test_kept_layers_are_not_poisoned(drivers: list[Driver], expected: dict[str, str]) -> None:
    """A card of which the device has all but the headline fails at every call; both cards are right after."""
    with Renderer("gl") as renderer:
        (driver,) = drivers
        for number in itertools.count():
            assert renderer.render(card("First")).pixel_hash == expected["First"]
            driver.arm("error flags", number)
            try:
                image = renderer.render(card("Second"))
            except DeviceError:
                continue
            finally:
                driver.disarm()
                again = [renderer.render(card(headline)).pixel_hash for headline in ("First", "Second")]
                assert again == [expected["First"], expected["Second"]]
                forget(renderer)
            if not driver.struck:
                break
        assert image.cache["layers"]["hits"] > 2
        assert number > 5


@pytest.mark.parametrize("choice", ["auto", "gl"])
@pytest.mark.parametrize("fault", ["raises", "error flags"])
def test_of_many_only_the_one_that_failed_reports(
    fault: Fault, choice: BackendChoice, drivers: list[Driver], expected: dict[str, str]
) -> None:
    """Those before and after it are right, and it is too where NumPy may draw it."""
    with Renderer(choice) as renderer:
        (driver,) = drivers
        for number in itertools.count(0, 5):
            driver.arm(fault, number)
            results = list(outcomes(renderer, HEADLINES))
            if not driver.struck:
                break
            forget(renderer)
            for headline, result in zip(HEADLINES, results, strict=True):
                assert isinstance(result, DeviceError) or result[1] == expected[headline]
            told = [result for result in results if isinstance(result, DeviceError) or result[0] == "numpy"]
            assert all(isinstance(result, DeviceError) == (choice == "gl") for result in told)
            assert len(told) == 1 or driver.calls[number] in RETRIED
        assert number > 100
        ring = 2  # buffers that pictures are read back through
        assert held_by(renderer, driver) <= held_by_another(drivers) + ring


def test_a_context_that_stays_lost_is_told_of_every_image(
    drivers: list[Driver], expected: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """One by one and many at once: each result's reason says so, with a warning each, and all are right."""
    with Renderer("auto") as renderer:
        (driver,) = drivers
        renderer.render(card())
        driver.arm("context lost", 5)
        images = [renderer.render(card(headline)) for headline in HEADLINES]
        images += renderer.render_many(map(card, HEADLINES))
    assert [image.pixel_hash for image in images] == [expected[headline] for headline in HEADLINES] * 2
    assert all("OpenGL failed (" in image.reason for image in images)
    assert caplog.text.count(FALLBACK) == 6
    caplog.clear()


def test_of_many_those_before_a_lost_context_are_drawn_by_the_device(
    drivers: list[Driver], expected: dict[str, str]
) -> None:
    """All later ones report, none is lost or wrong."""
    with Renderer("gl") as renderer:
        (driver,) = drivers
        results = outcomes(renderer, HEADLINES * 3)
        assert next(results) == ("gl", expected["First"])
        driver.arm("context lost", 0)
        rest = list(results)
        driver.disarm()
        assert renderer.render(card()).pixel_hash == expected["First"]
    failed = [isinstance(result, DeviceError) for result in rest]
    assert failed == sorted(failed), "the context was lost once"
    assert failed[-1]
    for headline, result in zip((HEADLINES * 3)[1:], rest, strict=True):
        assert isinstance(result, DeviceError) or result == ("gl", expected[headline])


@pytest.mark.parametrize("limit", ["max_texture_size", "max_storage_block"])
def test_what_is_too_large_for_the_device_numpy_draws(
    limit: str, drivers: list[Driver], expected: dict[str, str]
) -> None:
    """A canvas, picture or table beyond what the driver says it takes: with "gl" an error with the limit."""
    for choice in ("auto", "gl"):
        with Renderer(choice) as renderer:
            device = drivers.pop().device
            limits: Any = {limit: 40}
            device.info = dataclasses.replace(device.info, **limits)
            if choice == "auto":
                image = renderer.render(card())
                assert (image.backend, image.pixel_hash) == ("numpy", expected["First"])
                assert "OpenGL failed (" in image.reason
            else:
                with pytest.raises(DeviceError, match=r"takes 40 a side|is beyond .* limit"):
                    renderer.render(card())


def test_a_host_without_memory_for_the_pixels_is_a_device_error(
    drivers: list[Driver], expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The array that a finished canvas is read into cannot be had: told like any other fault of a device."""

    def full(*_: object) -> None:
        raise MemoryError("Unable to allocate 12.0 KiB")

    with Renderer("gl") as renderer:
        planned = renderer.plan(card())
        for collect in (partial(renderer.draw, planned), renderer.begin(planned)):
            with monkeypatch.context() as patch:
                patch.setattr(np, "empty", full)
                with pytest.raises(DeviceError, match=r"no memory left: Unable to allocate 12.0 KiB"):
                    collect()
            assert renderer.draw(planned).pixel_hash == expected["First"]
