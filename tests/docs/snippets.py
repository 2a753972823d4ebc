"""The code of a document: its fenced blocks, run from top to bottom as a reader would."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["ROOT", "Snippet", "commands", "run_snippets", "snippets"]

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`([\w./-]+\.json)`")


@dataclass(frozen=True)
class Snippet:
    """A fenced block.

    Attributes:
        language: what its fence says: python, json or sh.
        code: its text.
        file: the last JSON file the prose before it names, where the block is JSON.
    """

    language: str
    code: str
    file: str | None


def snippets(document: Path) -> list[Snippet]:
    """All fenced blocks of a Markdown document, in order."""
    text = document.read_text()
    found = []
    for fence in _FENCE.finditer(text):
        named = _FILE.findall(text[: fence.start()])
        file = named[-1] if named and fence[1] == "json" else None
        found.append(Snippet(fence[1], fence[2], file))
    return found


def commands(document: Path) -> Iterator[list[str]]:
    """The shell commands of a document as words, comments dropped."""
    for snippet in snippets(document):
        if snippet.language == "sh":
            for line in snippet.code.splitlines():
                if words := shlex.split(line, comments=True):
                    yield words


def run_snippets(document: Path) -> dict[str, Any]:
    """Run a document in the current folder: JSON is written to the file it is said to be, Python runs in one
    namespace, and `image-core` commands run as a shell would run them. Returns the namespace."""
    namespace: dict[str, Any] = {"__name__": document.stem}
    for snippet in snippets(document):
        if snippet.language == "json":
            assert snippet.file, f"{document.name}: say before the JSON which file it is"
            Path(snippet.file).write_text(snippet.code)
        elif snippet.language == "python":
            exec(compile(snippet.code, document.name, "exec"), namespace)
        else:
            assert snippet.language == "sh", f"{document.name}: nothing runs {snippet.language}"
            _run_commands(snippet.code)
    return namespace


def _run_commands(code: str) -> None:
    """Run the `image-core` lines of a block; make, pip and apt-get are for the reader."""
    here = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for line in code.splitlines():
        if line.startswith("image-core"):
            done = subprocess.run(line, shell=True, env=here, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{line}: {done.stderr}"
