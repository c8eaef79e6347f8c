"""The study files of the demonstration world."""

from string import Template

from hubrank.simulation.allocation import WINDOW, YEARS
from hubrank.simulation.groups import FIRST_YEAR
from hubrank.simulation.packaged import text
from hubrank.simulation.places import EDITIONS, LEVEL_PPM, METRICS

NULL_PERCENTILE = 93.2  # of the inhabited cells: decoys lie below it and clusters above, as our grid is laid out
COMPARE = f"""
[compare]
previous = "{EDITIONS[0]}/edition.json"
"""


def studies(seed: int, sources: str) -> dict[str, str]:
    """Return the study files by name, the older first, over `sources` (sections of TOML).

    In the older, deals have weight 0 and take no part in the density.
    """
    older = _study(0, "Two metrics: deals are read, weigh nothing and make no density.", METRICS[:2], seed, sources)
    newer = _study(1, "Three metrics of equal weight.", METRICS, seed, sources)
    return {f"{EDITIONS[0]}.toml": older, f"{EDITIONS[1]}.toml": newer + COMPARE}


def null_study(seed: int, sources: str) -> str:
    """Return the newer study with its threshold as a percentile of random points; nobody runs it unasked."""
    why = "As 2025.toml, but dense is what has more listings around it than most points drawn from inhabited cells."
    return _study(1, why, METRICS, seed, sources, threshold=f"threshold = {{ null = {NULL_PERCENTILE} }}")


def _study(
    edition: int,
    why: str,
    density: tuple[str, ...],
    seed: int,
    sources: str,
    threshold: str = f"min_share_ppm = {LEVEL_PPM}",
) -> str:
    first = {metric: year + edition for metric, year in FIRST_YEAR.items()}
    windows = {metric: f"[{year}, {year + WINDOW - 1}]" for metric, year in first.items()}
    years = {f"{metric}_years": f"[{year}, {year + YEARS - 1}]" for metric, year in FIRST_YEAR.items()}
    return Template(text("study.toml")).substitute(
        windows,
        edition=EDITIONS[edition],
        why=why,
        sources=Template(sources).substitute(years).strip(),
        threshold=threshold,
        seed=seed,
        density=", ".join(f'"{metric}"' for metric in density),
        weight=int("deals" in density),
    )
