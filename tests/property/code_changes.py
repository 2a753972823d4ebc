"""For each field of a code a layer, and a change of that field alone."""

from __future__ import annotations

from typing import Any

__all__ = ["CODE_CHANGES"]


def _qr(**fields: Any) -> dict[str, Any]:
    return {"type": "vector", "code": {"type": "qr", "data": "Rag and bone", **fields}, "width": 90.0}


def _bars(kind: str) -> dict[str, Any]:
    return {"type": "vector", "code": {"type": kind, "data": "96385074"}, "width": 280.0, "height": 70.0}


LIGHT = {"color": "#ffffff", "background": "#000000"}

CODE_CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "VectorLayer.code": (_bars("code128"), _bars("ean8")),
    "_Code.data": (_qr(), _qr(data="Rag or bone")),
    "_Code.color": (_qr(), _qr(color="#102040")),
    "_Code.background": (_qr(), _qr(background="#fff0d0")),
    "_Code.quiet_zone": (_qr(), _qr(quiet_zone=5)),
    "QrSymbol.error_correction": (_qr(), _qr(error_correction="H")),
    "QrSymbol.light_on_dark": (_qr(), _qr(**LIGHT, light_on_dark=True)),
}
