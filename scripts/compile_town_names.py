"""Compile the packaged names of towns in the languages of the pages, where these are not the English ones.

CLDR (Unicode) comes first: what it calls the main town of a time zone. GeoNames has a name in a language for many more,
but an old one among them (Königsberg), one of a part (Delegación Tlalpan) or an error (Álvaro for Alwar). In languages
with Latin letters such a name is therefore taken only where CLDR has it in the name of a region of the country (Provinz
Mailand), or where the language is an official one of the country and both names are of one origin (München), and never
where it adds words to the English one (Ciudad de Salta). Chinese and Japanese write every name in other letters: those
in these letters are taken, Chinese ones in simplified characters, without the word for a city at the end; of a town of
China that of the region of its name, else the first that sounds like its English name.

    pip install babel opencc && apt-get download libgeonames-common unicode-cldr-core
    dpkg -x libgeonames-common_*.deb names && dpkg -x unicode-cldr-core_*.deb names
    python scripts/compile_town_names.py names/usr/share

The first has names of GeoNames by language, as translations of its ids (CC BY 4.0). The same input gives the same
bytes.
"""

import gettext
import gzip
import html
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from anyascii import anyascii
from babel import Locale
from babel.core import get_global
from babel.languages import get_official_languages
from opencc import OpenCC
from rapidfuzz import fuzz

from hubrank.geocoding.gazetteer import city_names, gazetteer, regions
from hubrank.geocoding.text.normalise import key

TARGET = Path(__file__).parents[1] / "src/hubrank/publishing/town_names.tsv.gz"
SOURCE = "# GeoNames (geonames.org), CC BY 4.0; CLDR (Unicode), Unicode-3.0"
LATIN = ("de", "es", "fr", "pt")
SOURCES = {"ja": ("ja", "zh"), "zh": ("zh_CN", "zh", "zh_TW", "ja")}  # whose names a language may take, in this order
LANGUAGES = (*LATIN, *SOURCES)
LEAST = 50_000  # inhabitants: smaller places seldom name a cluster
ALIKE, SOUNDS_ALIKE = 60, 85  # percent of the letters of two names of one origin; of one name
HAN = ("CN", "TW", "HK", "MO", "KR", "KP", "JP")  # economies whose names are written in characters
KANA, CHARACTERS = re.compile(r"[ァ-ヶー・＝=]+"), re.compile(r"[㐀-鿿·]+")
LETTERS = defaultdict(lambda: CHARACTERS, {("ja", ""): KANA, ("ja", "JP"): re.compile(r"[㐀-鿿々ぁ-ん ァ-ヶー]+")})
LETTERS |= {("ja", economy): re.compile(f"{KANA.pattern}|{CHARACTERS.pattern}") for economy in HAN[:-1]}
CITY = re.compile(r"(?<=..)(?:特別|特别|広域|廣域|广域)?市$")
REMARK = re.compile(r"\s*\(.*\)$|(?<=[ァ-ー])[\s,]*[A-Z.]+$|\xad")  # ワシントンD.C.; marks where a line may break
SUBDIVISION = re.compile(r'<subdivision type="([a-z]{2})\w+"[^>]*>([^<]+)<')


