"""Areas whose name listings without a place state: these count in no area, however often they name it (METHOD 15)."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from hubrank.clustering.areas import Areas
from hubrank.core.tables import Engine, Relation, schema

_NAMED = schema("area_code text, area text")
_PLAIN = "replace(strip_accents(lower(trim({text}))), 'ı', 'i')"
# A name is the whole of a column or of what stands between commas: Haute-Loire is not named by Loire.
PARTS = f"""
SELECT source, metric, address_key, listings, {_PLAIN.format(text="part")} AS name
FROM (SELECT source, metric, address_key, listings,
             unnest(regexp_split_to_array(concat_ws(',', organisation, city, region), '[,;/|]')) AS part
      FROM addresses WHERE lat_e7 IS NULL)
"""
# A name of several areas is that of none.
STATED = f"""
SELECT area_code, area, metric, CAST(SUM(listings) AS BIGINT) AS listings
FROM (SELECT DISTINCT parts.source, parts.metric, parts.address_key, parts.listings, area_code, area
      FROM parts JOIN (SELECT area_code, area, {_PLAIN.format(text="area")} AS name FROM areas
                       QUALIFY COUNT(*) OVER (PARTITION BY {_PLAIN.format(text="area")}) = 1) USING (name))
GROUP BY area_code, area, metric ORDER BY area_code, metric
"""


def unlocated_areas(areas: Areas, addresses: Relation, metrics: Sequence[str], engine: Engine) -> list[dict[str, Any]]:
    """Return the areas that unlocated listings name, those with most first, with their listings by metric.

    addresses : every address, located or not, as counting.addresses returns them. What is free text in a file may be
        a person's, and is not in them where it is not located.
    """
    table = pa.table([areas.code, areas.name], schema=_NAMED)
    names = engine.load(iter([table]), _NAMED)
    parts = engine.plan(PARTS, addresses=addresses)
    stated: dict[str, dict[str, Any]] = {}
    for row in engine.rows(STATED, parts=parts, areas=names).to_pylist():
        none = {"area_code": row["area_code"], "area": row["area"], "listings": dict.fromkeys(metrics, 0)}
        stated.setdefault(row["area_code"], none)["listings"][row["metric"]] = row["listings"]
    engine.drop(names)
    return sorted(stated.values(), key=lambda each: (-sum(each["listings"].values()), each["area_code"]))
