"""`python -m tests.device` in short, by a Python that finds the runtime dependencies alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from engines.image_core import BackendUnavailableError, DeviceError
from engines.image_core.composition.blending import BlendMode
from engines.image_core.conformance import fingerprint
from engines.image_core.gl.device import DeviceInfo, open_device
from engines.image_core.reference.blend import BLEND
from tests.device import choosing, parity
from tests.device.__main__ import PARTS
from tests.device.rows import TABLES
from tests.device.running import run
from tests.device.settings import Clock, Settings, opened
from tests.parity.inputs import byte_pairs
from tests.parts import require_part

ROOT = Path(__file__).parents[2]
HARDWARE, SOFTWARE = "NVIDIA H100", "llvmpipe (LLVM 15.0.6, 256 bits)"

BLOCK = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"{{name}} is no runtime dependency", name=name)

sys.meta_path.insert(0, Blocked())
"""


def extras() -> set[str]:
    """The top-level modules of what pyproject.toml's extras add to the runtime dependencies."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runtime = {plain(requirement) for requirement in project["dependencies"]}
    lists = project["optional-dependencies"].values()
    more = {plain(requirement) for requirements in lists for requirement in requirements}
    more -= runtime | {plain(project["name"])}
    owners = packages_distributions().items()
    return {module for module, names in owners if {plain(name) for name in names} & more}


def plain(requirement: str) -> str:
    """A distribution's name, as names are compared."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One in which Python, and all that it starts, cannot import the extras."""
    folder = tmp_path_factory.mktemp("blocked")
    (folder / "sitecustomize.py").write_text(BLOCK.format(names=extras()))
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}


@pytest.fixture(scope="module")
def written(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a quick run on the CPU's device writes."""
    try:
        choosing.choose("llvmpipe")
    except BackendUnavailableError as error:
        require_part("gl", available=False, why=str(error))
    folder = tmp_path_factory.mktemp("device")
    options = ["--device", "llvmpipe", "--rounds", "1", "--quick", "--out", str(folder)]
    command = [sys.executable, "-m", "tests.device", *options]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for part in PARTS:
        assert re.search(rf"^{part.name}: [\d.]+ s$", done.stdout, re.MULTILINE), done.stdout
    return folder


def test_the_extras_are_out_of_reach_there(environment: dict[str, str]) -> None:
    """So that the run in that environment shows that the runtime dependencies are enough."""
    assert {"pytest", "skimage", "scipy", "hypothesis"} <= extras()
    for name in ("pytest", "skimage"):
        command = [sys.executable, "-c", f"import {name}"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert f"{name} is no runtime dependency" in done.stderr


def test_every_part_has_a_result_and_says_which_device_drew(written: Path) -> None:
    """Facts, and for each part its seconds, samples and device."""
    document: dict[str, Any] = json.loads((written / "device.json").read_text())
    assert document["fingerprint"] == fingerprint()
    assert document["device"]["software"] is True
    assert {"cpu", "python", "numpy", "moderngl", "image-core", "date"} <= document["machine"].keys()
    parts = document["parts"]
    assert list(parts) == [part.name for part in PARTS]
    for part in parts.values():
        assert part["fault"] == ""
        assert part["seconds"] > 0
        assert part["device"] == document["device"]["device"]
    assert parts["parity with NumPy"]["differing"] == []
    assert parts["conformance suite"]["cases"] == 9
    assert len(parts["five layers"]["kept"]["wall"]) == 1


def test_rows_stand_below_the_heads_of_the_documents_tables(written: Path) -> None:
    """Each table has a row, and as many cells in it as its head."""
    text = (written / "rows.md").read_text()
    documents = "".join((ROOT / "docs" / f"{name}.md").read_text() for name in ("PERFORMANCE", "CONFORMANCE"))
    for head, rule in TABLES.values():
        assert f"{head}\n{rule}\n" in documents
        row = text.partition(f"{head}\n{rule}\n")[2].partition("\n")[0]
        assert row.count("|") == head.count("|")


class Fake:
    """A device of a name."""

    def __init__(self, name: str) -> None:
        self.info = DeviceInfo(name, "4.6.0 Driver 1.2", 16384, 1 << 27, 8, 32, 2048)

    def close(self) -> None:
        """Nothing is open."""


def stand_in(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let the host have devices of these names."""

    def opening(index: int = 0) -> Fake:
        if index >= len(names):
            raise BackendUnavailableError(f"this machine has {len(names)} OpenGL device(s)")
        return Fake(names[index])

    monkeypatch.setattr(choosing, "open_device", opening)


def test_a_host_without_hardware_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What renders on the CPU does not count; one line says what there is."""
    stand_in(monkeypatch, SOFTWARE)
    with pytest.raises(BackendUnavailableError, match=r"^no hardware device is here: .*llvmpipe"):
        choosing.choose("hardware")


def test_each_kind_of_device_is_found_where_there_are_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hardware comes first in the library's list."""
    stand_in(monkeypatch, HARDWARE, SOFTWARE)
    hardware, software = choosing.choose("hardware"), choosing.choose("llvmpipe")
    assert (hardware["name"], hardware["index"], hardware["software"]) == (HARDWARE, 0, False)
    assert (software["name"], software["index"], software["software"]) == (SOFTWARE, 1, True)
    assert software["driver"] == "Driver 1.2"
    stand_in(monkeypatch, HARDWARE)
    with pytest.raises(BackendUnavailableError, match="1 OpenGL device"):
        choosing.choose("llvmpipe")


def test_a_part_that_crashes_hangs_or_fails_is_one_line() -> None:
    """And what it left running is ended."""
    assert run("os:abort", {}, 60).fault.startswith("its process was ended by SIGABRT")
    assert run("signal:pause", {}, 2).fault == "it was still busy after 2 seconds"
    assert run("json:loads", {"s": "{"}, 60).fault.startswith("unexpected JSONDecodeError: ")


def test_a_round_that_would_begin_too_late_is_left_out() -> None:
    """One is always made."""
    assert list(Clock(60).rounds(3)) == [0, 1, 2]
    assert list(Clock(0).rounds(3)) == [0]


@pytest.mark.usefixtures("gl_renderer")
def test_another_device_than_the_one_chosen_is_an_error() -> None:
    """No measurement is taken on a device by mistake."""
    settings = Settings(HARDWARE, 0, 1, True, 10)
    with pytest.raises(DeviceError, match=f"drew, not {HARDWARE}"), opened(settings):
        pass


@pytest.mark.usefixtures("gl_renderer")
def test_a_wrong_byte_fails_the_parity_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """A NumPy that takes darken for lighten."""
    monkeypatch.setitem(BLEND, BlendMode.LIGHTEN, BLEND[BlendMode.DARKEN])
    given = ("byte pairs, lighten", byte_pairs(BlendMode.LIGHTEN))
    monkeypatch.setattr(parity, "all_inputs", lambda: iter([given]))
    device = open_device()
    name = str(device.info)
    device.close()
    found = parity.parity(device=name, index=0, rounds=1, quick=True, seconds=60)
    assert found["inputs"] == 1
    assert found["differing"][0].startswith("byte pairs, lighten: ")
    assert found["fault"].startswith(f"{len(found['differing'])} of {1 + found['trees']} differ, first byte")
