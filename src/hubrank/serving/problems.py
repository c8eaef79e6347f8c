"""Refusals as JSON that programs understand (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from fastapi import Response
from pydantic import BaseModel

MEDIA_TYPE = "application/problem+json"
REFUSALS = {
    400: "A parameter is unknown, repeated, missing or out of bounds; or the Host is not one of the server's.",
    403: "A page of another site sent the request.",
    404: "There is nothing of that name.",
    413: "The request had a body.",
    414: "Path and query are too long.",
    422: "Under these weights there is nothing to rank by.",
    431: "The headers are too long.",
    500: "The server failed.",
    503: "Too many requests, or a computation takes too long; or the edition was replaced while it was served.",
    505: "The request was not HTTP/1.",
}


class Refusal(BaseModel, extra="forbid"):
    """The JSON of a refusal."""

    type: str
    title: str
    status: int
    detail: str


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {
        "description": f"{HTTPStatus(status).phrase}. {reason}",
        "content": {MEDIA_TYPE: {"schema": Refusal.model_json_schema()}},
    }
    for status, reason in REFUSALS.items()
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
