"""The packages whose drawings are compared: got by package managers, unpacked, never kept."""

from __future__ import annotations

import random
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

__all__ = ["DEBIAN", "NPM", "chosen", "fetch"]

DEBIAN = ("openclipart-svg", "breeze-icon-theme", "tango-icon-theme", "adwaita-icon-theme")
NPM = ("flag-icons", "devicon", "openmoji")


def fetch(folder: Path) -> None:
    """Download the packages that are not there yet and unpack each into a folder of its name."""
    for name in DEBIAN:
        if not (folder / name).exists():
            subprocess.run(["apt-get", "download", name], cwd=folder, check=True)
            (archive,) = folder.glob(f"{name}_*.deb")
            subprocess.run(["dpkg-deb", "-x", str(archive), name], cwd=folder, check=True)
    for name in NPM:
        if not (folder / name).exists():
            subprocess.run(["npm", "pack", "--silent", name], cwd=folder, check=True)
            (archive,) = folder.glob(f"{name}-*.tgz")
            with tarfile.open(archive) as packed:
                packed.extractall(folder / name, filter="data")


def chosen(folder: Path, most: int) -> Iterator[tuple[str, list[Path]]]:
    """The drawings of each package, of more than `most` a sample that is the same each time."""
    for name in (*DEBIAN, *NPM):
        paths = sorted(
            path
            for path in (folder / name).rglob("*")
            if path.suffix in (".svg", ".svgz") and path.is_file() and not path.is_symlink()
        )
        yield name, random.Random(0).sample(paths, most) if len(paths) > most else paths
