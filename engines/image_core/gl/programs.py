"""Compiles the entry points of shaders/pass and keeps the programs that were used last."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import moderngl

from engines.image_core.errors import DeviceError
from engines.image_core.gl.device import Device

__all__ = ["GROUP", "Programs", "shader_root", "source_text"]

GROUP = (64, 4)
"""Invocations of a work group, across and down: whole rows of a warp, for its reads to share cache lines. In
groups of eight rows llvmpipe takes a quarter longer to composite; filters take the same."""

MAX_PROGRAMS = 512


@lru_cache(maxsize=1)
def shader_root() -> Path:
    """The folder of the shaders: in the package when installed, at the top of a source tree."""
    inside = Path(__file__).parent / "shaders"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "shaders"


@lru_cache(maxsize=256)
def _read(name: str) -> str:
    return (shader_root() / name).read_text(encoding="utf-8")


def _expand(name: str, generated: Mapping[str, str], seen: set[str]) -> str:
    """A shader file with its includes in place: "file" from shaders/ (once each), <name> generated."""

    def include(match: re.Match[str]) -> str:
        quoted, named = match.groups()
        if named:
            return re.sub(r'(?m)^#include "([^"]+)"$|^#include <(\w+)>$', include, generated[named])
        if quoted in seen:
            return ""
        seen.add(quoted)
        return _expand(quoted, generated, seen)

    return re.sub(r'(?m)^#include "([^"]+)"$|^#include <(\w+)>$', include, _read(name))


def source_text(name: str, defines: Mapping[str, int], generated: Mapping[str, str]) -> str:
    """The complete GLSL of an entry point of shaders/pass."""
    return _source_text(name, tuple(sorted(defines.items())), tuple(sorted(generated.items())))


@lru_cache(maxsize=256)  # it is asked for by each pass, and twice where a program is chosen
def _source_text(
    name: str, defines: tuple[tuple[str, int], ...], generated: tuple[tuple[str, str], ...]
) -> str:
    head = ["#version 430", f"layout(local_size_x = {GROUP[0]}, local_size_y = {GROUP[1]}) in;"]
    head += [f"#define {key} {value}" for key, value in defines]
    return "\n".join(head) + "\n" + _expand(f"pass/{name}.comp", dict(generated), set())


class Programs:
    """The compiled programs of one context, the least recently used dropped beyond MAX_PROGRAMS."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._kept: OrderedDict[str, Any] = OrderedDict()
        self.seconds = 0.0  # spent on compiling, since the beginning

    def has(self, text: str) -> bool:
        """Whether the program of a complete source is compiled."""
        return text in self._kept

    def get(self, name: str, defines: Mapping[str, int], generated: Mapping[str, str] | None = None) -> Any:
        """The program of an entry point under the given #defines and generated includes."""
        text = source_text(name, defines, generated or {})
        if text in self._kept:
            self._kept.move_to_end(text)
            return self._kept[text]
        started = time.perf_counter()
        try:
            program = self._device.context.compute_shader(text)
        except moderngl.Error as error:
            raise DeviceError(f"the driver refused shader {name!r}: {error}") from error
        try:
            self._device.check(f"compiling shader {name!r}")  # what failed is not kept
        except BaseException:
            program.release()
            raise
        self.seconds += time.perf_counter() - started
        self._kept[text] = program
        if len(self._kept) > MAX_PROGRAMS:
            self._kept.popitem(last=False)[1].release()
        return program

    def release(self) -> None:
        """Free all programs."""
        for program in self._kept.values():
            program.release()
        self._kept.clear()
