"""The process of one part: `python -m tests.device.child MODULE:FUNCTION ARGUMENTS ANSWER`.

ARGUMENTS is an object of JSON; ANSWER is the file that the function's result is written to, as JSON. A
function that fails has {"fault": line} for a result.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

from engines.image_core import ImageCoreError

__all__: list[str] = []


def main(work: str, arguments: str, answer: str) -> None:
    """Call the function and write what it returns."""
    module, _, function = work.partition(":")
    try:
        result = getattr(importlib.import_module(module), function)(**json.loads(arguments))
    except ImageCoreError as error:
        result = {"fault": " ".join(str(error).split())}
    except Exception as error:  # a part that fails does not take what others found with it
        result = {"fault": " ".join(f"unexpected {type(error).__name__}: {error}".split())}
    Path(answer).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
