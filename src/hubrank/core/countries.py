"""The economies: ISO 3166-1 codes, the names of the published tables, and what sources write instead.

The table `countries.csv` holds 249 ISO economies and Kosovo (XK), with the regions of UN M49; "NA" is Namibia.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from anyascii import anyascii

# Sources file these under the state they belong to or belonged to.
BELONGING = {
    "CN": ("HK", "MO", "TW"),
    "US": ("PR", "GU", "VI", "AS", "MP"),
    "FR": ("GP", "MQ", "GF", "RE", "YT", "NC", "PF", "MF", "BL", "PM", "WF"),
    "GB": ("GG", "JE", "IM", "GI", "BM", "KY", "VG", "FK"),
    "NL": ("CW", "AW", "SX", "BQ"),
    "CW": ("SX", "BQ", "AW"),
    "DK": ("GL", "FO"),
    "FI": ("AX",),
    "NO": ("SJ",),
    "IL": ("PS",),
    "PS": ("IL",),
    "RS": ("XK", "ME", "HR", "SI", "BA", "MK"),
    "XK": ("RS",),
    "CZ": ("SK",),
    "RU": ("UA", "BY", "KZ", "UZ", "GE", "AM", "AZ", "LV", "LT", "EE", "MD"),
    "UA": ("RU",),
    "SD": ("SS",),
    "MA": ("EH",),
    "ID": ("TL",),
    "KR": ("KP",),
    "HK": ("CN",),
}

# What cars bear (Convention on Road Traffic, Vienna 1968), where it is no ISO code and no other state's.
OF_CARS = {"A": "AT", "B": "BE", "D": "DE", "E": "ES", "F": "FR", "H": "HU", "I": "IT", "J": "JP", "L": "LU"} | {
    "N": "NO",
    "P": "PT",
    "S": "SE",
    "FIN": "FI",
    "SLO": "SI",
}


@dataclass(frozen=True, slots=True)
class Country:
    """One economy. `name` is the short English name of the published tables, `region` and `subregion` are UN M49's."""

    iso2: str
    iso3: str
    name: str
    region: str
    subregion: str
    geonames_id: int
    aliases: tuple[str, ...]


@cache
def table() -> dict[str, Country]:
    """Return all economies by their ISO 3166-1 alpha-2 code, in the order of the codes."""
    text = files("hubrank.core").joinpath("countries.csv").read_text("utf-8")
    rows = csv.reader(text.splitlines()[1:])
    return {row[0]: _country(*row) for row in rows}


@cache
def in_other_languages(*, latin: bool) -> dict[str, str]:
    """Return the alpha-2 code of the key of every name in another language (CLDR), or of those in Latin letters."""
    return {name_key: economy for economy, name_key, name in _rows() if not latin or is_latin(name)}


@cache
def _rows() -> list[list[str]]:
    """Return alpha-2 code, key and name of every name in another language."""
    text = files("hubrank.core").joinpath("country_names.csv").read_text("utf-8")
    return list(csv.reader(text.splitlines()[1:]))


@cache
def _as_written() -> dict[str, str]:
    """Return the alpha-2 code of names that count with their accents only: Franca is a town of Brazil."""
    text = files("hubrank.core").joinpath("country_names_as_written.csv").read_text("utf-8")
    return {name.lower(): economy for economy, name in csv.reader(text.splitlines()[1:])}


def _country(iso2: str, iso3: str, name: str, region: str, subregion: str, geonames_id: str, aliases: str) -> Country:
    return Country(iso2, iso3, name, region, subregion, int(geonames_id or 0), tuple(filter(None, aliases.split("|"))))


@lru_cache(4096)  # a few hundred names and the words beside them
def key(text: str) -> str:
    """Return a name without case, accents, punctuation and spaces, "and" and "the"."""
    plain_text = "".join(c if c.isalnum() else " " for c in anyascii(text).lower().replace("'", ""))
    words = plain_text.split()  # "AND" alone is Andorra
    return "".join(word for word in words if len(words) == 1 or word not in {"and", "the"})


HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff々]")  # Chinese characters, of which many sound alike
# The form of a state behind its name, or whose it is: イタリア共和国, ドイツ国, 독일연방공화국; 英領バミューダ.
_FORM_OF_STATE = re.compile(
    "^(?:[英米仏蘭]国?領|영국령|미국령)(?=..)"
    "|(?<=..)(?:連邦|联邦|聯邦|民主|人民|社会主義|・?イスラム)*"
    "(?:共和国|共和國|王国|王國|大?公国|大?公國|合衆国|連邦|联邦|聯邦|国)$"
    "|(?<=..)(?:연방|민주|인민|사회주의|이슬람)*(?:공화국|왕국|공국|연방|국)$"
)
# The same before it, in languages of many people: République démocratique du Congo, República de Chile.
_FORM_BEFORE_NAME = re.compile(
    r"(?:la |le |el |il )?(?P<form>(?:\w+sche )?(?:r[ée]publique|rep[úu]blica|repubblica"
    r"|(?:volks|bundes)?republi(?:k|ek|ka)|royaume|reino|regno|k[öo]nigreich|koninkrijk"
    r"|principaut[ée]|principado|principato|f[üu]rstentum|prinsdom"
    r"|grand-duch[ée]|gran ducado|granducato|gro(?:ß|ss)herzogtum|groothertogdom)"
    r"(?:(?: \w+){0,3}? (?:del?|de la|da|do|du|des|di|della|der|van|von) | (?:\w+ ){0,3}d(?:ell)?[’']| ))"
    r"(?P<name>\w.{3,})",
    re.IGNORECASE,
)
_DEMOCRATIC, _OF_THE_PEOPLE = re.compile("d[ée]mo[ck]r", re.IGNORECASE), re.compile("popul|popol|volks", re.IGNORECASE)
_DEMOCRATIC_STATE = {"CG": "CD", "KR": "KP"}  # of two states of one name
_REPUBLICS = frozenset(("CN", "DM"))  # names of two republics: of China, Dominica and Dominicana
_HANGUL = re.compile("[가-힣]")
# U.S. is an abbreviation of a name, which has to be an alias, and no code: N/A is not Namibia.
_LATIN = re.compile("[A-Za-z]")
_LETTERS = re.compile(r"\W*(?:\w\W+)+\w\W*")
_PARTING = re.compile(r"[()\[\],/]|\s[-–]\s")


def _is_code(alias: str) -> bool:
    """Say whether an alias is a code, as DD once was Germany's: d.d. is a legal form."""
    return len(alias) == 2 and alias.isascii()


def is_latin(name: str) -> bool:
    """Say whether a name has letters that ASCII has."""
    return _LATIN.search(name) is not None


@cache
def _names(*, latin: bool) -> dict[str, str]:
    """Return the alpha-2 code of the key of every name and alias, or of those in Latin letters; names win."""
    codes = dict(in_other_languages(latin=latin))
    for c in reversed(table().values()):
        names = (alias for alias in c.aliases if not _is_code(alias) and (is_latin(alias) or not latin))
        codes |= dict.fromkeys(map(key, names), c.iso2)
    return codes | {key(c.name): c.iso2 for c in table().values()}


@cache
def _usual_keys() -> frozenset[str]:
    return frozenset(key(name) for one in table().values() for name in (one.name, *one.aliases))


def is_usual(text: str) -> bool:
    """Say whether a text is a country's name or alias, and not only its name in another language: Tunis."""
    return key(text) in _usual_keys()


@cache
def _in_chinese_characters() -> dict[str, str]:
    """Return the alpha-2 code of every name that has Chinese characters, as it is written."""
    codes = {name: economy for economy, _, name in _rows() if HAN.search(name)}
    codes |= {name: economy for name, economy in _as_written().items() if HAN.search(name)}
    return codes | {alias: c.iso2 for c in table().values() for alias in c.aliases if HAN.search(alias)}


@cache
def _keys() -> dict[str, str]:
    """Return the alpha-2 code of every key that ASCII can write; codes win over names."""
    codes, countries = dict(_names(latin=True)), table().values()
    codes |= {alias.lower(): c.iso2 for c in countries for alias in c.aliases if _is_code(alias)}
    codes |= {c.iso3.lower(): c.iso2 for c in countries}
    codes |= {f"{c.iso2.lower()}x": c.iso2 for c in countries if f"{c.iso2.lower()}x" not in codes}  # USPTO: DEX, JPX
    return codes | {c.iso2.lower(): c.iso2 for c in countries}


