"""The pass that ARCHITECTURE.md shows is the one that a device is given."""

from typing import Any

import pytest

from docs.example import COMPOSITION, pass_writer
from engines.image_core import ImageComposition, Renderer
from engines.image_core.gl.session import Session


def test_a_device_is_given_the_pass_that_is_shown(
    gl_renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the shape has a program of its own: its code, with the numbers that stand below it."""
    passes: list[tuple[str, list[int]]] = []
    dispatch = Session.dispatch

    def noted(self: Session, name: str, *given: Any, **more: Any) -> None:
        if name == "compose":
            *_, generated, parameters = given
            passes.append((generated["program"], list(parameters)))
        dispatch(self, name, *given, **more)

    planned = gl_renderer.plan(ImageComposition.model_validate_json(COMPOSITION))
    with monkeypatch.context() as patch:
        patch.setattr(Session, "specialise", lambda *_: True)
        patch.setattr(Session, "dispatch", noted)
        gl_renderer.draw(planned)
    shown = pass_writer(planned.plan.root)
    assert passes == [(shown.source(), shown.parameters)]
