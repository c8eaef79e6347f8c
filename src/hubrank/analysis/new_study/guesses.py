"""Which column of an unknown table holds what: by its name, and by what share of its values could be that."""

import re
from collections.abc import Mapping
from dataclasses import replace

from hubrank.analysis.new_study.count_columns import count_by_shape
from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.guess import USABLE, Guess, column_words, unused_columns
from hubrank.analysis.new_study.numbered_columns import with_numbered, words_without_number
from hubrank.analysis.new_study.place_columns import (
    country_by_name,
    country_by_values,
    divided,
    places_by_values,
    post_code_by_values,
    town_by_name,
)
from hubrank.analysis.new_study.record_columns import identifier, record_by_name, record_by_values
from hubrank.analysis.new_study.region_columns import region_by_name, region_by_values
from hubrank.analysis.new_study.sought import (
    APPLICANT,
    ORGANISATION,
    PLACES,
    SOUGHT,
    is_no_date,
    is_of_inventors,
    is_of_nationality,
)
from hubrank.analysis.new_study.towns import ENOUGH, MOST, nearest_to_towns
from hubrank.analysis.new_study.year_columns import dated, issued, year_in_text
from hubrank.geocoding.text.organisation_words import words
from hubrank.sources.table_remarks import list_separator

_INSTITUTIONS = frozenset(("university", "institute", "college", "academy", "hospital", "lab", "hochschule"))
_ELSEWHERE = frozenset(("publisher", "conference", "event"))
# What is looked for once all other columns are known: by what finds it.
_LATER = {
    "country": (country_by_values, country_by_name),
    "city": (town_by_name,),
    "region": (region_by_values, region_by_name),
}
SHORT = re.compile(r"[A-Z0-9]{1,3}")  # codes of offices (BR, US, WO) are names that someone gave a town
_WITH_COUNTRY = re.compile(r"[\[(][A-Z]{2}[\])]")  # of Espacenet: MEIER HANS [DE]
_SOME = 0.25  # of the values are called one of these; others are abbreviations


def guesses(look: Look) -> list[Guess]:
    """Return what the columns of a table seem to hold; a column of organisations also says where they are."""
    by_name = {"year": guess} if (guess := issued(look)) else {}
    for name in (name for name in SOUGHT if name not in by_name):
        # All that are places come before the post code and the year. An address and coordinates leave room for a
        # country and a town.
        if name == "postcode" and not by_name.keys() & (set(PLACES) - {"lat", "lon", "address", "country", "region"}):
            by_name |= {guess.name: guess for guess in places_by_values(look, by_name)}
        if not _is_superfluous(name, by_name, look) and (guess := _best(name, look, by_name)):
            by_name[name] = guess
    for name, finders in _LATER.items():
        guess = None if name in by_name else next(filter(None, (find(look, by_name) for find in finders)), None)
        if guess:
            by_name[name] = guess
    if not {"record", "count"} & by_name.keys() and (
        guess := count_by_shape(look, by_name) or identifier(look, by_name)
    ):
        by_name[guess.name] = guess
    if (guess := by_name.get("organisation")) and _is_of_institutions(guess, by_name, look):
        by_name["institution"] = replace(
            guess, name="institution", reason="the same column, which a register may locate"
        )
    by_name = {name: guess for name, guess in by_name.items() if not _is_elsewhere(guess, by_name)}
    if len({"lat", "lon"} & by_name.keys()) == 1:
        by_name.pop("lat", by_name.pop("lon", None))
    if not {"year", "date"} & by_name.keys() and (guess := dated(look) or year_in_text(look, by_name.get("record"))):
        by_name[guess.name] = guess
    columns = _alike(look, [divided(by_name[name], by_name, look) for name in SOUGHT if name in by_name])
    return with_numbered(_in_step(columns, look), look)


def _alike(look: Look, columns: list[Guess]) -> list[Guess]:
    """Return columns of which organisations are divided as the institutions of the same column are.

    Applicants that nothing divides although a cell holds several are left out: two would be one organisation.
    """
    split = {guess.column: guess.split for guess in columns if guess.name == "institution" and not guess.pattern}
    return [
        replace(guess, split=split.get(guess.column)) if guess.name == "organisation" else guess
        for guess in columns
        if guess.name != "organisation"
        or guess.column in split
        or not re.fullmatch(APPLICANT, column_words(guess.column))
        or list_separator(look.values(guess.column)) is None
    ]


def _is_elsewhere(guess: Guess, by_name: Mapping[str, Guess]) -> bool:
    """Return whether a column says where a publisher or a conference is, and another is of institutions."""
    words_of_name = re.split(r"[^a-z]+", guess.column.lower())
    return guess.name in PLACES and "institution" in by_name and not _ELSEWHERE.isdisjoint(words_of_name)


def _in_step(columns: list[Guess], look: Look) -> list[Guess]:
    """Return the columns without those whose lists are not as long as those of the others: they set rows aside."""
    lists = sorted((guess for guess in columns if guess.split), key=lambda guess: guess.pattern is None)
    out_of_step = [guess for guess in lists[1:] if not _are_as_long(guess, lists[0], look)]
    return [guess for guess in columns if guess not in out_of_step]


