"""Drawing the cases on a backend and comparing them with what they have to come out as."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engines.image_core.backend import Backend, GLBackend, NumpyBackend
from engines.image_core.conformance.cases import Case
from engines.image_core.conformance.comparison import compare
from engines.image_core.conformance.expected import expected_hashes
from engines.image_core.conformance.pictures import NoiseMasks
from engines.image_core.errors import DeviceError, ImageCoreError
from engines.image_core.export import pixel_hash
from engines.image_core.planning.lengths import resolved
from engines.image_core.planning.planner import Plan, make_plan
from engines.image_core.runtime.caching import CacheCounts
from engines.image_core.sources.files import FileRoot
from engines.image_core.sources.keeping import SourceCache
from engines.image_core.sources.loading import load_sources

if TYPE_CHECKING:
    from engines.image_core.gl import Choice

__all__ = ["Mismatch", "Suite"]

_SOURCES_BYTES = 64 << 20


@dataclass(frozen=True)
class Mismatch:
    """A case that came out wrong, and how, in words."""

    case: Case
    how: str


class Suite:
    """Cases drawn on one backend."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._sources = SourceCache(_SOURCES_BYTES)

    def check(self, case: Case) -> Mismatch | None:
        """What is wrong with a case as this backend draws it, if anything is.

        A device has two kinds of programs, see `gl/compose.py`, and draws it by each that the case names.
        """
        if not isinstance(self._backend, GLBackend):
            return self._checked(case)
        try:
            for choice in case.programs:
                wrong = self._checked(case, choice)
                if wrong is not None:
                    return replace(wrong, how=f"{wrong.how}; drawn by {choice} programs")
        finally:
            with suppress(DeviceError):  # one that is lost has been told of
                self._backend.prefer("auto")
        return None

    def _checked(self, case: Case, choice: Choice = "auto") -> Mismatch | None:
        try:
            if isinstance(self._backend, GLBackend):
                self._backend.prefer(choice)
            pixels = self.draw(case)
        except ImageCoreError as error:
            return Mismatch(case, str(error))
        if pixel_hash(pixels) == expected_hashes().get(case.name):
            return None
        return Mismatch(case, self._difference(case, pixels))

    def draw(self, case: Case) -> NDArray[np.uint8]:
        """The pixels of a case on this backend.

        Raises:
            DeviceError: the device or its driver failed.
        """
        return self._backend.evaluate(self._plan(case)).pixels

    def _plan(self, case: Case) -> Plan:
        composition = resolved(case.composition)
        sources = load_sources(composition, FileRoot(None), NoiseMasks(), self._sources, CacheCounts())
        return make_plan(composition, sources)

    def _difference(self, case: Case, pixels: NDArray[np.uint8]) -> str:
        """How pixels differ from NumPy's here. Where they do not, both differ from what is stored: then it is
        a library that the sources are made with (FreeType, HarfBuzz, resvg), not the device."""
        reference = NumpyBackend("to compare with").evaluate(self._plan(case)).pixels
        if np.array_equal(reference, pixels):
            return "not as stored, though NumPy draws the same here: its sources differ"
        return str(compare(reference, pixels))
