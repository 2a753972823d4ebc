"""Pictures in memory as sources of layers: taken when a model is made, kept out of JSON."""

from __future__ import annotations

import base64
from typing import Annotated, Any, TypeAlias

from pydantic import Field, PlainValidator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from engines.image_core.runtime.limits import MAX_FILE_BYTES
from engines.image_core.runtime.pixels import Pixels, frozen_pixels

__all__ = ["DIGESTS", "NO_JSON", "Array", "file_as_base64", "written_array"]

DIGESTS = {"arrays": "digests"}
"""The context of a serialisation that is not to be read again: arrays are told by their digests."""

NO_JSON = (
    "a picture in memory is not written to JSON: save it to a file and give its path, "
    "or give the file's bytes in base64 as data"
)


def _taken(value: Any) -> Pixels | None:
    if value is None:
        return None
    try:
        return frozen_pixels(value)
    except ValueError as error:
        raise PydanticCustomError("array", "{reason}", {"reason": str(error)}) from error


Array: TypeAlias = Annotated[Any, PlainValidator(_taken), SkipJsonSchema(), Field(exclude=True)]
"""What `frozen_pixels` takes, as `Pixels`; in no JSON and in no JSON schema."""


def written_array(array: Pixels, context: Any, *, to_json: bool) -> Pixels | str:
    """An array as a model's dump has it.

    Raises:
        ValueError: the dump is to be JSON.
    """
    if context == DIGESTS:
        return array.digest
    if to_json:
        raise ValueError(NO_JSON)
    return array


def file_as_base64(value: Any) -> str | None:
    """The content of an open binary file, from where it stands, or of bytes; None of anything else.

    Raises:
        ValueError: the file is open as text, cannot be read, is at its end, or has more than 1 GiB.
    """
    data: Any = value
    if not isinstance(value, bytes | bytearray):
        if not callable(getattr(value, "read", None)) or hasattr(value, "__array_interface__"):
            return None
        try:
            data = value.read(MAX_FILE_BYTES + 1)
        except (OSError, ValueError) as error:
            raise ValueError(f"array: this file cannot be read ({error})") from error
    if not isinstance(data, bytes | bytearray):
        raise ValueError("array: a file is to be opened as binary, such as open(name, 'rb')")
    if not data:
        raise ValueError("array: nothing is left to read of this file")
    if len(data) > MAX_FILE_BYTES:
        raise ValueError(f"array: a file may have at most {MAX_FILE_BYTES} bytes")
    return base64.b64encode(data).decode()
