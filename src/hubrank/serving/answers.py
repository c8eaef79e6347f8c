"""The answers: the edition's own files, and the same made anew under another choice."""

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from hubrank.analysis.explanation.spots import Spot, find
from hubrank.core.errors import StudyError
from hubrank.publishing.site.projection import WORLD_WIDTH, path, world
from hubrank.serving import asking, documents
from hubrank.serving.desk import Desk
from hubrank.serving.documents import View
from hubrank.serving.problems import Problem
from hubrank.serving.shelf import Shelf
from hubrank.serving.variants import Choice, Variant

Given = Mapping[str, Any]
Answer = Callable[[Desk, Shelf, Given, Request], Awaitable[Response]]
JSON, GEOJSON, CSV = "application/json", "application/geo+json", "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MANY = 1_000  # clusters: more than that are written beside the event loop


def chosen(desk: Desk, given: Given) -> Choice:
    """Return the radius and threshold that are asked for, the edition's where they are not."""
    own = desk.own_choice
    return Choice(given.get("radius_km", own.radius_km), given.get("min_listings", own.min_listings))


async def view(desk: Desk, given: Given) -> View:
    """Return the ranking that is asked for: the edition's own table where nothing else is."""
    choice = chosen(desk, given)
    weights = {name: Decimal(given.get(f"w.{name}", weight)) for name, weight in desk.weights.items()}
    if choice == desk.own_choice and weights == desk.weights:
        return View(desk.tables["ranking"], choice, weights)
    variant = await desk.variant(choice)
    try:
        ranking, labels = await _away(variant.found.count, lambda: variant.ranking(weights))
    except StudyError as error:
        raise Problem(422, str(error)) from None
    return View(ranking, choice, weights, variant, labels)


async def _away(clusters: int, make: Callable[[], Any]) -> Any:  # noqa: ANN401 (what `make` returns)
    return make() if clusters <= _MANY else await run_in_threadpool(make)


def file_or(name: str, media: str, write: Callable[[Desk, View], bytes], *, drawn: bool = False) -> Answer:
    """Answer with a file of the edition where its own figures are asked for, else with the same made anew."""

    async def answer(desk: Desk, shelf: Shelf, given: Given, request: Request) -> Response:
        shown = await view(desk, given)
        if shown.variant is None:
            return await shelf.respond(request, name)
        if drawn:
            content = await desk.drawer.ask((shown.choice, media, *shown.weights.values()), lambda: write(desk, shown))
        else:
            content = await run_in_threadpool(write, desk, shown)
        return Response(content, media_type=media)

    return answer


async def clusters(desk: Desk, _shelf: Shelf, given: Given, _request: Request) -> Response:
    """Tell the ranking."""
    shown = await view(desk, given)
    content = await _away(shown.ranking.num_rows, lambda: documents.clusters(desk, shown))
    return Response(content, media_type=JSON)


async def marks(desk: Desk, _shelf: Shelf, given: Given, _request: Request) -> Response:
    """Tell where the clusters lie on the world map."""
    variant = await desk.variant(chosen(desk, given))
    spots = world().spots(*variant.spots.T).tolist()
    places = [
        {"cluster_id": name.cluster_id, "x": round(x, 1), "y": round(y, 1)}
        for name, (x, y) in zip(variant.found.names, spots, strict=True)
    ]
    return Response(documents.written({"width": WORLD_WIDTH, "marks": places}), media_type=JSON)


async def outlines(desk: Desk, _shelf: Shelf, given: Given, _request: Request) -> Response:
    """Draw the clusters for the world map."""
    variant = await desk.variant(chosen(desk, given))

    def drawn() -> bytes:
        shapes = zip(variant.found.names, variant.shapes, strict=True)
        paths = {name.cluster_id: path(world().shape(shape).simplify(0.3), 1) for name, shape in shapes}
        return documents.written({"outlines": paths})

    return Response(await desk.drawer.ask((variant.choice, "paths"), drawn), media_type=JSON)


async def cluster(desk: Desk, _shelf: Shelf, given: Given, _request: Request) -> Response:
    """Tell all that the tables hold of one cluster."""
    content = await run_in_threadpool(documents.cluster, desk, given["slug"])
    if content is None:
        raise Problem(404, f"There is no cluster {given['slug']!r}; /clusters.json lists them.")
    return Response(content, media_type=JSON)


async def table(desk: Desk, _shelf: Shelf, given: Given, _request: Request) -> Response:
    """Give one table as it is."""
    if given["name"] not in desk.tables:
        raise Problem(404, f"There is no table {given['name']!r}; there are: {', '.join(sorted(desk.tables))}.")
    return Response(await run_in_threadpool(documents.table, desk, given["name"]), media_type=JSON)


async def explain_degrees(desk: Desk, _shelf: Shelf, given: Given, _request: Request) -> Response:
    """Explain a coordinate."""
    return await _explained(desk, given, lambda _: asking.spot(given["lat"], given["lon"]))


async def explain_map(desk: Desk, _shelf: Shelf, given: Given, _request: Request) -> Response:
    """Explain a spot of the world map."""
    at = asking.on_map(given["x"], given["y"])
    if at is None:
        raise Problem(404, "That lies beside the globe.")
    return await _explained(desk, given, lambda _: asking.spot(*at))


async def explain_place(desk: Desk, _shelf: Shelf, given: Given, _request: Request) -> Response:
    """Explain a place by its name."""
    return await _explained(desk, given, lambda variant: find(given["q"], variant.ground.scene.density))


async def _explained(desk: Desk, given: Given, spot: Callable[[Variant], Spot]) -> Response:
    variant = await desk.variant(chosen(desk, given))
    key = ("explain", variant.choice, *sorted((name, str(value)) for name, value in given.items()))
    try:
        told = await desk.worker.ask(key, lambda: asking.written(variant.ground.at(spot(variant))))
    except StudyError as error:
        raise Problem(404, str(error)) from None
    return Response(told, media_type=JSON)
