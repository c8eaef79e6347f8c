"""Areas whose name listings without a place state: these count in no area, however often they name it (METHOD 15)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from hubrank.clustering.areas import Areas
from hubrank.core.countries import family
from hubrank.core.sphere import E7
from hubrank.core.tables import Engine, Relation, schema
from hubrank.geocoding.gazetteer.gazetteer import places
from hubrank.geocoding.gazetteer.nearest import nearest_places

_NAMED = schema("area_code text, area text")
_PLAIN = "replace(strip_accents(lower(trim({text}))), 'ı', 'i')"
# A name is the whole of a column or of what stands between commas: Haute-Loire is not named by Loire. What an
# organisation's name begins with is none: Smith, Jones & Co.
PARTS = f"""
SELECT source, metric, address_key, listings, stated_economy AS economy, {_PLAIN.format(text="part")} AS name
FROM (SELECT source, metric, address_key, listings, stated_economy, unnest(list_concat(
          [organisation, city, region], regexp_split_to_array(organisation, '[,;/|]')[2:],
          regexp_split_to_array(city, '[,;/|]'), regexp_split_to_array(region, '[,;/|]'))) AS part
      FROM addresses WHERE lat_e7 IS NULL)
"""
# An area is called by the whole of its name, or in one of its languages: Bolzano/Bozen.
NAMES = f"""
SELECT DISTINCT area_code, area, {_PLAIN.format(text="alias")} AS name
FROM (SELECT area_code, area, unnest(list_concat([area], string_split(area, '/'))) AS alias FROM areas)
WHERE trim(alias) <> ''
"""
# A name of several areas is that of none.
STATED = f"""
SELECT area_code, area, economy, metric, CAST(SUM(listings) AS BIGINT) AS listings
FROM (SELECT DISTINCT parts.source, parts.metric, parts.address_key, parts.listings, parts.economy, area_code, area
      FROM parts JOIN (FROM ({NAMES}) QUALIFY COUNT(*) OVER (PARTITION BY name) = 1) USING (name))
GROUP BY ALL ORDER BY area_code, metric, economy
"""


def unlocated_areas(areas: Areas, addresses: Relation, metrics: Sequence[str], engine: Engine) -> list[dict[str, Any]]:
    """Return the areas that unlocated listings name, those with most first, with their listings by metric.

    Listings that state another country than that of the area do not name it (Córdoba in Argentina).

    addresses : every address, located or not, as counting.addresses returns them. What is free text in a file may be
        a person's, and is not in them where it is not located.
    """
    table = pa.table([areas.code, areas.name], schema=_NAMED)
    names = engine.load(iter([table]), _NAMED)
    parts = engine.plan(PARTS, addresses=addresses)
    rows = engine.rows(STATED, parts=parts, areas=names).to_pylist()
    engine.drop(names)
    homes = _economies(areas, {row["area_code"] for row in rows})
    stated: dict[str, dict[str, Any]] = {}
    for row in rows:
        home, economy = homes[row["area_code"]], row["economy"]
        if economy is not None and economy != home and economy not in family(home):
            continue
        none = {"area_code": row["area_code"], "area": row["area"], "listings": dict.fromkeys(metrics, 0)}
        stated.setdefault(row["area_code"], none)["listings"][row["metric"]] += row["listings"]
    return sorted(stated.values(), key=lambda each: (-sum(each["listings"].values()), each["area_code"]))


def _economies(areas: Areas, codes: set[str]) -> dict[str, str]:
    """Return the country of some areas: that of the place nearest to a point in each."""
    which = [at for at, code in enumerate(areas.code) if code in codes]
    if not which:
        return {}
    points = shapely.point_on_surface(areas.shape[which])
    degrees = np.stack([shapely.get_y(points), shapely.get_x(points)])
    nearest, _ = nearest_places(*np.rint(degrees * E7).astype(np.int64))
    return {areas.code[at]: places().economy[row] for at, row in zip(which, nearest.tolist(), strict=True)}
