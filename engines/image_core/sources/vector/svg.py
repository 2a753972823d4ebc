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
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray
from PIL.PngImagePlugin import PngImageFile

from engines.image_core.composition.type import DEFAULT_LANGUAGE
from engines.image_core.errors import SourceError
from engines.image_core.planning.decoded import DecodedImage
from engines.image_core.runtime.limits import DEFAULT_LIMITS, MAX_CANVAS, Budget, RenderLimits
from engines.image_core.sources.vector.svg_check import SVG, parse_svg, read_svg
from engines.image_core.sources.vector.svg_fonts import SvgFonts, name_families, told_missing
from engines.image_core.sources.vector.svg_worker import FAULT

__all__ = ["rasterise_svg", "svg_size"]

_LENGTH = re.compile(r"\s*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?)\s*([a-zA-Z%]*)\s*")
# CSS Values and Units 4, "Absolute lengths": a pixel is 1/96 inch.
_UNITS = {
    "": Fraction(1), "px": Fraction(1), "pt": Fraction(96, 72), "pc": Fraction(16), "in": Fraction(96),
    "cm": Fraction(9600, 254), "mm": Fraction(960, 254), "q": Fraction(240, 254),
}  # fmt: skip
_FONT_UNITS = {"em": Fraction(16), "rem": Fraction(16), "ex": Fraction(8)}

_ABSOLUTE = re.compile(r"(?<![\w#.-])[+-]?[0-9.]++(?:[eE][+-]?[0-9]++)?+(?:mm|cm|in|pt|pc)(?![\w-])")
_RELATIVE = re.compile(r"[0-9.](?:em|ex)(?![\w-])")
_FONT_LENGTHS = re.compile(r"(?:font-size|font|line-height|letter-spacing|word-spacing)\s*+:[^;}]*+")
_UNSEEN = Fraction(1, 32)  # pixels

_Box = tuple[Fraction, Fraction, Fraction, Fraction]


def svg_size(svg: str, label: str, limits: RenderLimits = DEFAULT_LIMITS) -> tuple[Fraction, Fraction]:
    """The document's own width and height in pixels.

    They are its width and height attributes; a missing one, or one in percent, follows from the viewBox's
    proportions, both missing are the viewBox's size.

    Raises:
        SourceError: as `read_svg`, or the size is missing, not a length, or not within 16384 a side.
    """
    return _size(parse_svg(svg, label, limits), label)


def rasterise_svg(
    svg: str,
    width_px: int,
    height_px: int,
    label: str,
    budget: Budget | None = None,
    *,
    language: str = DEFAULT_LANGUAGE,
    fonts: SvgFonts | None = None,
) -> DecodedImage:
    """Draw a document at a size in pixels, each side 1 to 16384, at 96 pixels an inch.

    A size that is the document's own proportions rounded to whole pixels is filled exactly, where these are
    its viewBox's; in any other the document is placed as its preserveAspectRatio says (by default whole and
    in the middle). A budget says how long the document and its drawing may be.

    Args:
        svg: The document's text.
        width_px, height_px: The size.
        label: How errors name the layer.
        budget: Says how long it may be and take.
        language: What systemLanguage is compared with; also without its script and region.
        fonts: Those of its text; without them text is an error.

    Raises:
        SourceError: as `svg_size`, or resvg cannot draw the document, or not within 6 GB and its time, or the
            fonts lack a family or a character of its text.
    """
    budget = budget or Budget()
    document = read_svg(svg, label, budget.limits)
    root = document.root
    if document.texts and fonts is None:
        raise SourceError(f"{label}: svg: <text> is not allowed here: there are no fonts for it")
    changed = ["96 pixels an inch"] * _has_lengths(root) + ["pictures by their content"] * document.mistyped
    own = _size(root, label)
    box = _view_box(root, label) or (Fraction(0), Fraction(0), *own)
    if abs(height_px * own[0] - width_px * own[1]) < max(own):
        if _fills(box, own, (width_px, height_px)):
            root.set("preserveAspectRatio", "none")
        elif root.get("preserveAspectRatio", "").strip() != "none":
            changed.append("preserveAspectRatio")
    root.set("viewBox", " ".join(repr(float(value)) for value in box))
    root.set("width", str(width_px))
    root.set("height", str(height_px))
    if document.by_language or language != DEFAULT_LANGUAGE:
        changed.append(f"language {language}")
    used = fonts if document.texts else None
    if used:
        name_families(root, used)
        changed += ["fonts", *used.digests]
    pixels = _decoded(_rendered(document.written(), language, used, budget.svg_seconds, label))
    if pixels.shape != (height_px, width_px, 4):
        raise SourceError(
            f"{label}: resvg drew {pixels.shape[1]} x {pixels.shape[0]} pixels, not the size asked"
        )
    # What is drawn as it always was is known as it always was.
    lines = ["svg", f"{width_px} x {height_px}", f"resvg_py {version('resvg_py')}", *changed, svg]
    opaque = bool((pixels[..., 3] == 255).all())
    return DecodedImage(pixels, hashlib.sha256("\n".join(lines).encode()).hexdigest(), opaque)


