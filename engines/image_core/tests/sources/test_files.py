"""Local files: allowed only below a root, whatever the path says, and only regular files."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from engines.image_core.errors import SourceError
from engines.image_core.sources import files
from engines.image_core.sources.files import FileRoot

LABEL = "layer 'photo' (layers[0])"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with a file, a file in a folder, and a secret beside the root."""
    base = tmp_path / "root"
    (base / "sub").mkdir(parents=True)
    (base / "a.png").write_bytes(b"inside")
    (base / "sub" / "b.png").write_bytes(b"deeper")
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "root-not").mkdir()
    (tmp_path / "root-not" / "c.png").write_bytes(b"secret")
    return base


def test_files_below_the_root(root: Path) -> None:
    """Relative and absolute paths, `.`, `..` that stays inside, and links that stay inside are read."""
    (root / "link").symlink_to("sub/b.png")
    (root / "folder").symlink_to(root / "sub")
    reader = FileRoot(root)
    assert reader.read("a.png", LABEL) == b"inside"
    assert reader.read(str(root / "a.png"), LABEL) == b"inside"
    assert reader.read("./sub/../a.png", LABEL) == b"inside"
    assert [reader.read(path, LABEL) for path in ("sub/b.png", "link", "folder/b.png")] == [b"deeper"] * 3


def test_root_may_be_relative_or_a_link(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The root itself is the caller's word: it may be relative, or reached through a link."""
    (root.parent / "alias").symlink_to(root)
    monkeypatch.chdir(root.parent)
    assert FileRoot(Path("alias")).read("a.png", LABEL) == b"inside"
    assert FileRoot(Path("root")).read("a.png", LABEL) == b"inside"
    assert FileRoot(Path("/")).read(str(root / "a.png"), LABEL) == b"inside"


def test_without_a_root_no_path_is_read(root: Path) -> None:
    """The message says how to allow local files."""
    with pytest.raises(SourceError, match=r"'/etc/hostname' is not allowed here: .* given as its root"):
        FileRoot(None).read("/etc/hostname", LABEL)


@pytest.mark.parametrize(
    "path",
    ["../secret", "sub/../../secret", "/etc/passwd", "../root-not/c.png", "out", "out/secret", "../missing"],
)
def test_outside_is_refused(root: Path, path: str) -> None:
    """`..`, absolute paths and links that lead out are refused, and do not tell whether a file is there."""
    (root / "out").symlink_to(root.parent)
    with pytest.raises(SourceError) as told:
        FileRoot(root).read(path, LABEL)
    assert str(told.value) == f"{LABEL}: the file {path!r} lies outside the allowed folder"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("missing.png", "does not exist"),
        ("a.png/x", "cannot be read"),
        ("sub", "is not a regular file"),
        (".", "is not a regular file"),
        ("fifo", "is not a regular file"),
        ("socket", "is not a regular file"),
        ("loop", "cannot be read|is not a regular file|does not exist"),
        ("a\0.png", "is not a possible file name"),
        ("\ud800.png", "is not a possible file name"),
        ("x" * 5000, "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(root: Path, path: str, reason: str) -> None:
    """Missing files, folders, pipes (without blocking), sockets, loops and impossible names."""
    os.mkfifo(root / "fifo")
    (root / "loop").symlink_to("loop")
    with socket.socket(socket.AF_UNIX) as endpoint:
        endpoint.bind(str(root / "socket"))
        with pytest.raises(SourceError, match=reason) as told:
            FileRoot(root).read(path, LABEL)
    assert str(told.value).startswith(f"{LABEL}: the file {path!r} "[:400])  # long names are shown in part
    assert "\n" not in str(told.value)
    assert str(root) not in str(told.value)


def test_size_is_bounded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of just the limit is read; a byte more is an error that gives both numbers."""
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 6)
    assert FileRoot(root).read("a.png", LABEL) == b"inside"
    (root / "a.png").write_bytes(b"1234567")
    with pytest.raises(SourceError, match="is too large: 7 bytes, allowed are 6"):
        FileRoot(root).read("a.png", LABEL)


def test_a_link_swapped_in_after_the_check_is_not_followed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a folder becomes a link out between resolving and opening, reading fails."""
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "b.png").write_bytes(b"secret")
    resolve = os.path.realpath

    def swapping(path: str) -> str:
        resolved = resolve(path)
        if resolved.endswith("b.png"):
            (root / "sub").rename(root / "was")
            (root / "sub").symlink_to(outside)
        return resolved

    monkeypatch.setattr(os.path, "realpath", swapping)
    with pytest.raises(SourceError, match="cannot be read"):
        FileRoot(root).read("sub/b.png", LABEL)


def test_no_descriptor_is_left_open(root: Path) -> None:
    """Neither reads nor refusals leak file descriptors."""
    reader = FileRoot(root)
    before = len(os.listdir("/proc/self/fd"))
    for path in ("a.png", "sub/b.png", "sub", "missing", "../secret") * 20:
        try:
            reader.read(path, LABEL)
        except SourceError:
            continue
    assert len(os.listdir("/proc/self/fd")) == before


def test_the_version_of_a_file_that_has_just_changed_is_not_trusted(root: Path) -> None:
    """Within a tick of a coarse clock another change would not show."""
    assert FileRoot(root).version("a.png", LABEL) is None


def test_a_version_tells_every_change(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays while the file does, and is another after a write, a touch, a chmod and for another file."""
    monkeypatch.setattr(files, "_SETTLED_NS", -(10**12))
    reader, file = FileRoot(root), root / "a.png"
    assert reader.version("a.png", LABEL) == reader.version("./sub/../a.png", LABEL)
    seen = [reader.version("a.png", LABEL)]
    other = root / "other.png"
    other.write_bytes(b"inside")
    changes = (
        lambda: file.write_bytes(b"INSIDE"),
        lambda: os.utime(file, (1, 1)),
        lambda: file.chmod(0o600),
        lambda: other.replace(file),
    )
    for change in changes:
        time.sleep(0.02)  # more than a tick of the file system's clock
        change()
        seen.append(reader.version("a.png", LABEL))
    assert len(set(seen)) == len(seen) == 5


def test_a_version_is_told_of_nothing_that_may_not_be_read(root: Path) -> None:
    """Errors are those of reading."""
    with pytest.raises(SourceError, match="outside the allowed folder"):
        FileRoot(root).version("../secret", LABEL)
    with pytest.raises(SourceError, match="is not a regular file"):
        FileRoot(root).version("sub", LABEL)
