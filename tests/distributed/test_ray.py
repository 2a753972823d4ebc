"""Rendering on a real Ray of two actors: the pixels of one machine, each once in the store, whoever dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from engines.image_core import ImageComposition, Renderer
from engines.media_v2 import ArtifactKind, MediaService
from tests.parts import require_part

COMMAND = [sys.executable, "-c", "from engines.image_core.cli.main import main; main()"]
SCOPE: dict[str, Any] = {"tenant_id": "acme", "env": "dev"}

pytestmark = pytest.mark.filterwarnings("default:::ray")  # Ray warns of what it does itself


def _composition(number: int, **fields: Any) -> dict[str, Any]:
    layer = {"type": "text", "text": str(number), "size": 30, "color": "#ffffff"}
    blurred = {**layer, "filters": [{"type": "blur", "radius": 6}]}
    colour = f"#{number % 256:02x}4080"
    size = {"width": 400, "height": 300}
    return {**SCOPE, **size, "background_color": colour, "layers": [blurred, layer], **fields}


def _rows(*numbers: int) -> list[dict[str, Any]]:
    return [{"number": number, "composition": json.dumps(_composition(number))} for number in numbers]


def _hashes(*numbers: int) -> dict[int, str]:
    """The pixel hashes of one machine's NumPy."""
    with Renderer("numpy") as renderer:
        compositions = (ImageComposition.model_validate(_composition(number)) for number in numbers)
        images = renderer.render_many(compositions, lambda image: image.pixel_hash)
        return dict(zip(numbers, images, strict=True))


def _renders(data: Path) -> int:
    with MediaService.open(data) as media:
        return len(media.list_artifacts(**SCOPE, kind=ArtifactKind.IMAGE_RENDER, limit=200).items)


