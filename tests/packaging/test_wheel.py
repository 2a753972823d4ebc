"""The wheel, installed away from the source tree: what it holds, and that it renders."""

from __future__ import annotations

import json
import os
import site
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0H9V9"/></svg>'
COMPOSITION = {
    "tenant_id": "acme",
    "env": "dev",
    "width": 64,
    "height": 48,
    "background_color": "#203040",
    "layers": [
        {
            "type": "vector",
            "shapes": [{"type": "ellipse", "cx": 32, "cy": 24, "rx": 20, "ry": 12, "fill": "#ff8040"}],
        },
        {"type": "vector", "svg": SVG},
        {"type": "text", "text": "wheel", "size": 18, "color": "#ffffff", "blend_mode": "overlay"},
    ],
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source tree."""
    folder = tmp_path_factory.mktemp("wheel")
    _done(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)], ROOT
    )
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of a fresh environment that holds the wheel and, from this one, its dependencies.

    The dependencies come through a .pth file of plain folders, whose own .pth files are not read: this
    environment's editable install of the source tree is not among them.
    """
    folder = tmp_path_factory.mktemp("installed")
    _done([sys.executable, "-m", "venv", "--without-pip", str(folder)], folder)
    paths = sysconfig.get_paths("venv", {"base": str(folder), "platbase": str(folder)})
    target = Path(paths["purelib"])
    (target / "dependencies.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    python = Path(paths["scripts"]) / "python"
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--no-deps",
        "--no-index",
        "--ignore-installed",
    ]
    _done([*install, str(wheel)], folder)
    return Path(paths["scripts"])


def _done(command: list[str], folder: Path) -> str:
    """What a command prints, run in a folder; its failure is the test's."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_wheel_holds_the_shaders_and_no_tests(wheel: Path) -> None:
    """Every shader is inside the package; nothing lies outside engines/ but the metadata."""
    names = set(zipfile.ZipFile(wheel).namelist())
    shaders = ROOT / "shaders"
    files = [path.relative_to(shaders) for path in shaders.rglob("*") if path.is_file()]
    assert files
    assert {f"engines/image_core/gl/shaders/{path.as_posix()}" for path in files} <= names
    assert {"engines/image_core/py.typed", "engines/media_v2/py.typed"} <= names
    assert {name.split("/")[0] for name in names} == {"engines", _metadata(names)}
    assert [name for name in names if "/tests/" in name or "test_" in name] == []
    assert "engines/__init__.py" not in names, "engines is a namespace a host shares"


def _metadata(names: set[str]) -> str:
    [folder] = {name.split("/")[0] for name in names if name.endswith("/METADATA")}
    return folder


def test_the_installed_command_renders(installed: Path, tmp_path: Path) -> None:
    """In another folder, NumPy."""
    _render(installed, tmp_path, "numpy")


def test_the_installed_command_renders_the_same_on_gl(
    installed: Path, tmp_path: Path, gl_renderer: object
) -> None:
    """The shaders of the wheel give the pixels of its NumPy code."""
    assert _render(installed, tmp_path, "gl") == _render(installed, tmp_path, "numpy")


def _render(scripts: Path, folder: Path, backend: str) -> str:
    (folder / "card.json").write_text(json.dumps(COMPOSITION))
    command = [str(scripts / "image-core"), "render", "card.json", "-o", "card.png", "--json"]
    report = json.loads(_done([*command, "--backend", backend], folder))
    assert report["backend"] == backend
    return str(report["pixel_hash"])


def test_a_host_may_keep_engines_of_its_own(installed: Path, tmp_path: Path) -> None:
    """A host's engines.its_own imports beside the installed engines.image_core, which is the wheel's."""
    (tmp_path / "engines" / "its_own").mkdir(parents=True)
    (tmp_path / "engines" / "its_own" / "__init__.py").write_text("NAME = 'its own'\n")
    program = (
        "import engines.its_own as own, engines.image_core as core; print(own.NAME); print(core.__file__)"
    )
    name, file = _done([str(installed / "python"), "-c", program], tmp_path).splitlines()
    assert name == "its own"
    assert Path(file).is_relative_to(installed.parent)
