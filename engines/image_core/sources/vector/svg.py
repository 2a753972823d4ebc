"""SVG documents drawn by resvg.

resvg draws a document alike on every platform, but it aborts its whole process on some sizes that a document
can hide (a huge pattern, say) and takes forever on some filters. So a document is first checked as far as
it can be, and then drawn in a process of its own, with bounded memory and time.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

import numpy as np
from numpy.typing import NDArray
from PIL.PngImagePlugin import PngImageFile

from engines.image_core.errors import SourceError
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.runtime.limits import DEFAULT_LIMITS, MAX_CANVAS, Budget, RenderLimits
from engines.image_core.sources.vector.svg_check import parse_svg
from engines.image_core.sources.vector.svg_worker import FAULT

__all__ = ["rasterise_svg", "svg_size"]

_LENGTH = re.compile(r"\s*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?)\s*([a-zA-Z%]*)\s*")
# CSS Values and Units 4, "Absolute lengths": a pixel is 1/96 inch.
_UNITS = {
    "": Fraction(1), "px": Fraction(1), "pt": Fraction(96, 72), "pc": Fraction(16), "in": Fraction(96),
    "cm": Fraction(9600, 254), "mm": Fraction(960, 254), "q": Fraction(240, 254),
}  # fmt: skip

_Box = tuple[Fraction, Fraction, Fraction, Fraction]


def svg_size(svg: str, label: str, limits: RenderLimits = DEFAULT_LIMITS) -> tuple[Fraction, Fraction]:
    """The document's own width and height in pixels.

    They are its width and height attributes; a missing one, or one in percent, follows from the viewBox's
    proportions, both missing are the viewBox's size.

    Raises:
        SourceError: as `parse_svg`, or the size is missing, not a length, or not within 16384 a side.
    """
    return _size(parse_svg(svg, label, limits), label)


def rasterise_svg(
    svg: str, width_px: int, height_px: int, label: str, budget: Budget | None = None
) -> DecodedImage:
    """Draw a document at a size in pixels, each side 1 to 16384.

    A size that is the document's own proportions rounded to whole pixels is filled exactly; in any other the
    document is placed as its preserveAspectRatio says (by default whole and in the middle). A budget says
    how long the document and its drawing may be.

    Raises:
        SourceError: as `svg_size`, or resvg cannot draw the document, or not within 6 GB and its time.
    """
    budget = budget or Budget()
    root = parse_svg(svg, label, budget.limits)
    width, height = _size(root, label)
    left, top, box_width, box_height = _view_box(root, label) or (Fraction(0), Fraction(0), width, height)
    if abs(height_px * width - width_px * height) < max(width, height):
        root.set("preserveAspectRatio", "none")
    root.set("viewBox", " ".join(repr(float(value)) for value in (left, top, box_width, box_height)))
    root.set("width", str(width_px))
    root.set("height", str(height_px))
    pixels = _decoded(_rendered(tostring(root, encoding="utf-8"), budget.svg_seconds, label))
    if pixels.shape != (height_px, width_px, 4):
        raise SourceError(
            f"{label}: resvg drew {pixels.shape[1]} x {pixels.shape[0]} pixels, not the size asked"
        )
    record = f"svg\n{width_px} x {height_px}\nresvg_py {version('resvg_py')}\n".encode() + svg.encode()
    opaque = bool((pixels[..., 3] == 255).all())
    return DecodedImage(pixels, hashlib.sha256(record).hexdigest(), opaque)


def _size(root: Element, label: str) -> tuple[Fraction, Fraction]:
    width, height = _side(root, "width", label), _side(root, "height", label)
    box = _view_box(root, label)
    if box and width is None:
        width = box[2] if height is None else height * box[2] / box[3]
    if box and height is None and width is not None:
        height = width * box[3] / box[2]
    if width is None or height is None:
        raise SourceError(f"{label}: svg has no size: give it width and height or a viewBox")
    if not (0 < width <= MAX_CANVAS and 0 < height <= MAX_CANVAS):
        raise SourceError(
            f"{label}: svg is {float(width):g} x {float(height):g} pixels: allowed is above 0 and up to"
            f" {MAX_CANVAS} a side"
        )
    return width, height


def _side(root: Element, name: str, label: str) -> Fraction | None:
    """A side in pixels; None if it is missing, auto or in percent of what the document is placed in."""
    text = root.get(name, "auto")
    found = _LENGTH.fullmatch(text[:100])
    if text.strip() == "auto" or (found and found[2] == "%"):
        return None
    if not found or found[2].lower() not in _UNITS:
        units = ", ".join(unit for unit in _UNITS if unit)
        raise SourceError(
            f"{label}: svg {name} {text[:40]!r} is not allowed: allowed are numbers with {units}"
        )
    return Fraction(found[1]) * _UNITS[found[2].lower()]


def _view_box(root: Element, label: str) -> _Box | None:
    text = root.get("viewBox")
    if text is None:
        return None
    numbers = [_LENGTH.fullmatch(part[:100]) for part in re.split(r"[\s,]+", text.strip()[:400])]
    values = [Fraction(found[1]) for found in numbers if found and not found[2]]
    if len(values) != 4 or len(numbers) != 4 or values[2] <= 0 or values[3] <= 0:
        raise SourceError(
            f"{label}: svg viewBox {text[:60]!r} is not allowed: allowed are left, top, width and height,"
            " the last two above 0"
        )
    return values[0], values[1], values[2], values[3]


def _rendered(svg: bytes, seconds: float, label: str) -> bytes:
    """The document as PNG, drawn by resvg in a process of its own."""
    worker = str(Path(__file__).with_name("svg_worker.py"))
    command = [sys.executable, "-I", "-S", worker, json.dumps([os.path.abspath(path) for path in sys.path])]
    try:
        # Its folder is the root, lest a name that slips through the check finds a file of the host's.
        done = subprocess.run(command, input=svg, capture_output=True, timeout=seconds, check=False, cwd="/")
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"{label}: svg takes more than {seconds:.3g} seconds to draw") from error
    except OSError as error:
        raise SourceError(f"{label}: svg: the process that draws it could not be started: {error}") from error
    if done.returncode == FAULT:
        reason = done.stderr.decode("utf-8", "replace").strip()
        raise SourceError(f"{label}: svg cannot be drawn: {reason}")
    if done.returncode:
        raise SourceError(
            f"{label}: svg cannot be drawn: resvg failed, or needs more memory than allowed"
            " (look for huge or tiny patterns, masks, filters or viewBoxes)"
        )
    return done.stdout


def _decoded(png: bytes) -> NDArray[np.uint8]:
    """The straight RGBA of resvg's PNG, read-only."""
    with PngImageFile(io.BytesIO(png)) as picture:
        pixels = np.array(picture.convert("RGBA"))
    pixels[pixels[..., 3] == 0] = 0
    pixels.setflags(write=False)
    return pixels