def _actors() -> list[int]:
    """The processes of this machine in which Ray runs an actor of `render_dataset`."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"ray::MapWorker" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:  # it has just ended
            continue
    return found


def _kill_one_when(ready: Callable[[], bool], killed: list[int]) -> None:
    """Kill an actor as soon as something holds; give up after a minute."""
    for _ in range(600):
        if ready():
            killed.append(_actors()[0])
            os.kill(killed[0], signal.SIGKILL)
            return
        time.sleep(0.1)


def _crash_when_poisoned() -> None:
    """Make this process one that a composition of the env "poison" crashes."""
    from engines.image_core.service import ImageCoreService

    render = ImageCoreService.render_composition

    def crashing(self: Any, composition: ImageComposition, *args: Any, **named: Any) -> Any:
        if composition.env == "poison":
            os.kill(os.getpid(), signal.SIGKILL)
        return render(self, composition, *args, **named)

    ImageCoreService.render_composition = crashing  # type: ignore[method-assign]  # in this process alone


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """A Ray of this machine with room for two actors."""
    require_part("ray", find_spec("ray") is not None, "Ray is not installed")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray

    ray.init(
        "local",
        num_cpus=2,
        include_dashboard=False,
        object_store_memory=100 << 20,
        log_to_driver=False,
        runtime_env={"worker_process_setup_hook": _crash_when_poisoned},
    )
    yield
    ray.shutdown()


def _rendered(rows: list[dict[str, Any]], data: Path, **options: Any) -> list[dict[str, Any]]:
    from ray.data import from_items

    from engines.image_core.batch.distributed import render_dataset

    dataset = from_items(rows, override_num_blocks=max(1, len(rows) // 4))
    rendered = render_dataset(dataset, data, **options)
    return sorted(rendered.iter_rows(), key=lambda row: row["number"])


@pytest.mark.usefixtures("cluster")
def test_a_dataset_becomes_artifacts_with_the_pixels_of_one_machine(tmp_path: Path) -> None:
    """Columns are passed on; the files are in the store; what is asked for again is the same artifact."""
    rows = _rows(*range(8))
    rows[3]["format"] = "webp"
    rendered = _rendered(rows, tmp_path / "data")
    assert [row["number"] for row in rendered] == list(range(8))
    assert {row["number"]: row["pixel_hash"] for row in rendered} == _hashes(*range(8))
    assert {row["error"] for row in rendered} == {""}
    with MediaService.open(tmp_path / "data") as media:
        files = [media.read_artifact(row["artifact_id"], **SCOPE) for row in rendered]
    assert [data[:4] for data in files] == [*[b"\x89PNG"] * 3, b"RIFF", *[b"\x89PNG"] * 4]
    again = _rendered(rows, tmp_path / "data")
    assert [row["artifact_id"] for row in again] == [row["artifact_id"] for row in rendered]


@pytest.mark.usefixtures("cluster")
def test_a_row_that_cannot_be_rendered_has_an_error_and_the_others_are_rendered(tmp_path: Path) -> None:
    """What is no composition, no text, no format; a source that is not there."""
    rows = _rows(*range(5))
    rows[0]["composition"] = "{"
    rows[1]["composition"] = None
    rows[2]["format"] = "gif"
    missing = [{"type": "raster", "source": {"path": "missing.png"}}]
    rows[3]["composition"] = json.dumps(_composition(3, layers=missing))
    *failed, right = _rendered(rows, tmp_path / "data", root=tmp_path)
    assert [row["error"].split(":")[0] for row in failed] == [
        "composition", "composition", "format", "layers[0], source",
    ]  # fmt: skip
    assert {row["artifact_id"] for row in failed} == {""}
    assert right["error"] == ""


@pytest.mark.usefixtures("cluster")
def test_an_actor_killed_in_the_middle_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """Of two actors one is killed when some pictures are in the store and most are not."""
    data, numbers = tmp_path / "data", range(160)
    MediaService.open(data).close()
    killed: list[int] = []
    seen: list[int] = []

    def ready() -> bool:
        seen[:] = [_renders(data)]
        return seen[0] >= 20 and len(_actors()) == 2

    killer = threading.Thread(target=_kill_one_when, args=(ready, killed))
    killer.start()
    rendered = _rendered(_rows(*numbers), data, actors=2)
    killer.join()
    assert len(killed) == 1
    assert 20 <= seen[0] < 150
    assert {row["number"]: row["pixel_hash"] for row in rendered} == _hashes(*numbers)
    assert len({row["artifact_id"] for row in rendered}) == len(numbers)
    assert _renders(data) == len(numbers)


@pytest.mark.usefixtures("cluster")
def test_a_row_that_crashes_every_actor_fails_alone(tmp_path: Path) -> None:
    """It is tried three times; the rows beside it, in the same block, are rendered."""
    rows = _rows(*range(4))
    rows[1]["composition"] = json.dumps(_composition(1, env="poison"))
    rendered = _rendered(rows, tmp_path / "data", actors=1)
    assert [row["error"] for row in rendered] == [
        "",
        "the worker ended while rendering this, 3 times",
        "",
        "",
    ]
    assert _renders(tmp_path / "data") == 3


def _batch(jobs: Path, data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    store = ["--database-url", f"sqlite:///{data}/media_v2.sqlite3", "--blob-url", f"file://{data}/blobs"]
    command = [*COMMAND, "batch", str(jobs), "--out", str(jobs.parent / "out"), *store, *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_batch_on_ray_writes_a_line_an_artifact_and_a_line_a_failure(tmp_path: Path) -> None:
    """`image-core batch JOBS --ray local`: nothing else is told, and the pixels are those of one machine."""
    require_part("ray", find_spec("ray") is not None, "Ray is not installed")
    jobs, data = tmp_path / "jobs.jsonl", tmp_path / "data"
    data.mkdir()
    lines = [{"composition": _composition(number), "output": f"{number}.png"} for number in range(6)]
    (tmp_path / "one.json").write_text(json.dumps(_composition(6)))
    lines.append({"composition_path": "one.json", "output": "6.webp"})
    lines.append({"composition": _composition(7, width=0), "output": "7.png"})
    jobs.write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = _batch(jobs, data, "--ray", "local", "--workers", "1", "--json")
    told = [line for line in done.stderr.splitlines() if "core_worker.cc" not in line]  # Ray's own, of C++
    assert told == []
    report = json.loads(done.stdout)
    assert (done.returncode, report["rendered"], report["failed"]) == (1, 7, 1)
    records = [json.loads(line) for line in (tmp_path / "out/artifacts.jsonl").read_text().splitlines()]
    hashes = {int(record["output"].split(".")[0]): record["pixel_hash"] for record in records}
    assert hashes == _hashes(*range(7))
    failures = (tmp_path / "out/failures.jsonl").read_text().splitlines()
    assert [json.loads(line)["job"] for line in failures] == ["line 8"]
    with MediaService.open(data) as media:
        assert all(media.read_artifact(record["artifact_id"], **SCOPE) for record in records)


def test_batch_on_ray_says_what_is_missing(tmp_path: Path) -> None:
    """No cluster at the address; no Ray; a store without --ray; --resume with it: one line each."""
    require_part("ray", find_spec("ray") is not None, "Ray is not installed")
    jobs = tmp_path / "jobs.jsonl"
    jobs.write_text("")
    unreachable = _batch(jobs, tmp_path, "--ray", "127.0.0.1:1")
    assert unreachable.returncode == 3
    assert unreachable.stderr == "image-core: Ray at '127.0.0.1:1' cannot be reached: Connection refused\n"
    without = [sys.executable, "-c", "import sys; sys.modules['ray'] = None\n" + COMMAND[2]]
    missing = subprocess.run(
        [*without, "batch", str(jobs), "--out", str(tmp_path / "out"), "--ray"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert 'pip install "image-core[ray]"' in missing.stderr
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)
    assert "of --ray" in _batch(jobs, tmp_path).stderr
    assert "--resume is not for --ray" in _batch(jobs, tmp_path, "--ray", "--resume").stderr
