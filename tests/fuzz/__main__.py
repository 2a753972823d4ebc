"""The differential fuzzer: `python -m tests.fuzz --cases 100000 --plans 2000 --first 0`, or `make fuzz`.

Plans come first: `plans.random_plan(n)`, drawn by every kind of program, also with what compositions do not
say yet. Case n is `trees.random_fields(n)`. One that fails is made small and saved as regressions/N.json,
which a test draws from then on. The last line says how many were drawn and how many failed; the status is
then 1.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator

from engines.image_core.runtime.processors import take_share
from tests.fuzz.differential import faults
from tests.fuzz.plan_checking import plan_faults

_CHUNK = 500


def main() -> int:
    """Draw the cases that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--plans", type=int, default=2_000)
    parser.add_argument("--first", type=int, default=0, help="the first case's number")
    parser.add_argument("--workers", type=int, default=multiprocessing.cpu_count())
    options = parser.parse_args()
    failed = 0
    os.environ["LP_NUM_THREADS"] = "1"  # read by llvmpipe in the workers
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(options.workers, take_share, (1,), maxtasksperchild=20) as pool:
        for what, draw, count in (("plans", plan_faults, options.plans), ("cases", faults, options.cases)):
            started, drawn = time.perf_counter(), 0
            for found in pool.imap_unordered(draw, _chunks(options.first, count)):
                drawn += min(_CHUNK, count - drawn)
                failed += len(found)
                print(*found, sep="\n", end="\n" if found else "", flush=True)
                seconds = time.perf_counter() - started
                print(f"{drawn:,} {what}, {failed} failed, {seconds:.0f} s", flush=True)
    return 1 if failed else 0


def _chunks(first: int, cases: int) -> Iterator[range]:
    for start in range(first, first + cases, _CHUNK):
        yield range(start, min(start + _CHUNK, first + cases))


if __name__ == "__main__":
    sys.exit(main())
