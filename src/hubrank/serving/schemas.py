"""The shape of each response as pydantic models; the columns of a ranking are those of this edition."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pyarrow as pa
from pydantic import BaseModel, Field, create_model

from hubrank.analysis.explanation import Explanation
from hubrank.core import columns
from hubrank.serving import variants
from hubrank.serving.served_edition import ServedEdition

_NEVER_NULL = frozenset({"rank", "cluster_id", "cluster", "economies", "score_pct"})
_TYPES = {
    pa.types.is_boolean: bool,
    pa.types.is_integer: int,
    pa.types.is_decimal: float,
    pa.types.is_floating: float,
    pa.types.is_list: list[str],
}
Row = Annotated[dict[str, Any], Field(description="by column; datapackage.json describes the columns")]


class Closed(BaseModel, extra="forbid"):
    """An object that has these keys and no others."""


class Head(Closed):
    """The keys at the head of every document."""

    title: Annotated[str, Field(description="title of the study")]
    edition: Annotated[str, Field(description="name of the edition")]
    note: Annotated[str, Field(description="must accompany the figures, such as that they are simulated; or empty")]


class ClusterRows(Head):
    """The rows of one cluster in each table."""

    cluster_id: str
    tables: dict[str, list[Row]]


class TableRows(Head):
    """One table."""

    rows: list[Row]


class Geometry(Closed):
    """The outline of a cluster, in degrees."""

    type: Literal["Polygon", "MultiPolygon"]
    coordinates: list[Any]


class Feature(Closed):
    """A cluster on the map."""

    type: Literal["Feature"]
    id: str
    properties: Annotated[dict[str, Any], Field(description="the same as a row of /clusters.json")]
    geometry: Geometry


class FeatureCollection(Closed):
    """A ranking as GeoJSON (RFC 7946)."""

    type: Literal["FeatureCollection"]
    note: str = ""
    features: list[Feature]


class Mark(Closed):
    """Where the heaviest site of a cluster lies, in degrees."""

    cluster_id: str
    lon: float
    lat: float


class Marks(Closed):
    """Where all clusters lie."""

    marks: list[Mark]


Rings = Annotated[
    dict[str, list[list[int]]],
    Field(description="rings by cluster_id: longitude and latitude in turn, in steps, each the difference to the last"),
]


class Outlines(Closed):
    """The areas and outlines of clusters."""

    step: Annotated[int, Field(description="steps of a degree")]
    areas: Rings
    outlines: Rings


@dataclass(frozen=True, kw_only=True)
class ExplainedPlace(Explanation):
    """An explanation, and the same in words."""

    sentences: tuple[str, ...]


def ranking(edition: ServedEdition) -> type[Closed]:
    """Return the model of a ranking: the edition's, or one under another radius, threshold or weights."""
    metrics = edition.edition.metrics
    printed = columns.describe("ranking", edition.tables["ranking"].schema, metrics)
    variant = columns.describe("variant", variants.schema(metrics), metrics)
    common = {column.name for column in printed} & {column.name for column in variant}
    described = {column.name: column for column in (*variant, *printed)}.values()
    row = create_model(
        "RankedCluster",
        __base__=Closed,
        **{f"column_{number}": _field(column, common) for number, column in enumerate(described)},
    )
    fields: dict[str, Any] = {
        "radius_km": float,
        "min_listings": int,
        "weights": Annotated[dict[str, float], Field(description="by metric")],
        "as_in_the_edition": Annotated[bool, Field(description="whether these are the edition's figures")],
        "clusters": list[row],  # type: ignore[valid-type]
    }
    return create_model("Ranking", __base__=Head, **fields)


def _field(column: columns.Described, required: set[str]) -> Any:  # noqa: ANN401 (a type and a default)
    """Return a column as a field; the alias lets it have a name that pydantic has a method of."""
    kind: Any = next((kind for is_of, kind in _TYPES.items() if is_of(column.type)), str)
    unit = f" ({column.unit})" if column.unit else ""
    kind = kind if column.name in _NEVER_NULL else kind | None
    field = Field(alias=column.name, description=f"{column.meaning}{unit}")
    return Annotated[kind, field], ... if column.name in required else None
