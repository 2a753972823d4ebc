"""What `image-core` does and prints when its input is good, and when the machine is at fault."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from engines.image_core import DeviceError, ImageComposition, Renderer, backend
from engines.image_core.cli.main import app

STAGES = ["decode", "plan", *backend.STAGES, "encode"]

COMPOSITION: dict[str, Any] = {
    "tenant_id": "acme",
    "env": "dev",
    "width": 48,
    "height": 32,
    "background_color": "#203040",
    "layers": [
        {"type": "raster", "source": {"path": "photo.png"}, "fit": "cover", "opacity": 0.5},
        {"type": "text", "text": "Hi", "size": 20, "color": "#ffffff", "blend_mode": "screen"},
    ],
}

NO_EGL = {**os.environ, "__EGL_VENDOR_LIBRARY_FILENAMES": os.devnull}


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A composition beside the photograph that it names."""
    folder = tmp_path / "composition"
    folder.mkdir()
    Image.linear_gradient("L").save(folder / "photo.png")
    path = folder / "card.json"
    path.write_text(json.dumps(COMPOSITION))
    return path


def _run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


def _render(document: Path, output: Path, *options: str) -> Result:
    result = _run("render", document, "-o", output, "--backend", "numpy", *options)
    assert result.exit_code == 0, result.stderr
    return result


def _shell(*arguments: str | Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from engines.image_core.cli import main; main()",
        *map(str, arguments),
    ]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_render_writes_the_pixels_and_one_line(document: Path, tmp_path: Path) -> None:
    """The file holds the renderer's pixels; the line names the file, size, layers, backend and device."""
    output = tmp_path / "out.png"
    result = _render(document, output)
    with Renderer("numpy", root=document.parent) as renderer:
        image = renderer.render(ImageComposition.model_validate(COMPOSITION))
    assert output.read_bytes() == image.to_png()
    assert result.stderr == ""
    assert result.stdout.count("\n") == 1
    for told in (f"{output}: ", "48 x 32", "2 layers", " ms with numpy on NumPy "):
        assert told in result.stdout


def test_render_json_is_one_object_that_describes_the_file(document: Path, tmp_path: Path) -> None:
    """Hashes and sizes are those of the file and its pixels; timings hold every stage."""
    output = tmp_path / "out.png"
    result = _render(document, output, "--json")
    report = json.loads(result.stdout)
    data = output.read_bytes()
    with Renderer("numpy", root=document.parent) as renderer:
        image = renderer.render(ImageComposition.model_validate(COMPOSITION))
    timings = report.pop("timings")
    assert report == {
        "output": str(output),
        "width": 48,
        "height": 32,
        "layers_count": 2,
        "pipeline_hash": image.pipeline_hash,
        "pixel_hash": image.pixel_hash,
        "backend": "numpy",
        "device": image.device,
        "reason": "it was asked for",
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "cache": image.cache,
        "notes": [],
    }
    assert list(timings) == STAGES
    assert all(milliseconds >= 0 for milliseconds in timings.values())


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("a.png", [], "PNG"),
        ("a.WEBP", [], "WEBP"),
        ("a.png", ["--format", "webp"], "WEBP"),
        ("a", ["--format", "png"], "PNG"),
    ],
)
def test_the_format_is_the_suffix_unless_given(
    name: str, options: list[str], expected: str, document: Path, tmp_path: Path
) -> None:
    """The suffix decides in either case of letters; --format decides over it."""
    _render(document, tmp_path / name, *options)
    assert Image.open(BytesIO((tmp_path / name).read_bytes())).format == expected


