"""A table of how addresses are located that are written in several forms, for the benchmarks that write them."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from random import Random

import numpy as np
import pyarrow as pa

from hubrank.core.sphere import ONE_PLACE_KM, distance_km
from hubrank.core.tables import ADDRESS_SCHEMA, Geocoder
from hubrank.geocoding.gazetteer import place_labels
from hubrank.geocoding.text.normalise import plain
from hubrank.geocoding.text.organisation_words import GENERIC

SURE = 0.9
# Of names, in several languages.
SMALL_WORDS = frozenset(["of", "and", "the", "for", "de", "la", "du", "des", "le", "et", "di", "e", "do", "da", "del"])
SMALL_WORDS |= {"y", "für", "und", "&"}
Form = Callable[..., dict[str, str] | None]  # the columns of an address from a row without its spot; None: not so
HEADER = "| form | rows | right | elsewhere | of these 90 % sure | no place |\n|---|--:|--:|--:|--:|--:|"


def line(
    name: str, form: Form, rows: Sequence[tuple], geocoder: Geocoder, examples: int, within_km: float = ONE_PLACE_KM
) -> str:
    """Return a line of the table, and examples of what is elsewhere or nowhere, drawn by seed.

    rows : the arguments of the form, then latitude and longitude (1e-7 degree) of where it is.
    within_km : how far from there an answer is right.
    """
    written = [(form(*row[:-2]), *row[-2:]) for row in rows]
    texts, lat, lon = zip(*(one for one in written if one[0]), strict=True)
    answers = geocoder.locate(pa.Table.from_pylist(texts, ADDRESS_SCHEMA))
    located = np.array(answers["lat_e7"].is_valid())
    spots = (answers[axis].fill_null(0).to_numpy() for axis in ("lat_e7", "lon_e7"))
    elsewhere = located & (distance_km(np.array(lat), np.array(lon), *spots) > within_km)
    sure = elsewhere & (answers["location_probability"].cast(pa.float64()).fill_null(0).to_numpy() >= SURE)
    right = int(located.sum() - elsewhere.sum())
    lines = [f"| {name} | {len(texts):,} | {right:,} | {elsewhere.sum()} | {sure.sum()} | {(~located).sum()} |"]
    puts = place_labels.place_names(answers["gazetteer_id"]).to_pylist()
    wrong = np.flatnonzero(elsewhere | ~located).tolist()
    sample = Random(1).sample(wrong, min(examples, len(wrong)))
    lines += [f"  {' | '.join(texts[at].values())} → {puts[at]}" for at in sample]
    return "\n".join(lines)


def print_table(
    forms: Mapping[str, Form],
    rows: Sequence[tuple],
    geocoder: Geocoder,
    examples: int,
    within_km: float = ONE_PLACE_KM,
) -> None:
    """Print a line of the table for each form, as soon as it is measured."""
    for name, form in forms.items():
        print(line(name, form, rows, geocoder, examples, within_km), flush=True)


def stated_numbers(description: str | None) -> tuple[int, int]:
    """Return how many examples of each form the command line asks for, and of how many rows one is taken."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--examples", type=int, default=0, help="of each form, drawn by seed")
    parser.add_argument("--every", type=int, default=1, help="take one of so many rows")
    stated = parser.parse_args()
    return stated.examples, stated.every


def in_short(name: str) -> str:
    """Return a name without its general last words, two and more words that are not all general; else ""."""
    words = name.split()
    while len(words) > 2 and GENERIC.union(SMALL_WORDS).issuperset(plain(words[-1]).split()):
        words.pop()
    is_short = len(words) < len(name.split()) and not GENERIC.issuperset(plain(" ".join(words)).split())
    return " ".join(words) if is_short else ""


def misspelt(name: str, whole: int) -> str:
    """Return a name without one of its letters, which the name itself draws, behind the first ones that stay whole."""
    at = [number for number, letter in enumerate(name) if letter.isalpha() and number >= whole]
    position = Random(name).choice(at) if at else len(name)
    return name[:position] + name[position + 1 :]
