"""What the resolver reaches on real files, as one table: places, calibration, countries, speed.

    HUBRANK_SHARED=../shared python bench/places.py [--half A|B] [--speed | --processes 2]

The resolver is trained on half A (scripts/train_resolver.py); half B is what counts. A row is right within 15 km.
`python scripts/train_resolver.py --left-out` prints the same of half A, each row by a model that has not seen it.
"""

import argparse
import resource
import sys
import time
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

import geocoding as bench
import places_rows
from hubrank import geocoding
from hubrank.core import countries
from hubrank.core.sphere import ONE_PLACE_KM, distance_km, to_e7
from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding.fast_paths import Dictionary
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.nearest import nearest_places
from hubrank.geocoding.model import Model
from hubrank.geocoding.resolver import Resolver
from hubrank.geocoding.text.normalise import key, plain
from hubrank.study.sections import Geocoding
from places_rows import Row

NOT_POOLED = (  # planted, or one text in several spellings
    "coordinates",
    "region",
    "word",
    "short",
    "name",
    "no-country",
    "text-us-short",
    "text-us-long",
    "state-codes",
)
FEWEST_IN_BAND = 400
LONGEST_NAME = 4  # words of a place's name that are looked for in a text
SHORTEST_NAME = 4  # letters
DEFAULT = Geocoding()


@dataclass(frozen=True)
class Answered:
    """A row, whether its answer is right, the answer's probability (0 where there is none) and its economy.

    passes : whether the study's default threshold lets it pass.
    """

    row: Row
    right: bool
    probability: float
    economy: str | None
    lat_e7: int | None
    lon_e7: int | None
    passes: bool


def answered(rows: list[Row], settings: geocoding.Settings, model: Model | None = None) -> list[Answered]:
    """Return the answers to rows with the threshold off, and which of them the settings let pass.

    model : that judges, None for the packaged one.
    """
    table = pa.Table.from_pylist([row.address for row in rows], ADDRESS_SCHEMA)
    resolver, pm = geocoding.resolver_for(settings), 10 * settings.geocoding.min_probability_pct
    finder, model = resolver.finder, model or resolver.model
    answers, sure = (
        Resolver(finder, model, Dictionary(finder.names, model, least), min_probability_pm=least).locate(table)
        for least in (0, pm)
    )
    passing = sure["location_probability"].is_valid().to_pylist()
    results = []
    columns = (answers[name].to_pylist() for name in ("lat_e7", "lon_e7", "location_probability", "economy"))
    for row, passes, la, lo, probability, economy in zip(rows, passing, *columns, strict=True):
        right = row.lat is not None and la is not None and _gap_km(la, lo, row) <= ONE_PLACE_KM
        results.append(Answered(row, right, float(probability or 0), economy, la, lo, passes))
    return results


def _gap_km(lat_e7: int, lon_e7: int, row: Row) -> float:
    spots = [np.array([v]) for v in (lat_e7, lon_e7)]
    return float(distance_km(*spots, *(to_e7(np.array([v])) for v in (row.lat, row.lon)))[0])


def shares(answers: list[Answered]) -> tuple[int, float, float]:
    """Return rows, the share of them that is right, and of answers."""
    count = sum(one.row.count for one in answers)
    right = sum(one.row.count for one in answers if one.right and one.passes)
    passed = sum(one.row.count for one in answers if one.passes)
    return count, right / max(count, 1), right / max(passed, 1)


def names_it(text: str, lat_e7: int, lon_e7: int, economy: str | None) -> bool:
    """Say whether a text has the name of a place within 15 km of coordinates, or of an economy that is no wider."""
    words, places = plain(text).split(), gazetteer.places()
    for size in range(1, LONGEST_NAME + 1):
        for start in range(len(words) - size + 1):
            name = key(" ".join(words[start : start + size]))
            rows = (
                [r for r, _ in gazetteer.names().rows(name) if r < len(places.name)]
                if len(name) >= SHORTEST_NAME
                else []
            )
            here = [np.full(len(rows), v) for v in (lat_e7, lon_e7)]
            if rows and distance_km(*here, places.lat_e7[rows], places.lon_e7[rows]).min() <= ONE_PLACE_KM:
                return True
    whole = (
        {key(name) for name in (countries.name(economy), *countries.table()[economy].aliases)}
        if economy in gazetteer.city_states()
        else set()
    )
    return any(
        key(" ".join(words[start:end])) in whole
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
    )


def _named(one: Answered) -> bool:
    if one.lat_e7 is None or one.lon_e7 is None:
        return False
    return names_it(one.row.address["institution"], one.lat_e7, one.lon_e7, one.economy)


def affiliations(answers: list[Answered]) -> dict[str, float]:
    """Return recall, precision and F1 at places, and the share of unregistered rows put where no text says."""
    true = [one for one in answers if one.row.lat is not None]
    unregistered = [one for one in answers if one.row.file.endswith("-unknown-unregistered")]
    unnamed = [one for one in unregistered if one.passes and not _named(one)]
    right = sum(one.right and one.passes for one in true)
    precision = right / max(sum(one.passes for one in true) + len(unnamed), 1)
    recall = right / max(len(true), 1)
    return {
        "rows": len(true),
        "right": recall,
        "of answers": right / max(sum(one.passes for one in true), 1),
        "F1": 2 * precision * recall / max(precision + recall, 1e-9),
        "neither city nor seat": sum(one.row.lat is None for one in answers),
        "unregistered rows": len(unregistered),
        "unregistered, put where the text names no place": len(unnamed) / max(len(unregistered), 1),
    }


