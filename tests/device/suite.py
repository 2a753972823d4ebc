"""The conformance suite on the device that is measured, as `image-core doctor --full` examines it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from engines.image_core.conformance import Level, all_cases
from engines.image_core.conformance.doctor import Examination, examine_devices
from tests.device.settings import Settings

__all__ = ["doctor"]


def doctor(**settings: Any) -> dict[str, Any]:
    """The examination of the device, the "level" of the suite it was examined by, and how many cases that
    has ("of")."""
    told = Settings(**settings)
    level: Level = "self-test" if told.quick else "full"
    for found in examine_devices(level, told.seconds):
        if told.device == f"{found.name}; OpenGL {found.opengl} {found.driver}":
            asked = {"level": level, "of": sum(1 for _ in all_cases(level))}
            result = {"device": told.device, **asked, **asdict(found)}
            return result if found.well else result | {"fault": _wrong(found)}
    return {"fault": f"the doctor finds no {told.device}"}


def _wrong(found: Examination) -> str:
    if found.mismatches:
        first = found.mismatches[0]
        return f"{len(found.mismatches)} of {found.cases} cases differ, first {first['case']}: {first['how']}"
    return f"{found.fault}, {found.cases} cases drawn"
