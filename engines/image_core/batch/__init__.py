"""Batches: jobs read lazily, rendered by worker processes, or on a Ray cluster."""

from engines.image_core.batch.local import Tally, run_batch

__all__ = ["Tally", "run_batch"]
