"""addresses, clusters → the addresses whose place could be another one, with the clusters of their alternatives."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.analysis.comparison.cluster_area import area_labels
from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels
from hubrank.core.sphere import Floats
from hubrank.core.tables import Engine, Relation
from hubrank.counting.points import rounded_spots
from hubrank.geocoding.model import ALTERNATIVES
from hubrank.ranking.place_draws import DoubtfulAddresses
from hubrank.ranking.scores import RankedClusters, scores
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
    here = _labels(study, ranked, rows["lat_e7"], rows["lon_e7"])
    others = np.full((rows.num_rows, ALTERNATIVES), NOISE, np.int32)
    permille = np.zeros((rows.num_rows, ALTERNATIVES), np.int64)
    alternatives = rows["alternatives"].combine_chunks()
    row = pc.list_parent_indices(alternatives).to_numpy()
    at = np.arange(len(row)) - np.searchsorted(row, row)
    places = pc.list_flatten(alternatives)
    others[row, at] = _labels(study, ranked, places.field("lat_e7"), places.field("lon_e7"))
    thousandths = pc.multiply(places.field("location_probability"), pa.scalar(Decimal(1000)))
    permille[row, at] = thousandths.cast(pa.int64()).to_numpy()
    elsewhere = ((others != here[:, None]) & (permille > 0)).any(axis=1)
    score = _scores(study, ranked, rows)
    return DoubtfulAddresses(here[elsewhere], others[elsewhere], permille[elsewhere], score[elsewhere])


def _labels(study: Study, ranked: RankedClusters, lat: pa.Array, lon: pa.Array) -> Labels:
    """Return the cluster in whose area each position, in degrees × 10⁷, lies; rounded as the sites are."""
    lat_e7, lon_e7 = rounded_spots(np.array(lat, np.int64), np.array(lon, np.int64), study.points.step_e7)
    return area_labels(ranked, study.clusters.radius_km, lat_e7, lon_e7)


def _scores(study: Study, ranked: RankedClusters, rows: pa.Table) -> Floats:
    """Return what each address adds to the score of its cluster, of which the ranking has the numerators."""
    metrics = ranked.sites.metrics
    one_each = np.eye(len(metrics), dtype=np.int64).tolist()
    unit = scores(one_each, ranked.sites.totals, list(study.weights.values()))
    per_unit = {
        metric: numerator / unit.denominator for metric, numerator in zip(metrics, unit.numerators, strict=True)
    }
    pairs = zip(rows["metric"].to_pylist(), rows["units"].to_pylist(), strict=True)
    return np.array([per_unit[metric] * units for metric, units in pairs], np.float64)
