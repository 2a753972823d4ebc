"""The results as rows for the tables of docs/PERFORMANCE.md and docs/CONFORMANCE.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.bench.timing import spread

__all__ = ["TABLES", "rows"]

TABLES = {
    "hosts": (
        "| date | device | driver | host | copies, GB/s |",
        "|---|---|---|---|--:|",
    ),
    "stacks": (
        "| device | stack | floor, ms | compose alone, ms | to floor | upload to readback, ms | CPU, ms |",
        "|---|---|--:|--:|--:|--:|--:|",
    ),
    "jobs": (
        "| device | job | wall, ms | CPU, ms | stages, wall ms |",
        "|---|---|--:|--:|---|",
    ),
    "workers": (
        "| device | cards a second | one worker | one a core |",
        "|---|---|--:|--:|",
    ),
    "suite": (
        "| date | device | driver | cases | mismatches | seconds |",
        "|---|---|---|---|---|---|",
    ),
    "parity": (
        "| date | device | inputs of the parity tests | random trees | differing |",
        "|---|---|---|---|---|",
    ),
}
"""The heads of the documents' tables."""

_PERFORMANCE = ("hosts", "stacks", "jobs", "workers")


def rows(document: Mapping[str, Any]) -> str:
    """The rows below the heads of their tables, as Markdown; a part without a result has none."""
    made = _Rows(document)
    text = []
    for title, names in (
        ("docs/PERFORMANCE.md", _PERFORMANCE),
        ("docs/CONFORMANCE.md", [name for name in TABLES if name not in _PERFORMANCE]),
    ):
        text.append(f"# {title}\n")
        for name in names:
            lines = [f"| {' | '.join(cells)} |" for cells in getattr(made, name)()]
            text.append("\n".join([*TABLES[name], *lines, ""]))
    return "\n".join(text)


class _Rows:
    """The cells of each table's rows."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._machine = document["machine"]
        self._device = document["device"]["name"]
        self._driver = document["device"]["driver"].removeprefix("(Core Profile) ")
        self._date = document["machine"]["date"].partition("T")[0]
        self._parts = document["parts"]

    def hosts(self) -> Iterator[Sequence[str]]:
        found = self._parts.get("copy bandwidth", {}).get("bytes_a_second")
        if found:
            machine = self._machine
            host = f"{machine['cpu']}, {machine['cores']} cores, load {machine['load']:.1f} before; "
            host += f"Python {machine['python']}, NumPy {machine['numpy']}"
            rates = _range([rate / 1e9 for rate in found], 1)
            yield self._date, self._device, self._driver, host, rates

    def stacks(self) -> Iterator[Sequence[str]]:
        for part in self._parts.values():
            if "kept" in part:
                compose = part["kept"]["stages"]["compose"]
                floor = part["floor_ms"]
                yield (
                    self._device,
                    part["stack"],
                    f"{floor:.3g}",
                    _range(compose),
                    f"{spread(compose).median / floor:.2f}",
                    _range(part["uploaded"]["wall"]),
                    _range(part["uploaded"]["cpu"]),
                )

    def jobs(self) -> Iterator[Sequence[str]]:
        for part in self._parts.values():
            for name, way in part.get("ways", {}).items():
                yield self._job(f"five translucent layers in a new order of modes, {name}", way["first"])
                yield self._job(f"the same order again, {name}", way["again"])
            if "cold" in part:
                yield self._job("the demo card, files to PNG, cold", part["cold"])
                yield self._job("the same with another headline", part["headline"])

    def _job(self, name: str, samples: Mapping[str, Any]) -> Sequence[str]:
        stages = {stage: spread(values).median for stage, values in samples["stages"].items()}
        told = ", ".join(f"{stage} {value:.1f}" for stage, value in stages.items() if value >= 0.05)
        return self._device, name, _range(samples["wall"]), _range(samples["cpu"]), told

    def workers(self) -> Iterator[Sequence[str]]:
        for part in self._parts.values():
            for kind, rates in part.get("rates", {}).items():
                name = "the demo card, cold" if kind == "cold" else "the same with another headline each"
                cells = [f"{_range(rate['cards_a_second'])}" for rate in rates]
                cells[1:] = [f"{cells[-1]}, {rates[-1]['workers']} workers"] if len(rates) > 1 else [""]
                yield self._device, name, *cells

    def suite(self) -> Iterator[Sequence[str]]:
        for part in self._parts.values():
            if "mismatches" in part:
                option = {"quick": "", "full": " (`--full`)"}.get(part["level"], f" (`{part['level']}`)")
                cases = f"{part['cases']:,}" + (f" of {part['of']:,}" if part["cases"] < part["of"] else "")
                wrong, seconds = str(len(part["mismatches"])), f"{part['seconds']:.1f}"
                yield self._date, self._device, self._driver, cases + option, wrong, seconds

    def parity(self) -> Iterator[Sequence[str]]:
        for part in self._parts.values():
            if "trees" in part:
                device = f"{self._device}, {self._driver}"
                counts = (f"{part['inputs']:,}", f"{part['trees']:,}", str(len(part["differing"])))
                yield self._date, device, *counts


def _range(values: list[float], digits: int | None = None) -> str:
    """The median (least-most), all to the same place: by default as its median needs it."""
    found = spread(values)
    if digits is None:
        digits = 2 if found.median < 10 else 1 if found.median < 1000 else 0
    return f"{found.median:.{digits}f} ({found.low:.{digits}f}-{found.high:.{digits}f})"
