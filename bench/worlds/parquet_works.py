"""Works of OpenAlex as Parquet, out of the JSON lines of a simulated world: the columns of its first 2,000 works."""

from pathlib import Path

import duckdb

LARGEST = 40 << 20  # of one work: abstracts and references are long


def works_as_parquet(raw: Path, out: Path) -> None:
    """Write each file of works of `raw` as a Parquet file into `out`, a new folder."""
    draft = out.with_name(f".{out.name}.part")
    draft.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"memory_limit": "4GB", "temp_directory": str(raw / "spill")}) as engine:
        for number, path in enumerate(sorted((raw / "openalex" / "works").rglob("*.gz"))):
            engine.execute(
                f"COPY (FROM read_json('{path}', format = 'newline_delimited', maximum_object_size = {LARGEST}, "
                f"sample_size = 2000, map_inference_threshold = 50)) "
                f"TO '{draft / f'part_{number:03}.parquet'}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20000)"
            )
    draft.replace(out)