class Names:
    """What the sources call towns in one language."""

    def __init__(self, folder: Path, language: str) -> None:
        self.language = language
        self.stated = [(each, translations(folder, each)) for each in SOURCES.get(language, (language,))]
        self.zones = defaultdict[str, dict[str, str]](dict)
        self.regions = defaultdict[str, list[str]](list)
        english, translated = (Locale.parse(each).time_zones for each in ("en", language))
        for zone, economy in get_global("zone_territories").items():
            if name := translated.get(zone, {}).get("city"):
                known_as = english.get(zone, {}).get("city") or zone.split("/")[-1].replace("_", " ")
                self.zones[economy][key(known_as)] = REMARK.sub("", name)
        text = (folder / f"unicode/cldr/common/subdivisions/{language}.xml").read_text("utf-8")
        for economy, name in SUBDIVISION.findall(text):
            self.regions[economy.upper()].append(html.unescape(name))

    def name(self, number: int, english: str, economy: str, written: str, admin1: str) -> str:
        """Return what a town is called; "" where that is its English name, or not certain.

        written : of GeoNames; admin1 : the first-level region.
        """
        of_zone = self.zones[economy].get(key(english), "")
        if self.language in LATIN:
            stated = self.stated[0][1].get(number, "")
            taken = of_zone or (stated if self._is_certain(stated, english, economy, written) else "")
        else:
            of_region = regions_of_china().get((admin1, key(english)), "") if economy == "CN" else ""
            stated = [self._converted(language, each.get(number, "")) for language, each in self.stated]
            taken = self._in_letters((of_zone, *stated), of_region, english, economy)
        return "" if taken == english else taken

    def _converted(self, language: str, name: str) -> str:
        """Return a name in the characters of this language. language : of the source."""
        if self.language == "zh":
            return simplified(name, japanese=language == "ja")
        return name if language == "ja" else converted("t2jp", converted("s2t", name))

    def _is_certain(self, name: str, english: str, economy: str, written: str) -> bool:
        if not name or words(english) < words(name):
            return False
        if name in self.zones[economy].values():
            return True
        whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        if any(whole.search(region) for region in self.regions[economy]):
            return True
        if self.language not in official_languages(economy) or len(name.split()) != len(english.split()):
            return False
        alike = max(fuzz.ratio(key(name), key(each)) for each in (english, written))
        begins = all(key(one).startswith(key(each)) for one, each in zip(english.split(), name.split(), strict=True))
        return alike >= ALIKE and not (begins and marks(name) <= marks(english))  # shorter, or plainer

    def _in_letters(self, names: Sequence[str], of_region: str, english: str, economy: str) -> str:
        """Return the first name in the letters of the language. of_region : of a city of China, in Chinese."""
        letters = LETTERS[self.language, economy if economy in HAN else ""]
        for name in names if not (of_region and self.language == "zh") else ():
            shown = CITY.sub("", REMARK.sub("", name))
            is_read = KANA.fullmatch(shown) or not of_region  # ハルビン
            if letters.fullmatch(shown) and is_read and (economy != "CN" or of_region or sounds_like(shown, english)):
                return shown
        return self._converted("zh", of_region)


def translations(folder: Path, language: str) -> dict[int, str]:
    """Return the names of places in a language by GeoNames id."""
    with (folder / f"locale/{language}/LC_MESSAGES/geonames.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # noqa: SLF001 (it has no other list of its keys)
    return {int(number): name for number, name in catalogue.items() if number.isdigit()}


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


def words(name: str) -> set[str]:
    """Return the words of a name, as they are compared."""
    return {key(word) for word in re.split(r"\W+", name) if word}


def marks(name: str) -> int:
    """Return how many letters of a name English lacks."""
    return sum(not letter.isascii() for letter in name)


def rows(folder: Path) -> Iterator[str]:
    """Yield the lines of the table: GeoNames id and a name in each language, empty where it is the English one."""
    names = [Names(folder, language) for language in LANGUAGES]
    places = gazetteer.places()
    for row, number in sorted(enumerate(places.geonames_id.tolist()), key=lambda pair: pair[1]):
        if places.population[row] < LEAST:
            continue
        written, economy = places.name[row], places.economy[row]
        english = city_names.name_in(number, written, "en")
        shown = [each.name(number, english, economy, written, places.admin1[row]) for each in names]
        if any(shown):
            yield "\t".join([str(number), *shown])


def main() -> None:
    """Write the table."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} names/usr/share")
    text = "\n".join([SOURCE, "\t".join(["geonames_id", *LANGUAGES]), *rows(Path(sys.argv[1]))]) + "\n"
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=9, filename="") as file:
        file.write(text.encode())
    TARGET.write_bytes(buffer.getvalue())


if __name__ == "__main__":
    main()
