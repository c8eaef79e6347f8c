"""Editions to publish: the demonstration's, and one of a few named squares."""

import json
import shutil
from decimal import Decimal

import pyarrow as pa

from hubrank.core import edition
from hubrank.publishing.publish import publish_downloads

SHARE, COUNT = pa.decimal128(38, 6), pa.decimal128(38, 3)
RANKING = pa.schema(
    [
        ("rank", pa.int64()),
        *((name, pa.string()) for name in ("cluster_id", "cluster", "economies")),
        ("score_pct", SHARE),
        ("patents", COUNT),
        ("patents_share_pct", SHARE),
        ("change", pa.int64()),
    ]
)
PROFILES = pa.schema(
    [(name, pa.string()) for name in ("cluster_id", "metric", "kind", "name", "code")]
    + [("rank_in_cluster", pa.int64()), ("units", pa.int64()), ("share_pct", SHARE), ("specialisation", SHARE)]
)


def demo_again(demo, folder):
    """Publish the newer edition of the demonstration once more, with its tables and brief; return its tables."""
    newer = edition.load(demo / "2025")
    shutil.copytree(newer.folder / "tables", folder / "tables")
    for path in newer.folder.glob("brief.*"):
        shutil.copy(path, folder)
    tables = {path.stem: newer.table(path.stem) for path in (folder / "tables").glob("*.parquet")}
    outlines = json.loads((newer.folder / "clusters.geojson").read_text("utf-8"))
    shapes = {feature["id"]: feature["geometry"] for feature in outlines["features"]}
    publish_downloads(folder, tables, shapes, newer.manifest)
    return tables


def square(number):
    lon, lat = number % 30, number // 30
    ring = [[lon, lat], [lon + 0.5, lat], [lon + 0.5, lat + 0.5], [lon, lat + 0.5], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


def named(names, title="A test"):
    """Return tables, shapes and manifest of one square per name; each has an organisation of the same name."""
    ids = [f"c{number}" for number in range(len(names))]
    ranking = [
        {
            "rank": number + 1,
            "cluster_id": ids[number],
            "cluster": name,
            "economies": "FR",
            "score_pct": Decimal(number) / 7,
            "patents": Decimal(1),
            "patents_share_pct": None,
            "change": -3,
        }
        for number, name in enumerate(names)
    ]
    ranking = [row | {"score_pct": round(row["score_pct"], 6), "patents": Decimal("1.000")} for row in ranking]
    same = {"metric": "patents", "kind": "organisation", "rank_in_cluster": 1, "units": 10**9}
    profiles = [{"cluster_id": key, "name": name, **same} for key, name in zip(ids, names, strict=True)]
    tables = {
        "ranking": pa.Table.from_pylist(ranking, RANKING),
        "profiles": pa.Table.from_pylist(profiles, PROFILES),
    }
    shapes = {key: square(number) for number, key in enumerate(ids)}
    study = {"title": title, "edition": "1", "sources": [{"metric": "patents", "reader": "table", "files": "x.csv"}]}
    manifest = {"study": study, "sources": [{"metric": "patents", "reader": "table"}], "threshold_listings": 3}
    return tables, shapes, manifest
