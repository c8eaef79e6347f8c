"""What can be asked, each with its parameters and its answer: routes and openapi.json are both made from this."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hubrank.publishing.site.projection import WORLD_WIDTH
from hubrank.serving import answers, asking, documents, schemas
from hubrank.serving.answers import CSV, GEOJSON, JSON, XLSX, Answer, file_or
from hubrank.serving.desk import RADIUS_KM, RADIUS_STEP_KM, Desk
from hubrank.serving.parameters import PLACE, WEIGHT, Parameter

_SLUG = {"type": "string", "maxLength": 200, "pattern": "^[a-z0-9_-]+$"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address: what may be asked of it, and what it answers.

    inside : parameters in the address itself. choice, weights : whether it takes another radius, threshold or weights.
    refusals : by status, beyond those that any address gives.
    """

    address: str
    says: str
    media: str
    answer: Answer
    schema: Callable[[Desk], dict[str, Any]] = lambda _: schemas.TEXT
    inside: Callable[[Desk], tuple[Parameter, ...]] = lambda _: ()
    choice: bool = False
    weights: bool = False
    parameters: tuple[Parameter, ...] = ()
    refusals: tuple[int, ...] = ()

    def asked(self, desk: Desk) -> tuple[Parameter, ...]:
        """Return all its parameters, with the bounds that this edition sets."""
        return (*self.parameters, *(_choice(desk) if self.choice else ()), *(_weights(desk) if self.weights else ()))

    def refused(self) -> tuple[int, ...]:
        """Return the statuses of its refusals."""
        return (*self.refusals, *((422,) if self.weights else ()))


def _choice(desk: Desk) -> tuple[Parameter, ...]:
    low, high = RADIUS_KM
    radius = {"type": "number", "minimum": low, "maximum": high, "multipleOf": RADIUS_STEP_KM}
    bounds = desk.bounds
    least = {"type": "integer", "minimum": bounds.least_listings, "maximum": bounds.most_listings}
    own = desk.own_choice
    return (
        Parameter("radius_km", radius, f"radius of a neighbourhood; the edition's is {own.radius_km:g}"),
        Parameter("min_listings", least, f"listings that make it dense; the edition's are {own.min_listings}"),
    )


def _weights(desk: Desk) -> tuple[Parameter, ...]:
    schema = {"type": "string", "maxLength": 6, "pattern": WEIGHT}
    return tuple(
        Parameter(f"w.{metric}", schema, f"weight of {metric}; the edition's is {weight}")
        for metric, weight in desk.weights.items()
    )


def _slug(desk: Desk) -> tuple[Parameter, ...]:
    known = desk.tables["ranking"]["cluster_id"].slice(0, 3).to_pylist()
    return (Parameter("slug", {**_SLUG, "examples": known}, "cluster_id", required=True),)


def _name(desk: Desk) -> tuple[Parameter, ...]:
    return (Parameter("name", {**_SLUG, "enum": sorted(desk.tables)}, "name of the table", required=True),)


def _number(name: str, low: float, high: float, meaning: str) -> Parameter:
    return Parameter(name, {"type": "number", "minimum": low, "maximum": high}, meaning, required=True)


_X = _number("x", 0, WORLD_WIDTH, "to the right, in units of the world map")
_Y = _number("y", 0, round(asking.HEIGHT), "downwards, in units of the world map")
_LAT, _LON = _number("lat", -90, 90, "latitude in degrees"), _number("lon", -180, 180, "longitude in degrees")
_Q = Parameter(
    "q", {"type": "string", "maxLength": 100, "pattern": PLACE}, "a place, with region or country", required=True
)
_MARKS = schemas.whole({"cluster_id": schemas.TEXT, "x": schemas.NUMBER, "y": schemas.NUMBER})
_OUTLINES = {"type": "object", "additionalProperties": {**schemas.TEXT, "description": "data of an SVG path"}}

ENDPOINTS = (
    Endpoint("/clusters.json", "The ranking.", JSON, answers.clusters, schemas.ranking, choice=True, weights=True),
    Endpoint(
        "/clusters.csv",
        "The ranking as CSV; a last column holds the note, where there is one.",
        CSV,
        file_or("ranking.csv", CSV, documents.as_csv),
        choice=True,
        weights=True,
    ),
    Endpoint(
        "/clusters.xlsx",
        "The ranking as a workbook.",
        XLSX,
        file_or("ranking.xlsx", XLSX, documents.as_xlsx),
        lambda _: {},
        choice=True,
        weights=True,
    ),
    Endpoint(
        "/clusters.geojson",
        "The ranking with outlines (RFC 7946).",
        GEOJSON,
        file_or("clusters.geojson", GEOJSON, documents.as_geojson, drawn=True),
        schemas.features,
        choice=True,
        weights=True,
    ),
    Endpoint(
        "/cluster/{slug}.json",
        "What the tables hold of one cluster of the edition.",
        JSON,
        answers.cluster,
        schemas.cluster,
        inside=_slug,
        refusals=(404,),
    ),
    Endpoint(
        "/tables/{name}.json",
        "One table of the edition.",
        JSON,
        answers.table,
        schemas.table,
        inside=_name,
        refusals=(404,),
    ),
    Endpoint(
        "/map/marks.json",
        "Where the clusters lie on the world map (Equal Earth), in its units.",
        JSON,
        answers.marks,
        lambda _: schemas.whole({"width": schemas.WHOLE, "marks": schemas.listed(_MARKS)}),
        choice=True,
    ),
    Endpoint(
        "/map/outlines.json",
        "The outlines of the clusters on the world map.",
        JSON,
        answers.outlines,
        lambda _: schemas.whole({"outlines": _OUTLINES}),
        choice=True,
    ),
    Endpoint(
        "/explain.json",
        "Why a coordinate is in a cluster or in none, and what would change that.",
        JSON,
        answers.explain_degrees,
        lambda _: schemas.explanation(),
        choice=True,
        parameters=(_LAT, _LON),
    ),
    Endpoint(
        "/explain/map.json",
        "The same for a spot of the world map.",
        JSON,
        answers.explain_map,
        lambda _: schemas.explanation(),
        choice=True,
        parameters=(_X, _Y),
        refusals=(404,),
    ),
    Endpoint(
        "/explain/place.json",
        "The same for a place by its name.",
        JSON,
        answers.explain_place,
        lambda _: schemas.explanation(),
        choice=True,
        parameters=(_Q,),
        refusals=(404,),
    ),
)
