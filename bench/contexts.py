"""Towns with what surrounds them in real addresses, and where they are put.

`python bench/contexts.py [--examples N]` draws 3,000 towns of 2,000 to 150,000 inhabitants by seed, at most 150 of a
country and none whose name another place of its country has, and for each a larger town of the same country and one of
another. It prints for each form how many are put within 15 km of where GeoNames has the town, elsewhere, of these with
90 % and more, and nowhere; with examples of the last two. The other towns stand where they mean no place: in the names
of streets, companies and persons, in what a company was called before. No organisation is known.
"""

import argparse
from collections import Counter
from random import Random

import numpy as np

from forms import HEADER, Form, line
from hubrank import geocoding
from hubrank.core import countries
from hubrank.core.sphere import distance_km
from hubrank.geocoding.gazetteer import city_names, gazetteer, regions
from hubrank.geocoding.text.normalise import key
from hubrank.study.sections import Geocoding

MANY, OF_A_COUNTRY = 3_000, 150
SMALL, LARGE = (2_000, 150_000), 150_000  # inhabitants of the towns, and of the others at least
FAR_KM = 50
SEED = 7


def _text(text: str) -> dict[str, str]:
    return {"address": text}


def misspelt(name: str) -> str:
    """Return a name without one of its letters behind the second, which the name itself draws."""
    at = [number for number, letter in enumerate(name) if letter.isalpha() and number > 1]
    position = Random(name).choice(at) if at else len(name)
    return name[:position] + name[position + 1 :]


# Of town, region, country and its code, the larger town, and the town abroad with its country.
FORMS: dict[str, Form] = {
    "street, town, country": lambda t, r, c, cc, o, a, ac: _text(f"12 Foo Street, {t}, {c}"),
    "street, town, region, country": lambda t, r, c, cc, o, a, ac: _text(f"12 Foo Street, {t}, {r}, {c}"),
    "street of a larger town, town, country": lambda t, r, c, cc, o, a, ac: _text(f"12 {o} Road, {t}, {c}"),
    "street of a larger town and number, town, country": lambda t, r, c, cc, o, a, ac: _text(f"{o} Street 12, {t}, {c}"),
    "Avenue of a larger town, town, country": lambda t, r, c, cc, o, a, ac: _text(f"Avenue {o} 12, {t}, {c}"),
    "larger town and number, town, country": lambda t, r, c, cc, o, a, ac: _text(f"{o} 12, {t}, {c}"),
    "number and larger town, town, country": lambda t, r, c, cc, o, a, ac: _text(f"12 {o}, {t}, {c}"),
    "street of a town abroad, town, country": lambda t, r, c, cc, o, a, ac: _text(f"12 {a} Street, {t}, {c}"),
    "company of a larger town, town, country": lambda t, r, c, cc, o, a, ac: _text(f"{o} Steel Ltd, {t}, {c}"),
    "company of a larger town, street, town, country": lambda t, r, c, cc, o, a, ac: _text(
        f"{o} Steel Ltd, 12 Foo Street, {t}, {c}"
    ),
    "company of a town abroad, town, country": lambda t, r, c, cc, o, a, ac: _text(f"{a} Steel Ltd, {t}, {c}"),
    "company in a column; town; code": lambda t, r, c, cc, o, a, ac: {
        "institution": f"{o} Steel Ltd",
        "city": t,
        "country": cc,
    },
    "person called as a larger town, town, country": lambda t, r, c, cc, o, a, ac: _text(f"{o}, John, {t}, {c}"),
    "Dr. and the larger town, town, country": lambda t, r, c, cc, o, a, ac: _text(f"Dr. J. {o}, {t}, {c}"),
    "department of a town abroad, town, country": lambda t, r, c, cc, o, a, ac: _text(
        f"Department of {a} Studies, Foo University, {t}, {c}"
    ),
    "formerly of a town abroad": lambda t, r, c, cc, o, a, ac: _text(f"Foo Ltd, {t}, {c} (formerly {a}, {ac})"),
    "country, town, street": lambda t, r, c, cc, o, a, ac: _text(f"{c}, {t}, 12 Foo Street"),
    "town (code)": lambda t, r, c, cc, o, a, ac: _text(f"Foo Ltd, {t} ({cc})"),
    "code-town": lambda t, r, c, cc, o, a, ac: _text(f"Foo Ltd, {cc}-{t}"),
    "telephone, town": lambda t, r, c, cc, o, a, ac: _text(f"Foo Ltd, {t}, {c}. Tel. +99 123 456; info@foo.com"),
    "P.O. box, town, country": lambda t, r, c, cc, o, a, ac: _text(f"Foo Ltd, P.O. Box 1234, {t}, {c}"),
    "columns exchanged": lambda t, r, c, cc, o, a, ac: {"address": t, "city": "12 Foo Street", "country": cc},
    "columns of town and country exchanged": lambda t, r, c, cc, o, a, ac: {"city": c, "country": t},
    "town and region in the column of cities": lambda t, r, c, cc, o, a, ac: {"city": f"{t}, {r}", "country": cc},
    "town and country in the column of cities": lambda t, r, c, cc, o, a, ac: {"city": f"{t}, {c}"},
    "region in the column of cities, town in the street": lambda t, r, c, cc, o, a, ac: {
        "address": f"12 Foo Street, {t}",
        "city": r,
        "country": cc,
    },
    "district nobody knows, town, country": lambda t, r, c, cc, o, a, ac: _text(f"Foobar District, {t}, {c}"),
    "misspelt town, country": lambda t, r, c, cc, o, a, ac: _text(f"12 Foo Street, {misspelt(t)}, {c}"),
    "misspelt town, region, country": lambda t, r, c, cc, o, a, ac: _text(f"12 Foo Street, {misspelt(t)}, {r}, {c}"),
    "misspelt town, street of a larger town, country": lambda t, r, c, cc, o, a, ac: _text(
        f"12 {o} Street, {misspelt(t)}, {c}"
    ),
    "TOWN REGION COUNTRY behind a street of a larger town": lambda t, r, c, cc, o, a, ac: _text(
        f"12 {o} STREET {t} {r} {c}".upper()
    ),
    "two addresses, the second abroad": lambda t, r, c, cc, o, a, ac: _text(
        f"Foo University, {t}, {c}; Bar University, {a}, {ac}"
    ),
    "town-larger town, country": lambda t, r, c, cc, o, a, ac: _text(f"Foo Ltd, {t}/{o}, {c}"),
    "near a larger town": lambda t, r, c, cc, o, a, ac: _text(f"Foo Ltd, {t} near {o}, {c}"),
}


