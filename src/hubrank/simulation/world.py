"""The demonstration world: raw files of three metrics, the studies that rank them, and the truth behind them."""

from dataclasses import dataclass
from pathlib import Path

from hubrank.errors import StudyError
from hubrank.simulation.deals import write_deals
from hubrank.simulation.files import write_text
from hubrank.simulation.groups import groups
from hubrank.simulation.packaged import text
from hubrank.simulation.patents import write_patents
from hubrank.simulation.places import DECOYS, METRICS, places
from hubrank.simulation.publications import write_publications
from hubrank.simulation.scene import Scene
from hubrank.simulation.studies import studies
from hubrank.simulation.truth import witness, write_clusters, write_places
from hubrank.simulation.wording import forms

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


def simulate(out: Path, *, listings: int, clusters: int = 237, seed: int = 2025) -> World:
    """Write a simulated world into `out`: raw/, truth/, 2024.toml and 2025.toml, the studies last.

    listings : inventors, authors and funded companies in the raw files, about.
    clusters : how many clusters stand above the threshold; decoys just below it come on top.
    The same arguments give the same bytes, whatever ran before. Memory does not grow with `listings`.
    Raises StudyError for fewer than FEWEST_LISTINGS, or more clusters than there is room for.
    """
    if listings < FEWEST_LISTINGS:
        raise StudyError(f"--listings is {listings:,}; small clusters need {FEWEST_LISTINGS:,} or more.")
    if seed < 0:
        raise StudyError(f"--seed is {seed}; it must be 0 or more.")
    laid = places(clusters, seed)
    divided = {metric: groups(laid, metric, listings, seed) for metric in METRICS}
    raw, truth = out / "raw", out / "truth"
    write_text(raw / "SIMULATED.txt", text("SIMULATED.txt"))
    write_text(truth / "README.md", text("truth.md"))
    with witness(truth / "listings.parquet", laid) as known:
        scene = Scene(laid, forms(laid), known, seed)
        write_patents(raw / "patentsview", divided["patents"], scene)
        write_publications(raw / "openalex", divided["publications"], scene)
        write_deals(raw / "crunchbase", divided["deals"], scene)
    write_places(truth / "places.parquet", laid)
    write_clusters(truth / "clusters.parquet", laid, divided)
    written = []
    for name, study in studies(seed).items():
        write_text(out / name, study)
        written.append(out / name)
    counted = {metric: int(made.planted.sum()) for metric, made in divided.items()}
    return World(out, tuple(written), clusters, DECOYS, len(laid.city), counted)
