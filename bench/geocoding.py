"""Accuracy and speed of geocoding on the truth sets of the shared folder, one table.

    HUBRANK_SHARED=../shared python bench/geocoding.py [--half A|B|all] [--wrong N] [--ceiling] [SET …]

Shares are of all rows: an unlocated row is a miss. Each file is split by a hash of the city; rules are developed on
half A and reported on half B. `--wrong N` prints the N worst answers; `--ceiling` says what any method could reach.
"""

import argparse
import csv
import gzip
import hashlib
import json
import math
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from hubrank import geocoding
from hubrank.core.sphere import distance_km, to_e7
from hubrank.core.tables import ADDRESS_SCHEMA, Geocoder
from hubrank.geocoding.evidence import coordinates
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.parallel import LoadedGeocoder, ParallelGeocoder

SHARED = Path(os.environ.get("HUBRANK_SHARED", Path(__file__).parents[2] / "shared")) / "data"
ROR = SHARED / "institutions/ror/ror-records.jsonl.gz"
RIGHT_KM = 15


@dataclass(frozen=True)
class Row:
    """One address, its true place (degrees) and how many records it stands for."""

    address: dict[str, str]
    lat: float
    lon: float
    weight: int = 1


def half(city: str) -> str:
    """Return A or B, by a hash of the city's name."""
    return "AB"[hashlib.blake2b(city.strip().lower().encode(), digest_size=1).digest()[0] & 1]


def totals(*, us: bool) -> Iterator[Row]:
    with (SHARED / "deals/city-totals-2014/aggregate_data.csv").open(encoding="utf-8") as file:
        for r in csv.DictReader(file):
            if (r["country_code"] == "USA") == us:
                where = float(r["Latitude"]), float(r["Longitude"])
                yield Row({"city": r["city"], "country": r["country_code"]}, *where, int(r["funding_rounds"]))


def offices() -> Iterator[Row]:
    with (SHARED / "deals/offices-2013/offices.csv").open(encoding="utf-8") as file:
        for r in csv.DictReader(file):
            where = float(r["latitude"] or "nan"), float(r["longitude"] or "nan")
            yield Row({"city": r["city"], "country": r["country_code"]}, *where)


def placed_offices() -> Iterator[Row]:
    """Yield the offices whose coordinates are not those of the middle of a country, where they would say nothing."""
    rows = [row for row in offices() if math.isfinite(row.lat)]
    good = coordinates.usable(*(to_e7(np.array([getattr(row, axis) for row in rows])) for axis in ("lat", "lon")))
    return (row for row, usable in zip(rows, good, strict=True) if usable)


def organisations() -> Iterator[Row]:
    with gzip.open(ROR, "rt", encoding="utf-8") as file:
        for r in map(json.loads, file):
            if "locations" in r:
                places = [place["geonames_details"] for place in r["locations"][:1]]
                spots = [(p["name"], p["country_code"], p["lat"], p["lng"]) for p in places]
            else:
                spots = [(p["city"], r["country"]["country_code"], p["lat"], p["lng"]) for p in r["addresses"][:1]]
            for city, country, lat, lon in spots:
                if city and lat is not None:
                    yield Row({"city": city, "country": country}, lat, lon)


