"""The addresses that compute: rankings, maps and explanations under a choice, and the tables of the edition."""

from collections.abc import Callable, Hashable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from hubrank.analysis.explanation import sentences
from hubrank.analysis.explanation.spots import Spot, find
from hubrank.core.errors import StudyError
from hubrank.serving import documents, positions, schemas
from hubrank.serving.documents import View
from hubrank.serving.parameters import (
    ClusteringQuery,
    DegreesQuery,
    NoQuery,
    OutlinesQuery,
    PlaceQuery,
    RankingQuery,
    bounded,
)
from hubrank.serving.problems import Problem
from hubrank.serving.served_edition import ServedEdition
from hubrank.serving.static_files import TYPES, EditionFiles
from hubrank.serving.variants import Variant

Result = TypeVar("Result")
_MANY = 1_000  # clusters: more than that are written outside the event loop


_FILES: dict[str, tuple[str, str, Callable[[ServedEdition, View], bytes]]] = {  # kind: published name, summary, writer
    "csv": ("ranking.csv", "The ranking as CSV; notes are in a last column.", documents.as_csv),
    "xlsx": ("ranking.xlsx", "The ranking as a workbook.", documents.as_xlsx),
    "geojson": ("clusters.geojson", "The ranking with outlines (RFC 7946).", documents.as_geojson),
}


def router(edition: ServedEdition, files: EditionFiles) -> APIRouter:
    """Return all addresses that compute."""
    routes = APIRouter(default_response_class=JSONResponse)
    _add_rankings(routes, edition, files)
    _add_maps(routes, edition)
    _add_explanations(routes, edition)
    _add_tables(routes, edition)
    return routes


def _add_rankings(routes: APIRouter, edition: ServedEdition, files: EditionFiles) -> None:
    query_type = Annotated[RankingQuery, Depends(bounded(RankingQuery, edition))]

    @routes.get("/clusters.json", summary="The ranking.", response_model=schemas.ranking(edition))
    async def clusters_json(query: query_type) -> Response:
        """Rank under a radius, a threshold and weights."""
        view = await _view(edition, query)
        key = ("json", view.choice, tuple(view.weights.items()))
        return _json(await _computed(edition, key, view.ranking.num_rows, lambda: documents.as_json(edition, view)))

    def add_file(kind: str, published: str, summary: str, write: Callable[[ServedEdition, View], bytes]) -> None:
        """Add a route to the ranking in one format. published : the file of the edition; write : makes any other."""
        media_type = TYPES[f".{kind}"]

        async def file(query: query_type, request: Request) -> Response:
            """Send the file of the edition, or the same under another choice."""
            view = await _view(edition, query)
            variant = view.variant
            if variant is None:
                return await files.get_response(published, request.scope)
            if kind == "geojson":
                await edition.drawer.run((variant.choice, "shapes"), lambda: variant.shapes)
            key = (kind, view.choice, tuple(view.weights.items()))
            return Response(await edition.writer.run(key, lambda: write(edition, view)), media_type=media_type)

        model = schemas.FeatureCollection if kind == "geojson" else None
        response_class = type(kind, (JSONResponse if model else Response,), {"media_type": media_type})
        routes.get(
            f"/clusters.{kind}",
            name=f"clusters_{kind}",
            summary=summary,
            response_class=response_class,
            response_model=model,
        )(file)

    for kind, described in _FILES.items():
        add_file(kind, *described)


def _add_maps(routes: APIRouter, edition: ServedEdition) -> None:
    query_type = Annotated[ClusteringQuery, Depends(bounded(ClusteringQuery, edition))]
    box_type = Annotated[OutlinesQuery, Depends(bounded(OutlinesQuery, edition))]

    @routes.get("/map/marks.json", summary="Where the clusters lie, in degrees.", response_model=schemas.Marks)
    async def map_marks(query: query_type) -> Response:
        """Place the clusters of a radius and threshold on the map."""
        variant = await edition.variant(query.choice)
        marks = [
            {"cluster_id": name.cluster_id, "lon": lon, "lat": lat}
            for name, (lon, lat) in zip(variant.clusters.names, variant.positions.tolist(), strict=True)
        ]
        return _json(documents.json_bytes({"marks": marks}))

    @routes.get(
        "/map/outlines.json",
        summary="Areas and outlines of the clusters as rings in steps of a degree.",
        response_model=schemas.Outlines,
    )
    async def map_outlines(query: box_type) -> Response:
        """Draw the clusters of a radius and threshold, or those of a part of the map."""
        variant = await edition.variant(query.choice)
        key = (variant.choice, "outlines", query.box)
        outlines = await edition.drawer.run(key, lambda: edition.map_outlines(variant, query.box))
        return _json(documents.json_bytes(outlines))


