"""The site of the documents: it builds without a warning, and its reference has every public name."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import engines.image_core

ROOT = Path(__file__).parents[2]
SITE = ROOT / "docs" / "reference"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` builds it."""
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(out)]
    done = subprocess.run(
        [*command, "--config-file", str(SITE / "mkdocs.yml")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def test_every_public_name_is_in_the_reference_once(site: Path) -> None:
    """Each with a heading of its own, and with what its docstring says."""
    pages = [page.read_text() for page in (site / "reference").glob("*.html")]
    for name in engines.image_core.__all__:
        heading = f'id="engines.image_core.{name}"'
        assert sum(page.count(heading) for page in pages) == 1, name


def test_fields_and_arguments_are_told(site: Path) -> None:
    """Those of a model's bases too; docstrings are read as they are written."""
    layers, rendering = (
        (site / "reference" / page).read_text() for page in ("layers.html", "rendering.html")
    )
    assert 'id="engines.image_core.RasterLayer.blend_if"' in layers
    assert "the folder that <code>path</code> sources may name files in" in rendering


def test_the_cookbook_and_the_manual_are_in_it(site: Path) -> None:
    """With their pictures."""
    assert "images/" in (site / "COOKBOOK.html").read_text()
    assert (site / "engines/media_program/PHASE_I01_image_layer_core.html").exists()
    assert (site / "images/demo.png").exists()


def test_a_page_asks_nothing_of_another_host(site: Path) -> None:
    """No font, script or style from elsewhere: the site may be opened from a folder."""
    for page in (site / "reference").glob("*.html"):
        assert re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="https?:[^>]*', page.read_text()) == []
