"""The reference of the composition agrees with the models: every field, default, range and choice.

A cell of the column "Allowed" is a promise; it is tried on the model's field, at its limits and just beyond.
"""

import inspect
import json
import math
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from PIL import Image
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from engines.image_core import BlendMode, models
from engines.image_core.composition import (
    adjustments,
    boxes,
    codes,
    cropping,
    effects,
    shapes,
    text_paths,
    tiling,
    tints,
    tones,
    warps,
)
from engines.image_core.composition import type as text_models
from engines.image_core.composition.fields import Model
from engines.image_core.errors import CompositionError
from engines.media_v2 import ImageRenderMeta, MaskMeta
from tests.docs.snippets import ROOT, run_snippets

REFERENCE = ROOT / "docs" / "engines" / "media_program" / "PHASE_I01_image_layer_core.md"
INVENTORY = ROOT / "docs" / "engines" / "ENGINE_INVENTORY.md"

Row = list[str]


def tables(document: Path) -> dict[str, list[Row]]:
    """The rows below each heading of the third level, by the heading without its backticks."""
    found: dict[str, list[Row]] = {}
    heading = ""
    for line in document.read_text().splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ").strip("`") if line.startswith("### ") else ""
        elif line.startswith("| ") and heading:
            found.setdefault(heading, []).append([cell.strip() for cell in line.strip("|").split("|")])
    return {heading: rows[1:] for heading, rows in found.items()}


TABLES = tables(REFERENCE)
COMMON = {
    "LayerBase": "Every layer",
    "PlacedLayer": "Every placed layer",
    "_Code": "Every code",
    "_Shape": "Every shape",
    "_TextPath": "Every path of a text",
}
MODELS = {
    COMMON.get(name, name): model
    for module in (
        models,
        adjustments,
        shapes,
        tones,
        tints,
        effects,
        boxes,
        codes,
        cropping,
        tiling,
        text_models,
        text_paths,
        warps,
    )
    for name, model in vars(module).items()
    if inspect.isclass(model) and issubclass(model, Model) and model is not Model
}
FIELDS = [(heading, name) for heading, model in MODELS.items() for name in model.__annotations__]


def field(heading: str, name: str) -> FieldInfo:
    """A field of the model that a heading is about."""
    return MODELS[heading].model_fields[name]


def row(heading: str, name: str) -> Row:
    """Its row: field, default, allowed, what it is."""
    (found,) = (row for row in TABLES[heading] if row[0] == f"`{name}`")
    return found


@pytest.mark.parametrize("heading", MODELS)
def test_every_model_has_a_table_of_its_own_fields(heading: str) -> None:
    """In the model's order, none left out and none made up."""
    assert [row[0].strip("`") for row in TABLES[heading]] == list(MODELS[heading].__annotations__)


@pytest.mark.parametrize(("heading", "name"), FIELDS)
def test_a_default_is_the_models(heading: str, name: str) -> None:
    """The JSON in the table is what the model takes when the field is left out."""
    told, info = row(heading, name)[1], field(heading, name)
    if info.is_required():
        assert told == "required"
    else:
        default = to_jsonable_python(info.get_default(call_default_factory=True))
        empty = isinstance(info.default, BaseModel) and not info.default.model_fields_set
        assert json.loads(told.strip("`")) == ({} if empty else default)


@pytest.mark.parametrize(("heading", "name"), FIELDS)
def test_what_is_allowed_is_what_the_model_takes(heading: str, name: str) -> None:
    """Values at the limits of the table pass the model's field, and those just beyond do not."""
    adapter: TypeAdapter[Any] = TypeAdapter(field(heading, name).rebuild_annotation())
    good, bad = probes(row(heading, name)[2])
    for value in good:
        adapter.validate_python(value)
    for value in bad:
        with pytest.raises((ValidationError, CompositionError)):
            adapter.validate_python(value)


@pytest.mark.parametrize(("heading", "name"), FIELDS)
def test_the_models_and_choices_named_are_those_of_the_field(heading: str, name: str) -> None:
    """Names in backticks are all the models, or all the choices, that a field takes."""
    allowed = row(heading, name)[2]
    names = set(re.findall(r"`([^`]+)`", allowed))
    inside = {cls.__name__ for cls in _models_in(field(heading, name).annotation)}
    choices = set(_choices_in(field(heading, name).annotation))
    assert names == inside | choices
    assert inside <= set(TABLES)