@lru_cache(65536)
def find(text: str, *, codes: bool = True) -> str | None:
    """Return the alpha-2 code of a country given as ISO 2, ISO 3, USPTO code or a name, or None where it is none.

    codes : whether codes count; names always do. A code is written in ASCII: the romanised letters of Egypt are MSR.
    """
    if HAN.search(text):
        return _in_chinese_characters().get(text.strip()) or _without_form(text)
    may_be_code = codes and text.isascii() and not _LETTERS.fullmatch(text)
    economy = (_keys() if may_be_code else _names(latin=text.isascii())).get(key(text))
    return economy or _as_written().get(text.strip().lower()) or (_without_form(text) if _HANGUL.search(text) else None)


def _without_form(text: str) -> str | None:
    """Return what a name in East Asian letters means without the form of the state or whose territory it is."""
    short = _FORM_OF_STATE.sub("", text.strip()).strip("・ ")
    return find(short) if short != text.strip() else None


def find_by_official_name(text: str) -> str | None:
    """Return the alpha-2 code of a country behind the form of its state: República de Chile, Königreich Belgien.

    Of two Congos and Koreas one is called democratic. Where two republics share a name it is not said which, unless it
    is the people's. For the end of an address or a column: elsewhere it is a street (República de Cuba, Centro).
    """
    official = _FORM_BEFORE_NAME.fullmatch(text.strip())
    if official is None:
        return None
    economy, form = find(official["name"], codes=False), official["form"]
    if economy in _DEMOCRATIC_STATE and _DEMOCRATIC.search(form):
        return _DEMOCRATIC_STATE[economy]
    return None if economy in _REPUBLICS and not _OF_THE_PEOPLE.search(form) else economy


@lru_cache(65536)
def find_stated(text: str) -> str | None:
    """Return the same for a column of countries, which may add a remark: Venezuela, RB; Turkey (Türkiye); GB - England.

    Or it has what cars bear (D, A). The remark may open the name (Congo, Dem. Rep.), else a name that is a part of
    another country's needs a second one.
    """
    parts = [part for part in map(str.strip, _PARTING.split(text)) if part]
    if (whole := find(text) or find_by_official_name(text) or _twice(text)) or len(parts) < 2:
        return whole or OF_CARS.get(text.strip())
    if turned := find(" ".join(reversed(parts))):
        return turned
    named = {part: economy for part in parts if (economy := find(part))}
    finest = [one for one in named.values() if all(one == other or one in family(other) for other in named.values())]
    unclear = len(named) == 1 and key(next(iter(named))) in _parts_of_names()
    return finest[0] if finest and not unclear else None


def _twice(text: str) -> str | None:
    """Return the economy that both the last word and those before it name: England UK."""
    front, _, last = text.strip().rpartition(" ")
    economy = find(front) if front else None
    return economy if economy and economy == find(last) else None


@cache
def _parts_of_names() -> frozenset[str]:
    """Return the keys of names that another country's ends in, behind a word that qualifies it: North Korea.

    That is no "of", no mark (Virgin Islands, United States) and no country itself (Macao SAR China).
    """
    names = _names(latin=True)
    ends = set()
    for country in table().values():
        for words in (text.split() for text in (country.name, *country.aliases)):
            for at in range(1, len(words)):
                end, front = key(" ".join(words[at:])), " ".join(words[:at])
                plain = (
                    words[at - 1].isalpha() and words[at][0].isalpha() and words[at - 1].lower() not in {"of", "the"}
                )
                qualified = plain and not _has_name(front)
                if qualified and names.get(end, country.iso2) != country.iso2:
                    ends.add(end)
    return frozenset(ends)


def _has_name(text: str) -> bool:
    """Say whether some words of a text are a country's name."""
    words, names = text.split(), _names(latin=True)
    spans = ((start, end) for start in range(len(words)) for end in range(start + 1, len(words) + 1))
    return any(key(" ".join(words[start:end])) in names for start, end in spans)


def written_names(iso2: str) -> list[str]:
    """Return what an economy is called: its ISO 3166-1 codes, its name and customary ones, names of CLDR."""
    country = table().get(iso2)
    stated = (country.iso2, country.iso3, country.name, *country.aliases) if country else ()
    return list(dict.fromkeys([*stated, *(name for economy, _, name in _rows() if economy == iso2)]))


def name(iso2: str) -> str:
    """Return the short English name of an economy, or the code itself where there is none."""
    country = table().get(iso2)
    return country.name if country else iso2


def family(iso2: str) -> tuple[str, ...]:
    """Return the economy and those that sources file under it: China, then Hong Kong, Macao and Taiwan."""
    return (iso2, *BELONGING.get(iso2, ()))
