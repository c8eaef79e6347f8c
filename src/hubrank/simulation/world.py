"""The demonstration world: raw files of three metrics, the studies that rank them, and the truth behind them."""

import os
from dataclasses import dataclass
from pathlib import Path

from hubrank.core.errors import StudyError
from hubrank.simulation.files import write_text
from hubrank.simulation.packaged import text
from hubrank.simulation.places import DECOYS, places
from hubrank.simulation.studies import studies
from hubrank.simulation.tasks import Plan, carry_out, counted
from hubrank.simulation.truth import write_clusters, write_places

FEWEST_LISTINGS = 80_000  # below, whole records lift decoys and noise over the threshold


@dataclass(frozen=True, slots=True)
class World:
    """What was written: the folder, the study files (the older first), and how much was planted.

    records : per metric, records in scope and located, over all six years.
    """

    folder: Path
    studies: tuple[Path, ...]
    clusters: int
    decoys: int
    sites: int
    records: dict[str, int]


def simulate(
    out: Path,
    *,
    listings: int,
    clusters: int = 237,
    seed: int = 2025,
    fat: bool = False,
    parquet: bool = False,
    workers: int | None = None,
) -> World:
    """Write a simulated world into `out`: raw/, truth/, 2024.toml and 2025.toml, the studies last.

    listings : inventors, authors and funded companies in the raw files, about.
    clusters : how many clusters stand above the threshold; decoys just below it come on top.
    fat : works hold about 10,000 bytes each, as OpenAlex's do; else only what is read.
    parquet : one bare table per metric instead of the real formats, and no truth of single listings.
    workers : processes that write a large world; None takes one per core. They never change a byte.
    The same arguments give the same bytes, whatever ran before. Memory does not grow with `listings`.
    Raises StudyError for fewer than FEWEST_LISTINGS, or more clusters than there is room for.
    """
    if listings < FEWEST_LISTINGS:
        raise StudyError(f"--listings is {listings:,}; small clusters need {FEWEST_LISTINGS:,} or more.")
    if seed < 0:
        raise StudyError(f"--seed is {seed}; it must be 0 or more.")
    laid = places(clusters, seed)
    raw, truth = out / "raw", out / "truth"
    write_text(raw / "SIMULATED.txt", text("SIMULATED.txt"))
    write_text(truth / "README.md", text("truth.md"))
    plan = Plan(out, listings, clusters, seed, fat, parquet)
    carry_out(plan, workers or os.cpu_count() or 1)
    divided = counted(plan)
    write_places(truth / "places.parquet", laid)
    write_clusters(truth / "clusters.parquet", laid, divided)
    written = []
    for name, study in studies(seed, parquet=parquet).items():
        write_text(out / name, study)
        written.append(out / name)
    planted = {metric: int(made.planted.sum()) for metric, made in divided.items()}
    return World(out, tuple(written), clusters, DECOYS, len(laid.city), planted)
