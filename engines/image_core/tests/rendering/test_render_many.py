"""`Renderer.render_many`: many compositions in order, with few in flight and no fault lost."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator

import pytest

from engines.image_core import CompositionError, ImageComposition, ImageCoreError, Renderer, SourceError
from engines.image_core.rendering.rendered import RenderedImage
from engines.image_core.tests.composing import composed, photo, picture, random_pixels, solid


def card(number: int) -> ImageComposition:
    """A composition like no other."""
    text = {"type": "text", "text": f"Number {number}", "size": 24, "transform": {"x": 4, "y": 4}}
    return composed(
        solid("#204060"), picture(random_pixels(number, 40, 30), opacity=0.7), text, size=(160, 48)
    )


MISSING = composed(photo("no-such-file.png", name="Cover"))


def test_results_come_in_order_and_are_those_of_render(renderer: Renderer) -> None:
    """Each image has the pixels that `render` gives, whatever was drawn at the same time."""
    expected = [renderer.render(card(number)).pixel_hash for number in range(12)]
    drawn = [image.pixel_hash for image in renderer.render_many(map(card, range(12)))]
    assert drawn == expected
    assert len(set(drawn)) == 12


def test_then_makes_the_results_on_threads(renderer: Renderer) -> None:
    """What `then` returns is given, and it does not run where the results are taken."""
    seen = set()

    def encoded(image: RenderedImage) -> bytes:
        seen.add(threading.current_thread().name)
        return image.to_png()

    files = list(renderer.render_many(map(card, range(6)), encoded, workers=2))
    assert files == [renderer.render(card(number)).to_png() for number in range(6)]
    assert threading.current_thread().name not in seen
    assert len(seen) <= 2


@pytest.mark.parametrize("workers", [1, 3])
def test_an_endless_list_is_read_no_further_than_workers_and_two(renderer: Renderer, workers: int) -> None:
    """Memory is bounded: beside the results taken, workers + 2 compositions are read; none before."""
    read = 0

    def endless() -> Iterator[ImageComposition]:
        nonlocal read
        for number in itertools.count():
            read += 1
            yield card(number % 3)

    results = renderer.render_many(endless(), workers=workers)
    assert read == 0
    for taken in range(1, 6):
        next(results)
        assert read <= taken + workers + 2
    results.close()  # type: ignore[attr-defined]  # it is a generator, which typing calls an Iterator
    assert renderer.render(card(1)).pixel_hash == next(renderer.render_many([card(1)])).pixel_hash


def test_closing_early_leaves_no_thread(renderer: Renderer) -> None:
    """After the iterator is closed none of its threads is left."""
    results = renderer.render_many(map(card, range(20)), workers=2)
    next(results)
    results.close()  # type: ignore[attr-defined]  # as above
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith(("image-core-many", "image-core-draw"))]


def test_a_fault_is_raised_after_the_results_before_it(numpy_renderer: Renderer) -> None:
    """A composition that cannot be rendered does not take those before it along."""
    results = numpy_renderer.render_many([card(1), card(2), MISSING, card(3)])
    assert [next(results).width, next(results).width] == [160, 160]
    with pytest.raises(SourceError, match=r"Cover.*no-such-file\.png"):
        next(results)
    assert list(results) == []


def test_failed_turns_a_fault_into_a_result(numpy_renderer: Renderer) -> None:
    """With `failed` the run goes on, and its result stands in the fault's place."""

    def told(error: ImageCoreError) -> str:
        return f"failed: {error}"

    results = list(
        numpy_renderer.render_many([card(1), MISSING, card(2)], lambda image: image.pixel_hash, failed=told)
    )
    assert results[0] == numpy_renderer.render(card(1)).pixel_hash
    assert results[1].startswith("failed: ")
    assert "no-such-file.png" in results[1]
    assert results[2] == numpy_renderer.render(card(2)).pixel_hash


def test_a_fault_in_then_is_raised_in_its_place(numpy_renderer: Renderer) -> None:
    """An encoder's refusal is an error like any other."""
    clear = composed(size=(8, 8))
    results = numpy_renderer.render_many([card(1), clear], RenderedImage.to_jpeg)
    assert next(results).startswith(b"\xff\xd8")
    with pytest.raises(ImageCoreError, match="matte"):
        next(results)


def test_a_fault_of_the_list_comes_after_what_was_read_before_it(numpy_renderer: Renderer) -> None:
    """A list that fails while it is read does not lose the compositions before."""

    def broken() -> Iterator[ImageComposition]:
        yield card(1)
        yield card(2)
        raise CompositionError("line 3 is not JSON")

    results = numpy_renderer.render_many(broken())
    assert [next(results).width, next(results).width] == [160, 160]
    with pytest.raises(CompositionError, match="line 3"):
        next(results)


def test_two_runs_and_a_render_share_one_renderer(renderer: Renderer) -> None:
    """Runs may be mixed with each other and with `render`: each has its own images."""
    one, two = renderer.render_many(map(card, range(5))), renderer.render_many(map(card, range(5, 10)))
    for number in range(5):
        images = next(one), next(two), renderer.render(card(number))
        assert images[0].pixel_hash == images[2].pixel_hash != images[1].pixel_hash


@pytest.mark.parametrize("fails_on", ["begin", "collect"])
def test_auto_falls_back_for_the_image_that_the_device_failed_on(
    gl_renderer: Renderer, monkeypatch: pytest.MonkeyPatch, fails_on: str
) -> None:
    """Where the backend was left to us, NumPy draws what the device refuses, and its reason says so."""
    from engines.image_core.backend import Backend, Evaluated
    from engines.image_core.errors import DeviceError
    from engines.image_core.planning.planner import Plan
    from engines.image_core.runtime.limits import StartClock

    assert gl_renderer  # there is a device
    with Renderer("auto") as renderer:
        backend: Backend = renderer._backend
        real = backend.begin
        calls = itertools.count()

        def begin(plan: Plan, start_clock: StartClock) -> Callable[[], Evaluated]:
            collect = real(plan, start_clock)
            if next(calls) != 1:
                return collect
            if fails_on == "begin":
                raise DeviceError("the device is lost")

            def lost() -> Evaluated:
                collect()
                raise DeviceError("the device is lost")

            return lost

        monkeypatch.setattr(backend, "begin", begin)
        images = list(renderer.render_many(map(card, range(3))))
    assert [image.backend for image in images] == ["gl", "numpy", "gl"]
    assert "the device is lost" in images[1].reason
    assert images[1].pixel_hash == gl_renderer.render(card(1)).pixel_hash
