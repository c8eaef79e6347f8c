"""The shape of each response as pydantic models, those of tables from their columns and the dictionary of columns."""

from typing import Annotated, Any, Literal

import pyarrow as pa
from pydantic import BaseModel, Field, create_model

from hubrank.core import columns as columns_module
from hubrank.serving import documents, variants
from hubrank.serving.served_edition import ServedEdition

_NEVER_NULL = frozenset({"rank", "cluster_id", "cluster", "economies", "score_pct"})
Columns = dict[str, Any]


class Closed(BaseModel, extra="forbid"):
    """An object that has these keys and no others."""


class Head(Closed):
    """The keys at the head of every document."""

    title: Annotated[str, Field(description="title of the study")]
    edition: Annotated[str, Field(description="name of the edition")]
    note: Annotated[str, Field(description="must accompany the figures, such as that they are simulated; or empty")]


class Mark(Closed):
    """Where a cluster lies on the world map."""

    cluster_id: str
    x: float
    y: float


class Marks(Closed):
    """Where all clusters lie on the world map."""

    width: int
    marks: list[Mark]


class Outlines(Closed):
    """The outlines of all clusters on the world map."""

    outlines: Annotated[dict[str, str], Field(description="data of an SVG path, by cluster_id")]


class NamedCluster(Closed):
    """A cluster in an explanation."""

    cluster_id: str
    name: str
    economies: str
    rank: int


class CoreSite(Closed):
    """A core site in an explanation."""

    lat: float
    lon: float
    near: str
    distance_km: float
    density_listings: int


class Limits(Closed):
    """Under which threshold or radius the answer would be another."""

    threshold_listings: int | None
    threshold_ppm: int | None
    radius_km: int | None


class Explained(Closed):
    """Why a place is in a cluster or in none."""

    place: str
    lat: Annotated[float, Field(description="where a listing of the place is counted")]
    lon: float
    namesakes: list[str]
    site_listings: Annotated[int, Field(description="listings at that very site")]
    density_listings: Annotated[int, Field(description="listings within the radius")]
    threshold_listings: int
    radius_km: float
    role: Literal["core", "border"] | None
    cluster: NamedCluster | None
    core: Annotated[CoreSite | None, Field(description="the nearest core")]
    nearest: NamedCluster | None
    nearest_gap_km: float | None
    outline_of: Annotated[NamedCluster | None, Field(description="whose outline covers it all the same")]
    limits: Annotated[Limits, Field(description="what would change that")]
    note: str
    sentences: Annotated[list[str], Field(description="the same in words")]


def ranking(edition: ServedEdition) -> type[Closed]:
    """Return the model of a ranking: the edition's, or one under another choice."""
    weights = _model("Weights", dict.fromkeys(edition.edition.metrics, (float, ...)))
    as_published: Any = Annotated[bool, Field(description="whether these are the edition's figures")]
    return create_model(
        "Ranking",
        __base__=Head,
        radius_km=(float, ...),
        min_listings=(int, ...),
        weights=(weights, ...),
        as_in_the_edition=(as_published, ...),
        clusters=(_list_of(_ranked(edition)), ...),
    )


def features(edition: ServedEdition) -> type[Closed]:
    """Return the model of a ranking as GeoJSON (RFC 7946)."""
    geometry = _model("Geometry", {"type": (Literal["Polygon", "MultiPolygon"], ...), "coordinates": (list[Any], ...)})
    fields = {"type": (Literal["Feature"], ...), "id": (str, ...), "geometry": (geometry, ...)}
    feature = _model("Feature", {**fields, "properties": (_ranked(edition), ...)})
    collection = {"type": (Literal["FeatureCollection"], ...), "note": (str, ""), "features": (_list_of(feature), ...)}
    return _model("FeatureCollection", collection)


def cluster(edition: ServedEdition) -> type[Closed]:
    """Return the model of all that the tables hold of one cluster."""
    tables = {
        name: (
            _list_of(_model(f"Cluster {name}", _columns(edition, name, table.drop_columns(["cluster_id"]).schema))),
            ...,
        )
        for name, table in documents.cluster_tables(edition).items()
    }
    return create_model("Cluster", __base__=Head, cluster_id=(str, ...), tables=(_model("Cluster tables", tables), ...))


def table(edition: ServedEdition) -> type[Closed]:
    """Return the model of any one table."""
    rows: Any = None
    for name, each in sorted(edition.tables.items()):
        listed = _list_of(_model(f"Row {name}", _columns(edition, name, each.schema)))
        rows = listed if rows is None else rows | listed
    return create_model("Table", __base__=Head, rows=(rows, ...))


def _ranked(edition: ServedEdition) -> type[Closed]:
    """Return the model of a row of the edition's ranking, or of one under another choice."""
    printed = _columns(edition, "ranking", edition.tables["ranking"].schema)
    variant = _columns(edition, "variant", variants.schema(edition.edition.metrics))
    both = {
        name: field if name in printed and name in variant else (field[0], None)
        for name, field in {**variant, **printed}.items()
    }
    return _model("Ranked cluster", both)


def _columns(edition: ServedEdition, name: str, schema: pa.Schema) -> Columns:
    """Return the columns of a table as fields, each in the words of the dictionary."""
    return {
        column.name: (_column(column), ...) for column in columns_module.describe(name, schema, edition.edition.metrics)
    }


def _column(column: columns_module.Described) -> Any:  # noqa: ANN401 (a type)
    kind = _type(column.type)
    if column.name not in _NEVER_NULL:
        kind |= None
    meaning = f"{column.meaning}{f' ({column.unit})' if column.unit else ''}"
    return Annotated[kind, Field(description=meaning)] if meaning else kind


def _type(kind: pa.DataType) -> Any:  # noqa: ANN401 (a type)
    if pa.types.is_list(kind):
        return _list_of(_type(kind.value_type))
    if pa.types.is_boolean(kind):
        return bool
    if pa.types.is_integer(kind):
        return int
    return float if pa.types.is_decimal(kind) or pa.types.is_floating(kind) else str


def _list_of(kind: Any) -> Any:  # noqa: ANN401 (a type)
    return list[kind]


def _model(name: str, columns: Columns) -> type[Closed]:
    """Return a model with fields of any name; columns may be called what pydantic has methods for."""
    fields: Columns = {
        f"field_{number}": (Annotated[kind, Field(alias=column)], default)
        for number, (column, (kind, default)) in enumerate(columns.items())
    }
    return create_model(name, __base__=Closed, **fields)
