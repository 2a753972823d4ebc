"""The command `image-core`."""

from engines.image_core.cli.main import main

__all__ = ["main"]
