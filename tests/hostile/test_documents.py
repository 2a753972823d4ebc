"""Hostile JSON: depth, numbers, names, paths. Each fault is a printable line of at most 1,000 characters."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from engines.image_core import CompositionError, ImageCoreService, Renderer, SourceError
from engines.image_core.cli.main import app
from engines.image_core.http import create_app
from engines.image_core.models import ImageComposition
from tests.hostile.telling import composition, rendered_told, told
from tests.http.serving import problem_of, serving

_LONG = 3_000_000
_PAINT = {"color": "#336699"}


def _raw(fields: str) -> bytes:
    return b'{"tenant_id": "t", "env": "dev", "width": 10, "height": 10, "layers": [{%s}]}' % fields.encode()


def _text(fields: str) -> bytes:
    return _raw(f'"type": "text", "id": "title", "text": "a", {fields}')


def _groups(depth: int) -> bytes:
    return _raw('"type": "group", "layers": [{' * depth + '"type": "group", "layers": []' + "}]" * depth)


_DOCUMENTS: dict[str, tuple[bytes, str]] = {
    "objects a million deep": (b'{"layers":' * 1_000_000, "body: nested too deep"),
    "lists a million deep": (b'{"a":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}", "body: nested too deep"),
    "groups 900 deep": (_groups(900), "body: nested too deep: allowed are 200 lists and objects"),
    "groups 100 deep": (_groups(100), "body: nested too deep"),
    "groups 90 deep": (_groups(90), "composition: groups nest 90 deep: allowed is 32"),
    "1e400": (_text('"size": 1e400'), "layer 'title', layers[0].size: inf is not allowed"),
    "-1e400": (_text('"letter_spacing": -1e400'), "layers[0].letter_spacing: -inf is not allowed"),
    "NaN": (_text('"size": NaN'), "layer 'title', layers[0].size: nan is not allowed"),
    "Infinity": (_text('"transform": {"x": Infinity}'), "layers[0].transform.x: inf is not allowed"),
    "a float of 400 digits": (_text(f'"size": 1{"0" * 400}'), "layers[0].size: 1000"),
    "an integer of 400 digits": (_text(f'"weight": 1{"0" * 400}'), "layers[0].weight: 1000"),
    "an integer of 5000 digits": (_text(f'"weight": 1{"0" * 5000}'), "4300 digits"),
    "1.0 for 1": (_text('"weight": 400.5'), "allowed is a whole number"),
    "true for 1": (_text('"size": true'), "True is not allowed: allowed is a number"),
    "a key twice": (_text('"size": 1, "size": 2'), "body: the key 'size' is given twice in one object"),
    "half a pair in an id": (_raw(r'"type": "text", "id": "\ud800", "size": -1'), r"layer '\ud800', "),
    "half a pair in a text": (_raw(r'"type": "text", "text": "a\udfff"'), r"'a\udfff' is not allowed"),
    "half a pair as a key": (rb'{"\ud800": 1}', r"'\ud800' is not allowed"),
    "not UTF-8": (b'{"a": "\xc0\x80"}', "body: not UTF-8 text (byte 7)"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "body: not UTF-8 text"),
    "a NUL": (b'{"a": "\0"}', "body: not JSON: line 1, column 8"),
    "a tag that is a list": (_raw('"type": ["raster"]'), "is not allowed: allowed is 'raster'"),
    "a tag with control characters": (_raw(r'"type": "\u001b[2J\n"'), r"type '\x1b[2J\n' is not allowed"),
    "a key with control characters": (
        _raw(r'"type": "group", "layers": [], "\u001b[2J\n\u202e": 1'),
        r"\x1b[2J\n\u202e",
    ),
    "a long key": (_raw(f'"type": "group", "layers": [], "{"k" * _LONG}": 1'), "there is no such field"),
    "a long key twice": (f'{{"{"k" * _LONG}": 1, "{"k" * _LONG}": 1}}'.encode(), "is given twice in one"),
    "a long type": (
        _raw(f'"type": "{"z" * _LONG}"'),
        "allowed is 'raster', 'text', 'vector', 'group', 'adjustment'",
    ),
    "a long font": (_text(f'"font": "{"z" * _LONG}"'), "is not known: allowed are Source Sans Pro"),
    "a long id": (_raw(f'"type": "group", "layers": [], "id": "{"z" * _LONG}", "opacity": 2'), "is 0 to 1"),
    "a long path": (
        json.dumps(composition({"type": "raster", "source": {"path": "z" * _LONG}})).encode(),
        "given as its root",
    ),
    "a long name of an SVG's root": (
        json.dumps(composition({"type": "vector", "svg": f"<{'q' * _LONG}/>"})).encode(),
        "svg must begin with",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", _DOCUMENTS)
def test_a_document_is_refused_in_one_line(name: str) -> None:
    """The field, the value and what is allowed; long ones in part, control characters escaped."""
    data, reason = _DOCUMENTS[name]
    assert reason in str(rendered_told(data))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server with its default limits."""
    folder = tmp_path_factory.mktemp("store")
    with (
        ImageCoreService.open(folder, backend="numpy") as service,
        serving(create_app(service)) as client,
    ):
        yield client


@pytest.mark.parametrize(
    "name", [name for name, (data, _) in _DOCUMENTS.items() if b"tenant_id" in data[:20]]
)
def test_a_document_is_refused_over_http(name: str, client: httpx.Client) -> None:
    """The same line as a problem of status 422."""
    data, reason = _DOCUMENTS[name]
    data = data.replace(b'"tenant_id": "t", "env": "dev", ', b"", 1)
    response = client.post("/image-core/render", content=data, headers={"Content-Type": "application/json"})
    assert reason in problem_of(response, 422)
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("name", ["objects a million deep", "lists a million deep"])
def test_depth_is_refused_over_http(name: str, client: httpx.Client) -> None:
    """A body of a million brackets is a problem, not a crash."""
    data, reason = _DOCUMENTS[name]
    response = client.post("/image-core/render", content=data, headers={"Content-Type": "application/json"})
    assert reason in problem_of(response, 422)