def towns() -> list[tuple]:
    """Return the arguments of the forms for each town, then its latitude and longitude (1e-7 degree)."""
    places, sections = gazetteer.places(), city_names.sections()
    named = {region.first_level: region.name for region, _ in regions.table() if not region.admin2}
    columns = (places.name, places.economy, places.admin1, places.population.tolist(), places.geonames_id.tolist())
    spots = list(zip(places.lat_e7.tolist(), places.lon_e7.tolist(), strict=True))
    rows = [(*row, *spot) for row, spot in zip(zip(*columns, strict=True), spots, strict=True) if row[4] not in sections]
    times = Counter((row[1], key(row[0])) for row in rows)
    regional = {(economy, key(name)) for (economy, _), name in named.items()}
    once = [r for r in rows if times[r[1], key(r[0])] == 1 and (r[1], key(r[0])) not in regional]
    small = [r for r in once if SMALL[0] <= r[3] <= SMALL[1] and (r[1], r[2]) in named]
    large = [r for r in once if r[3] >= LARGE]
    random = Random(SEED)
    random.shuffle(small)
    of_country: Counter[str] = Counter()
    drawn = []
    for name, economy, admin1, _, _, *spot in small:
        far = [r for r in large if r[1] == economy and _km(spot, r[5:]) > FAR_KM]
        if not far or of_country[economy] == OF_A_COUNTRY:
            continue
        of_country[economy] += 1
        abroad = random.choice([r for r in random.sample(large, 9) if r[1] != economy])
        words = name, named[economy, admin1], countries.name(economy), economy, random.choice(far)[0]
        drawn.append((*words, abroad[0], countries.name(abroad[1]), *spot))
        if len(drawn) == MANY:
            break
    return drawn


def _km(spot: list[int], other: tuple) -> float:
    return float(distance_km(*(np.array([axis]) for axis in (*spot, *other)))[0])


def main() -> None:
    """Print the table, and examples if they are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=0, help="of each form, drawn by seed")
    examples = parser.parse_args().examples
    geocoder = geocoding.geocoder_for(geocoding.Settings(Geocoding(use=["names"]), (), None))
    rows = towns()
    print(f"{len(rows):,} towns\n\n{HEADER}")
    for name, form in FORMS.items():
        print(line(name, form, rows, geocoder, examples), flush=True)


if __name__ == "__main__":
    main()
