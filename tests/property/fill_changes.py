"""For each field of gradient fills and patterns a layer, and a change of that field alone."""

from __future__ import annotations

from typing import Any

__all__ = ["FILL_CHANGES"]

_BLUE: dict[str, Any] = {"offset": 1, "color": "#0000ff"}
_STOPS: list[dict[str, Any]] = [{"offset": 0, "color": "#ff0000"}, _BLUE]
_OPAQUE: dict[str, Any] = {"offset": 1, "opacity": 1}
_FADING: list[dict[str, Any]] = [{"offset": 0, "opacity": 0.2}, _OPAQUE]


def _painted(paint: dict[str, Any]) -> dict[str, Any]:
    return {"type": "raster", "source": {"color": paint}, "width": 50.0, "height": 40.0}


def _filled(**change: Any) -> dict[str, Any]:
    return _painted({"type": "gradient", "stops": _STOPS, **change})


def _stopped(**change: Any) -> dict[str, Any]:
    return _filled(stops=[_STOPS[0], {**_BLUE, **change}])


def _faded(**change: Any) -> dict[str, Any]:
    return _filled(opacity_stops=[_FADING[0], {**_OPAQUE, **change}])


def _pattern(**change: Any) -> dict[str, Any]:
    return _painted({"type": "pattern", "source": {"path": "coffee.png"}, **change})


_GRADIENT: dict[str, Any] = {
    "style": "diamond",
    "angle": 30.0,
    "scale": 0.5,
    "offset": [0.1, 0],
    "reverse": True,
    "smoothness": 0.0,
    "interpolation": "linear",
    "stops": [{"offset": offset, "color": "#00ff00"} for offset in (0, 1)],
    "opacity_stops": _FADING,
    "dither": True,
    "snap": True,
}

FILL_CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    **{f"GradientFill.{name}": (_filled(), _filled(**{name: value})) for name, value in _GRADIENT.items()},
    "ColorStop.offset": (_filled(), _stopped(offset=0.8)),
    "ColorStop.color": (_filled(), _stopped(color="#0000f0")),
    "ColorStop.midpoint": (_filled(), _stopped(midpoint=0.4)),
    "OpacityStop.offset": (_faded(), _faded(offset=0.8)),
    "OpacityStop.opacity": (_faded(), _faded(opacity=0.8)),
    "OpacityStop.midpoint": (_faded(), _faded(midpoint=0.4)),
    "PatternFill.source": (_pattern(), _pattern(source={"path": "rocket.jpg"})),
    "PatternFill.scale": (_pattern(), _pattern(scale=0.5)),
    "PatternFill.offset": (_pattern(), _pattern(offset=[7, 0])),
    "PatternFill.sampling": (_pattern(scale=2), _pattern(scale=2, sampling="linear")),
    "PictureSource.path": (_pattern(), _pattern(source={"path": "rocket.jpg"})),
    "PictureSource.frame": (
        _pattern(source={"path": "moving.gif"}),
        _pattern(source={"path": "moving.gif", "frame": 1}),
    ),
}
"""By the model's and the field's name."""