@pytest.mark.parametrize("field", ["id", "name"])
def test_titles_are_shown_clean(field: str) -> None:
    """Escape sequences, line breaks, bidi controls and NUL in a layer's title are escaped, in every error."""
    title = "a\x1b]0;owned\x07\x1b[2J\r\n\u2028\u202e\u2066\0\x9b31m\u200f"
    for layer in (
        {"type": "raster", "source": _PAINT, "opacity": 7},
        {"type": "raster", "source": {"path": "none.png"}},
        {"type": "vector", "svg": "<svg"},
        {"type": "text", "text": "\x01"},
    ):
        line = rendered_told(composition({**layer, field: title}), "layer 'a\\x1b]0;owned\\x07\\x1b[2J\\r\\n")
        assert line is not None


_PATHS = [
    "../secret.png", "../../../../../../etc/passwd", "/etc/passwd", "/proc/self/environ",
    "sub/../../secret.png",
    "link.png", "folder/secret.png", "chain.png", "//etc/passwd", "./..//secret.png", "secret.png\0.png",
    "..\\secret.png", "%2e%2e/secret.png", "file:///etc/passwd", "~/secret.png", "/dev/zero",
    "/dev/stdin", "pipe",
    ".", "..", "/", "a\nb.png", "\x1b[2J.png", "\ud800.png", "x" * 100_000, "a/" * 50_000 + "a",
]  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root, with links out of it and a pipe in it, and a secret beside it."""
    import os

    base = tmp_path / "root"
    (base / "sub").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(b"secret")
    (base / "link.png").symlink_to(tmp_path / "secret.png")
    (base / "folder").symlink_to("..")
    (base / "chain.png").symlink_to("link.png")
    os.mkfifo(base / "pipe")
    return base


@pytest.mark.parametrize("field", ["source", "mask", "font"])
def test_no_path_leads_out_of_the_root(field: str, root: Path) -> None:
    """Whichever field names it, a file outside is refused unread, in one line that names the layer."""
    with Renderer("numpy", root=root) as renderer:
        for path in _PATHS:
            layer: dict[str, Any] = {"type": "raster", "id": "x", "source": _PAINT}
            match field:
                case "source":
                    layer["source"] = {"path": path}
                case "mask":
                    layer["mask"] = {"path": path}
                case _:
                    layer = {"type": "text", "id": "x", "text": "a", "font": {"path": path}}
            with pytest.raises((SourceError, CompositionError)) as caught:
                renderer.render(ImageComposition.model_validate(composition(layer)))
            line = str(caught.value)
            assert line.startswith("layer 'x'"), line
            assert line.isprintable()
            assert not line.endswith("library reads"), f"{path!r} was read"


@pytest.mark.parametrize("name", ["../other", "a/b", "..", "a\n", "a\0", "", "x" * 65, "\x1b[2J", "a b", "é"])
@pytest.mark.parametrize("field", ["tenant_id", "env", "asset_id", "mask_artifact_id"])
def test_identifiers_are_names_and_nothing_else(field: str, name: str) -> None:
    """Tenants, envs and the ids of assets and artifacts become keys of stores: no path can be made of one."""
    layer: dict[str, Any] = {"type": "raster", "id": "x", "source": _PAINT}
    fields: dict[str, Any] = {}
    match field:
        case "asset_id":
            layer["source"] = {field: name}
        case "mask_artifact_id":
            layer["mask"] = {field: name}
        case _:
            fields[field] = name
    line = rendered_told(composition(layer, **fields))
    assert "allowed are 1 to 64 letters, digits" in str(line)


def test_a_fault_of_a_library_is_no_second_line_of_the_command(tmp_path: Path) -> None:
    """Pillow logs that a TIFF has too many samples before it refuses it; standard error stays one line."""
    import subprocess
    import sys

    from tests.hostile.bombs import BOMBS

    (tmp_path / "samples.tif").write_bytes(BOMBS["tiff samples"][0]())
    document = tmp_path / "composition.json"
    document.write_text(json.dumps(composition({"type": "raster", "source": {"path": "samples.tif"}})))
    code = "from engines.image_core.cli.main import main; main()"
    command = ["render", str(document), "-o", str(tmp_path / "out.png"), "--backend", "numpy"]
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("image-core: layers[0], source: this TIFF file is damaged")
    assert done.stderr.count("\n") == 1


def test_the_command_tells_long_names_in_part(tmp_path: Path) -> None:
    """A title of megabytes does not fill a terminal."""
    document = tmp_path / "composition.json"
    document.write_bytes(_DOCUMENTS["a long id"][0])
    result = CliRunner().invoke(app, ["render", str(document), "-o", str(tmp_path / "out.png")])
    assert result.exit_code == 2
    assert len(result.stderr) < 1100
    assert result.stderr.endswith("2 is not allowed: allowed is 0 to 1\n")


def test_errors_keep_their_line_between_processes() -> None:
    """A batch's worker hands its errors over by pickle: what was made one line stays the same line."""
    error = SourceError("a\nb" + "x" * 5000)
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert len(str(error)) == 1000
    assert str(error).startswith(r"a\nb")
    assert told(lambda: (_ for _ in ()).throw(error)) == str(error)
