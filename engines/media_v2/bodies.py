"""What comes in over HTTP: bodies that are bounded while they come, forms and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.types import Message

from engines.media_v2.errors import InvalidRequestError

__all__ = ["BoundedRequest", "form_field", "form_file", "is_type", "json_object"]


class BoundedRequest(Request):
    """A request whose body is refused (413) as soon as more than `limit` bytes are announced or come."""

    def __init__(self, request: Request, limit: int) -> None:
        super().__init__(request.scope, self._bounded)
        self._source: Callable[[], Any] = request.receive
        self._limit = limit
        self._size = 0

    async def json(self) -> bytes:
        """The body as it came: JSON is parsed where the work is done, and not in the event loop."""
        return await self.body()

    async def _bounded(self) -> Message:
        announced = self.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self._limit:
            raise self._too_large()
        message: Message = await self._source()
        self._size += len(message.get("body", b""))
        if self._size > self._limit:
            raise self._too_large()
        return message

    def _too_large(self) -> HTTPException:
        return HTTPException(413, f"body: allowed are up to {self._limit} bytes")


def is_type(request: Request, *types: str) -> bool:
    """Whether a body's Content-Type, without its parameters, is one of some types."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() in types


def json_object(data: bytes, name: str) -> dict[str, Any]:
    """The object that a JSON text is; `name` is what errors call it.

    Raises:
        HTTPException: 400, it is not JSON.
        InvalidRequestError: it is not an object.
    """
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:  # ValueError: also what is no UTF-8, and endless integers
        raise HTTPException(400, f"{name}: not JSON: {str(error).partition(chr(10))[0]}") from error
    if not isinstance(value, dict):
        raise InvalidRequestError(f"{name}: allowed is a JSON object")
    return value


def form_file(form: FormData, name: str) -> UploadFile:
    """The part of a form that is a file.

    Raises:
        InvalidRequestError: there is none of that name, or several, or it has no filename.
    """
    parts = form.getlist(name)
    if len(parts) != 1 or not isinstance(parts[0], UploadFile):
        raise InvalidRequestError(f"{name}: one part with a filename is required")
    return parts[0]


def form_field(form: FormData, name: str) -> str | None:
    """The text of a form's field, or None where there is none.

    Raises:
        InvalidRequestError: it is given several times, or as a file.
    """
    values = form.getlist(name)
    if not values:
        return None
    if len(values) > 1 or not isinstance(values[0], str):
        raise InvalidRequestError(f"{name}: allowed is one part of text")
    return values[0]
