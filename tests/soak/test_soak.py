"""The soak run in short: it is well where nothing is wrong, and finds what it is there to find."""

from __future__ import annotations

import gc
import json
import mmap
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from engines.image_core import RenderedImage, Renderer
from engines.image_core.backend import BackendChoice
from engines.image_core.gl import Session
from engines.image_core.rendering.rendered import Planned
from tests.soak.__main__ import main
from tests.soak.deck import Deck, make_deck
from tests.soak.run import Soak
from tests.soak.samples import ALLOWED, Sample, judge

RENDERS = 192
EVERY = 16


@pytest.fixture(scope="module", autouse=True)
def quick_collecting() -> Iterator[None]:
    """The collections before samples pass over what the tests before left."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the deck's files."""
    return tmp_path_factory.mktemp("soak")


@pytest.fixture(scope="module")
def deck(root: Path, photos: Path) -> Deck:
    """Two trees, four scenes, a rare tree and a scene with SVG: all come in the first quarter of RENDERS."""
    whole = make_deck(root, photos)
    usual = (*whole.usual[:2], *whole.usual[-20::5])
    return replace(whole, usual=usual, rare=whole.rare[1:2], heavy=whole.heavy[1:2])


@pytest.mark.usefixtures("gl_renderer")
@pytest.mark.parametrize("backend", ["gl", "numpy"])
def test_renders_come_out_the_same_and_leave_nothing_behind(
    backend: BackendChoice, deck: Deck, root: Path
) -> None:
    """All that is counted; memory needs more renders to be judged."""
    soak = Soak(backend, deck, root)
    soak.run(RENDERS, EVERY)
    assert soak.faults == []
    assert soak.renders >= RENDERS
    assert soak.exports > 0
    assert soak.refusals > 0
    grown = {name: verdict for name, verdict in judge(soak.samples).items() if verdict.grown}
    assert set(grown) <= {"memory, MiB"}, grown


@pytest.fixture
def leak() -> Iterator[Callable[[], None]]:
    """Leaks memory, a file handle, a thread and a child process at each call."""
    memory, handles, children = [], [], []
    done = threading.Event()

    def leak() -> None:
        # From the system, not from what earlier tests gave back to this process.
        memory.append(mmap.mmap(-1, 16 << 20))
        memory[-1].write(bytes(16 << 20))
        handles.append(os.open(os.devnull, os.O_RDONLY))
        threading.Thread(target=done.wait).start()
        children.append(subprocess.Popen(["sleep", "100"]))

    yield leak
    done.set()
    for child in children:
        child.kill()
        child.wait()
    for handle in handles:
        os.close(handle)


