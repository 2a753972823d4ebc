"""Fuzz cases on both backends: what is wrong with them, if anything is."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from engines.image_core import DeviceError, ImageComposition, ImageCoreError, Renderer
from engines.image_core.conformance.comparison import compare
from tests.fuzz.shrinking import shrunk
from tests.fuzz.trees import NoiseMasks, random_fields

__all__ = ["REGRESSIONS", "TOO_LARGE", "Checker", "faults"]

TOO_LARGE = "pixels are to be made of it; allowed is"
_TOO_DENSE = "too dense an outline"
_BEYOND_TEXTURES = re.compile(r"^\d+ x \d+ pixels: .* takes \d+ a side$")

REGRESSIONS = Path(__file__).parent / "regressions"


class Checker:
    """Both backends, neither of which keeps anything from one case to the next.

    device_index: which OpenGL device, see `Renderer`.
    """

    def __init__(self, device_index: int = 0) -> None:
        self._numpy = Renderer("numpy", cache_bytes=0)
        self._gl = Renderer("gl", device_index=device_index, cache_bytes=0)

    def __enter__(self) -> Checker:
        return self

    def __exit__(self, *_: object) -> None:
        self._numpy.close()
        self._gl.close()

    def fault(self, fields: dict[str, Any]) -> str:
        """What is wrong with a composition, given as JSON holds it; empty when nothing is.

        Both backends have to draw the same bytes, and planning has to give the same hash again. A layer that
        is enlarged beyond what may be drawn, or whose outline is denser than may be, is refused, and that is
        right; so may a device refuse a picture
        with more pixels a side than its textures have, in one line that says so.
        """
        try:
            return self._difference(fields)
        except ImageCoreError as error:
            return f"{type(error).__name__}: {error}"
        except Exception as error:
            return f"unexpected {type(error).__name__}: {error}"

    def _difference(self, fields: dict[str, Any]) -> str:
        composition = ImageComposition.model_validate(fields)
        store = NoiseMasks(composition)
        try:
            planned = self._numpy.plan(composition, store)
        except ImageCoreError as error:
            if TOO_LARGE in str(error) or _TOO_DENSE in str(error):
                return ""
            raise
        if self._gl.plan(composition, store).plan.pipeline_hash != planned.plan.pipeline_hash:
            return "planned again it has another pipeline_hash"
        expected = self._numpy.draw(planned).pixels
        try:
            actual = self._gl.draw(planned).pixels
        except DeviceError as error:
            if _BEYOND_TEXTURES.search(str(error)):
                return ""
            raise
        return "" if np.array_equal(expected, actual) else f"GL is not NumPy: {compare(expected, actual)}"


def faults(seeds: range, folder: Path = REGRESSIONS) -> list[str]:
    """Draw cases; save what fails, and say what is wrong with it."""
    found = []
    with Checker() as checker:
        for seed in seeds:
            fields = random_fields(seed)
            fault = checker.fault(fields)
            if fault:
                small = shrunk(fields, partial(_fails_alike, checker, _kind(fault)))
                path = folder / f"{seed}.json"
                path.write_text(json.dumps(small, indent=1) + "\n")
                found.append(f"case {seed}: {fault} (made small: {path})")
    return found


def _fails_alike(checker: Checker, kind: str, fields: dict[str, Any]) -> bool:
    return _kind(checker.fault(fields)) == kind


def _kind(fault: str) -> str:
    """What is alike in two faults of one cause: of errors all but the numbers."""
    return fault.split(":")[0] if fault.startswith("GL") else re.sub(r"[\d.]+", "", fault)
