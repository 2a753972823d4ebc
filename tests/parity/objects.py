"""What is alive in an OpenGL context, asked of GL itself."""

from __future__ import annotations

import ctypes

__all__ = ["KINDS", "alive"]

KINDS = ("Texture", "Buffer", "Program", "Shader")

_LEAST = 2000
_COMPUTE_SHADER = 0x91B9


def alive() -> list[str]:
    """The current context's textures, buffers, programs and shaders, as "Texture 3".

    Called in the device's thread. Some drivers give what is new the lowest free number, others (Mesa) always
    the next one: so all numbers up to the newest are asked for, and some thousands in any case.
    """
    gl = ctypes.CDLL("libGL.so.1")
    return [
        f"{kind} {name}"
        for kind in KINDS
        for name in range(1, max(_LEAST, _newest(gl, kind)) + 1)
        if getattr(gl, f"glIs{kind}")(name)
    ]


def _newest(gl: ctypes.CDLL, kind: str) -> int:
    """The number that a new object gets; it is given back."""
    if kind == "Program":
        name = int(gl.glCreateProgram())
        gl.glDeleteProgram(name)
        return name
    if kind == "Shader":
        name = int(gl.glCreateShader(_COMPUTE_SHADER))
        gl.glDeleteShader(name)
        return name
    number = ctypes.c_uint()
    getattr(gl, f"glGen{kind}s")(1, ctypes.byref(number))
    getattr(gl, f"glDelete{kind}s")(1, ctypes.byref(number))
    return number.value
