"""What went wrong, as a reader of JSON wants it (RFC 9457)."""

import json
from http import HTTPStatus

from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """A request that is answered by a refusal.

    status : of HTTP. detail : what was found, what was expected. headers : more to send.
    """

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers or {}


def document(status: int, detail: str) -> bytes:
    """Return the JSON of a refusal."""
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return (json.dumps(said, ensure_ascii=False) + "\n").encode()


def response(problem: Problem) -> Response:
    """Return a refusal as an answer."""
    return Response(document(problem.status, problem.detail), problem.status, problem.headers, MEDIA_TYPE)
