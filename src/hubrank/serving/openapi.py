"""openapi.json: what can be asked, of this edition, in this version (OpenAPI 3.1)."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from hubrank import __version__
from hubrank.serving import problems, schemas
from hubrank.serving.desk import Desk
from hubrank.serving.endpoints import Endpoint
from hubrank.serving.parameters import Parameter

# What any address may refuse, before its own reasons.
REFUSALS = {
    400: "A parameter is unknown, given twice, missing or out of bounds; or the Host is not one of the server's.",
    403: "A page of another site asked.",
    404: "There is nothing of that name.",
    413: "The request had a body.",
    414: "Path and query are too long.",
    422: "Under these weights there is nothing to rank by.",
    431: "The headers are too long.",
    500: "The server failed.",
    503: "Too much is asked at once, or takes too long; or the edition was replaced while it was served.",
    505: "The request was not HTTP/1.",
}
ALWAYS = (400, 403, 413, 414, 431, 500, 503, 505)


def document(desk: Desk, endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """Return the description of a server of this edition."""
    study = desk.records.study
    return {
        "openapi": "3.1.0",
        "info": {
            "title": study.title,
            "version": __version__,
            "summary": f"Edition {study.edition}, served by hubrank.",
            **({"description": desk.note} if desk.note else {}),
        },
        "paths": {
            **{endpoint.address: {"get": _operation(desk, endpoint)} for endpoint in endpoints},
            "/openapi.json": {"get": _itself()},
        },
        "components": {"schemas": {"Problem": _problem()}},
    }


def _operation(desk: Desk, endpoint: Endpoint) -> dict[str, Any]:
    asked = [_parameter(parameter, "path") for parameter in endpoint.inside(desk)]
    asked += [_parameter(parameter, "query") for parameter in endpoint.asked(desk)]
    media = endpoint.media.partition(";")[0]
    return {
        "summary": endpoint.says,
        "operationId": endpoint.address.strip("/")
        .replace("{", "")
        .replace("}", "")
        .replace("/", "_")
        .replace(".", "_"),
        "parameters": asked,
        "responses": {
            "200": {"description": "What was asked for.", "content": {media: {"schema": endpoint.schema(desk)}}},
            **_refusals((*ALWAYS, *endpoint.refused())),
        },
    }


def _itself() -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}}
    return {
        "summary": "This description.",
        "operationId": "openapi_json",
        "parameters": [],
        "responses": {"200": {"description": "OpenAPI 3.1.", "content": content}, **_refusals(ALWAYS)},
    }


def _parameter(parameter: Parameter, where: str) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": where,
        "required": parameter.required,
        "description": parameter.meaning,
        "schema": parameter.schema,
    }


def _refusals(statuses: Sequence[int]) -> dict[str, Any]:
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        str(status): {"description": f"{HTTPStatus(status).phrase}. {REFUSALS[status]}", "content": content}
        for status in sorted(set(statuses))
    }


def _problem() -> dict[str, Any]:
    return schemas.whole({"type": schemas.TEXT, "title": schemas.TEXT, "status": schemas.WHOLE, "detail": schemas.TEXT})
