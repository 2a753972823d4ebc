"""stub"""


def convert() -> None:
    """Convert."""
