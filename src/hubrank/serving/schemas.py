"""The shape of each answer as JSON Schema (2020-12), from the tables and their dictionary."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from hubrank.core import columns as columns_module
from hubrank.serving import documents, variants
from hubrank.serving.desk import Desk

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}
_ALWAYS = frozenset({"rank", "cluster_id", "cluster", "economies", "score_pct"})


def whole(properties: Schema, optional: Sequence[str] = ()) -> Schema:
    """Return the schema of an object that has these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def listed(items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def or_nothing(schema: Schema) -> Schema:
    """Return the schema of a value that may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def row(name: str, columns: pa.Schema, metrics: Sequence[str]) -> Schema:
    """Return the schema of one row of a table, each column in the words of the dictionary."""
    return whole({column.name: _column(column) for column in columns_module.describe(name, columns, metrics)})


def head() -> Schema:
    """Return the keys that stand at the head of every document."""
    return {
        "title": {**TEXT, "description": "title of the study"},
        "edition": {**TEXT, "description": "name of the edition"},
        "note": {
            **TEXT,
            "description": "what must stand beside the figures, such as that they are simulated; or empty",
        },
    }


def ranking(desk: Desk) -> Schema:
    """Return the schema of a ranking: the edition's own, or one under another choice."""
    metrics = desk.made.metrics
    return whole(
        {
            **head(),
            "radius_km": NUMBER,
            "min_listings": WHOLE,
            "weights": whole(dict.fromkeys(metrics, NUMBER)),
            "as_in_the_edition": {**FLAG, "description": "whether these are the edition's own figures"},
            "clusters": listed(_ranked(desk)),
        }
    )


def features(desk: Desk) -> Schema:
    """Return the schema of a ranking as GeoJSON."""
    shape = whole({"type": {"enum": ["Polygon", "MultiPolygon"]}, "coordinates": {"type": "array"}})
    feature = {"type": {"const": "Feature"}, "id": TEXT, "properties": _ranked(desk), "geometry": shape}
    collection = {"type": {"const": "FeatureCollection"}, "note": TEXT, "features": listed(whole(feature))}
    return whole(collection, ["note"])


def _ranked(desk: Desk) -> Schema:
    """Return the schema of a row of the edition's own ranking, or of one under another choice."""
    own = row("ranking", desk.tables["ranking"].schema, desk.made.metrics)["properties"]
    other = row("variant", variants.schema(desk.made.metrics), desk.made.metrics)["properties"]
    columns = {**other, **own}
    return whole(columns, [name for name in columns if name not in own or name not in other])


def cluster(desk: Desk) -> Schema:
    """Return the schema of what is told of one cluster."""
    tables = {
        name: listed(row(name, table.drop_columns(["cluster_id"]).schema, desk.made.metrics))
        for name, table in documents.of_clusters(desk).items()
    }
    return whole({**head(), "cluster_id": TEXT, "tables": whole(tables)})


def table(desk: Desk) -> Schema:
    """Return the schema of any one table."""
    metrics = desk.made.metrics
    rows = [listed(row(name, table.schema, metrics)) for name, table in sorted(desk.tables.items())]
    return whole({**head(), "rows": {"anyOf": rows}})


def explanation() -> Schema:
    """Return the schema of an explanation."""
    known = whole({"cluster_id": TEXT, "name": TEXT, "economies": TEXT, "rank": WHOLE})
    core = whole({"lat": NUMBER, "lon": NUMBER, "near": TEXT, "distance_km": NUMBER, "density_listings": WHOLE})
    limits = ("threshold_listings", "threshold_ppm", "radius_km")
    return whole(
        {
            "place": TEXT,
            "lat": {**NUMBER, "description": "where a listing of the place is counted"},
            "lon": NUMBER,
            "namesakes": listed(TEXT),
            "site_listings": {**WHOLE, "description": "listings at that very spot"},
            "density_listings": {**WHOLE, "description": "listings within the radius"},
            "threshold_listings": WHOLE,
            "radius_km": NUMBER,
            "role": {"enum": ["core", "border", None]},
            "cluster": or_nothing(known),
            "core": {**or_nothing(core), "description": "the nearest core"},
            "nearest": or_nothing(known),
            "nearest_gap_km": or_nothing(NUMBER),
            "outline_of": {**or_nothing(known), "description": "whose outline is drawn over it all the same"},
            "limits": {**whole(dict.fromkeys(limits, or_nothing(WHOLE))), "description": "what would change that"},
            "note": TEXT,
            "sentences": {**listed(TEXT), "description": "the same in words"},
        }
    )


def _column(column: columns_module.Described) -> Schema:
    told = {"description": f"{column.meaning}{f' ({column.unit})' if column.unit else ''}"} if column.meaning else {}
    shape = _of(column.type)
    return {**(shape if column.name in _ALWAYS else or_nothing(shape)), **told}


def _of(kind: pa.DataType) -> Schema:
    if pa.types.is_list(kind):
        return listed(_of(kind.value_type))
    if pa.types.is_boolean(kind):
        return FLAG
    if pa.types.is_integer(kind):
        return WHOLE
    return NUMBER if pa.types.is_decimal(kind) or pa.types.is_floating(kind) else TEXT
