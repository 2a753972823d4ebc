"""Errors over HTTP: problem details (RFC 9457), told in the one line that the error itself tells.

A router makes its routes with `problem_route`, so that it answers the same in whatever application a host
includes it. What the host is at fault for (500 and above) goes to the log as well.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from python_multipart.exceptions import FormParserError
from starlette.exceptions import HTTPException

from engines.media_v2.bodies import BoundedRequest
from engines.media_v2.errors import DamagedBlobError, InvalidRequestError, MediaError, NotFoundError
from engines.media_v2.fields import short

__all__ = [
    "MEDIA_ANSWERS",
    "Answer",
    "Answers",
    "Problem",
    "answer_to",
    "problem",
    "problem_route",
    "problems",
]

log = logging.getLogger("media_v2")


@dataclass(frozen=True)
class Answer:
    """How an error is told: its status, a text instead of its own words, and further headers."""

    status: int
    detail: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


Answers = Mapping[type[Exception], Answer]
"""How errors are told; one that is not in it is told as the nearest of its bases is."""

MEDIA_ANSWERS: Answers = {
    NotFoundError: Answer(404),
    InvalidRequestError: Answer(422),
    DamagedBlobError: Answer(500),
    FormParserError: Answer(
        400, "body: not well-formed multipart/form-data"
    ),  # newer Starlettes tell it themselves
    # Its words name the database and the blob store.
    MediaError: Answer(503, "the media store cannot be used at the moment"),
}


class Problem(BaseModel):
    """Problem details of RFC 9457. `type` is about:blank: the status says which problem it is."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class ProblemResponse(JSONResponse):
    """A problem as a response."""

    media_type = "application/problem+json"


_NOSNIFF = {"X-Content-Type-Options": "nosniff"}


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """A response that tells a problem in one line."""
    content = Problem(title=_phrase(status), status=status, detail=detail)
    return ProblemResponse(content.model_dump(), status, headers={**_NOSNIFF, **(headers or {})})


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may tell problems of these statuses, for its OpenAPI schema."""
    content = {ProblemResponse.media_type: {"schema": Problem.model_json_schema()}}
    return {status: {"description": _phrase(status), "content": content} for status in statuses}


def answer_to(error: Exception, answers: Answers) -> Response | None:
    """The problem an error is, or None when it is none that is known. The host's faults are logged."""
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        return problem(error.status_code, error.detail, error.headers)
    answer = next((answers[base] for base in type(error).__mro__ if base in answers), None)
    if answer is None:
        return None
    if answer.status >= 500:
        log.error("%s: %s", type(error).__name__, error)
    return problem(answer.status, answer.detail or str(error), answer.headers)


def problem_route(max_body: int, answers: Answers) -> type[APIRoute]:
    """A class of routes whose errors are problems and that read no more than max_body bytes of a body.

    Args:
        max_body: bytes; a longer body is refused with 413, by its Content-Length or as soon as that many
            have come.
        answers: how errors are told.
    """

    class ProblemRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def handle_or_tell(request: Request) -> Response:
                try:
                    return await handle(BoundedRequest(request, max_body))
                except Exception as error:
                    answer = answer_to(error, answers)
                    if answer is None:
                        raise
                    return answer

            return handle_or_tell

    return ProblemRoute


def _invalid(error: RequestValidationError) -> Response:
    """The first fault of a request: a header that is missing is 400, anything else 422."""
    fault = error.errors()[0]
    where, *steps = fault["loc"]
    place = ".".join(map(str, steps)) or "body"
    if fault["type"] == "missing":
        told = "this field is required"
    else:
        told = f"{short(fault['input'])} is not allowed: {fault['msg'][:1].lower()}{fault['msg'][1:]}"
    return problem(400 if where == "header" else 422, f"{place}: {told}")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
