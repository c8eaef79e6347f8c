"""The application: the addresses that compute, then the files; compression and the guard around both."""

from collections.abc import Collection, Mapping
from typing import Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from hubrank import __version__
from hubrank.serving import limits, problems
from hubrank.serving.endpoints import router
from hubrank.serving.guard import FAILED, LOOPBACK, Guard
from hubrank.serving.parameters import NO_USE, UNKNOWN, check_query, expected
from hubrank.serving.problems import Problem
from hubrank.serving.served_edition import ServedEdition
from hubrank.serving.static_files import INCOMPRESSIBLE, EditionFiles

_SHOWN = 40  # characters of a value that is refused
_REFUSED = {404: "There is nothing at this address.", 405: "This server answers GET and HEAD only."}


def application(
    edition: ServedEdition,
    *,
    hosts: Collection[str] = LOOPBACK,
    public: bool = False,
    proxies: Collection[str] = (),
) -> Guard:
    """Return the server of an edition as an ASGI application.

    hosts : names by which it may be called. public : whether other sites may frame its embed pages.
    proxies : addresses of trusted proxies, whose X-Forwarded-For counts.
    """
    study, words = edition.records.study, expected(edition)

    async def refuse(_request: Request, error: Exception) -> Response:
        return problems.response(_problem(error, words))

    app = FastAPI(
        title=study.title,
        version=__version__,
        summary=f"Edition {study.edition}, served by hubrank.",
        description=edition.note,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # an address with a slash too many is another address, and there is nothing
        separate_input_output_schemas=False,
        dependencies=[Depends(check_query)],
        responses=problems.RESPONSES,
        generate_unique_id_function=lambda route: route.name,
        exception_handlers=dict.fromkeys((Problem, HTTPException, RequestValidationError, Exception), refuse),
    )
    files = EditionFiles(edition.edition, embeddable=public)
    app.include_router(router(edition, files))
    app.mount("/", files)
    excluded = (*DEFAULT_EXCLUDED_CONTENT_TYPES, *INCOMPRESSIBLE)
    compressed = GZipMiddleware(
        app, limits.UNCOMPRESSED_BYTES, limits.COMPRESSION_LEVEL, exclude_content_types=excluded
    )
    return Guard(compressed, hosts, edition.check, proxies)


def _described(fault: Mapping[str, Any], words: Mapping[str, str]) -> str:
    name = fault["loc"][-1]
    if fault["type"] == UNKNOWN:
        return str(fault["msg"])
    if fault["type"] == NO_USE or name not in words:
        return f"{name}: {fault['msg']}"
    value = f", not {fault['input'][:_SHOWN]!r}" if isinstance(fault["input"], str) else ""
    return f"{name}: {words[name]} is expected{value}"


def _problem(error: Exception, words: Mapping[str, str]) -> Problem:
    """Return what is answered to an error; an address that names nothing does not exist.

    words : what is expected of each parameter.
    """
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        faults = error.errors()
        detail = "; ".join(_described(fault, words) for fault in faults[:3]).removesuffix(".")
        return Problem(
            404 if faults[0]["loc"][0] == "path" else 400, detail[:500] + ("" if detail.endswith("?") else ".")
        )
    if isinstance(error, HTTPException):
        return Problem(error.status_code, _REFUSED.get(error.status_code, error.detail), dict(error.headers or {}))
    return Problem(500, FAILED, {"connection": "close"})
