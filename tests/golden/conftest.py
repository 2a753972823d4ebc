"""The --bless option of the golden tests."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register --bless."""
    parser.addoption(
        "--bless", action="store_true", help="write the goldens anew from NumPy, and fail the run"
    )