def _are_as_long(guess: Guess, other: Guess, look: Look) -> bool:
    lengths = [[row.get(one.column, "").count(one.split or "") for one in (guess, other)] for row in look.rows]
    return sum(one == two for one, two in lengths) >= USABLE * len(lengths)


def _is_of_institutions(guess: Guess, by_name: Mapping[str, Guess], look: Look) -> bool:
    """Return whether a column of organisations, not of companies, may locate as well, as no other does it better.

    Alone it does where some of its values are called a university, an institute or the like. Applicants of patents do
    where nothing else says where anything is.
    """
    if re.fullmatch(APPLICANT, column_words(guess.column)):
        return not by_name.keys() & set(PLACES) and not _may_be_places(look, unused_columns(look, by_name))
    if re.fullmatch(ORGANISATION, column_words(guess.column)) is None:
        return False
    if {"lat", "institution", "institution_id"} & by_name.keys():
        return False
    names = [set(words(value)) for value in look.values(guess.column)]
    are_institutions = sum(not _INSTITUTIONS.isdisjoint(name) for name in names) >= _SOME * len(names)
    return bool({"city", "country", "address"} & by_name.keys()) or are_institutions


def _may_be_places(look: Look, columns: list[str]) -> bool:
    """Return whether a column may hold towns, or persons with their countries (`NAME [DE]`), of which hints speak."""
    texts = {column: set(look.values(column)) for column in columns}
    several = [column for column, of in texts.items() if len(of) > 1 and not all(map(SHORT.fullmatch, of))]
    with_countries = (
        sum(bool(_WITH_COUNTRY.search(value)) for value in of) >= MOST * len(of)
        for column, of in texts.items()
        if of and is_of_inventors(column_words(column))
    )
    return any(with_countries) or nearest_to_towns(look, several) is not None


def missing(columns: list[Guess]) -> str:
    """Return what a table lacks to be ranked, as the end of a sentence; an empty text where it lacks nothing."""
    names = {guess.name for guess in columns}
    if not names & set(PLACES):
        return "no column looks like a place (coordinates, city, country, address or institution)"
    if names & set(PLACES) == {"country"}:
        return (
            "it has countries and no column that looks like a place in one (coordinates, city, address or institution)"
            "; a country alone is not located (hubrank rank FILE ranks counts of countries as they are)"
        )
    if not names & {"record", "year", "date", "count", "organisation"}:
        return (
            "it has places, but no column looks like an id of records, a year, a count or an organisation, so there is "
            "nothing to count (hubrank locate FILE --out FILE locates them)"
        )
    return ""


def _is_superfluous(name: str, by_name: dict[str, Guess], look: Look) -> bool:
    """Return whether the columns that are known already leave no need for this one, or no use."""
    if name == "date":
        return "year" in by_name
    if name == "postcode":
        return "lat" in by_name or not {"city", "address"} & by_name.keys()
    if name == "count":
        keys = [by_name[one].column for one in (*PLACES, "year", "date") if one in by_name]
        return "record" in by_name or not _are_different(look, keys)
    if name == "listing":
        return "record" not in by_name
    # In tables of authors or inventors a name is a person's.
    pattern = ORGANISATION if by_name.keys() & set(PLACES) else f"{ORGANISATION}|{APPLICANT}"
    by_person = not any(re.fullmatch(pattern, column_words(column)) for column in look.header)
    return name == "organisation" and ("institution" in by_name or ("record" in by_name and by_person))


def _are_different(look: Look, columns: list[str]) -> bool:
    """Return whether no two of the rows are at one place in one year, as in a table of totals."""
    keys = [tuple(row.get(column, "") for column in columns) for row in look.rows]
    keys = [key for key in keys if any(key)]  # others are notes and totals below the table
    return bool(columns) and len(set(keys)) >= ENOUGH * len(keys)


def _best(name: str, look: Look, by_name: Mapping[str, Guess]) -> Guess | None:
    """Return the column whose name says it best, if its values could be it."""
    if name == "record":
        return record_by_name(look, by_name) or record_by_values(look, by_name)
    names, fits, words = SOUGHT[name]
    for pattern in names:
        for column in sorted(unused_columns(look, by_name), key=_is_of_others if name in PLACES else bool):
            values = look.values(column)
            if name == "country" and is_of_nationality(column_words(column)):
                continue
            if not values or not re.fullmatch(pattern, words_without_number(name, column, look.header)):
                continue
            if name == "institution_id" and (divider := list_separator(values)):
                values = [part for value in values for part in value.split(divider) if part]
            stated = [value for value in values if name not in ("year", "date") or not is_no_date(value)]
            share = sum(bool(fits(value)) for value in stated) / (len(stated) or 1)
            if share >= ENOUGH:
                none = len(values) - len(stated)
                but = f"; {100 * none / len(values):.0f} % are 9999, which is none" if none else ""
                return Guess(name, column, f"by its name; {100 * share:.0f} % of its values are {words}{but}")
    return post_code_by_values(look, by_name) if name == "postcode" else None


def _is_of_others(column: str) -> bool:
    """Return whether a column is not called that of inventors or authors."""
    return not is_of_inventors(column_words(column))


def count_column(look: Look) -> Guess | None:
    """Return the column whose name and values say best that it is a count."""
    return _best("count", look, {})
