"""Which column of an unknown table holds what: by its name, and by what share of its values could be that."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.record_groups import COMPLETE, grouping
from hubrank.analysis.new_study.sought import (
    BY_AUTHOR,
    IDENTIFIER,
    ORGANISATION,
    PLACES,
    SOUGHT,
    has_no_year,
    has_year,
    is_country,
    is_date,
    is_no_date,
)
from hubrank.analysis.new_study.towns import ENOUGH, MOST, best_towns, is_town, nearest_to_towns, towns_in
from hubrank.core import countries
from hubrank.counting.large_records import FEWEST, is_large
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.text.normalise import key
from hubrank.sources.formats.table_parts import JSON_LIST
from hubrank.sources.table_remarks import YEAR, list_separator

BY_VALUES = "by its values"
FEW_WORDS = 3  # that ids may contain: Case 12, Lot 3
YEARS_IN_TEXT = 0.96  # of the values that a pattern must match: a run stops above 5 % of rows set aside


@dataclass(frozen=True, slots=True)
class Guess:
    """A column of the study, as it is written there, and why it is this one."""

    name: str
    column: str
    reason: str
    pattern: str | None = None
    split: str | None = None
    places: str | None = None


def guesses(look: Look) -> list[Guess]:
    """Return what the columns of a table seem to hold; a column of organisations also says where they are."""
    by_name: dict[str, Guess] = {}
    for name in SOUGHT:
        # All that are places come before the year. An address and coordinates leave room for a country and a town.
        if name == "year" and not by_name.keys() & (set(PLACES) - {"lat", "lon", "address", "country"}):
            by_name |= {guess.name: guess for guess in _places_by_values(look, by_name)}
        if not _is_superfluous(name, by_name, look) and (guess := _best(name, look, by_name)):
            by_name[name] = guess
    if "region" not in by_name and (guess := _region_by_values(look, by_name)):
        by_name["region"] = guess
    if "record" not in by_name and "count" not in by_name and (guess := _identifier(look, by_name)):
        by_name["record"] = guess
    if (guess := by_name.get("organisation")) and _is_of_institutions(guess, by_name):
        by_name["institution"] = replace(
            guess, name="institution", reason="the same column, which a register may locate"
        )
    if len({"lat", "lon"} & by_name.keys()) == 1:
        by_name.pop("lat", by_name.pop("lon", None))
    if not {"year", "date"} & by_name.keys() and (guess := _dated(look) or _year_in_text(look, by_name.get("record"))):
        by_name[guess.name] = guess
    return _in_step([_divided(by_name[name], by_name, look) for name in SOUGHT if name in by_name], look)


def _in_step(columns: list[Guess], look: Look) -> list[Guess]:
    """Return the columns without those whose lists are not as long as those of the others: they set rows aside."""
    lists = sorted((guess for guess in columns if guess.split), key=lambda guess: guess.pattern is None)
    out_of_step = [guess for guess in lists[1:] if not _are_as_long(guess, lists[0], look)]
    return [guess for guess in columns if guess not in out_of_step]


def _are_as_long(guess: Guess, other: Guess, look: Look) -> bool:
    lengths = [[row.get(one.column, "").count(one.split or "") for one in (guess, other)] for row in look.rows]
    return sum(one == two for one, two in lengths) >= YEARS_IN_TEXT * len(lengths)


def _is_of_institutions(guess: Guess, by_name: Mapping[str, Guess]) -> bool:
    """Return whether a column of organisations, not of companies, may locate as well, as no other does it better."""
    return (
        re.fullmatch(ORGANISATION, spoken(guess.column)) is not None
        and bool({"city", "country", "address"} & by_name.keys())
        and not {"lat", "institution", "institution_id"} & by_name.keys()
    )


def _divided(guess: Guess, by_name: Mapping[str, Guess], look: Look) -> Guess:
    """Return a column whose cells are lists of places with what separates them: listings, or places of one listing."""
    values = look.values(guess.column) if guess.name in PLACES else []
    for split, pattern, what in BY_AUTHOR if guess.name in ("institution", "address") else ():
        parts = [part.strip() for value in values for part in value.split(split)]
        # The first of them has a bracket that the others lost to what divides them.
        matches = sum(bool(re.search(pattern, part)) for part in parts)
        if split in "".join(values) and matches >= ENOUGH * len(parts):
            return replace(guess, reason=f"{guess.reason}; {what}: each is a listing", split=split, pattern=pattern)
    separator = list_separator(values)
    if separator is None:
        return guess
    how = "as lists in JSON" if separator == JSON_LIST else f"divided by {separator}"
    reason = f"{guess.reason}; many cells hold several, {how}"
    if "listing" in by_name or look.rows_at:  # a row inside a document is an author or inventor
        return replace(guess, reason=f"{reason}: places of one listing", places=separator)
    return replace(guess, reason=f"{reason}: each is a listing", split=separator)


def _places_by_values(look: Look, by_name: Mapping[str, Guess]) -> list[Guess]:
    """Return the columns of which one holds towns and one their countries, whatever they are called: Stadt, Land.

    Without countries they are towns if most are in one country. A post code before the town makes an address of it.
    """
    used, stated = {guess.column for guess in by_name.values()}, by_name.get("country")
    free = [column for column in look.header if column not in used]
    of_countries = [stated.column] if stated else [one for one in free if _are_countries(look.values(one))]
    for country in of_countries:
        if best := best_towns(look, [column for column in free if column != country], country):
            reason = f"by its values: {100 * best.share:.0f} % are names of towns in the country of their row"
            named = [] if stated else [Guess("country", country, "by its values, which are countries")]
            return [*named, Guess(best.name, best.column, reason)]
    if not of_countries and not by_name.keys() & {"lat", "address"} and (best := best_towns(look, free, None)):
        where = countries.name(best.economy)
        reason = f"by its values: {100 * best.share:.0f} % are names of towns in one country ({where})"
        return [Guess(best.name, best.column, reason)]
    return [] if of_countries else _few_towns(look, by_name, free)


def _few_towns(look: Look, by_name: Mapping[str, Guess], free: Sequence[str]) -> list[Guess]:
    """Return a column of fewer towns than tell one by themselves, where nothing else is a place and all are towns."""
    several = [column for column in free if len(set(look.values(column))) > 2]
    if by_name.keys() & set(PLACES) or (best := nearest_to_towns(look, several, ENOUGH)) is None:
        return []
    different, where = len(set(look.values(best.column))), countries.name(best.economy)
    reason = (
        f"by its values: {100 * best.share:.0f} % are names of towns in one country ({where}), though only {different} "
        f"different ones; leave it out if they are none"
    )
    return [Guess(best.name, best.column, reason)]


def _are_countries(values: list[str]) -> bool:
    return bool(values) and sum(map(is_country, values)) >= ENOUGH * len(values)


def _region_by_values(look: Look, by_name: Mapping[str, Guess]) -> Guess | None:
    """Return a column of regions in which the towns of their rows lie, by name or code, whatever it is called: UF."""
    if "city" not in by_name:
        return None
    town, country = by_name["city"].column, by_name["country"].column if "country" in by_name else ""
    towns = None if country else towns_in(look, town)
    one = towns.economy if towns and towns.share >= MOST else ""  # country of them all
    used = {guess.column for guess in by_name.values()}
    for column in (column for column in look.header if column not in used):
        rows = [(row.get(town, ""), row.get(column, ""), row.get(country, one)) for row in look.rows]
        with_town = [row for row in rows if all(row) and is_town(row[0], row[2])]
        share = sum(_lies_in(*row) for row in with_town) / len(with_town) if with_town else 0
        if share >= ENOUGH and len(look.values(column)) >= ENOUGH * len(look.rows):
            return Guess("region", column, f"{BY_VALUES}: {100 * share:.0f} % are regions of the towns of their rows")
    return None


def _lies_in(town: str, region: str, country: str) -> bool:
    """Return whether a region of a country has a town of this name."""
    homes = {gazetteer.home_of(row) for row, _ in gazetteer.names().rows(key(town))}
    called_so = regions.find(region, countries.find_stated(country) or "")
    return any((each.economy, each.admin1) in homes for each in called_so)


def missing(columns: list[Guess]) -> str:
    """Return what a table lacks to be ranked, as the end of a sentence; an empty text where it lacks nothing."""
    names = {guess.name for guess in columns}
    if not names & set(PLACES):
        return "no column looks like a place (coordinates, city, country, address or institution)"
    if not names & {"record", "year", "date", "count", "organisation"}:
        return (
            "it has places, but no column looks like an id of records, a year, a count or an organisation, so there is "
            "nothing to count (hubrank locate FILE --out FILE locates them)"
        )
    return ""


def _is_superfluous(name: str, by_name: dict[str, Guess], look: Look) -> bool:
    """Return whether what was by_name already says that a column is not needed, or must not be used."""
    if name == "date":
        return "year" in by_name
    if name == "count":
        keys = [by_name[one].column for one in (*PLACES, "year", "date") if one in by_name]
        return "record" in by_name or not _are_different(look, keys)
    if name == "listing":
        return "record" not in by_name
    # In tables of authors or inventors a name is a person's.
    by_person = not any(re.fullmatch(ORGANISATION, spoken(column)) for column in look.header)
    return name == "organisation" and ("institution" in by_name or ("record" in by_name and by_person))


def _are_different(look: Look, columns: list[str]) -> bool:
    """Return whether no two of the rows are at one place in one year, as in a table of totals."""
    keys = [tuple(row.get(column, "") for column in columns) for row in look.rows]
    return bool(columns) and len(set(keys)) >= ENOUGH * len(keys)


def _best(name: str, look: Look, by_name: Mapping[str, Guess]) -> Guess | None:
    """Return the column whose name says it best, if its values could be it."""
    used = {guess.column for guess in by_name.values()}
    if name == "record":
        return _record(look, used) or _record_by_values(look, by_name)
    names, fits, words = SOUGHT[name]
    for pattern in names:
        for column in look.header:
            values = look.values(column)
            if column in used or not values or not re.fullmatch(pattern, spoken(column)):
                continue
            stated = [value for value in values if name not in ("year", "date") or not is_no_date(value)]
            share = sum(bool(fits(value)) for value in stated) / (len(stated) or 1)
            if share >= ENOUGH:
                none = len(values) - len(stated)
                but = f"; {100 * none / len(values):.0f} % are 9999, which is none" if none else ""
                return Guess(name, column, f"by its name; {100 * share:.0f} % of its values are {words}{but}")
    return None


def _record(look: Look, used: set[str]) -> Guess | None:
    """Return the first column called an id of records that nearly every row has, else the most complete."""
    ids = [column for column in named_ids(look) if column not in used and not _is_amount(look.values(column))]
    filled = {column: len(look.values(column)) / len(look.rows) for column in ids}
    best = next((one for one in filled if filled[one] >= COMPLETE), max(filled, key=filled.__getitem__, default=""))
    if filled.get(best, 0) < YEARS_IN_TEXT:
        return None
    different = len(set(look.values(best)))
    reason = f"{100 * filled[best]:.0f} % of the first {len(look.rows):,} rows have one, {different:,} different"
    return Guess("record", best, f"by its name; {reason}")


def grouping_columns(look: Look, by_name: Mapping[str, Guess]) -> list[str]:
    """Return the columns of which equal values stand on adjacent rows at several places, as ids of records do."""
    places = [by_name[name].column for name in ("city", "institution", "address", "lat") if name in by_name]
    used = {guess.column for guess in by_name.values()}
    return grouping(look, [one for one in look.header if one not in used], places[0]) if places else []


def _record_by_values(look: Look, by_name: Mapping[str, Guess]) -> Guess | None:
    """Return the first column whose values group rows as ids of records do, and that are no words: Aktenzeichen."""
    for column in grouping_columns(look, by_name):
        values = look.values(column)
        if all(any(map(str.isdecimal, value)) and " " not in value for value in values):
            groups = f"{len(set(values)):,} different ones on {len(values):,} rows, equal ones on adjacent rows"
            return Guess("record", column, f"by its values: {groups} at several places")
    return None


def _is_amount(values: list[str]) -> bool:
    """Return whether one value has a large part of the rows, here and there: sums of money are often 0, ids are not.

    The rows of a large record stand together.
    """
    value, rows = Counter(values).most_common(1)[0]
    first = values.index(value)
    together = all(each == value for each in values[first : first + rows])
    return len(values) >= FEWEST and is_large(rows, len(values)) and not together


def named_ids(look: Look) -> list[str]:
    """Return the columns with a value that are called an id of records, in the order of how well their name says it."""
    return called(look, "record")


def called(look: Look, what: str) -> list[str]:
    """Return the columns with a value whose name says that they hold this, in the order of how well it says it."""
    names = SOUGHT[what][0]
    matches = (c for name in names for c in look.header if re.fullmatch(name, spoken(c)) and look.values(c))
    return list(dict.fromkeys(matches))


def called_count(look: Look) -> Guess | None:
    """Return the column whose name and values say best that it is a count."""
    return _best("count", look, {})


def _identifier(look: Look, by_name: Mapping[str, Guess]) -> Guess | None:
    """Return a column called a number or an id that is another one in nearly every row: then each row is a record."""
    used = {guess.column for guess in by_name.values()}
    for column in look.header:
        values = look.values(column)
        if column in used or len(values) < len(look.rows) or not re.fullmatch(IDENTIFIER, spoken(column)):
            continue
        if _are_words(values):  # a street and its number: ulica i nr
            continue
        share = len(set(values)) / len(values) if values else 0
        if share >= ENOUGH:
            return Guess("record", column, f"called a number or an id; {100 * share:.0f} % of its values are different")
    return None


def _are_words(values: list[str]) -> bool:
    """Return whether most values have words beside other parts, and not always the same ones, as Case 12 has."""
    words = [re.findall(r"[^\W\d_]{3,}", value) if " " in value.strip() else [] for value in values]
    different = len({word.lower() for each in words for word in each})
    return sum(map(bool, words)) > len(values) / 2 and different > FEW_WORDS


def spoken(column: str) -> str:
    """Return the name of a column in lower case, with a space between its words: PositionNumber is position number."""
    last = column.removeprefix("$.").rpartition(".")[2]
    return " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])|[\W_]+", " ", last).split()).lower()


def _dated(look: Look) -> Guess | None:
    """Return the first column that is a date in nearly every row, whatever it is called; ISO dates go first."""
    for fits in (is_date, has_year):
        for column in look.header:
            values = look.values(column)
            share = sum(bool(fits(value)) for value in values) / len(values) if values else 0
            if share < YEARS_IN_TEXT or len(values) < ENOUGH * len(look.rows):
                continue
            if fits == is_date:
                return Guess("date", column, f"no column is called a date; {100 * share:.0f} % of these are dates")
            reason = f"{100 * share:.0f} % of these are dates such as {values[0]}, of which the year is read"
            return Guess("year", column, reason, YEAR)
    return None


def _year_in_text(look: Look, record: Guess | None) -> Guess | None:
    """Return a column whose text contains a year nearly everywhere, such as a DOI; no id, where there are dates."""
    by_id = {column for column in look.header if _is_id(column) or (record and column == record.column)}
    skipped = by_id if unread_dates(look) else set()
    for column in (column for column in look.header if column not in skipped):
        values = look.values(column)
        share = sum(bool(re.search(YEAR, value)) for value in values) / len(values) if values else 0
        if share >= YEARS_IN_TEXT and len(values) >= ENOUGH * len(look.rows):
            return Guess("year", column, f"no column is a year, but {100 * share:.0f} % of these contain one", YEAR)
    return None


def _is_id(column: str) -> bool:
    return any(re.fullmatch(pattern, spoken(column)) for pattern in (IDENTIFIER, *SOUGHT["record"][0]))


def unread_dates(look: Look) -> list[str]:
    """Return the columns that are dates by their name or values, in a form of which no year can be read everywhere."""
    names = SOUGHT["date"][0]
    columns = []
    for column in look.header:
        values = look.values(column)
        share = sum(bool(has_year(value) or has_no_year(value)) for value in values) / len(values) if values else 0
        called = any(re.fullmatch(pattern, spoken(column)) for pattern in names)
        if share >= ENOUGH or (called and values and any(c.isdigit() for c in values[0])):
            columns.append(column)
    return columns