def bands(answers: list[Answered]) -> list[tuple[float, float, int]]:
    """Return stated and observed share of ten bands of probability, small ones merged with the next."""
    table = [(one.probability, one.right) for one in answers for _ in range(one.row.count) if one.lat_e7 is not None]
    result: list[tuple[float, float, int]] = []
    waiting: list[tuple[float, bool]] = []
    for low in range(10):
        waiting += [pair for pair in table if low / 10 <= pair[0] < (low + 1) / 10 + (low == 9)]
        if len(waiting) >= FEWEST_IN_BAND or (low == 9 and waiting):
            stated, observed = np.array(waiting, float).mean(0)
            result.append((float(stated), float(observed), len(waiting)))
            waiting = []
    return result


def reachable(one: Answered) -> bool:
    """Say whether a row has a truth, or rightly none: of no registered organisation and at no place that it names."""
    return one.row.lat is not None or (one.row.file.endswith("-unknown-unregistered") and not _named(one))


def abroad(answers: list[Answered]) -> float:
    """Return the share of answers in another country than stated, where the truth lies in the stated one."""
    total = wrong = 0
    for one in answers:
        economy = countries.find(one.row.address.get("country") or "")
        if not economy or not one.passes or one.row.lat is None:
            continue
        spot = [to_e7(np.array([v])) for v in (one.row.lat, one.row.lon)]
        if gazetteer.places().economy[int(nearest_places(*spot)[0][0])] in countries.family(economy):
            total += one.row.count
            wrong += one.row.count * (one.economy not in countries.family(economy))
    return wrong / max(total, 1)


def report(answers: list[Answered]) -> None:
    """Print what answers reach: by file, of affiliations, the calibration, and countries."""
    by_file: dict[str, list[Answered]] = defaultdict(list)
    for one in answers:
        by_file[one.row.file].append(one)
    print("| file | rows | right | of answers | elsewhere |\n|---|--:|--:|--:|--:|")
    for file, many in sorted(by_file.items()):
        count, right, of_answers = shares(many)
        passed = sum(one.row.count for one in many if one.passes)
        elsewhere = (passed - round(right * count)) / count
        print(f"| {file} | {count:,} | {100 * right:.2f} % | {100 * of_answers:.2f} % | {100 * elsewhere:.2f} % |")
    for name in ("springer", "logs"):
        figures = affiliations([one for one in answers if one.row.file.startswith(name)])
        shown = (f"{k} {v:,}" if isinstance(v, int) else f"{k} {v:.4f}" for k, v in figures.items())
        print(f"\n{name}: " + "; ".join(shown))
    judged = [one for one in answers if not one.row.file.startswith(NOT_POOLED) and reachable(one)]
    print("\n| stated | observed | answers |\n|--:|--:|--:|")
    table = bands(judged)
    for stated, observed, count in table:
        print(f"| {100 * stated:.1f} % | {100 * observed:.1f} % | {count:,} |")
    print(f"greatest difference {100 * max(abs(s - o) for s, o, _ in table):.1f} points")
    for file in sorted({one.row.file for one in judged}):
        of_file = bands([one for one in judged if one.row.file == file])
        if of_file:
            print(f"{file}: " + ", ".join(f"{100 * s:.0f} → {100 * o:.0f} ({n:,})" for s, o, n in of_file))
    print(f"\nin another country than stated, where that is right: {100 * abroad(answers):.3f} %")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", default="B", choices=["A", "B"])
    parser.add_argument("--speed", action="store_true", help="measure speed and memory alone")
    parser.add_argument("--processes", type=int, default=0, help="compare one to so many processes instead")
    arguments = parser.parse_args()
    settings = geocoding.Settings(geocoding=DEFAULT, institutions=(bench.ROR,))
    if arguments.processes:
        for processes, seconds in bench.by_processes(settings, arguments.processes).items():
            print(f"{processes} processes: {seconds:.1f} s of wall time")
        return
    geocoding.resolver_for(settings)  # compiles what is not compiled yet
    geocoding.forget()
    start = time.process_time()
    resolver = geocoding.resolver_for(settings)
    print(f"half {arguments.half}; loaded in {time.process_time() - start:.1f} s of processor time\n")
    if arguments.speed:
        alone = geocoding.resolver_for(geocoding.Settings())
        print(f"dictionary: {bench.dictionary_rate(alone)['per s']:,.0f} addresses a second and core")
        print(f"all files: {bench.overall_rate(resolver)['per s']:,.0f} addresses a second and core")
    else:
        report(
            answered(
                [
                    row
                    for row in [*places_rows.every(resolver), *places_rows.state_codes()]
                    if row.half == arguments.half
                ],
                settings,
            )
        )
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10:,.0f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
