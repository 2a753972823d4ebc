"""How fast the device copies: what bounds everything that moves pixels."""

from __future__ import annotations

from typing import Any

from tests.bench.floor import copy_rates
from tests.device.settings import Settings, opened

__all__ = ["copy_bandwidth"]


def copy_bandwidth(**settings: Any) -> dict[str, Any]:
    """Bytes a second, read and written, of copying a buffer of 256 MiB: "bytes_a_second", a value a round."""
    told = Settings(**settings)
    with opened(told) as backend:
        return {"device": backend.device, "bytes_a_second": copy_rates(backend, told.rounds)}
