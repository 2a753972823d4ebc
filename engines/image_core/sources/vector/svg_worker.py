"""A process of its own for one SVG: what makes resvg abort or run forever ends here, not in the host.

Run as a script: `svg_worker.py IMPORT_PATHS_AS_JSON OPTIONS_AS_JSON`, with the SVG on standard input. The PNG
goes to standard output, what resvg logs to standard error. It exits with FAULT, and the reason as one line on
standard error, when resvg refuses. It imports nothing else of the package, to start in a few milliseconds.
"""

from __future__ import annotations

import json
import os
import sys

__all__ = ["FAULT", "main"]

FAULT = 3
_MEMORY = 6 << 30  # bytes: a few layers of the largest picture, 16384 x 16384


def main() -> int:
    """Render standard input to standard output; returns the exit status."""
    sys.path[:] = json.loads(sys.argv[1])
    options = json.loads(sys.argv[2])
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        bound = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (bound, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import resvg_py

    svg = sys.stdin.buffer.read().decode("utf-8")
    with os.fdopen(os.dup(1), "wb") as pictures:
        os.dup2(2, 1)  # resvg logs to standard output
        try:
            png = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, **options)
        except ValueError as error:
            print(" ".join(str(error).split()), file=sys.stderr)
            return FAULT
        pictures.write(png)
    return 0


if __name__ == "__main__":
    sys.exit(main())