NUMBER = re.compile(r"(whole number, )?(above )?(-?[\d.]+) to (-?[\d.]+)(, not 0)?")
TEXT = re.compile(r"text, (\d+) (?:to (\d+)|or more) characters")
POINTS = re.compile(r"list of (?:(\d+) or more )?points")
WORDS: dict[str, tuple[list[Any], list[Any]]] = {
    "any finite number": ([0, -1e300, 7.5], [math.nan, math.inf, "1"]),
    "true or false": ([True, False], [1, "true"]),
    "8 or 16": ([8, 16], [0, 12, "8"]),
    "text": (["", "any"], [1]),
    "color": (["#a0b1c2", "#A0B1C2D3", "#fff", "red", "hsl(9 9% 9%)"], ["rad", "#ff", "a0b1c2"]),
    "identifier": (["a", "x" * 64, "A.b-c_9"], ["", "x" * 65, ".", "..", "a/b"]),
    "blend mode": ([mode.value for mode in BlendMode], ["Multiply", "?", "", None]),
    "coordinate": ([-1e6, 0, 1e6], [-1000000.1, 1000000.1, math.nan, "1"]),
    "length": (
        [1e-9, 16384, "50%", "0.5%", "1000000%"],
        [0, -1, 16384.1, math.nan, "50", "50 %", "%", "1e1%", "\u0661%"],
    ),
    "place": ([-1e6, 1e6, "50%", "-12.5%"], [1000000.1, math.nan, "50", "--1%", "+1%", "1.%"]),
    "point of the picture": ([[0, 1], [0.5, 0.25]], [[0], [0, 1.1], ["50%", 0], "middle", {"boxes": []}]),
    "box of the picture": (
        [[0, 0, 1, 1], ["10%", 0, "100%", 5]],
        [[0, 0, 1], [0.5, 0, 1, 1], [1, 0, 1, 1], [-1, 0, 1, 1], ["9%", 0, "8%", 1], "all"],
    ),
    "list of boxes": (
        [[[0, 0, 1, 1.5], ["10%", 0, "100%", 5]]],
        [[], [[0, 0, 1]], [[1, 0, 1, 1]], [[0, 0, 1, 1]] * 1001],
    ),
    "gaps": ([0, 16384, [0, 9]], [-1, 0.5, [1], [1, 2, 3], [0, 16385], "9"]),
    "two fractions": ([[0, 1], [-1000, 0.25]], [[0], [0, 0, 0], [0, 1000.1], ["50%", 0], "middle"]),
    "point": ([[-1e6, 1e6]], [[0], [0, 0, 0], [0, 1000000.1]]),
    "curve points": (
        [[[0, 0], [255, 255]], [[n, 0] for n in range(19)]],
        [[[0, 0]], [[5, 0], [5, 1]], [[0, 0], [256, 0]], [[0, 0], [9, -1]], [[n, 0] for n in range(20)]],
    ),
    "three percentages": ([[100, -100, 0]], [[0, 0], [101, 0, 0], [0.5, 0, 0]]),
    "inks": ([[100, -100, 0, 5]], [[0, 0, 0], [0, 0, 0, 101], [0, 0, 0, 0.5]]),
    "mixer row": ([[200, -200, 0, 7]], [[0, 0, 0], [0, 0, 0, 201], [0.5, 0, 0, 0]]),
    "four angles": ([[0, 90, 180, 360]], [[0, 90, 180], [0, 90, 180, 361], [0.5, 90, 180, 270]]),
    "channels": ([["red"], ["blue", "red"]], [[], ["red", "red"], ["alpha"], "red"]),
    "sliders": ([[0, 0, 0, 0], [0, 20, 235, 255]], [[0, 255], [0, 9, 8, 255], [0, 0, 0, 256], [-1, 0, 0, 0]]),
    "OpenType features": (
        [{}, {"tnum": 1, "ss01": True, "cv01": 65535}],
        [{"tnums": 1}, {"tnum": -1}, {"tnum": 65536}, {"tnum": "on"}, ["tnum"]],
    ),
    "radii": (
        [0, 16384.0, [0, 1, 2.5, 16384]],
        [-0.1, 16384.1, math.nan, "1", [1, 2, 3], [1, 2, 3, -1], [1, 2, 3, 4, 5]],
    ),
    "four points": ([[[0, 0], [9, 0], [9, 9], [0, 9]]], [[[0, 0]] * 3, [[0, 0]] * 5, [[0, 0, 0]] * 4]),
    "pixels": ([[0, 0], [-1000000, 1000000]], [[0], [0.5, 0], [0, 1000001]]),
    "part": (
        [
            "merged",
            "profile",
            "layers[3]",
            "layers[3].real_mask",
            "layers[0].lookup",
            "patterns[0]",
            "files[12]",
        ],
        ["", "layers", "layers[-1]", "layers[3].masks", "files[0].mask", "patterns[100000]", "merged "],
    ),
    "paint": (["#a0b1c2"], ["rad", {"type": "conic"}]),
    "font": (["A Family"], [""]),
    "list of fonts": ([["A Family", {"path": "a.ttf"}], ["a"] * 32], [[], [""], "a", ["a"] * 33]),
    "font axes": ([{}, {"wdth": 85}, {"XTRA": -1.5}], [{"width": 85}, {"wdth": math.nan}, {"wdth": "85"}]),
    "language": (["tr", "zh-Hant", "pt-BR", "sr-Latn-RS"], ["", "english", "DE", "de_DE", "x-klingon"]),
    "a picture of Python's": (
        [np.zeros((2, 3), np.uint8), np.ones((2, 3, 4)), Image.new("CMYK", (3, 2))],
        [
            [[0, 0]],
            "a.png",
            np.zeros((2, 3, 5), np.uint8),
            np.zeros((2, 3), np.int64),
            np.full((2, 3), math.nan),
        ],
    ),
    "decorations": (["underline", [], ["overline", "underline"]], ["wavy", [1], ["underline"] * 4]),
}


