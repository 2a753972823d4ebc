"""A case: a file and a seed. The damaged file is asked for all that users ask of one."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from engines.image_core import ImageComposition, ImageCoreError, PsdTemplate, Renderer
from engines.image_core.psd.layers import PsdLayer, walk
from engines.image_core.runtime.limits import RenderLimits
from tests.damage.damaging import damaged

__all__ = ["check", "use"]

_LIMITS = RenderLimits(canvas_pixels=1 << 22, source_pixels=1 << 24, decoded_bytes=1 << 29)
"""Within them all is drawn in some seconds."""

_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)

_FEW = 3  # layer comps and artboards, of as many as a damaged file may say there are


def check(case: tuple[Path, int]) -> list[str]:
    """Open a damaged file and draw it; returns what was told, each by a line of ours with the file's name."""
    path, seed = case
    told = use(damaged(_read(path), seed), path.name)
    for line in told:
        assert line.isprintable(), line
        assert "not enough memory" not in line, line
    return told


def use(data: bytes, name: str) -> list[str]:
    """Read a file, map it in all manners and draw it with NumPy.

    Returns:
        what was told, each in one line; nothing where all of it could be done.

    Raises:
        AssertionError: what was told of the file does not name it.
    """
    told: list[str] = []
    with _telling(told, name):
        template = PsdTemplate.read(data, {"path": name}, name=name, limits=_LIMITS)
        for ask in _asked(template):
            with _telling(told, name):
                ask()
        _draw(template, data, name, told)
    return told


def _asked(template: PsdTemplate) -> Iterator[Callable[[], Any]]:
    """All but what is drawn."""
    yield lambda: template.profile
    yield lambda: _composed(template, text={layer.path: "x" for layer in _of_kind(template, "text")})
    yield lambda: [_composed(template, comp=comp) for comp in template.comps[:_FEW]]
    yield lambda: [_composed(template, artboard=artboard) for artboard in template.artboards[:_FEW]]


def _drawn(template: PsdTemplate) -> Iterator[dict[str, Any]]:
    """With what changed it is drawn."""
    yield {}
    yield {"redraw": {"shape", "fill"}}
    smart = [layer.path for layer in _of_kind(template, "smart object") if layer.smart_object is not None]
    if smart:
        yield {"images": dict.fromkeys(smart, _PNG)}


def _of_kind(template: PsdTemplate, kind: str) -> Iterator[PsdLayer]:
    return (layer for layer in walk(template.layers) if layer.kind == kind)


def _composed(template: PsdTemplate, **changes: Any) -> ImageComposition:
    return template.composition(tenant_id="t", env="test", **changes)


def _draw(template: PsdTemplate, data: bytes, name: str, told: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(data)
        with Renderer("numpy", root=folder, limits=_LIMITS) as renderer:
            for changes in _drawn(template):
                with _telling(told, name):
                    composition = _composed(template, **changes)
                    with _telling(told):  # which names the layer, as of all compositions
                        renderer.render(composition)


@contextmanager
def _telling(told: list[str], name: str = "") -> Iterator[None]:
    """Keep the line of an error of ours."""
    try:
        yield
    except ImageCoreError as error:
        told.append(str(error))
        assert told[-1].startswith(f"{name}: " if name else ""), told[-1]


@cache
def _read(path: Path) -> bytes:
    return path.read_bytes()