@pytest.mark.usefixtures("gl_renderer")
def test_every_kind_of_leak_is_found(
    deck: Deck, root: Path, leak: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every other pass leaves a texture, a buffer, a program and its shader behind; some plans all else."""
    draw, dispatch, plans, passes = Renderer.draw, Session.dispatch, count(), count()
    lost: list[Any] = []

    def leaking_draw(self: Renderer, planned: Planned) -> RenderedImage:
        if next(plans) % 4 == 0:
            leak()
        return draw(self, planned)

    def leaking_dispatch(self: Session, *args: Any, **named: Any) -> None:
        if next(passes) % 2 == 0:
            context = self.device.context
            empty = f"#version 430\nlayout(local_size_x = {1 + len(lost) % 64}) in; void main() {{}}"
            lost.append(
                (context.texture((4, 4), 4), context.buffer(reserve=4), context.compute_shader(empty))
            )
        dispatch(self, *args, **named)

    monkeypatch.setattr(Renderer, "draw", leaking_draw)
    monkeypatch.setattr(Session, "dispatch", leaking_dispatch)
    soak = Soak("gl", deck, root)
    soak.run(RENDERS, EVERY)
    verdicts = judge(soak.samples)
    assert {name for name, verdict in verdicts.items() if not verdict.grown} == set(), verdicts
    assert soak.faults == []


def test_another_pixel_is_a_fault(deck: Deck, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One byte of every third image is another one; the run ends early."""
    draw, images = Renderer.draw, count(1)

    def flipping(self: Renderer, planned: Planned) -> RenderedImage:
        image = draw(self, planned)
        if next(images) % 3:
            return image
        pixels = image.pixels.copy()
        pixels[0, 0, 0] ^= 1
        return replace(image, pixels=pixels)

    monkeypatch.setattr(Renderer, "draw", flipping)
    soak = Soak("numpy", deck, root)
    soak.run(1000, 1000)
    assert soak.renders < 1000
    assert all(": pixels " in fault for fault in soak.faults)


def test_another_file_is_a_fault(deck: Deck, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same pixels as PNG, of other bytes each time."""
    files = count()
    monkeypatch.setattr(RenderedImage, "to_png", lambda _: str(next(files)).encode())
    soak = Soak("numpy", deck, root)
    soak.run(1000, 1000)
    assert soak.renders < 1000
    assert all(": png " in fault for fault in soak.faults)


def test_what_should_be_refused_and_is_drawn_is_a_fault_and_the_other_way_round(
    deck: Deck, root: Path
) -> None:
    """A card of each kind that has the other's composition."""
    drawn = deck.refused[0]._replace(composition=deck.usual[0].composition)
    refused = deck.usual[0]._replace(composition=deck.refused[0].composition)
    soak = Soak("numpy", replace(deck, usual=(refused, *deck.usual), refused=(drawn,)), root)
    soak.run(1000, 1000)
    assert any("SourceError" in fault for fault in soak.faults)
    assert any(f"{drawn.name}: {{'pixels'" in fault for fault in soak.faults)


def _samples(values: list[float]) -> list[Sample]:
    return [Sample(number, dict.fromkeys(ALLOWED, value)) for number, value in enumerate(values)]


def test_filling_up_at_first_and_one_odd_sample_are_no_growth() -> None:
    """What was reached in the second quarter may be held."""
    values = [0.0, 50, 100, 100, 100, 100, 100, 100, 100, 900, 100, 100]
    assert not any(verdict.grown for verdict in judge(_samples(values)).values())


def test_holding_more_in_the_last_quarter_is_growth() -> None:
    """Of most that is counted one more is too many; of memory, textures and threads some are allowed."""
    verdicts = judge(_samples([100.0] * 9 + [101.0] * 3))
    grown = {name for name, verdict in verdicts.items() if verdict.grown}
    assert grown == {"buffers", "programs", "shaders", "file handles", "child processes"}
    assert all(verdict.grown for verdict in judge(_samples([100.0] * 9 + [120.0] * 3)).values())


@pytest.mark.parametrize("files_differ", [False, True])
def test_the_exit_status_and_the_json_say_whether_all_is_well(
    files_differ: bool, deck: Deck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0 and true; 1 and false where a file comes out otherwise than the first time."""
    files = count()
    if files_differ:
        monkeypatch.setattr(RenderedImage, "to_png", lambda _: str(next(files)).encode())
    monkeypatch.setitem(ALLOWED, "memory, MiB", (0, 1000))  # not to be judged after so few
    monkeypatch.setattr(
        "tests.soak.__main__.make_deck", lambda root, photos: make_deck(root, photos) and deck
    )
    out = tmp_path / "out" / "soak.json"
    monkeypatch.setattr("sys.argv", ["soak", "--renders=48", "--backend=numpy", f"--out={out}"])
    assert main() == int(files_differ)
    assert json.loads(out.read_text())["well"] is not files_differ


def test_a_run_that_is_too_short_to_be_judged_is_not_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No minutes at all."""
    monkeypatch.setattr(
        "sys.argv", ["soak", "--minutes=0", "--backend=numpy", f"--out={tmp_path / 'a.json'}"]
    )
    assert main() == 1
    assert "too short" in capsys.readouterr().out