def _has_lengths(root: Element) -> bool:
    """Whether a document has lengths within it that go by pixels an inch; those of fonts count where others
    are given in multiples of them, or there is text, which is known by its fonts anyway."""
    parts = [
        f"{name}:{value}"
        for element in root.iter()
        for name, value in element.attrib.items()
        if element is not root or name not in ("width", "height")
    ]
    written = ";".join([*parts, *(element.text or "" for element in root.iter(SVG + "style"))])
    if not _RELATIVE.search(written):
        written = _FONT_LENGTHS.sub("", written)
    return bool(_ABSOLUTE.search(written))


def _fills(box: _Box, own: tuple[Fraction, Fraction], size: tuple[int, int]) -> bool:
    """Whether a viewBox has the proportions of the document's own size, to a small part of a pixel drawn."""
    scale = min(own[0] / box[2], own[1] / box[3])
    gaps = ((own[axis] - scale * box[axis + 2]) / own[axis] * size[axis] for axis in (0, 1))
    return max(gaps) < _UNSEEN


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
    # Without a size of its own the root's font has that of CSS's initial value, medium: 16 pixels.
    sized = "font" in root.get("style", "") or root.get("font-size") is not None
    known = _UNITS if sized else _UNITS | _FONT_UNITS
    if not found or found[2].lower() not in known:
        units = ", ".join(unit for unit in known if unit)
        raise SourceError(
            f"{label}: svg {name} {text[:40]!r} is not allowed: allowed are numbers with {units}"
        )
    return Fraction(found[1]) * known[found[2].lower()]


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


def _rendered(svg: bytes, language: str, fonts: SvgFonts | None, seconds: float, label: str) -> bytes:
    """The document as PNG, drawn by resvg in a process of its own."""
    options: dict[str, Any] = {"dpi": 96, "languages": _ranges(language)}
    if fonts is None:
        return _drawn(svg, options, seconds, label)[0]
    with TemporaryDirectory(prefix="image-core-fonts-") as folder:
        files = [Path(folder, f"{number}.font") for number in range(len(fonts.files))]
        for path, data in zip(files, fonts.files, strict=True):
            path.write_bytes(data)
        options |= {"font_files": [str(path) for path in files], "log_information": True}
        # What resvg takes where a family is not found: no font has this name, so that it tells us.
        options["serif_family"] = "\x1a"
        png, log = _drawn(svg, options, seconds, label)
    told_missing(log.decode("utf-8", "replace").splitlines(), fonts, label)
    return png


def _ranges(language: str) -> list[str]:
    """A language tag, and what is left of it without its region and its script: RFC 4647, "lookup"."""
    parts = language.split("-")
    return ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]


def _drawn(svg: bytes, options: dict[str, Any], seconds: float, label: str) -> tuple[bytes, bytes]:
    """What the process wrote: a PNG, and what was logged."""
    worker = str(Path(__file__).with_name("svg_worker.py"))
    paths = json.dumps([os.path.abspath(path) for path in sys.path])
    command = [sys.executable, "-I", "-S", worker, paths, json.dumps(options)]
    try:
        # Its folder is the root, lest a name that slips through the check finds a file of the host's.
        done = subprocess.run(command, input=svg, capture_output=True, timeout=seconds, check=False, cwd="/")
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"{label}: svg takes more than {seconds:.3g} seconds to draw") from error
    except OSError as error:
        raise SourceError(f"{label}: svg: the process that draws it could not be started: {error}") from error
    if done.returncode == FAULT:
        reason = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise SourceError(f"{label}: svg cannot be drawn: {reason}")
    if done.returncode:
        raise SourceError(
            f"{label}: svg cannot be drawn: resvg failed, or needs more memory than allowed"
            " (look for huge or tiny patterns, masks, filters or viewBoxes)"
        )
    return done.stdout, done.stderr


def _decoded(png: bytes) -> NDArray[np.uint8]:
    """The straight RGBA of resvg's PNG, read-only."""
    with PngImageFile(io.BytesIO(png)) as picture:
        pixels = np.array(picture.convert("RGBA"))
    pixels[pixels[..., 3] == 0] = 0
    pixels.setflags(write=False)
    return pixels
