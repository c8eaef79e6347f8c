"""Cities with nothing but their country, and one place of their name there: all of a table are looked up at once."""

from collections.abc import Callable
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hubrank.core import countries
from hubrank.core.tables import ADDRESS_SCHEMA, ANSWER_SCHEMA
from hubrank.geocoding.answers import address_texts, decimals
from hubrank.geocoding.gazetteer.place_lookup import PlaceNames
from hubrank.geocoding.gazetteer.surroundings import surroundings_of_columns

_CODES = {economy: code for code, economy in enumerate((*countries.table(), ""))}  # "": a register may have others
_OTHERS = tuple(name for name in ADDRESS_SCHEMA.names if name not in ("city", "country", "lon_e7"))

Numbers = NDArray[np.int64]
NumberOf = Callable[[str, str], int]


class PlainCities:
    """Answers as the dictionary does, but only names of one place, and many at once."""

    def __init__(self, names: PlaceNames, probabilities: NDArray[np.int16], min_probability_pm: int) -> None:
        self._names, self._table = names.names, names.table
        self._probabilities = probabilities
        self._least = min_probability_pm

    def answers(self, addresses: pa.Table, number_of: NumberOf) -> tuple[NDArray[np.bool_], pa.Table]:
        """Return which addresses mean one place and do so surely enough, and ANSWER for these.

        number_of : returns the number of the key of a city in a country, -1 where it takes reading.
        """
        (at, number, home), names = _plain(addresses, number_of), self._names
        first, place, kind = (np.frombuffer(many, many.typecode) for many in (names.first, names.place, names.kind))
        counts = first[number + 1] - first[number]
        of = np.repeat(np.arange(len(number)), counts)
        span = np.arange(len(of)) + np.repeat(first[number] - np.cumsum(counts) + counts, counts)
        in_family = self._families[home[of], self._codes[place[span]]]
        of, span = of[in_family], span[in_family]
        row, count = place[span], np.bincount(of, minlength=len(number))
        probability = self._probabilities[kind[span], row]
        enough = (count[of] == 1) & (self._codes[row] == home[of]) & (probability >= self._least)
        is_answered = np.zeros(addresses.num_rows, np.bool_)
        is_answered[at[of[enough]]] = True
        return is_answered, self._answers(row[enough], home[of[enough]], probability[enough])

    @cached_property
    def _codes(self) -> NDArray[np.int16]:
        """The number of the economy of each place."""
        economies, other = self._table.economy, _CODES[""]
        return np.fromiter((_CODES.get(economy, other) for economy in economies), np.int16, len(economies))

    @cached_property
    def _families(self) -> NDArray[np.bool_]:
        """Whether a place in an economy may be meant where another is stated, by the number of that one first."""
        return np.array([[other in countries.family(home) for other in _CODES] for home in _CODES])

    def _answers(self, row: Numbers, home: Numbers, probability: Numbers) -> pa.Table:
        table, count = self._table, len(row)
        columns = {
            name: np.frombuffer(many, many.typecode)[row]
            for name, many in (("lat_e7", table.lat_e7), ("lon_e7", table.lon_e7), ("gazetteer_id", table.geonames_id))
        }
        columns |= {"precision": pa.repeat("city", count), "geocoding_evidence": pa.repeat("names", count)}
        columns |= {"location_probability": decimals(probability), "economy": pa.array([*_CODES]).take(pa.array(home))}
        columns |= {field.name: pa.nulls(count, field.type) for field in ANSWER_SCHEMA if field.name not in columns}
        return pa.Table.from_arrays([pa.array(columns[f.name], f.type) for f in ANSWER_SCHEMA], schema=ANSWER_SCHEMA)


def _plain(addresses: pa.Table, number_of: NumberOf) -> tuple[Numbers, Numbers, Numbers]:
    """Return the addresses of cities that need no reading, the numbers of their keys and of their countries."""
    is_alone = pc.and_(pc.is_valid(addresses["city"]), pc.is_valid(addresses["country"]))
    for name in _OTHERS:
        is_alone = pc.and_(is_alone, pc.is_null(addresses[name]))
    rows = np.flatnonzero(is_alone.to_numpy())
    texts = [address_texts(addresses.take(pa.array(rows)), name) for name in ("city", "country")]
    homes = {text: (*surroundings_of_columns("", text).economies, "")[0] for text in set(texts[1])}
    stated = [homes[country] for country in texts[1]]
    number = np.fromiter(map(number_of, texts[0], stated), np.int64, len(rows))
    is_known = number >= 0
    return rows[is_known], number[is_known], np.array([_CODES[home] for home in stated], np.int64)[is_known]
