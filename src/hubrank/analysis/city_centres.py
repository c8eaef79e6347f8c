"""addresses, clusters → which part of each cluster's listings stands at the centre of a wide city for want of more."""

from collections.abc import Sequence
from decimal import Decimal

from hubrank.core.tables import Engine, Relation
from hubrank.core.units import share_pct
from hubrank.counting import points
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.ranking.scores import RankedClusters
from hubrank.study.study import Study

# A city that is located by post codes as well has several spots; the heaviest is that of its name alone.
AT_CITIES = """
SELECT cluster, gazetteer_id, CAST(MAX(listings) AS BIGINT) AS listings FROM (
    SELECT cluster, addresses.gazetteer_id, addresses.lat_e7, addresses.lon_e7, SUM(rounded.listings) AS listings
    FROM rounded JOIN labels USING (lat_e7, lon_e7) JOIN addresses USING (address_key)
    WHERE addresses.precision = 'city' AND addresses.gazetteer_id IS NOT NULL
    GROUP BY cluster, addresses.gazetteer_id, addresses.lat_e7, addresses.lon_e7
)
GROUP BY cluster, gazetteer_id ORDER BY cluster, gazetteer_id
"""


def city_centres(
    study: Study, ranked: RankedClusters, addresses: Relation, labels: Relation, engine: Engine
) -> Sequence[Decimal | None]:
    """Return, per cluster, the percentage of its listings at the centre of a city that is wider than the ground there.

    A city reaches as far as a dense one of its people does, and the ground half a radius around each core (METHOD 9).
    addresses : as counting.addresses returns them. labels : Relation[lat_e7, lon_e7, cluster], sites in a cluster.
    """
    rounded = points.rounded(addresses, study.points.step_e7, engine)
    rows = engine.rows(AT_CITIES, rounded=rounded, labels=labels, addresses=addresses).to_pylist()
    engine.drop(rounded)
    places = gazetteer.places()
    at_centres = [0] * ranked.count
    for row in rows:
        at = places.row(row["gazetteer_id"])
        if at is not None and 2 * gazetteer.reach_km(int(places.population[at])) > study.clusters.radius_km:
            at_centres[row["cluster"]] += row["listings"]
    listings = ranked.listings.sum(axis=0).tolist()
    return [share_pct(part, whole) for part, whole in zip(at_centres, listings, strict=True)]
