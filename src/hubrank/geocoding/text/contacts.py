"""Telephones, e-mail and web pages in an address; at its end with their country: Linares. Tel. +56 38 260397."""

import csv
import re
from functools import cache
from importlib.resources import files

from hubrank.core import countries
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.surroundings import regions_of_town
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.post_codes import bare
from hubrank.geocoding.text.stated_countries import country, split_country

# As RE2 and Python read it.
SIGNS_OF_CONTACTS = r"[^\s@]@[\w-]+\.|\bwww\.|https?://|\+\d|(?i:\b(?:tele?|phone|fax|mob|cell))"
_WORD = r"\b(?:tele?(?:phone|fono|fon)?|phone|fax|mobile|mob|cell|e-?mail|mail|web|website|contact)\b[.:]{0,2}\s{0,2}"
_PAGE = r"(?:https?://|www\.)[^\s,;()]{3,99}"
_LAST_CONTACT = re.compile(
    rf"(?:^|[\s,;.(|–-]){{1,4}}"
    rf"(?:(?:{_WORD}){{1,2}}\+?[\d(][\d ()/.-]{{5,24}}|(?:(?:{_WORD}){{1,2}}|\b[tfem]\b[.:]?\s?)?"
    rf"(?:\+[\d(][\d ()/.-]{{6,24}}|[^\s@,;()]{{1,64}}@[\w.-]{{3,99}}|{_PAGE}))[\s)\].,;]{{0,3}}$",
    re.IGNORECASE,
)
_E_MAIL = re.compile(r"(?<!\S)\S+@[^\s;]+")
# Contacts, which say nothing about the place: e-mail, telephone, ORCID iD or page, and the label before them.
_LABEL = (
    r"(?:^|[.,;()]|(?<=\d)|(?<=\s)(?=\w{1,20}:))\s{0,3}([^\W\d_][^.,:;()@\d]{0,30})\.?:\s{0,3}|\b[Ee]-?[Mm]ail\s{1,3}"
)
_CONTACT_WITHIN = re.compile(
    rf"(?:{_LABEL})(?:\S{{1,99}}@[^\s;]+|\+\d[\d ()/-]{{6,}}|\d{{4}}-\d{{4}}-\d{{4}}-\d{{3}}[\dX]|https?://[^\s;]+)"
    r"|[.,;()]?\s{0,3}https?://[^\s;]+"
)
_NUMBER, _DOMAIN = re.compile(r"\+([\d ()/.-]+)"), re.compile(r"(?:@|//|www\.)[\w.-]*\.([a-z]{2})(?=[/:\s)\].,;]|$)")
_PART = re.compile(r"[,;]|\.\s")
_TOWN = 1_000  # inhabitants of a town that is meant in the country of a telephone
_LONGEST = 160  # characters of the contacts at the end of a text
_MOST = 4  # contacts
_CODE_DIGITS = 5  # of a country's calling code, with those behind a shared one: 18001
_UNITED_KINGDOM = {"uk": "GB"}  # of which the domain is not the code of ISO


@cache
def _calling_codes() -> dict[str, str]:
    """Return the economy of each calling code (E.164) that one has, and of those with more digits of a shared one."""
    rows = csv.reader(files("hubrank.geocoding.text").joinpath("calling_codes.csv").read_text("utf-8").splitlines()[1:])
    return dict(rows)


@cache
def _worldwide() -> frozenset[str]:
    """Return the domains of countries in which pages of anywhere are registered."""
    return frozenset(vocabulary.words("contact", "worldwide"))


def without_last_contacts(text: str) -> str:
    """Return a text without the contacts that end it, with their country where it states none and the town lies there.

    The country of a telephone, page or e-mail is that of the town right before them only if they tell one alone. A
    number of several countries behind a name alone stays, as it makes that an address: Toronto. +1 416 555 0199.
    """
    end, homes, is_shared = len(text), set[str](), False
    for _ in range(_MOST):
        contact = _LAST_CONTACT.search(text[:end], max(0, end - _LONGEST))
        if contact is None:
            break
        economies = _economies(contact[0])
        homes |= economies
        is_shared = is_shared or (not economies and _NUMBER.search(contact[0]) is not None)
        end = contact.start()
    front = text[:end].rstrip(" ,;.(|–-")
    if end == len(text) or not front:
        return text
    *before, last = _PART.split(front)
    economy = homes.pop() if len(homes) == 1 else ""
    name = bare(last)
    if country(last) or split_country(last)[1]:
        return front
    if not economy or economy not in gazetteer.economies_of(key(name), _TOWN):
        return text if is_shared and not (homes or before) else front
    is_region = before and regions_of_town(name, key(bare(before[-1])))
    return front if is_region else f"{front}, {countries.name(economy)}"


def without_contacts(text: str) -> str:
    """Return a text with commas for the contacts in it and their labels, and without other e-mail."""
    text = _CONTACT_WITHIN.sub(_without_contact, text) if ":" in text or "@" in text else text
    return _E_MAIL.sub(" ", text) if "@" in text else text


def _without_contact(contact: re.Match[str]) -> str:
    """Return a comma for a contact and its label; a place is none: Boston, UK: a@b."""
    words = (contact[1] or "").split()
    opening = (" ".join(words[:size]) for size in range(1, len(words) + 1))
    is_place = any(country(name) or gazetteer.economies_of(key(name)) for name in opening)
    return contact[0] if is_place else ", "


def _economies(contact: str) -> set[str]:
    """Return the economies that a contact tells: by the calling code of its number or the domain of its country."""
    homes = {(_UNITED_KINGDOM.get(end) or countries.find(end.upper())) for end in _domains(contact) - _worldwide()}
    if number := _NUMBER.search(contact):
        digits = re.sub(r"\D", "", number[1])
        codes = _calling_codes()
        homes.add(next((codes[digits[:size]] for size in range(1, _CODE_DIGITS + 1) if digits[:size] in codes), ""))
    return {home for home in homes if home}


def _domains(contact: str) -> set[str]:
    return set(_DOMAIN.findall(contact.lower()))
