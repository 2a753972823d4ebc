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
from engines.media_v2.fields import short

__all__ = ["BoundedRequest", "form_parts", "is_type", "json_object"]


class BoundedRequest(Request):
    """A request whose body is refused (413) as soon as more than `limit` bytes are announced or come.

    Of two, one around the other, the lower limit counts, and is what the error tells.
    """

    def __init__(self, request: Request, limit: int) -> None:
        super().__init__(request.scope, self._bounded)
        self._source: Callable[[], Any] = request.receive
        self._limit = limit
        self._size = 0
        if isinstance(request, BoundedRequest):
            self._source, self._limit = request._source, min(limit, request._limit)

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


def json_object(text: str | bytes, name: str) -> dict[str, Any]:
    """The object that a JSON text is; `name` is what errors call it.

    Raises:
        HTTPException: 400, it is not JSON, or gives a key twice.
        InvalidRequestError: it is not an object.
    """
    try:
        value = json.loads(text, object_pairs_hook=_once_each)
    except RecursionError as error:
        raise HTTPException(400, f"{name}: nested too deep") from error
    except ValueError as error:  # also what is no UTF-8, and endless integers
        raise HTTPException(400, f"{name}: not JSON: {str(error).partition(chr(10))[0]}") from error
    if not isinstance(value, dict):
        raise InvalidRequestError(f"{name}: allowed is a JSON object")
    return value


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key, value in pairs:
        if key in fields:
            raise ValueError(f"the key {short(key)} is given twice in one object")
        fields[key] = value
    return fields


def form_parts(form: FormData, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, str]:
    """The text of a form's fields by name, after a check that it has these, one `file`, and nothing else.

    Raises:
        InvalidRequestError: a part is missing, unknown or given twice, or is text where a file is wanted.
    """
    for name in ("file", *required):
        if name not in form:
            raise InvalidRequestError(f"{name}: this field is required")
    for name, value in form.multi_items():
        if name not in ("file", *required, *optional):
            raise InvalidRequestError(f"{short(name)}: there is no such field")
        if len(form.getlist(name)) > 1:
            raise InvalidRequestError(f"{name}: this field is given {len(form.getlist(name))} times")
        if isinstance(value, UploadFile) != (name == "file"):
            wanted = "a part with a filename" if name == "file" else "text"
            raise InvalidRequestError(f"{name}: allowed is {wanted}")
    return {name: value for name, value in form.items() if isinstance(value, str)}
