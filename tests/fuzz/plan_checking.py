"""Random plans drawn by NumPy, and by the device in each way that it has."""

from __future__ import annotations

from engines.image_core.errors import ImageCoreError
from engines.image_core.gl import Choice, Session, evaluate, open_device
from engines.image_core.gl.session import Units
from engines.image_core.reference import evaluate as evaluate_with_numpy
from tests.failures import told
from tests.fuzz.plans import random_plan

__all__ = ["SESSIONS", "PlanChecker", "plan_faults"]

SESSIONS: dict[str, tuple[Choice, Units | None]] = {
    "general": ("general", None),
    "specialised": ("specialised", None),
    "specialised, the fewest units": ("specialised", Units(images=4, textures=3)),
    "general, eight image units": ("general", Units(images=8, textures=16)),
}
"""The ways to composite: which programs, and how many images and textures a pass may have bound."""


class PlanChecker:
    """A device with a session for each way to composite."""

    def __init__(self) -> None:
        device = self._device = open_device()
        self._sessions = {
            name: device.run(lambda choice=choice, units=units: Session(device, choice=choice, units=units))  # type: ignore[misc]
            for name, (choice, units) in SESSIONS.items()
        }

    def __enter__(self) -> PlanChecker:
        return self

    def __exit__(self, *_: object) -> None:
        for session in self._sessions.values():
            self._device.run(session.release)
        self._device.close()

    def fault(self, seed: int) -> str:
        """What is wrong with how the plan of a seed is drawn; empty when nothing is.

        Every way gives NumPy's bytes, and leaves no texture in use.
        """
        try:
            return self._difference(seed)
        except ImageCoreError as error:
            return f"plan {seed}: {type(error).__name__}: {error}"

    def _difference(self, seed: int) -> str:
        plan = random_plan(seed)
        expected = evaluate_with_numpy(plan)
        for name, session in self._sessions.items():
            actual = self._device.run(lambda session=session: evaluate(session, plan))[0]  # type: ignore[misc]
            if (expected != actual).any():
                return f"plan {seed}, {name}: {told(f'plan {seed} {name}', expected, actual)}"
            if session.textures.live:
                return f"plan {seed}, {name}: {session.textures.live} textures are still in use"
        return ""


def plan_faults(seeds: range) -> list[str]:
    """What is wrong with the plans of these seeds."""
    with PlanChecker() as checker:
        return [fault for fault in map(checker.fault, seeds) if fault]
