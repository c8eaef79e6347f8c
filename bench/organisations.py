"""Organisations of the register, written in the ways of affiliations, and where they are put.

`python bench/organisations.py [--examples N] [--every N]` draws 3,000 organisations of ROR by seed and prints for each
form how many are put within 15 km of their seats, elsewhere, of these with 90 % and more, and nowhere; with examples of
the last two.
All are registered, so that a form in which many are missing is one that is not read. Lines of another town have them in
one of their country, drawn by seed of those of `contexts.py`, which text or columns state and which is right. Lines of
a town nearby have them in one 3 to 14 km from the seat, and what is right is within 2 km of it. The last line has the
same organisations left out of the register: what is elsewhere there is an organisation, or a place, that the text only
resembles or has in its name.
"""

import gzip
import json
import re
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

import contexts
from forms import HEADER, SMALL_WORDS, Form, in_short, misspelt, print_table, stated_numbers
from geocoding import ROR as REGISTER
from hubrank import geocoding
from hubrank.core.sphere import distance_km, to_e7
from hubrank.study.sections import Geocoding

MANY = 3_000
SEED = 7
DEPARTMENTS = ("Department of Physics", "School of Medicine", "Faculty of Science", "Division of Cardiology")
# As Web of Science writes them.
ABBREVIATIONS = """university=Univ institute=Inst technology=Technol medicine=Med medical=Med science=Sci sciences=Sci
    hospital=Hosp research=Res national=Natl center=Ctr centre=Ctr laboratory=Lab college=Coll engineering=Engn
    international=Int academy=Acad school=Sch association=Assoc foundation=Fdn general=Gen agency=Agcy department=Dept
    health=Hlth company=Co corporation=Corp society=Soc agricultural=Agr agriculture=Agr polytechnic=Polytech
    development=Dev industrial=Ind applied=Appl physics=Phys chemistry=Chem biology=Biol environmental=Environm
    environment=Environm education=Educ technical=Tech federal=Fed regional=Reg clinical=Clin"""
SHORT = dict(pair.split("=") for pair in ABBREVIATIONS.split())


def abbreviated(name: str) -> str:
    """Return a name as Web of Science writes it: `Univ Calif`."""
    bare = re.sub(r"[(),]", "", name).replace("-", " ")
    return " ".join(SHORT.get(word.lower(), word) for word in bare.split() if word.lower() not in SMALL_WORDS)


def department(name: str) -> str:
    """Return a department, drawn by the name of its organisation."""
    return Random(name).choice(DEPARTMENTS)


