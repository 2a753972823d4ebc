"""`image-core media verify` and `image-core media gc`, and the options that name a store."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from engines.image_core.cli.main import app
from engines.media_v2 import MediaAsset, MediaService

SCOPE: Any = {"tenant_id": "acme", "env": "dev"}
COMPOSITION = {**SCOPE, "width": 8, "height": 8, "background_color": "#203040", "layers": []}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of a store."""
    return tmp_path / "data"


@pytest.fixture
def photo(data: Path) -> MediaAsset:
    """An asset in it."""
    with MediaService.open(data) as media:
        return media.register_asset(b"photo", **SCOPE, filename="photo.jpg")


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_verify_of_a_whole_store_ends_with_0(photo: MediaAsset, data: Path) -> None:
    """One line that says how much was read."""
    result = _run("media", "verify", "--data", data)
    assert (result.exit_code, result.stdout) == (0, "assets and artifacts read: 1, all well\n")
    assert json.loads(_run("media", "verify", "--data", data, "--json").stdout) == {
        "checked": 1,
        "faults": [],
    }


def test_verify_of_a_damaged_store_ends_with_1(photo: MediaAsset, data: Path) -> None:
    """A line for each fault, or all of them as JSON."""
    (data / "blobs" / photo.uri).write_bytes(b"other")
    result = _run("media", "verify", "--data", data)
    assert result.exit_code == 1
    fault, count = result.stdout.splitlines()
    assert fault.startswith(f"asset {photo.id}: its bytes are damaged")
    assert count == "assets and artifacts read: 1, 1 missing or damaged"
    result = _run("media", "verify", "--data", data, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "checked": 1,
        "faults": [{"what": "asset", "id": photo.id, "fault": fault}],
    }


def test_gc_lists_and_with_delete_removes(photo: MediaAsset, data: Path) -> None:
    """What is older than a day and has no row; what has one stays."""
    key = f"tenants/acme/dev/media_v2/{'0' * 32}/left.png"
    orphan = data / "blobs" / key
    orphan.parent.mkdir()
    orphan.write_bytes(b"left over")
    assert _run("media", "gc", "--data", data).stdout.startswith("blobs without a row: 0, 0 bytes")
    os.utime(orphan, (time.time() - 90_000,) * 2)
    listed = _run("media", "gc", "--data", data).stdout.splitlines()
    assert listed[0].startswith(f"{key}: 9 bytes of 20")
    assert listed[1] == "blobs without a row: 1, 9 bytes to remove with --delete"
    assert orphan.exists()
    removed = json.loads(_run("media", "gc", "--data", data, "--delete", "--json").stdout)
    assert (removed["deleted"], removed["size_bytes"]) == (True, 9)
    assert [blob["key"] for blob in removed["blobs"]] == [key]
    assert not orphan.exists()
    assert _run("media", "verify", "--data", data).exit_code == 0


def test_a_mistyped_folder_is_not_an_empty_store(tmp_path: Path) -> None:
    """Nothing is made, and it is not all well."""
    for command in ("verify", "gc"):
        result = _run("media", command, "--data", tmp_path / "dta")
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr == f"image-core: data folder {tmp_path / 'dta'}: there is none\n"
    assert list(tmp_path.iterdir()) == []


def test_register_finds_its_store_by_urls_and_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same composition is the same artifact, whichever way the store was named."""
    (tmp_path / "card.json").write_text(json.dumps(COMPOSITION))
    urls = {"database-url": f"sqlite:///{tmp_path}/rows.db", "blob-url": f"file://{tmp_path}/blobs"}
    options = [f"--{name}={url}" for name, url in urls.items()]
    register: list[str | Path] = ["register", tmp_path / "card.json", "--backend", "numpy", "--json"]
    by_urls = json.loads(_run(*register, *options).stdout)
    for name, url in urls.items():
        monkeypatch.setenv(f"IMAGE_CORE_{name.upper().replace('-', '_')}", url)
    by_environment = json.loads(_run(*register).stdout)
    assert by_urls["id"] == by_environment["id"]
    assert (tmp_path / "blobs" / by_urls["uri"]).is_file()


def test_no_store_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how to name one."""
    for name in ("DATABASE", "BLOB"):
        monkeypatch.delenv(f"IMAGE_CORE_{name}_URL", raising=False)
    (tmp_path / "card.json").write_text(json.dumps(COMPOSITION))
    result = _run("register", tmp_path / "card.json", "--backend", "numpy")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("image-core: media store: none is configured: give a data folder")
    assert result.stderr.count("\n") == 1
