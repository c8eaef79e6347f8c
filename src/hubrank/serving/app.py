"""The application: addresses to answers, the site and the files of the edition behind them, the guard in front."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hubrank.serving import documents, limits, openapi, parameters, problems
from hubrank.serving.desk import Desk
from hubrank.serving.endpoints import ENDPOINTS, Endpoint
from hubrank.serving.guard import FAILED, LOOPBACK, Guard
from hubrank.serving.problems import Problem
from hubrank.serving.shelf import Memory, Shelf, answer, hold, hold_answer

_REFUSED = {404: "There is nothing at this address.", 405: "This server answers GET and HEAD only."}


def application(desk: Desk, *, hosts: Collection[str] = LOOPBACK, public: bool = False) -> Guard:
    """Return the server of an edition as an ASGI application.

    hosts : names by which it may be called. public : whether other sites may frame its embed pages.
    """
    shelf, known = Shelf(desk.made, embeddable=public), Memory(limits.ANSWER_BYTES)
    told = hold(documents.written(openapi.document(desk, ENDPOINTS)), "openapi.json")

    async def described(request: Request) -> Response:
        desk.check()
        parameters.read(request.scope["query_string"], ())
        return answer(request, told)

    async def file(request: Request) -> Response:
        desk.check()
        return await shelf.respond(request, request.path_params["address"] or "index.html")

    routes = [
        *(Route(endpoint.address, _answering(endpoint, desk, shelf, known)) for endpoint in ENDPOINTS),
        Route("/openapi.json", described),
        Route("/{address:path}", file),
    ]
    handlers: dict[Any, Any] = {HTTPException: _refused, Problem: _problem, Exception: _failed}
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.router.redirect_slashes = False  # an address with a slash too many is another address, and there is nothing
    return Guard(app, hosts)


def _answering(endpoint: Endpoint, desk: Desk, shelf: Shelf, known: Memory) -> Callable[[Request], Awaitable[Response]]:
    asked, named = endpoint.asked(desk), endpoint.inside(desk)

    async def answering(request: Request) -> Response:
        desk.check()
        given = parameters.read(request.scope["query_string"], asked)
        given |= {each.name: _named(each, request) for each in named}
        key = (endpoint.address, *sorted((name, str(value)) for name, value in given.items()))
        held = known.get(key)
        if held is None:
            made = await endpoint.answer(desk, shelf, given, request)
            if "etag" in made.headers:  # a file of the edition, which the shelf keeps
                return made
            held = await run_in_threadpool(hold_answer, bytes(made.body), made.headers["content-type"])
            known.keep(key, held)
        return answer(request, held)

    return answering


def _named(parameter: parameters.Parameter, request: Request) -> Any:  # noqa: ANN401 (as its schema says)
    try:
        return parameter.value(request.path_params[parameter.name])
    except Problem as problem:
        raise Problem(404, problem.detail) from None


async def _refused(_request: Request, error: HTTPException) -> Response:
    detail = _REFUSED.get(error.status_code, error.detail)
    return problems.response(Problem(error.status_code, detail, dict(error.headers or {})))


async def _failed(_request: Request, _error: Exception) -> Response:
    return problems.response(Problem(500, FAILED, {"connection": "close"}))


async def _problem(_request: Request, problem: Problem) -> Response:
    return problems.response(problem)