def unaccented(name: str) -> str:
    """Return a name without its accents."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))


def _text(text: str) -> dict[str, str]:
    return {"address": text}


# Of the name, its first other label, its acronym, the names of its city and of its country, and the code of that.
FORMS: dict[str, Form] = {
    "column of organisations; code of country": lambda n, _, __, ___, ____, code: {"institution": n, "country": code},
    "name, country": lambda n, _, __, ___, country, ____: _text(f"{n}, {country}"),
    "name": lambda n, *_: _text(n),
    "name city": lambda n, _, __, city, *___: _text(f"{n} {city}"),
    "name, the last word cut": lambda n, *_: _text(n[:-3]) if " " in n and len(n.rpartition(" ")[2]) > 6 else None,
    "name without its general last words, country": lambda n, _, __, ___, country, ____: (
        _text(f"{in_short(n)}, {country}") if in_short(n) else None
    ),
    "U. for University of": lambda n, *_: (
        _text(n.replace("University of", "U.", 1)) if n.startswith("University of") else None
    ),
    "name's group": lambda n, *_: _text(f"{n}'s Foobar Group"),
    "from the name, country": lambda n, _, __, ___, country, ____: _text(f"From the {n}, {country}"),
    "name1": lambda n, *_: _text(f"{n}1"),
    "name-city": lambda n, _, __, city, *___: _text(f"{n}-{city}"),
    "name, country cut": lambda n, _, __, ___, country, ____: _text(f"{n}, {country[:-2]}"),
    "name, misspelt country": lambda n, _, __, ___, country, ____: _text(f"{n}, {misspelt(country, 2)}"),
    "student at name": lambda n, *_: _text(f"PhD student at {n}"),
    "department; name": lambda n, *_: _text(f"{department(n)}; {n}"),
    "department of name": lambda n, *_: _text(f"{department(n)} of {n}"),
    "department/name": lambda n, *_: _text(f"{department(n)}/{n}"),
    "department name": lambda n, *_: _text(f"{department(n)} {n}"),
    "department, name": lambda n, *_: _text(f"{department(n)}, {n}"),
    "department, name, country": lambda n, _, __, ___, country, ____: _text(f"{department(n)}, {n}, {country}"),
    "department, name, city, country": lambda n, _, __, city, country, ____: _text(
        f"{department(n)}, {n}, {city}, {country}"
    ),
    "department of the name, country": lambda n, _, __, ___, country, ____: _text(
        f"{department(n)} of the {n}, {country}"
    ),
    "name department, country": lambda n, _, __, ___, country, ____: _text(f"{n} {department(n)}, {country}"),
    "name country": lambda n, _, __, ___, country, ____: _text(f"{n} {country}"),
    "NAME, COUNTRY": lambda n, _, __, ___, country, ____: _text(f"{n}, {country}".upper()),
    "name without accents, country": lambda n, _, __, ___, country, ____: _text(f"{unaccented(n)}, {country}"),
    "abbreviated name, country": lambda n, _, __, ___, country, ____: _text(f"{abbreviated(n)}, {country}"),
    "abbreviated name": lambda n, *_: _text(abbreviated(n)),
    "misspelt name, country": lambda n, _, __, ___, country, ____: _text(f"{misspelt(n, 3)}, {country}"),
    "department of the misspelt name, country": lambda n, _, __, ___, country, ____: _text(
        f"{department(n)} of the {misspelt(n, 3)}, {country}"
    ),
    "other label, country": lambda _, label, __, ___, country, ____: _text(f"{label}, {country}") if label else None,
    "department at acronym, country": lambda n, _, acronym, ___, country, ____: (
        _text(f"{department(n)} at {acronym}, {country}") if acronym else None
    ),
    "acronym, country": lambda _, __, acronym, ___, country, ____: _text(f"{acronym}, {country}") if acronym else None,
    "columns of name; city, country": lambda n, _, __, city, country, ____: {
        "institution": n,
        "address": f"{city}, {country}",
    },
    "columns of name; city, code": lambda n, _, __, city, ___, code: {"institution": n, "address": f"{city}, {code}"},
    "columns of name; city, country as a city": lambda n, _, __, city, country, ____: {
        "institution": n,
        "city": f"{city}, {country}",
    },
    "columns of name, city; code": lambda n, _, __, city, ___, code: {"institution": f"{n}, {city}", "country": code},
    "name; city; country": lambda n, _, __, city, country, ____: _text(f"{n}; {city}; {country}"),
    "name (city, country)": lambda n, _, __, city, country, ____: _text(f"{n} ({city}, {country})"),
    "country, city, name": lambda n, _, __, city, country, ____: _text(f"{country}, {city}, {n}"),
    "name (acronym), country": lambda n, _, acronym, ___, country, ____: (
        _text(f"{n} ({acronym}), {country}") if acronym else None
    ),
}


# Of name, the other town, its region, the country and its code: the right one is the other town.
ELSEWHERE: dict[str, Form] = {
    "name, another town, country": lambda n, town, _, country, __: _text(f"{n}, {town}, {country}"),
    "name, another town, its region, country": lambda n, town, region, country, _: _text(
        f"{n}, {town}, {region}, {country}"
    ),
    "name another town, country": lambda n, town, _, country, __: _text(f"{n} {town}, {country}"),
    "name at another town, country": lambda n, town, _, country, __: _text(f"{n} at {town}, {country}"),
    "columns of name, another town, code": lambda n, town, _, __, code: {
        "institution": n,
        "city": town,
        "country": code,
    },
    "columns of name; another town, country": lambda n, town, _, country, __: {
        "institution": n,
        "address": f"{town}, {country}",
    },
    "columns of name; street, another town, code": lambda n, town, _, __, code: {
        "institution": n,
        "address": f"12 Foo Street, {town}, {code}",
    },
    "columns of name; another town, country as a city": lambda n, town, _, country, __: {
        "institution": n,
        "city": f"{town}, {country}",
    },
    "name; another town; country": lambda n, town, _, country, __: _text(f"{n}; {town}; {country}"),
    "name (another town, country)": lambda n, town, _, country, __: _text(f"{n} ({town}, {country})"),
    "country, another town, name": lambda n, town, _, country, __: _text(f"{country}, {town}, {n}"),
}
APART_KM = 60
NEARBY_KM, THERE_KM = (3, 14), 2


def elsewhere(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return for each organisation the arguments of the forms of another town, and where that is."""
    towns = contexts.towns()
    random = Random(SEED)
    moved = []
    for name, *_, country, code, lat, lon in rows:
        there = [t for t in towns if t[3] == code and contexts.gap_km((lat, lon), t[-2:]) > APART_KM]
        if there:
            town = random.choice(there)
            moved.append((name, town[0], town[1], country, code, *town[-2:]))
    return moved


