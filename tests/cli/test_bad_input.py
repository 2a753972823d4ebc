"""Input at fault: one line that names it, exit status 2, and a renderer that goes on rendering."""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from engines.image_core import ImageComposition, ImageCoreError, Renderer
from engines.image_core.cli.main import app


@dataclass(frozen=True)
class Case:
    """A composition that cannot be rendered, and what its error must name."""

    name: str
    told: tuple[str, ...]
    composition: dict[str, Any]


def _composition(*layers: dict[str, Any], **changes: Any) -> dict[str, Any]:
    fields = {"tenant_id": "acme", "env": "dev", "width": 40, "height": 30, "layers": list(layers)}
    return {**fields, **changes}


def _layer(**changes: Any) -> dict[str, Any]:
    return {"type": "raster", "name": "photo", "source": {"color": "#336699"}, **changes}


def _picture(path: str) -> dict[str, Any]:
    return _composition(_layer(source={"path": path}))


def _svg(svg: str) -> dict[str, Any]:
    return _composition({"type": "vector", "name": "logo", "svg": svg})


_SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}">{drawing}</svg>'

CASES = [
    Case(
        "an unknown mode",
        ("'photo'", "layers[0].blend_mode", "'melt'", "'multiply'"),
        _composition(_layer(blend_mode="melt")),
    ),
    Case(
        "an opacity of 1.5",
        ("'photo'", "layers[0].opacity", "1.5", "0 to 1"),
        _composition(_layer(opacity=1.5)),
    ),
    Case(
        "NaN",
        ("'photo'", "layers[0].transform.x", "nan"),
        _composition(_layer(transform={"x": float("nan")})),
    ),
    Case(
        "infinity",
        ("'photo'", "layers[0].opacity", "inf", "0 to 1"),
        _composition(_layer(opacity=float("inf"))),
    ),
    Case("a missing tenant", ("tenant_id", "required"), {"env": "dev", "width": 4, "height": 4}),
    Case("an unknown field", ("'photo'", "layers[0].blur", "no such field"), _composition(_layer(blur=3))),
    Case("a missing file", ("'photo'", "'none.png'", "does not exist"), _picture("none.png")),
    Case("a truncated JPEG", ("'photo'", "JPEG", "truncated"), _picture("truncated.jpg")),
    Case("text named .png", ("'photo'", "not a picture", "PNG"), _picture("text.png")),
    Case("a PNG header of 60000 x 60000", ("'photo'", "60000 x 60000", "too large"), _picture("huge.png")),
    Case(
        "a layer of no width",
        ("'photo'", "layers[0].width", "0", "above 0"),
        _composition(_layer(width=0, height=10)),
    ),
    Case("a canvas of no width", ("width", "0", "1 to 16384"), _composition(_layer(), width=0)),
    Case(
        "an SVG that names a local file",
        ("'logo'", "file:///etc/passwd", "href", "not allowed"),
        _svg(_SVG.format(side=40, drawing='<image href="file:///etc/passwd" width="9" height="9"/>')),
    ),
    Case(
        "an SVG of 100000 x 100000",
        ("'logo'", "100000 x 100000", "16384"),
        _svg(_SVG.format(side=100_000, drawing="")),
    ),
    Case(
        "a mask of another size",
        ("'photo'", "mask", "20 x 20", "40 x 30"),
        _composition(_layer(mask={"path": "mask.png"})),
    ),
    Case(
        "a glyph the font lacks",
        ("'title'", "U+6F22", "Source Sans"),
        _composition({"type": "text", "name": "title", "text": "漢"}),
    ),
    Case("a path above the root", ("'photo'", "'../outside.png'", "outside"), _picture("../outside.png")),
    Case("a link out of the root", ("'photo'", "'link.png'", "outside"), _picture("link.png")),
    Case(
        "a name with a line break and an escape sequence",
        (r"'two\nlines\x1b[31m'", "layers[0].opacity", "-1"),
        _composition(_layer(name="two\nlines\x1b[31m", opacity=-1)),
    ),
    Case(
        "a path with a line break",
        ("'photo'", r"'no\nsuch.png'", "does not exist"),
        _picture("no\nsuch.png"),
    ),
    Case(
        "an asset without a store",
        ("'photo'", "media store"),
        _composition(_layer(source={"asset_id": "0" * 32})),
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A composition's folder with the damaged files the cases name, and a good picture outside it."""
    folder = tmp_path / "inside"
    folder.mkdir()
    Image.new("RGB", (8, 8), "red").save(tmp_path / "outside.png")
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    (folder / "text.png").write_text("not a picture")
    Image.new("L", (20, 20), 255).save(folder / "mask.png")
    Image.effect_noise((64, 64), 80).save(folder / "whole.jpg")
    whole = (folder / "whole.jpg").read_bytes()
    (folder / "truncated.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "huge.png").write_bytes(_png(60_000, 60_000))
    return folder


def _png(width: int, height: int) -> bytes:
    """A PNG that says it is this large and holds next to nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    parts = [
        struct.pack(">I", len(d)) + kind + d + struct.pack(">I", zlib.crc32(kind + d)) for kind, d in chunks
    ]
    return b"".join([b"\x89PNG\r\n\x1a\n", *parts])


def _run(folder: Path, case: Case, *command: str) -> Result:
    document = folder / "composition.json"
    document.write_text(json.dumps(case.composition))
    return CliRunner().invoke(app, [command[0], str(document), "--backend", "numpy", *command[1:]])


def _assert_one_line(result: Result, told: tuple[str, ...]) -> None:
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("image-core: ")
    assert result.stderr.endswith("\n")
    line = result.stderr.removesuffix("\n")
    assert line.isprintable(), "one line, without control characters"
    assert [part for part in told if part not in line] == [], line


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_command_tells_bad_input_in_one_line(case: Case, folder: Path) -> None:
    """Exit status 2, nothing on standard output, one line on standard error, and no file left."""
    before = {path.name for path in folder.iterdir()} | {"composition.json"}
    _assert_one_line(_run(folder, case, "render", "-o", str(folder / "out.png")), case.told)
    assert {path.name for path in folder.iterdir()} == before


def test_one_renderer_lives_through_all_bad_input(folder: Path) -> None:
    """After each fault the same renderer gives the same pixels for a good composition as before."""
    good = ImageComposition.model_validate(_picture("whole.jpg"))
    with Renderer("numpy", root=folder) as renderer:
        expected = renderer.render(good).pixel_hash
        for case in CASES:
            with pytest.raises(ImageCoreError) as caught:
                renderer.render(ImageComposition.model_validate(case.composition))
            assert "\n" not in str(caught.value), case.name
            assert renderer.render(good).pixel_hash == expected, case.name


def test_registering_an_unknown_asset_is_told_and_nothing_is_registered(folder: Path, tmp_path: Path) -> None:
    """With a store the asset is looked up in it; the error names the layer and the id."""
    case = Case("", (), _composition(_layer(source={"asset_id": "0" * 32})))
    result = _run(folder, case, "register", "--data", str(tmp_path / "data"))
    _assert_one_line(result, ("'photo'", "0" * 32))
    assert not list((tmp_path / "data").rglob("*.png"))


DOCUMENTS = [
    ("not JSON", b'{\n  "width": 3,,\n}', ("line 2, column 14",)),
    ("empty", b"", ("line 1, column 1",)),
    ("not UTF-8", b'{"a": "\xff"}', ("not UTF-8", "byte 7")),
    ("a list", b"[]", ("JSON object",)),
    ("nested deep", b"[" * 100_000, ("nested too deep",)),
    ("a key twice", b'{"width": 3, "width": 4}', ("'width'", "twice")),
    ("a number past every float", b'{"tenant_id":"a","env":"b","width":1e400}', ("width", "inf")),
    ("an integer of 5000 digits", b'{"width": ' + b"1" * 5000 + b"}", ("4300 digits",)),
    ("half a surrogate pair", rb'{"tenant_id":"a\ud800"}', ("tenant_id", r"\ud800")),
]


@pytest.mark.parametrize(
    ("document", "told"), [row[1:] for row in DOCUMENTS], ids=[row[0] for row in DOCUMENTS]
)
def test_documents_that_hold_no_composition_are_told(
    document: bytes, told: tuple[str, ...], tmp_path: Path
) -> None:
    """What is wrong with the text itself is told with its line and column, or the key at fault."""
    source = tmp_path / "composition.json"
    source.write_bytes(document)
    result = CliRunner().invoke(app, ["render", str(source), "-o", str(tmp_path / "out.png")])
    _assert_one_line(result, told)


@pytest.mark.parametrize(
    ("name", "told"),
    [("none.json", "No such file"), (".", "Is a directory"), ("new\nline", r"new\nline")],
)
def test_a_document_that_cannot_be_read_is_told(name: str, told: str, tmp_path: Path) -> None:
    """A missing file and a folder are each told with the name as it was given."""
    result = CliRunner().invoke(app, ["render", str(tmp_path / name), "-o", str(tmp_path / "out.png")])
    _assert_one_line(result, ("composition", told))


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("none/out.png", ("'none'", "does not exist")),
        ("out.gif", ("out.gif", ".png, .webp, .jpg or .avif")),
        ("out", ("'out'", ".png, .webp, .jpg or .avif")),
        ("folder.png", ("folder.png", "not a regular file")),
        ("/dev/null.png/x.png", ("does not exist",)),
        (f"{'x' * 300}.png", ("output", "too long")),
    ],
)
def test_an_output_that_cannot_be_written_is_told(
    output: str, told: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An output's folder is not made, and only a regular file is replaced."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "composition.json").write_text(json.dumps(_composition(_layer())))
    command = ["render", "composition.json", "-o", output, "--backend", "numpy"]
    _assert_one_line(CliRunner().invoke(app, command), told)
    assert {path.name for path in tmp_path.iterdir()} == {"folder.png", "composition.json"}


def test_a_device_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    """A rename onto /dev/null would put a regular file there, for everyone."""
    (tmp_path / "composition.json").write_text(json.dumps(_composition(_layer())))
    command = ["render", str(tmp_path / "composition.json"), "-o", "/dev/null", "--format", "png"]
    _assert_one_line(CliRunner().invoke(app, command), ("/dev/null", "not a regular file"))
    assert Path("/dev/null").is_char_device()


def test_a_webp_side_past_its_limit_is_told(tmp_path: Path) -> None:
    """What the format cannot hold is an error of the output, not a smaller picture."""
    case = Case("", (), _composition(_layer(), width=16384, height=1))
    result = _run(tmp_path, case, "render", "-o", str(tmp_path / "out.webp"))
    _assert_one_line(result, ("16383", "16384 x 1"))


def test_a_data_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    """The store's own errors are told in the same way."""
    (tmp_path / "data").write_text("")
    case = Case("", (), _composition(_layer()))
    _assert_one_line(_run(tmp_path, case, "register", "--data", str(tmp_path / "data")), ("data",))