def probes(allowed: str) -> tuple[list[Any], list[Any]]:
    """Values that a cell allows and values that it does not."""
    kind = allowed.partition(", `")[0]
    if kind in WORDS:
        return WORDS[kind]
    if number := NUMBER.fullmatch(allowed):
        return _number_probes(number)
    if text := TEXT.fullmatch(allowed):
        low, high = int(text[1]), text[2]
        return (
            ["x" * low, "x" * int(high or low)],
            ["x" * (low - 1), *(["x" * (int(high) + 1)] if high else [])],
        )
    if points := POINTS.fullmatch(allowed):
        low = int(points[1] or 0)
        return ([[[0, 0]] * low], [[[0, 0]] * (low - 1)] if low else [])
    if more := re.match(r"list of (\d+) or more `", allowed):
        return [], [[], *([[{"offset": 0, "color": "#000000"}]] if int(more[1]) > 1 else [])]
    if allowed.startswith("list of `"):
        return [[]], [None]
    assert allowed.startswith("`"), f"no rule tries {allowed!r}"
    names = re.findall(r"`([^`]+)`", allowed)
    return ([], ["?", {"?": 0}]) if names[0] in TABLES else (names, [f"{names[0]}?", ""])


def _number_probes(cell: re.Match[str]) -> tuple[list[Any], list[Any]]:
    whole, above, low, high, not_zero = (
        bool(cell[1]),
        bool(cell[2]),
        float(cell[3]),
        float(cell[4]),
        bool(cell[5]),
    )
    if whole:
        return [int(low), int(high)], [int(low) - 1, int(high) + 1, low + 0.5, str(int(low))]
    tiny = math.nextafter(low, math.inf)
    bad: list[Any] = [math.nextafter(low, -math.inf), math.nextafter(high, math.inf), math.nan, str(high)]
    return [tiny if above else low, high], [*bad, *([low] if above else []), *([0] if not_zero else [])]


def _models_in(annotation: Any) -> Iterator[type[Model]]:
    if inspect.isclass(annotation) and issubclass(annotation, Model):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _choices_in(annotation: Any) -> Iterator[str]:
    for part in get_args(annotation):
        if isinstance(part, str):
            yield part
        else:
            yield from _choices_in(part)


@pytest.mark.parametrize(("kind", "meta"), [("image_render", ImageRenderMeta), ("mask", MaskMeta)])
def test_the_inventory_holds_the_contract_of_each_kind(kind: str, meta: type[BaseModel]) -> None:
    """Every field of the meta, and whether it is required."""
    told = {
        name: required.startswith("yes")
        for names, _, required, _ in tables(INVENTORY)[f"Kind `{kind}"]
        for name in re.findall(r"`(\w+)`", names)
    }
    assert told == {name: info.is_required() for name, info in meta.model_fields.items()}


@pytest.fixture(scope="module")
def example(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The names that the worked example leaves, run in a folder with its photographs."""
    folder = tmp_path_factory.mktemp("example")
    (folder / "photos").mkdir()
    for photo in ("rocket.jpg", "astronaut.png"):
        shutil.copy(photos / photo, folder / "photos")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return run_snippets(REFERENCE)


def test_the_example_is_rendered_once_and_registered(example: dict[str, Any]) -> None:
    """The second call gives the same artifact; its parent is the background; its bytes are a PNG."""
    assert example["artifact"].id == example["again"].id
    assert example["artifact"].parent_asset_id == example["rocket"].id
    assert example["png"].startswith(b"\x89PNG")


@pytest.mark.parametrize(("kind", "made"), [("image_render", "artifact"), ("mask", "mask")])
def test_the_artifact_tables_list_what_is_written(kind: str, made: str, example: dict[str, Any]) -> None:
    """Every field of meta that image_core gives a value to, and none that the contract lacks."""
    told = {name for names, _ in TABLES[kind] for name in re.findall(r"`(\w+)`", names)}
    meta = example[made].meta
    assert set(meta.model_dump(exclude_none=True)) <= told <= set(type(meta).model_fields)
