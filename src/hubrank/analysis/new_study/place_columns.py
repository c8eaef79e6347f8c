"""Columns of places: what divides several in a cell; towns, countries and post codes by name or by their values."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.guess import BY_VALUES, Guess, column_words, unused_columns
from hubrank.analysis.new_study.region_columns import towns_of_regions
from hubrank.analysis.new_study.sought import (
    BY_AUTHOR,
    LAND,
    PLACES,
    TOWN,
    is_country,
    is_of_nationality,
    is_post_code,
)
from hubrank.analysis.new_study.towns import (
    ENOUGH,
    FEWEST,
    MOST,
    NO_VILLAGE,
    Towns,
    agreeing_with_towns,
    best_towns,
    is_town,
    names_town,
    nearest_to_towns,
)
from hubrank.core import countries
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.post_areas import area
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.post_codes import codes_in
from hubrank.sources.formats.table_parts import JSON_LIST
from hubrank.sources.formats.table_values import YEAR
from hubrank.sources.table_remarks import list_separator


def divided(guess: Guess, by_name: Mapping[str, Guess], look: Look) -> Guess:
    """Return a column whose cells are lists of places with what separates them: listings, or places of one listing."""
    values = look.values(guess.column) if guess.name in PLACES else []
    for split, told_by, pattern, what in BY_AUTHOR if guess.name in ("institution", "address") else ():
        parts = [part.strip() for value in values for part in value.split(split)]
        # The first of them has a bracket that the others lost to what divides them.
        matches = sum(bool(re.search(told_by, part)) for part in parts)
        if split in "".join(values) and matches >= ENOUGH * len(parts):
            return replace(guess, reason=f"{guess.reason}; {what}: each is a listing", split=split, pattern=pattern)
    separator = list_separator(values)
    if separator is None:
        return guess
    how = "as lists in JSON" if separator == JSON_LIST else f"divided by {separator}"
    reason = f"{guess.reason}; many cells hold several, {how}"
    if separator == JSON_LIST and (key := _text_key(values)):
        pattern = rf'"{re.escape(key)}": ?"((?:[^"\\]|\\.)*)"'
        guess, reason = replace(guess, pattern=pattern), f"{reason} of objects, of which {key} is the text"
    if "listing" in by_name or look.rows_at:  # a row inside a document is an author or inventor
        return replace(guess, reason=f"{reason}: places of one listing", places=separator)
    return replace(guess, reason=f"{reason}: each is a listing", split=separator)


def _text_key(values: Sequence[str]) -> str:
    """Return the key under which the objects in lists in JSON have their longest texts; "" where these are no objects.

    Crossref: affiliation is [{"name": "University of Bonn, Germany"}].
    """
    letters: Counter[str] = Counter()
    for value in values:
        try:
            items = json.loads(value)
        except (ValueError, RecursionError):
            continue
        for item in items if isinstance(items, list) else ():
            texts = item.items() if isinstance(item, dict) else ()
            letters.update({key: len(text) for key, text in texts if isinstance(text, str)})
    return max(letters, key=lambda key: (letters[key], key), default="")


def places_by_values(look: Look, by_name: Mapping[str, Guess]) -> list[Guess]:
    """Return the columns of which one holds towns and one their countries, whatever they are called: Stadt, Land.

    Without countries they are towns if most are in one country; where regions are known, in those of their rows. A post
    code before the town makes an address of it. Beside an address they are its towns unless it names others.
    """
    if "region" in by_name:
        return towns_of_regions(look, by_name)
    stated, free = by_name.get("country"), unused_columns(look, by_name)
    of_countries = [stated.column] if stated else [one for one in free if _is_of_countries(look, one)]
    for country in of_countries:
        if best := best_towns(look, [column for column in free if column != country], country):
            reason = f"by its values: {100 * best.share:.0f} % are names of towns in the country of their row"
            named = [] if stated else [Guess("country", country, "by its values, which are countries")]
            return [*named, Guess(best.name, best.column, reason)]
    if not of_countries and "lat" not in by_name and (best := _towns_of_rows(look, by_name, free)):
        where = countries.name(best.economy)
        reason = f"by its values: {100 * best.share:.0f} % are names of towns in one country ({where})"
        return [Guess(best.name, best.column, reason)]
    return [] if of_countries else _few_towns(look, by_name, free) or _called_towns(look, by_name, free)


def _towns_of_rows(look: Look, by_name: Mapping[str, Guess], free: Sequence[str]) -> Towns | None:
    """Return the column of towns in one country, beside an address only where this lacks them: street and number."""
    best, stated = best_towns(look, free, None), by_name.get("address")
    if best is None or stated is None:
        return best
    if best.name != "city":  # one address is enough
        return None
    economy, pairs = best.economy, [(row.get(stated.column, ""), row.get(best.column, "")) for row in look.rows]
    pairs = [(address, town) for address, town in pairs if address.strip() and town.strip()]
    named = sum(key(town) in key(address) or names_town(address, economy) for address, town in pairs)
    return best if 2 * named < len(pairs) else None


def _called_towns(look: Look, by_name: Mapping[str, Guess], free: Sequence[str]) -> list[Guess]:
    """Return a column called one of towns in a language of the pages, where most values are names of towns anywhere.

    They may be few, or in several countries: without this name that tells no column of towns.
    """
    columns = (column for column in free if re.fullmatch(TOWN, column_words(column)))
    for column in columns if not by_name.keys() & set(PLACES) else ():
        different = set(look.values(column))
        names = [name for name in different if len(name) > 2 or not name.isascii()]  # others are letters of plates
        towns = sum(bool(gazetteer.economies_of(key(name), NO_VILLAGE)) for name in names)
        if different and towns >= MOST * len(different):
            return [Guess("city", column, f"by its name; {towns} of {len(different)} different values are towns")]
    return []


def town_by_name(look: Look, by_name: Mapping[str, Guess]) -> Guess | None:
    """Return the column that is called a town, and no more, beside institutions: Ciudad; its values are towns.

    With another word it may be a publisher's: Ciudad de publicación.
    """
    country = by_name["country"].column if "country" in by_name else None
    called_so = _called_alone(TOWN, look, by_name) if "institution" in by_name else []
    best = best_towns(look, called_so, country)
    return (
        Guess("city", best.column, f"by its name; {100 * best.share:.0f} % of its values are towns") if best else None
    )


def country_by_name(look: Look, by_name: Mapping[str, Guess]) -> Guess | None:
    """Return the column that is called a country, and no more, beside addresses or institutions: its values are so."""
    called_so = _called_alone(LAND, look, by_name) if by_name.keys() & {"address", "institution"} else []
    lands = [column for column in called_so if _is_of_countries(look, column)]
    return Guess("country", lands[0], "by its name; its values are countries") if lands else None


def _called_alone(names: str, look: Look, by_name: Mapping[str, Guess]) -> list[str]:
    """Return the unused columns whose whole name is one word, one of some names."""
    words = {column: column_words(column) for column in unused_columns(look, by_name)}
    return [column for column, name in words.items() if " " not in name and re.fullmatch(names, name)]


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


def _is_of_countries(look: Look, column: str) -> bool:
    """Return whether a column holds countries other than the nationality of persons, who may live elsewhere."""
    return _are_countries(look.values(column)) and not is_of_nationality(column_words(column))


def _are_countries(values: list[str]) -> bool:
    return bool(values) and sum(map(is_country, values)) >= ENOUGH * len(values)


def country_by_values(look: Look, by_name: Mapping[str, Guess]) -> Guess | None:
    """Return a column of countries that have the towns of their rows, where a column is called as towns are: Land."""
    for column in unused_columns(look, by_name) if "city" in by_name else ():
        if _is_of_countries(look, column):
            pairs = [(row.get(by_name["city"].column, ""), row.get(column, "")) for row in look.rows]
            named = [pair for pair in pairs if pair[1] and gazetteer.economies_of(key(pair[0]))]
            share = sum(is_town(*pair) for pair in named) / (len(named) or 1)
            if share >= ENOUGH:
                return Guess(
                    "country", column, f"{BY_VALUES}: {100 * share:.0f} % are countries of the towns of their rows"
                )
    return None


def post_code_by_values(look: Look, by_name: Mapping[str, Guess]) -> Guess | None:
    """Return a column of post codes whose areas have the towns of their rows, whatever it is called.

    It is none of few different ones, nor of years, which are post codes of Sydney and Copenhagen.
    """
    for column in unused_columns(look, by_name):
        different = set(look.values(column))
        if len(different) < FEWEST or not all(map(is_post_code, different)) or all(map(_is_year, different)):
            continue
        if agreed := agreeing_with_towns(look, by_name, column, _has_code):
            return Guess("postcode", column, f"{BY_VALUES}: {agreed[0]} are post codes near the towns of their rows")
    return None


def _has_code(town: str, code: str, country: str) -> bool:
    """Return whether the area of a post code, also of one without the zero that opens it, has a town of this name."""
    economy = countries.find_stated(country) or ""
    around = area((*codes_in(code), f"0{code}"), economy)
    places = gazetteer.places()
    rows = gazetteer.rows_named(key(town), economy) if around and economy else []
    return around is not None and any(around.contains(int(places.lat_e7[row]), int(places.lon_e7[row])) for row in rows)


def _is_year(value: str) -> bool:
    return re.fullmatch(YEAR, value) is not None