def typos() -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Yield the address as misspelt and as corrected."""
    for line in (SHARED / "addresses/uspto-city-typos-half.csv").read_text("utf-8").splitlines():
        *front, state, country, right, right_state, right_country = line.split(",")
        wrong = {"city": ",".join(front), "region": state, "country": country}
        yield wrong, {"city": right, "region": right_state, "country": right_country}


def affiliations() -> list[str]:
    with (SHARED / "publications/vispubdata/authors-papers-affiliation.csv").open(encoding="utf-8") as file:
        return [r["Affiliation"] for r in csv.DictReader(file)]


def table(addresses: list[dict[str, str]]) -> pa.Table:
    rows = [{name: address.get(name) or None for name in ADDRESS_SCHEMA.names} for address in addresses]
    return pa.Table.from_pylist(rows, ADDRESS_SCHEMA)


def locate(addresses: list[dict[str, str]], resolver: Geocoder) -> tuple[pa.Table, float]:
    """Return the answers, in order, and how many distinct addresses were answered per second."""
    distinct = list({json.dumps(a): a for a in addresses}.values())
    number = {json.dumps(a): n for n, a in enumerate(distinct)}
    queries = table(distinct)
    start = time.perf_counter()
    answers = resolver.locate(queries)
    rate = len(distinct) / (time.perf_counter() - start)
    return answers.take(pa.array([number[json.dumps(a)] for a in addresses])), rate


def gaps_km(answers: pa.Table, rows: list[Row]) -> np.ndarray:
    """Return how far each answer is from the truth, infinite where there is none of either."""
    lat, lon = (answers[name].to_numpy() for name in ("lat_e7", "lon_e7"))
    true_lat, true_lon = np.array([row.lat for row in rows]), np.array([row.lon for row in rows])
    good = ~np.isnan(lat) & ~np.isnan(true_lat)
    gaps = np.full(len(rows), np.inf)
    there = to_e7(true_lat[good]), to_e7(true_lon[good])
    gaps[good] = distance_km(lat[good].astype(np.int64), lon[good].astype(np.int64), *there)
    return gaps


def against_truth(rows: list[Row], resolver: Geocoder, wrong: int, *, ceiling: bool) -> dict[str, float]:
    answers, rate = locate([row.address for row in rows], resolver)
    gap = gaps_km(answers, rows)
    coordinates = np.isfinite(answers["lat_e7"].to_numpy().astype(float))
    weight = np.array([row.weight for row in rows])
    right = gap <= RIGHT_KM
    if ceiling:
        from geocoding_ceiling import shares  # beside this script, for those who ask

        cities = [(row.address["city"], row.address["country"], row.lat, row.lon) for row in rows]
        return {"rows": len(rows), **shares(ROR, cities, right.tolist())}
    for at in sorted(np.flatnonzero(~right), key=lambda n: (-weight[n], n))[:wrong]:
        answer = {
            name: answers[name][int(at)].as_py()
            for name in ("geocoding_evidence", "location_probability", "gazetteer_id", "economy")
        }
        print(f"    {rows[at].address} ×{weight[at]} {rows[at].lat:.3f},{rows[at].lon:.3f}: {gap[at]:.0f} km, {answer}")
    return {
        "rows": len(rows),
        "right": right.mean(),
        "of answers": right.sum() / max(coordinates.sum(), 1),
        "weighted": (weight * right).sum() / weight.sum(),
        "per s": rate,
    }


def against_correction(part: str, resolver: Geocoder, wrong: int) -> dict[str, float]:
    pairs = [pair for pair in typos() if part == "all" or half(pair[1]["city"]) == part]
    right, _ = locate([pair[1] for pair in pairs], resolver)
    mine, rate = locate([pair[0] for pair in pairs], resolver)
    located = right["lat_e7"].is_valid().to_numpy(zero_copy_only=False).astype(bool)
    coordinates = mine["lat_e7"].is_valid().to_numpy(zero_copy_only=False).astype(bool)
    places = zip(right["lat_e7"].to_pylist(), right["lon_e7"].to_pylist(), strict=True)
    rows = [Row(p[0], (a or 0) / 1e7, (b or 0) / 1e7) for p, (a, b) in zip(pairs, places, strict=True)]
    near = (gaps_km(mine, rows) <= RIGHT_KM) & located
    for at in np.flatnonzero(located & ~near)[:: max(1, (located & ~near).sum() // max(wrong, 1))][:wrong]:
        how, sure = (mine[name][int(at)] for name in ("geocoding_evidence", "location_probability"))
        print(f"    {pairs[at][0]} → {pairs[at][1]}: {how}, {sure}")
    for at in np.flatnonzero(~located)[:: max(1, (~located).sum() // max(wrong, 1))][:wrong]:
        print(f"    not located: {pairs[at][1]}")
    return {
        "rows": len(pairs),
        "corrected located": located.mean(),
        "right": near.sum() / located.sum(),
        "of answers": near.sum() / (coordinates & located).sum(),
        "per s": rate,
    }


def located_share(part: str, resolver: Geocoder, wrong: int) -> dict[str, float]:
    texts = [text for text in affiliations() if part == "all" or half(text) == part]
    answers, rate = locate([{"institution": text} for text in texts], resolver)
    coordinates = answers["lat_e7"].is_valid().to_numpy(zero_copy_only=False).astype(bool)
    for at in np.flatnonzero(~coordinates)[:: max(1, (~coordinates).sum() // max(wrong, 1))][:wrong]:
        print(f"    not located: {texts[at]}")
    return {"rows": len(texts), "located": coordinates.mean(), "per s": rate}


def dictionary_rate(resolver: Geocoder) -> dict[str, float]:
    """Return how many distinct addresses a second are answered that the dictionary holds, in processor time."""
    places = gazetteer.places()
    sample = np.random.default_rng(1).choice(len(places.name), 100_000, replace=False)
    addresses = table([{"city": places.name[at], "country": places.economy[at]} for at in sample])
    rates = []
    for _ in range(3):
        start = time.process_time()
        resolver.locate(addresses)
        rates.append(addresses.num_rows / (time.process_time() - start))
    return {"rows": addresses.num_rows, "per s": sorted(rates)[1]}


def overall_rate(resolver: Geocoder) -> dict[str, float]:
    """Return the same for half of the distinct addresses of all truth sets, misspelt ones and affiliations included.

    The other half goes before: it prepares words and areas, which is done once a run, and is not measured.
    """
    addresses = every_address()
    half = np.random.default_rng(1).random(addresses.num_rows) < 0.5
    before, measured = (addresses.filter(pa.array(mask)) for mask in (half, ~half))
    resolver.locate(before)
    start = time.process_time()
    resolver.locate(measured)
    return {"rows": measured.num_rows, "per s": measured.num_rows / (time.process_time() - start)}


def every_address() -> pa.Table:
    """Return the distinct addresses of all truth sets, misspelt ones and affiliations included."""
    rows = [row.address for us in (True, False) for row in totals(us=us)]
    rows += [row.address for read in (offices, organisations) for row in read()]
    rows += [address for pair in typos() for address in pair] + [{"institution": text} for text in affiliations()]
    return table(list({json.dumps(row): row for row in rows}.values()))


def by_processes(settings: geocoding.Settings, most: int) -> dict[int, float]:
    """Return the seconds of wall time in which so many processes locate each of these addresses in four departments.

    Raises AssertionError where their number changes an answer.
    """
    rows = [row for row in every_address().to_pylist() if row["institution"] or row["address"]]
    name = {True: "institution", False: "address"}
    rows = [
        row | {(column := name[bool(row["institution"])]): f"Department {number}, {row[column]}"}
        for number in range(4)
        for row in rows
    ]
    addresses, seconds, answers = pa.Table.from_pylist(rows, ADDRESS_SCHEMA), {}, None
    for processes in range(1, most + 1):
        geocoding.forget()
        start = time.perf_counter()
        geocoder = ParallelGeocoder(geocoding.resolver_for(settings), LoadedGeocoder(settings), processes - 1)
        located = geocoder.locate(addresses)
        seconds[processes] = time.perf_counter() - start
        assert answers is None or located.equals(answers)
        answers = located
    return seconds


def sets(part: str, wrong: int, ceiling: bool = False) -> dict[str, Callable[[], dict[str, float]]]:
    settings = geocoding.Settings(institutions=(ROR,))
    names = geocoding.resolver_for(settings)
    alone = geocoding.resolver_for(geocoding.Settings())

    def truth(rows: Iterator[Row], resolver: Geocoder = names) -> dict[str, float]:
        selected = [row for row in rows if part == "all" or half(row.address["city"]) == part]
        return against_truth(selected, resolver, wrong, ceiling=ceiling)

    return {
        "totals-abroad": lambda: truth(totals(us=False)),
        "totals-us": lambda: truth(totals(us=True)),
        "totals": lambda: truth(row for us in (True, False) for row in totals(us=us)),
        "offices": lambda: truth(offices()),
        "offices-placed": lambda: truth(placed_offices()),
        "ror": lambda: truth(organisations()),
        "ror-without-register": lambda: truth(organisations(), alone),
        "typos": lambda: against_correction(part, names, wrong),
        "affiliations": lambda: located_share(part, names, wrong),
        "speed-dictionary": lambda: dictionary_rate(alone),
        "speed-overall": lambda: overall_rate(names),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", default="B", choices=["A", "B", "all"])
    parser.add_argument("--wrong", type=int, default=0)
    parser.add_argument("--ceiling", action="store_true")
    parser.add_argument("sets", nargs="*")
    options = parser.parse_args()
    start = time.perf_counter()
    measures = sets(options.half, options.wrong, options.ceiling)
    print(f"half {options.half}; loaded in {time.perf_counter() - start:.1f} s\n")
    for name, measure in measures.items():
        if not options.sets or name in options.sets:
            figures = measure()
            shown = [f"{k} {v:,.0f}" if k in {"rows", "per s"} else f"{k} {100 * v:.2f} %" for k, v in figures.items()]
            print(f"| {name} | {' | '.join(shown)} |", flush=True)
    print(f"\nmemory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10:,.0f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
