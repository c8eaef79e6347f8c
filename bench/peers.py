"""The same counting without hubrank: what any engine has to do, as pieces of Python.

Each takes the window, splits records in whole units and sums them onto rounded sites, and nothing else. `raw` is the
folder of the files, `metrics` the years of each metric, `memory` a limit of DuckDB's, `spill` a folder for what does
not fit.
"""

DUCKDB = """
import duckdb
engine = duckdb.connect(config={{"memory_limit": {memory!r}, "temp_directory": {spill!r},
                                 "preserve_insertion_order": False}})
for metric, (first, last) in {metrics!r}.items():
    sites = engine.sql(f'''
        WITH split AS (
            SELECT record, lat, lon, 1000000000 // COUNT(*) OVER of AS part, 1000000000 % COUNT(*) OVER of AS rest,
                   row_number() OVER (PARTITION BY record ORDER BY listing) AS nth
            FROM read_parquet('{raw}/{{metric}}/*.parquet')
            WHERE year BETWEEN {{first}} AND {{last}} AND lat IS NOT NULL
            WINDOW of AS (PARTITION BY record)
        )
        SELECT floor(lat * 100 + 0.5) AS lat, floor(lon * 100 + 0.5) AS lon, COUNT(*) AS listings,
               CAST(SUM(part + CASE WHEN nth <= rest THEN 1 ELSE 0 END) AS BIGINT) AS units
        FROM split GROUP BY 1, 2''').to_arrow_table()
    assert sum(sites["units"].to_pylist()) % 10**9 == 0
"""
POLARS = """
import polars as pl
for metric, (first, last) in {metrics!r}.items():
    sites = (
        pl.scan_parquet(f"{raw}/{{metric}}/*.parquet")
        .filter(pl.col("year").is_between(first, last) & pl.col("lat").is_not_null())
        .with_columns(many=pl.len().over("record"), nth=pl.col("listing").rank("ordinal").over("record"))
        .with_columns(units=10**9 // pl.col("many") + (pl.col("nth") <= 10**9 % pl.col("many")).cast(pl.Int64))
        .group_by((pl.col("lat") * 100 + 0.5).floor(), (pl.col("lon") * 100 + 0.5).floor())
        .agg(pl.col("units").sum(), listings=pl.len())
        .collect()
    )
    assert sites["units"].sum() % 10**9 == 0
"""
PANDAS = """
import numpy as np, pandas as pd
for metric, (first, last) in {metrics!r}.items():
    rows = pd.read_parquet(f"{raw}/{{metric}}")
    rows = rows[rows.year.between(first, last) & rows.lat.notna()].sort_values("listing", kind="stable")
    of = rows.groupby("record", sort=False)
    many, nth = of["listing"].transform("size"), of.cumcount() + 1
    rows["units"] = 10**9 // many + (nth <= 10**9 % many)
    rows["y"], rows["x"] = np.floor(rows.lat * 100 + 0.5), np.floor(rows.lon * 100 + 0.5)
    sites = rows.groupby(["y", "x"])["units"].agg(["sum", "size"])
    assert sites["sum"].sum() % 10**9 == 0
"""
COUNTING = {"DuckDB": DUCKDB, "Polars": POLARS, "pandas": PANDAS}

# Authorships of works by institution, from the files that hubrank reads.
AUTHORSHIPS = """
import duckdb
engine = duckdb.connect(config={{"memory_limit": {memory!r}, "temp_directory": {spill!r},
                                 "preserve_insertion_order": False}})
counted = engine.sql('''
    SELECT institution.id, COUNT(*) AS authorships
    FROM (SELECT unnest(a.institutions) AS institution
          FROM (SELECT unnest(authorships) AS a FROM read_parquet('{raw}/*.parquet')
                WHERE publication_year BETWEEN {first} AND {last}))
    GROUP BY 1''').to_arrow_table()
assert counted.num_rows > 100, counted.num_rows
"""
