"""addresses, clusters → the addresses whose place could be another one, with the clusters of their alternatives."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pyarrow as pa

from hubrank.analysis.comparison.cluster_area import area_labels
from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.core.tables import Engine, Relation
from hubrank.counting.points import rounded_spots
from hubrank.geocoding.model import ALTERNATIVES
from hubrank.ranking.place_draws import DoubtfulAddresses
from hubrank.ranking.scores import RankedClusters, scores_per_unit
from hubrank.study.study import Study

DOUBTFUL = """
SELECT metric, lat_e7, lon_e7, alternatives, units FROM addresses
WHERE alternatives IS NOT NULL AND lat_e7 IS NOT NULL AND units > 0 ORDER BY address_key
"""


def doubtful_places(study: Study, ranked: RankedClusters, addresses: Relation, engine: Engine) -> DoubtfulAddresses:
    """Return the addresses that may lie in another cluster than the one they were put in, or in none.

    addresses : as counting.addresses returns them. An alternative lies in the cluster in whose area it is.
    """
    rows = engine.rows(DOUBTFUL, addresses=addresses)
    here = _labels(study, ranked, rows["lat_e7"].to_pylist(), rows["lon_e7"].to_pylist())
    others = np.full((rows.num_rows, ALTERNATIVES), NOISE, np.int32)
    permille = np.zeros((rows.num_rows, ALTERNATIVES), np.int64)
    flat = [
        (row, at, place)
        for row, places in enumerate(rows["alternatives"].to_pylist())
        for at, place in enumerate(places[:ALTERNATIVES])
    ]
    if flat:
        row, at = (np.array([one[n] for one in flat]) for n in (0, 1))
        spots = [[place[name] for *_, place in flat] for name in ("lat_e7", "lon_e7")]
        others[row, at] = _labels(study, ranked, *spots)
        permille[row, at] = [int(1000 * place["location_probability"]) for *_, place in flat]
    elsewhere = ((others != here[:, None]) & (permille > 0)).any(axis=1)
    score = _scores(study, ranked, rows)
    return DoubtfulAddresses(here[elsewhere], others[elsewhere], permille[elsewhere], score[elsewhere])


def _labels(study: Study, ranked: RankedClusters, lat: Sequence[int], lon: Sequence[int]) -> "np.ndarray":
    """Return the cluster in whose area coordinates lie, rounded as the sites are."""
    lat_e7, lon_e7 = rounded_spots(np.array(lat, np.int64), np.array(lon, np.int64), study.points.step_e7)
    return area_labels(ranked, study.clusters.radius_km, lat_e7, lon_e7)


def _scores(study: Study, ranked: RankedClusters, rows: pa.Table) -> "np.ndarray":
    """Return what each address adds to the score of its cluster, of which the ranking has the numerators."""
    weights = list(study.weights.values())
    totals = ranked.sites.totals
    unit = scores_per_unit(totals, weights)
    whole = sum(each * total for each, total in zip(unit, totals, strict=True))
    factor = 100 * sum(1 for weight in weights if weight)
    per_unit = {m: float(Fraction(factor * u, whole)) for m, u in zip(ranked.sites.metrics, unit, strict=True)}
    pairs = zip(rows["metric"].to_pylist(), rows["units"].to_pylist(), strict=True)
    return np.array([per_unit[metric] * units for metric, units in pairs], np.float64)
