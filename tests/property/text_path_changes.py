"""For each field of a path that text runs along a layer, and a change of that field alone."""

from __future__ import annotations

from typing import Any

__all__ = ["TEXT_PATH_CHANGES"]


def _along(**path: Any) -> dict[str, Any]:
    return {"type": "text", "text": "Rag", "size": 14.0, "path": path}


def _on_path(**path: Any) -> dict[str, Any]:
    return _along(**{"d": "M5 50 Q40 10 75 50", **path})


def _on_arc(**arc: Any) -> dict[str, Any]:
    return _along(**{"type": "arc", "center": [40, 32], "radius": 15.0, **arc})


TEXT_PATH_CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "TextLayer.path": ({**_on_path(), "path": None}, _on_path()),
    "_TextPath.start_offset": (_on_path(), _on_path(start_offset=0.2)),
    "_TextPath.side": (_on_path(), _on_path(side="right")),
    "TextPath.d": (_on_path(), _on_path(d="M5 50 Q40 15 75 50")),
    "TextArc.center": (_on_arc(), _on_arc(center=[40, 33])),
    "TextArc.radius": (_on_arc(), _on_arc(radius=16.0)),
    "TextArc.start_angle": (_on_arc(), _on_arc(start_angle=0.0)),
    "TextArc.sweep": (_on_arc(), _on_arc(sweep=-360.0)),
}
