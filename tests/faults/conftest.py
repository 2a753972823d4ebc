"""The servers of media_v2's tests."""

from engines.media_v2.tests.conftest import postgres, s3

__all__ = ["postgres", "s3"]
