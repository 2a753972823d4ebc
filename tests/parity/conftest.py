"""Both backends, for the parity tests."""

import pytest

from engines.image_core import Renderer
from tests.parity.support import Both


@pytest.fixture(scope="session")
def both(gl_renderer: Renderer, numpy_renderer: Renderer) -> Both:
    """The two backends, compared byte by byte."""
    return Both(gl_renderer, numpy_renderer)