def _add_explanations(routes: APIRouter, edition: ServedEdition) -> None:
    async def explained(query: ClusteringQuery, spot: Callable[[Variant], Spot]) -> Response:
        """Explain a place; refuse one that is not known."""
        variant = await edition.variant(query.choice)

        def explain() -> bytes:
            explanation = variant.explainer.at(spot(variant))
            return documents.json_bytes({**explanation.as_dict(), "sentences": list(sentences(explanation))})

        try:
            # Under another choice an explanation may need outlines, for which no ranking is to wait.
            worker = edition.explaining if query.choice == edition.choice else edition.drawer
            return _json(await worker.run((type(query), query.model_dump_json()), explain))
        except StudyError as error:
            raise Problem(404, str(error)) from None

    @routes.get(
        "/explain.json",
        summary="Why a coordinate is in a cluster or in none, and what would change that.",
        response_model=schemas.ExplainedPlace,
    )
    async def explain_degrees(query: Annotated[DegreesQuery, Depends(bounded(DegreesQuery, edition))]) -> Response:
        """Explain the place at a latitude and longitude in degrees."""
        return await explained(query, lambda _: positions.from_degrees(query.lat, query.lon))

    @routes.get(
        "/explain/place.json", summary="The same for a place by its name.", response_model=schemas.ExplainedPlace
    )
    async def explain_place(query: Annotated[PlaceQuery, Depends(bounded(PlaceQuery, edition))]) -> Response:
        """Explain the place that a name means."""
        return await explained(query, lambda variant: find(query.q, variant.explainer.scene))


def _add_tables(routes: APIRouter, edition: ServedEdition) -> None:
    no_query = [Depends(bounded(NoQuery, edition))]
    examples = edition.tables["ranking"]["cluster_id"].slice(0, 3).to_pylist()
    names = sorted(edition.tables)

    @routes.get(
        "/cluster/{slug}.json",
        summary="All rows of the tables that belong to one cluster of the edition.",
        response_model=schemas.ClusterRows,
        dependencies=no_query,
    )
    async def cluster(
        slug: Annotated[
            str, Path(description="cluster_id", max_length=200, pattern="^[A-Za-z0-9._-]+$", examples=examples)
        ],
    ) -> Response:
        """Send the rows of one cluster by table."""
        content = await edition.writer.run(("cluster", slug), lambda: documents.cluster(edition, slug))
        if content is None:
            raise Problem(404, f"There is no cluster {slug!r}; /clusters.json lists them.")
        return _json(content)

    @routes.get(
        "/tables/{name}.json",
        summary="One table of the edition.",
        response_model=schemas.TableRows,
        dependencies=no_query,
    )
    async def table(
        name: Annotated[str, Path(description="name of the table", json_schema_extra={"enum": names})],
    ) -> Response:
        if name not in edition.tables:
            raise Problem(404, f"There is no table {name!r}; there are: {', '.join(names)}.")
        return _json(await edition.writer.run(("table", name), lambda: documents.table(edition, name)))


async def _view(edition: ServedEdition, query: RankingQuery) -> View:
    """Return the ranking under a choice: the edition's own table where nothing is replaced."""
    choice, weights = query.choice, query.weights
    if choice == edition.choice and weights == edition.weights:
        return View(edition.tables["ranking"], choice, weights)
    variant = await edition.variant(choice)
    try:
        key = ("ranking", choice, tuple(weights.items()))
        ranking, labels = await _computed(edition, key, variant.clusters.count, lambda: variant.ranking(weights))
    except StudyError as error:
        raise Problem(422, str(error)) from None
    return View(ranking, choice, weights, variant, labels)


async def _computed(edition: ServedEdition, key: Hashable, clusters: int, compute: Callable[[], Result]) -> Result:
    return compute() if clusters <= _MANY else await edition.writer.run(key, compute)


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")