def test_standard_input_has_the_current_folder_as_its_root(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`-` reads the composition from standard input; its paths start where the command runs."""
    from_file = json.loads(_render(document, tmp_path / "a.png", "--json").stdout)
    monkeypatch.chdir(document.parent)
    command = ["render", "-", "-o", str(tmp_path / "b.png"), "--backend", "numpy", "--json"]
    result = _run(*command, stdin=document.read_bytes())
    assert json.loads(result.stdout)["pixel_hash"] == from_file["pixel_hash"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The picture is written under another name first; when that fails, the old picture is untouched."""
    output = tmp_path / "out.png"
    output.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engines.image_core.runtime.writing.os.replace", full)
    result = _run("render", document, "-o", output, "--backend", "numpy")
    assert result.exit_code == 2
    assert result.stderr == f"image-core: output {str(output)!r}: No space left on device\n"
    assert output.read_bytes() == b"old"
    assert {path.name for path in tmp_path.iterdir()} == {"composition", "out.png"}


def test_register_gives_the_same_artifact_until_forced(document: Path, tmp_path: Path) -> None:
    """The first call renders, the second finds its artifact, --force makes a new one."""
    command = ["register", str(document), "--data", str(tmp_path / "data"), "--backend", "numpy", "--json"]
    first, second, forced = (json.loads(_run(*command, *more).stdout) for more in ([], [], ["--force"]))
    assert first == second
    assert first["id"] != forced["id"]
    assert (first["kind"], first["tenant_id"], first["env"]) == ("image_render", "acme", "dev")
    assert first["meta"]["pixel_hash"] == forced["meta"]["pixel_hash"]
    assert (tmp_path / "data" / "blobs" / first["uri"]).read_bytes()[:4] == b"\x89PNG"


def test_register_prints_the_artifact_for_people(document: Path, tmp_path: Path) -> None:
    """The first line names the artifact, the others its meta."""
    command = [
        "register",
        str(document),
        "--data",
        str(tmp_path / "data"),
        "--backend",
        "numpy",
        "--format",
        "webp",
    ]
    lines = _run(*command).stdout.splitlines()
    artifact = json.loads(_run(*command, "--json").stdout)
    assert lines[0] == f"{artifact['id']}: image_render at {artifact['uri']}"
    assert f"  pixel_hash: {artifact['meta']['pixel_hash']}" in lines
    assert "  format: webp" in lines


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The demo's folder and what it printed."""
    out = tmp_path_factory.mktemp("demo") / "out"
    result = _run("demo", "--out", out, "--backend", "numpy")
    assert result.exit_code == 0, result.stderr
    return out, result.stdout.splitlines()


def test_demo_writes_and_registers_png_and_webp(demo: tuple[Path, list[str]]) -> None:
    """Both files are the bytes of the artifacts whose ids are printed."""
    out, lines = demo
    assert len(lines) == 2
    for line, name in zip(lines, ("demo.png", "demo.webp"), strict=True):
        path, _, artifact_id = line.partition(": artifact ")
        assert path == str(out / name)
        [blob] = (out / "data").rglob(f"{artifact_id}/*")
        assert blob.read_bytes() == (out / name).read_bytes()
        with Image.open(out / name) as picture:
            assert picture.size == (1200, 630)


def test_demo_twice_finds_its_artifacts(demo: tuple[Path, list[str]]) -> None:
    """The card is the same every time, so the second run registers nothing new."""
    out, lines = demo
    assert _run("demo", "--out", out, "--backend", "numpy").stdout.splitlines() == lines


def test_the_demo_composition_renders_on_its_own(demo: tuple[Path, list[str]], tmp_path: Path) -> None:
    """demo.json with the photographs beside it is a composition that `render` takes as it is."""
    out, _ = demo
    _render(out / "demo.json", tmp_path / "again.png")
    assert (tmp_path / "again.png").read_bytes() == (out / "demo.png").read_bytes()


def test_the_demo_card_is_the_same_on_both_backends(
    demo: tuple[Path, list[str]], gl_renderer: Renderer
) -> None:
    """The card on OpenGL, byte for byte."""
    out, _ = demo
    fields = json.loads((out / "demo.json").read_text())
    card = ImageComposition.model_validate(fields)
    with Renderer("gl", root=out) as renderer:
        assert renderer.render(card).to_png() == (out / "demo.png").read_bytes()


def test_demo_without_scikit_image_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The photographs come from an extra; without it one line says how to get it."""
    monkeypatch.setitem(sys.modules, "skimage", None)
    result = _run("demo", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert 'pip install "image-core[demo]"' in result.stderr


def test_gl_that_is_not_to_be_had_is_status_3(document: Path, tmp_path: Path) -> None:
    """A machine without EGL: one line, no traceback, no file."""
    done = _shell("render", document, "-o", tmp_path / "out.png", "--backend", "gl", env=NO_EGL)
    assert done.returncode == 3, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("image-core: OpenGL 4.3 through EGL is unavailable: ")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out.png").exists()


def test_auto_falls_back_to_numpy_and_says_so(document: Path, tmp_path: Path) -> None:
    """A machine without EGL: the picture is rendered, a warning and the report say why it was NumPy."""
    done = _shell("render", document, "-o", tmp_path / "out.png", "--json", env=NO_EGL)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("image-core: warning: ")
    assert done.stderr.count("\n") == 1
    report = json.loads(done.stdout)
    assert report["backend"] == "numpy"
    assert "OpenGL" in report["reason"]


def test_a_fault_after_a_fallback_is_told_alone(document: Path, tmp_path: Path) -> None:
    """The warning would hide the one line that matters."""
    document.with_name("photo.png").unlink()
    done = _shell("render", document, "-o", tmp_path / "out.png", env=NO_EGL)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "photo.png" in done.stderr


def test_verbose_shows_the_log(document: Path, tmp_path: Path) -> None:
    """Which backend was taken and why, on standard error; standard output stays the result."""
    done = _shell(
        "render", document, "-o", tmp_path / "a.png", "-v", "--backend", "numpy", env={**os.environ}
    )
    assert "image-core: info: rendering with numpy" in done.stderr
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize("error", [DeviceError("the GPU was lost"), MemoryError()])
def test_a_machine_that_fails_is_status_3(
    error: Exception, document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failing device and a lack of memory are the machine's fault, not the input's."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Renderer, "render", fail)
    result = _run("render", document, "-o", tmp_path / "out.png", "--backend", "numpy")
    assert result.exit_code == 3
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1


def test_names_a_terminal_cannot_show_are_escaped(document: Path, tmp_path: Path) -> None:
    """A file's name with an escape sequence, on a terminal that knows ASCII only."""
    output = tmp_path / "é\x1b[31m.png"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = _shell("render", document, "-o", output, "--backend", "numpy", env=environment)
    assert done.returncode == 0, done.stderr
    assert r"\xe9\x1b[31m.png: 48 x 32" in done.stdout
    assert output.exists()


def test_version_and_help() -> None:
    """--version prints one line; help names the three commands."""
    assert _run("--version").stdout.startswith("image-core 0.")
    assert all(command in _run("--help").stdout for command in ("render", "register", "demo"))


def test_render_takes_the_settings_of_a_file(document: Path, tmp_path: Path) -> None:
    """Each option reaches the encoder, and .jpg is JPEG."""
    output = tmp_path / "out.jpg"
    options = ["--quality", "70", "--subsampling", "4:2:0", "--matte", "#ffffff", "--effort", "small"]
    _render(document, output, *options)
    with Renderer("numpy", root=document.parent) as renderer:
        image = renderer.render(ImageComposition.model_validate(COMPOSITION))
    assert output.read_bytes() == image.to_jpeg(70, "4:2:0", "#ffffff", "small")
    _render(document, tmp_path / "out.webp", "--lossless")
    assert (tmp_path / "out.webp").read_bytes() == image.to_webp(lossless=True)


@pytest.mark.parametrize("command", ["render", "register"])
def test_a_setting_that_the_format_lacks_is_a_line(command: str, document: Path, tmp_path: Path) -> None:
    """Told before anything is rendered or opened."""
    place = ["-o", str(tmp_path / "out.png")] if command == "render" else ["--data", str(tmp_path / "data")]
    result = _run(command, document, *place, "--lossless")
    assert result.exit_code == 2
    assert result.stderr == "image-core: lossless: png has no such setting: it has effort\n"
    assert not list(tmp_path.glob("out*")) + list(tmp_path.glob("data"))
