"""Write what aabpl finds dense on a projected world: `tests/clustering/aabpl_members.json`.

aabpl brings geopandas, matplotlib and pandas 3, so it runs in an environment of its own:

    python -m venv oracle && oracle/bin/pip install aabpl==0.5.1 && oracle/bin/python scripts/make_aabpl_members.py
"""

import json
from pathlib import Path

import aabpl
import numpy as np
import pandas as pd

TARGET = Path(__file__).parents[1] / "tests/clustering/aabpl_members.json"
SITES, POINTS, EXTENT, RADIUS = 1_500, 4_000, 200_000, 15_000  # metres
PERCENTILES = (90, 95, 99)


def main() -> None:
    """Draw sites and random points on a plane, in whole metres, and keep the dense sites at each percentile."""
    random = np.random.default_rng(19)
    towns = random.integers(20_000, EXTENT - 20_000, (25, 2))
    in_towns = towns[random.integers(0, 25, SITES // 2)] + random.normal(0, 6_000, (SITES // 2, 2)).round()
    scattered = random.integers(0, EXTENT, (SITES - SITES // 2, 2))
    sites = np.concatenate([in_towns, scattered]).astype(np.int64)
    weight = random.integers(1, 50, SITES)
    points = random.integers(0, EXTENT, (POINTS, 2))
    members = {}
    for percentile in PERCENTILES:
        table = pd.DataFrame({"x": sites[:, 0] * 1.0, "y": sites[:, 1] * 1.0, "weight": weight})
        aabpl.detect_cluster_pts(
            pts=table,
            crs="",
            r=RADIUS,
            c=["weight"],
            x="x",
            y="y",
            stat="sum",
            exclude_self=False,
            k_th_percentile=percentile,
            null_distribution=points * 1.0,
            silent=True,
        )
        flagged = next(name for name in table.columns if "cluster" in name)
        members[str(percentile)] = np.flatnonzero(table[flagged].to_numpy()).tolist()
    content = {
        "made_by": f"aabpl {aabpl.version.__version__ if hasattr(aabpl.version, '__version__') else '0.5.1'}",
        "radius_m": RADIUS,
        "sites_m": sites.tolist(),
        "weight": weight.tolist(),
        "points_m": points.tolist(),
        "members": members,
    }
    TARGET.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
