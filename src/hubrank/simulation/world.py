"""The demonstration world: raw files of three metrics, the studies that rank them, and the planted truth."""

import os
from dataclasses import dataclass
from pathlib import Path

from hubrank.core.errors import StudyError
from hubrank.simulation.files import write_text
from hubrank.simulation.packaged import text
from hubrank.simulation.people import write_people
from hubrank.simulation.places import DECOYS, places
from hubrank.simulation.studies import null_study, studies
from hubrank.simulation.tasks import Plan, groups_by_metric, write_all
from hubrank.simulation.truth import write_clusters, write_places

FEWEST_LISTINGS = 80_000  # below, whole records lift decoys and noise over the threshold


@dataclass(frozen=True, slots=True)
class World:
    """A world on disk: its folder, the study files (the older first), and how much was planted.

    records : per metric, records in scope and located, over all six years.
    """

    folder: Path
    studies: tuple[Path, ...]
    clusters: int
    decoys: int
    sites: int
    records: dict[str, int]


def simulate(out: Path, *, listings: int, clusters: int = 237, seed: int = 2025, workers: int | None = None) -> World:
    """Write a simulated world into `out`: raw/, truth/, 2024.toml, 2025.toml and 2025-null.toml, the studies last.

    listings : inventors, authors and funded companies in the raw files, approximately.
    clusters : clusters above the threshold; decoys just below it are added.
    workers : processes that write a large world; None takes one per core. They never change a byte.
    Works hold only the fields that are read. The same arguments give the same bytes.
    Memory does not grow with `listings`.
    Raises StudyError for fewer than FEWEST_LISTINGS, or more clusters than there is room for.
    """
    if listings < FEWEST_LISTINGS:
        raise StudyError(f"--listings is {listings:,}; small clusters require at least {FEWEST_LISTINGS:,}.")
    if seed < 0:
        raise StudyError(f"--seed is {seed}; it must be 0 or more.")
    sites = places(clusters, seed)
    raw, truth = out / "raw", out / "truth"
    write_text(raw / "SIMULATED.txt", text("SIMULATED.txt"))
    write_text(truth / "README.md", text("truth.md"))
    plan = Plan(out, listings, clusters, seed)
    write_all(plan, workers or os.cpu_count() or 1)
    divided = groups_by_metric(plan)
    write_places(truth / "places.parquet", sites)
    write_clusters(truth / "clusters.parquet", sites, divided)
    write_people(raw / "people.parquet", truth / "people.parquet", sites, seed)
    paths = []
    for name, study in studies(seed, text("sources.toml")).items():
        write_text(out / name, study)
        paths.append(out / name)
    write_text(out / "2025-null.toml", null_study(seed, text("sources.toml")))
    planted = {metric: int(groups.planted.sum()) for metric, groups in divided.items()}
    return World(out, tuple(paths), clusters, DECOYS, len(sites.city), planted)
