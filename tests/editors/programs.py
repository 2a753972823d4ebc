"""Image editors that open a layered file without a window: what they show of it, and its layers' names."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from abc import ABC, abstractmethod
from pathlib import Path

from defusedxml.ElementTree import fromstring

__all__ = ["PROGRAMS", "Gimp", "ImageMagick", "Krita", "Program"]

_LONGEST = 180  # seconds
_TRIES = 5


class Program(ABC):
    """A program that opens files of these suffixes."""

    name: str
    suffixes: tuple[str, ...]
    needs: tuple[str, ...]
    package: str

    @property
    def found(self) -> bool:
        """Whether it is installed, with what it needs."""
        return all(shutil.which(command) for command in self.needs)

    @property
    def version(self) -> str:
        """Its name and its package's version."""
        told = _run(["dpkg-query", "-W", "-f", "${Version}", self.package])
        return f"{self.name} {told}"

    def opened(self, file: Path) -> tuple[Path | None, frozenset[str] | None]:
        """A PNG of what it shows, None where it does not open it; and the layers' names, if it tells them."""
        picture = file.with_name(f"{self.name}.png")
        for _ in range(_TRIES):  # what needs a display does not always get one
            picture.unlink(missing_ok=True)
            names = self._draw(file, picture)
            if picture.exists() and names != frozenset():
                return picture, names
        return None, None

    @abstractmethod
    def _draw(self, file: Path, picture: Path) -> frozenset[str] | None: ...


class ImageMagick(Program):
    """Reads the merged picture."""

    name, suffixes, needs, package = "ImageMagick", ("psd",), ("convert",), "imagemagick"

    def _draw(self, file: Path, picture: Path) -> None:
        _run(["convert", f"{file}[0]", "-strip", f"PNG32:{picture}"])


class Gimp(Program):
    """Puts a file's layers together, through its console. Debian's has no OpenRaster."""

    name, suffixes, needs, package = "GIMP", ("psd",), ("gimp-console",), "gimp"

    def _draw(self, file: Path, picture: Path) -> frozenset[str]:
        script = f"""(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{file}" "")))
            (told (lambda (told items) (for-each (lambda (item)
              (gimp-message (string-append "<" (car (gimp-item-get-name item)) ">"))
              (if (= TRUE (car (gimp-item-is-group item)))
                (told told (vector->list (cadr (gimp-item-get-children item)))))) items))))
          (told told (vector->list (cadr (gimp-image-get-layers image))))
          (let ((layer (car (gimp-image-merge-visible-layers image CLIP-TO-IMAGE))))
            (gimp-layer-resize-to-image-size layer)
            (file-png-save RUN-NONINTERACTIVE image layer "{picture}" "" 0 9 0 0 0 0 0)))"""
        told = _run(["gimp-console", "-i", "-d", "-f", "-b", script, "-b", "(gimp-quit 0)"])
        return frozenset(re.findall("<(.*)>", told))


class Krita(Program):
    """Puts a file's layers together, in a document of its own that it saves it as."""

    name, suffixes, needs, package = "Krita", ("psd", "ora"), ("krita", "xvfb-run"), "krita"

    def _draw(self, file: Path, picture: Path) -> frozenset[str]:
        own = picture.with_suffix(".kra")
        own.unlink(missing_ok=True)
        _run(["xvfb-run", "-a", "krita", "--export", "--export-filename", own, file])
        if not own.exists():
            return frozenset()
        with zipfile.ZipFile(own) as archive:
            picture.write_bytes(archive.read("mergedimage.png"))
            document = fromstring(archive.read("maindoc.xml"))
        layers = (element for element in document.iter() if element.tag.endswith("layer"))
        return frozenset(layer.attrib["name"] for layer in layers)


PROGRAMS: tuple[Program, ...] = (ImageMagick(), Gimp(), Krita())


def _run(command: list[str | Path]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST, errors="replace")
    return done.stdout + done.stderr
