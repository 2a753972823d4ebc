"""What importing the library loads, and what waits until it is used."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
import engines.image_core as core
assert "psd_tools" not in sys.modules
assert set(core.__all__) <= set(dir(core))
for name in core.__all__:
    getattr(core, name)
assert "psd_tools" in sys.modules
"""


def test_what_reads_photoshop_files_is_imported_with_the_first_of_its_names() -> None:
    """psd-tools alone takes a fifth of the time; every name of the package is there all the same."""
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=120)
