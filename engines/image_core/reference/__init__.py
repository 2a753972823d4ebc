"""The NumPy backend: the readable definition of every pixel rule, fast enough for hosts without a GPU."""

from engines.image_core.reference.evaluate import evaluate, evaluate_step

__all__ = ["evaluate", "evaluate_step"]
