"""Refusals as JSON that programs understand (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from fastapi import Response
from pydantic import BaseModel

MEDIA_TYPE = "application/problem+json"


class Refusal(BaseModel, extra="forbid"):
    """The JSON of a refusal."""

    type: str
    title: str
    status: int
    detail: str


_CONTENT = {MEDIA_TYPE: {"schema": Refusal.model_json_schema()}}
RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "The request is refused; `detail` says why.", "content": _CONTENT},
    "5XX": {"description": "The server failed, is busy (503), or its edition was replaced.", "content": _CONTENT},
}


class Problem(Exception):
    """A request that is answered by a refusal.

    status : of HTTP. detail : what was wrong, what was expected. headers : more to send.
    """

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers or {}


def response(problem: Problem) -> Response:
    """Return a refusal as a response."""
    title = HTTPStatus(problem.status).phrase
    body = Refusal(type="about:blank", title=title, status=problem.status, detail=problem.detail)
    return Response(body.model_dump_json() + "\n", problem.status, problem.headers, MEDIA_TYPE)