def nearby(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return for each organisation the arguments of the forms of another town that is near its seat."""
    named, small = contexts.region_names(), contexts.small_and_large()[0]
    lat, lon = (np.array([town[axis] for town in small]) for axis in (-2, -1))
    random = Random(SEED)
    moved = []
    for row in rows:
        name, (country, code, seat_lat, seat_lon) = row[0], row[-4:]
        gaps = distance_km(lat, lon, np.full(len(lat), seat_lat), np.full(len(lon), seat_lon))
        near = np.flatnonzero((gaps > NEARBY_KM[0]) & (gaps < NEARBY_KM[1])).tolist()
        if there := [small[at] for at in near if small[at][1] == code]:
            town = random.choice(there)
            moved.append((name, town[0], named[code, town[2]], country, code, *town[-2:]))
    return moved


def _first(record: dict[str, Any], kind: str, name: str) -> str:
    return next((one["value"] for one in record["names"] if kind in one["types"] and one["value"] != name), "")


def _row(record: dict[str, Any]) -> tuple[Any, ...]:
    name = _first(record, "ror_display", "")
    bare = re.sub(r" \([^)]*\)$", "", name)
    place = record["locations"][0]["geonames_details"]
    spot = (int(to_e7(np.array([place[axis]]))[0]) for axis in ("lat", "lng"))
    labels = _first(record, "label", name), _first(record, "acronym", name)
    return (bare, *labels, place["name"], place["country_name"], place["country_code"], *spot)


def main() -> None:
    """Print the table, and examples if they are asked for."""
    examples, every = stated_numbers(__doc__)
    with gzip.open(REGISTER, "rt", encoding="utf-8") as lines:
        records = [record for record in map(json.loads, lines) if record.get("names")]
    times = Counter(name.casefold() for r in records for name in {one["value"] for one in r["names"]})
    once = [r for r in records if r["locations"] and times[_first(r, "ror_display", "").casefold()] == 1]
    sample = Random(SEED).sample([r for r in once if r["status"] == "active"], MANY)
    rows = list(map(_row, sample))[::every]
    print(f"{len(rows):,} organisations\n\n{HEADER}")
    use = Geocoding(use=["institutions", "names"])
    geocoder = geocoding.geocoder_for(geocoding.Settings(use, (REGISTER,), None))
    print_table(FORMS, rows, geocoder, examples)
    print_table(ELSEWHERE, elsewhere(rows), geocoder, examples)
    close = {name.replace("another town", "a town nearby"): form for name, form in ELSEWHERE.items()}
    print_table(close, nearby(rows), geocoder, examples, THERE_KM)
    left_out = {record["id"] for record in sample}
    with tempfile.TemporaryDirectory() as folder:
        register = Path(folder) / "register.jsonl.gz"
        with gzip.open(register, "wt", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(record)}\n" for record in records if record["id"] not in left_out)
        geocoder = geocoding.geocoder_for(geocoding.Settings(use, (register,), None))
        print_table({"name, country; not registered": FORMS["name, country"]}, rows, geocoder, examples)


if __name__ == "__main__":
    main()
