"""What is alive in an OpenGL context, asked of GL itself."""

from __future__ import annotations

import ctypes

__all__ = ["KINDS", "alive"]

KINDS = ("Texture", "Buffer", "Program", "Shader")


def alive(names: int = 2000) -> list[str]:
    """The current context's textures, buffers, programs and shaders, as "Texture 3", up to a number.

    Called in the device's thread. names: where to end; drivers give the lowest free number to what is new.
    """
    gl = ctypes.CDLL("libGL.so.1")
    return [
        f"{kind} {name}" for kind in KINDS for name in range(1, names) if getattr(gl, f"glIs{kind}")(name)
    ]
