"""A disk that is full: one line, nothing half-written, and once there is room the same call succeeds."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from engines.image_core import ExportError, ImageCoreService, Renderer
from engines.image_core.batch.ledger import Ledger
from engines.image_core.cli.main import app
from engines.image_core.export import pixel_hash
from engines.image_core.runtime.writing import write_file
from engines.media_v2 import MediaError, MediaService, StorageError
from engines.media_v2.tests.support import ACME, render
from tests.faults.cards import card
from tests.faults.injection import Disk, small_disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """An empty disk of 512 KiB."""
    with small_disk(tmp_path / "disk", 512) as disk:
        yield disk


@pytest.fixture(scope="module")
def expected() -> str:
    """The hash of the card as NumPy draws it."""
    with Renderer("numpy") as renderer:
        return renderer.render(card()).pixel_hash


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--backend", "numpy"])


def _written(folder: Path) -> dict[str, str]:
    """The pictures of a folder, by name, with the hash of their pixels."""
    found = {}
    for path in folder.rglob("*.png"):
        with Image.open(path) as image:
            found[path.name] = pixel_hash(np.asarray(image.convert("RGBA")))
    return found


@pytest.mark.parametrize("free", [0, 4096])
def test_render_into_a_full_disk(free: int, disk: Disk, tmp_path: Path, expected: str) -> None:
    """Room for nothing or for a part of the file: status 2 and one line; an older picture stays as it was."""
    (tmp_path / "card.json").write_text(card().model_dump_json(exclude_unset=True))
    output = disk.folder / "card.png"
    output.write_bytes(b"older")
    disk.fill(free)
    result = _run("render", tmp_path / "card.json", "-o", output)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"image-core: output {str(output)!r}: No space left on device\n"
    assert output.read_bytes() == b"older"
    assert {path.name for path in disk.folder.iterdir()} == {"card.png", "filler"}
    disk.free()
    assert _run("render", tmp_path / "card.json", "-o", output).exit_code == 0
    assert _written(disk.folder) == {"card.png": expected}


@pytest.mark.parametrize("free", [0, 12 * 1024])
def test_batch_into_a_full_disk(free: int, disk: Disk, tmp_path: Path) -> None:
    """The batch ends with one line, also where its own lists do not fit; --resume does the rest once there is
    room."""
    layer = {"type": "text", "text": "Full", "size": 40, "color": "#ffffff"}
    card = {"tenant_id": "acme", "env": "dev", "width": 64, "height": 64, "layers": [layer]}
    jobs, out = tmp_path / "jobs.jsonl", disk.folder / "out"
    jobs.write_text("".join(f"{json.dumps({'composition': card, 'output': f'{n}.png'})}\n" for n in range(6)))
    disk.fill(free)
    result = _run("batch", jobs, "--out", out, "--workers", "1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"image-core: output '{out}/")
    assert result.stderr.endswith("No space left on device\n")
    assert result.stderr.count("\n") == 1
    before = _written(out)
    assert len(before) < 6
    assert {path.name for path in out.iterdir()} == {*before, ".batch.jsonl", "failures.jsonl"}
    disk.free()
    assert _run("batch", jobs, "--out", out, "--workers", "1", "--resume").exit_code == 0
    after = _written(out)
    assert set(after) == {f"{n}.png" for n in range(6)}
    assert len({*before.values(), *after.values()}) == 1


def test_rendering_into_a_store_on_a_full_disk(disk: Disk, expected: str) -> None:
    """With less and less room missing, from a store that cannot be made to a row that cannot be written: one
    line that names the file; afterwards the same calls render, once, and all that is stored can be read."""
    data, faults = disk.folder / "data", []
    for free in range(0, 300 * 1024, 8 * 1024):
        disk.fill(free)
        try:
            with ImageCoreService.open(data, backend="numpy") as service:
                service.render_composition(card())
            break
        except MediaError as error:
            faults.append(str(error))
        assert _unfinished(data) == []
        disk.free()
        with ImageCoreService.open(data, backend="numpy") as service:
            artifact = service.render_composition(card())
            assert artifact.meta.model_dump()["pixel_hash"] == expected
            assert [finding.fault for finding in service.media.verify()] == [None]
        shutil.rmtree(data)
    else:
        pytest.fail("there was never room")
    assert not any("\n" in fault for fault in faults)
    assert "".join(faults).count("media_v2.sqlite3: database or disk is full") > 2
    assert "".join(faults).count("No space left on device") > 0


@pytest.mark.parametrize("free", [0, 16 * 1024])
def test_a_service_outlives_a_full_disk(free: int, disk: Disk, expected: str) -> None:
    """It is open when the disk fills up, and goes on by itself when there is room again."""
    with ImageCoreService.open(disk.folder / "data", backend="numpy") as service:
        disk.fill(free)
        for _ in range(2):
            with pytest.raises(StorageError, match=r"^(blob|database) .*: .*(full|No space left)"):
                service.render_composition(card())
        disk.free()
        artifact = service.render_composition(card())
        assert artifact.meta.model_dump()["pixel_hash"] == expected
        assert [finding.fault for finding in service.media.verify()] == [None]


def _unfinished(data: Path) -> list[str]:
    """The files below a store's blobs that are no whole render."""
    return [path.name for path in data.glob("blobs/**/*") if path.is_file() and path.name != "render.png"]


@pytest.mark.parametrize("call", ["pathlib.Path.write_bytes", "os.replace"])
def test_a_file_that_cannot_be_written_or_renamed_leaves_nothing(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On any host, whichever call is told that the disk is full: the older file stays, alone."""
    (tmp_path / "card.png").write_bytes(b"older")
    with monkeypatch.context() as patch:
        patch.setattr(call, _full)
        with pytest.raises(ExportError, match=r"card.png': No space left on device$"):
            write_file(tmp_path / "card.png", b"newer")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"older"]


def test_bytes_that_do_not_reach_the_disk_have_no_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system takes a blob and then cannot write it through (fsync): one line, and no artifact."""
    with MediaService.open(tmp_path) as media:
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", _full)
            with pytest.raises(StorageError, match=r"^blob .*No space left on device$"):
                render(media, dedupe_key="card")
        assert media.list_artifacts(**ACME).items == ()
        assert media.read_artifact(render(media, dedupe_key="card").id, **ACME) == b"pixels"


def test_a_line_that_a_batch_cannot_record_ends_it_with_one_line(tmp_path: Path) -> None:
    """On any host: also when what was not written is tried once more as the file is closed."""
    (tmp_path / "failures.jsonl").symlink_to("/dev/full")
    told = r"failures.jsonl': No space left on device$"
    with pytest.raises(ExportError, match=told), Ledger(tmp_path, resume=False) as ledger:
        ledger.failed("line 1", "1.png", "why")


def _full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
