"""Listings with their clusters → the tables `located` and `addresses`, in one pass that adds them up (METHOD 5, 12)."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.core.edition import SIMULATED
from hubrank.core.parquet import write_stream
from hubrank.core.processes import ahead
from hubrank.core.sphere import Ints
from hubrank.core.tables import CODED, Engine, schema
from hubrank.counting.addresses import sorted_addresses
from hubrank.counting.count import CountedRecords
from hubrank.counting.places import Places
from hubrank.counting.points import rounded_spots, site_keys
from hubrank.geocoding.shown_address import KEY_BITS
from hubrank.ranking.listing_sums import ListingSums
from hubrank.ranking.scores import RankedClusters
from hubrank.study.study import Study

LOCATED_SCHEMA = schema("""
    metric text?, record_key text?, listing_no int32?, year int32?, weight int?, units int?, listings int?,
    cluster_id text?, address_key int?, source_file text?, source_row int?
""")
# Few texts are written by the code that they already have.
_STREAMED_SCHEMA = pa.schema(
    field.with_type(CODED) if field.name in {"metric", "cluster_id", "source_file"} else field
    for field in LOCATED_SCHEMA
)
_LOCATED_ORDER = ("metric", "source_file", "source_row", "record_key")
_KEY = (1 << KEY_BITS) - 1  # keys are numbers modulo a power of two, of which a mask takes less time
_AHEAD = 12  # pieces of listings: with six the writer, which takes four at once, waited a quarter of its time


def write_located(
    folder: Path, study: Study, counted: CountedRecords, ranked: RankedClusters, engine: Engine
) -> tuple[dict[str, pa.Schema], ListingSums]:
    """Write the tables `located` and `addresses` of an edition; return their columns, and what listings add up to."""
    note = SIMULATED if study.synthetic else ""
    tables = folder / "tables"
    sums = ListingSums(study.metrics, len(ranked.names), full=study.ranking.counting == "full")
    pieces = ahead(located(counted, ranked, study.points.step_e7, sums), _AHEAD)  # reading and writing take as long
    batches = (batch for piece in pieces for batch in piece.to_batches())
    reader = pa.RecordBatchReader.from_batches(_STREAMED_SCHEMA, batches)
    listings = write_stream(tables / "located.parquet", reader, _LOCATED_ORDER, note=note)
    rows = sorted_addresses(counted.addresses, engine)
    addresses = write_stream(tables / "addresses.parquet", rows, ("address_key",), note=note)
    return {"located": listings, "addresses": addresses}, sums


def located(counted: CountedRecords, ranked: RankedClusters, step_e7: int, sums: ListingSums) -> Iterator[pa.Table]:
    """Yield every located listing with its cluster, by metric, source, file and line: they need not fit into memory.

    sums : takes each of them.

    Yields Table[_STREAMED_SCHEMA].
    """
    ids = [name.cluster_id for name in ranked.names]
    keys = site_keys(ranked.sites.lat_e7, ranked.sites.lon_e7)
    of_places: Places | None = None
    for source in sorted(counted.sources, key=lambda each: each.metric):
        for rows, places, shard in source.located():
            if places is not of_places:
                of_places, label = places, _clusters_of(places, keys, ranked, step_e7)
                of_shard = sums.begin(source.metric, label, places.economy, contiguous=shard.is_contiguous)
            cluster = label[rows["place"].to_numpy()]
            of_shard.add(rows, cluster)
            columns = {name: rows[name] for name in LOCATED_SCHEMA.names if name in rows.column_names}
            columns |= {
                "metric": _coded(np.zeros(len(rows), np.int64), [source.metric]),
                "cluster_id": _coded(cluster, ids),
                "address_key": pa.array((rows["address_key"].to_numpy() + source.offset) & _KEY),
            }
            if source.prefix:
                columns["record_key"] = pc.binary_join_element_wise(source.prefix, rows["record_key"], "")
            yield pa.table(columns, _STREAMED_SCHEMA)


def _coded(code: Ints, texts: Sequence[str]) -> pa.DictionaryArray:
    """Return the text of each code, null behind the last."""
    return pa.DictionaryArray.from_arrays(
        pa.array(code.astype(np.int32), mask=code == len(texts)), pa.array(texts, pa.string())
    )


def _clusters_of(places: Places, keys: Ints, ranked: RankedClusters, step_e7: int) -> Ints:
    """Return the cluster of each place; where it is in none, the number behind the last. keys : of the sites."""
    spot = site_keys(*rounded_spots(places.lat_e7, places.lon_e7, step_e7))
    row = np.minimum(np.searchsorted(keys, spot), len(keys) - 1)
    label = np.where(keys[row] == spot, ranked.label[row], NOISE)
    return np.where(label == NOISE, len(ranked.names), label).astype(np.int64)
