"""The fast paths: a city's name in a column that needs no reading, and coordinates with nothing else.

The strength that the judge would give is tabulated for each place of the gazetteer and each kind of name, so that fast
and full paths answer alike.
"""

import math
from array import array

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hubrank.core import countries
from hubrank.core.sphere import Floats, canonical, near_e7
from hubrank.core.tables import ADDRESS_TEXTS, ANSWER_SCHEMA
from hubrank.geocoding.answers import Alternative, Answer, decimals
from hubrank.geocoding.contradictions import OFFSHORE
from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.city_column import WARD
from hubrank.geocoding.evidence.coordinates import OFFSHORE_KM, distance_note, relate, usable
from hubrank.geocoding.evidence.names import MOST, NAME_KINDS, NamedPlace, NameEvidence
from hubrank.geocoding.evidence.segments import country_keys, may_be_code
from hubrank.geocoding.evidence.sizes import size_masks
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import ALIAS, NEARBY, PRIMARY
from hubrank.geocoding.gazetteer.nearest import nearest_places
from hubrank.geocoding.gazetteer.surroundings import Surroundings, is_county
from hubrank.geocoding.model import ALTERNATIVES, LEAST_PM, Model, judge, permille
from hubrank.geocoding.plain_cities import PlainCities
from hubrank.geocoding.text.machine_text import LOST
from hubrank.geocoding.text.normalise import key

_RIGHT_E7 = 1_350_000  # 15 km of latitude, rounded up
_KEY = key.__wrapped__  # not remembered: most names of a table are asked for once
DOUBTFUL = Answer(precision="city")  # places have the name, none of them is likely enough


class Dictionary:
    """Answers names that places of the stated country have and that need no reading."""

    def __init__(self, evidence: NameEvidence, model: Model, min_probability_pm: int) -> None:
        self._evidence = evidence
        self._names, self._numbers = evidence.names, evidence.names.names.number
        table = evidence.names.table
        self._rows_named, self._economy = evidence.names.rows_named, table.economy
        self._lat_e7, self._lon_e7, self._number = table.lat_e7, table.lon_e7, table.geonames_id
        self._model = model
        self._least = min_probability_pm
        counted, villages = (_sizes(evidence, model, counted=counted) for counted in (True, False))
        strength = {
            words: _strengths(model, words, villages if kind == NEARBY else counted)
            for words, kind in NAME_KINDS.items()
        }
        mass = {words: _masses(strength[words]) for words in NAME_KINDS}
        alone, abroad, at_home = _KINDS[ALIAS], "another of its names, and one is called so", "former name"
        self._mass_without_namesake, self._mass, self._mass_in_us = (
            [mass[alias if words == alone else words] for words in _KINDS] for alias in (alone, abroad, at_home)
        )  # by kind of name
        # Per mille, of each place as the only candidate, by kind of name.
        self._probabilities = np.array([_alone(strength[words], model) for words in _KINDS])
        self._at_middle = self._names.at_middle
        self._probabilities[:, np.frombuffer(self._at_middle, np.bool_)] = 0
        self._plain_cities = PlainCities(self._names, self._probabilities, min_probability_pm)
        weight, plain = model.weight, model.weight.get("region: not stated", 0.0)
        self._inside, self._outside = (
            math.exp(weight.get(f"region: {side}", 0.0) - plain) for side in ("inside", "outside")
        )
        self._wide = frozenset(countries.table()) - gazetteer.city_states().keys()
        self._regions = regions.by_key()
        self._countries = frozenset(country_keys())

    def find(self, city: str, where: Surroundings) -> Answer | None:
        """Return the place that a name means, DOUBTFUL where no place is likely enough; None where it takes reading."""
        economies, name = where.economies, key(city)
        if not economies or self._takes_reading(city, name, home := economies[0]):
            return None
        is_region = (home, name) in self._regions
        if is_region and is_county(city, home):
            return None
        rows = self._rows_named(name, where)
        if len(economies) > 1 and {self._economy[row] for row, _ in rows} - {home}:
            return None
        is_region = is_region and not where.regions
        if len(rows) == 1 and not where.regions and not is_region:
            row, kind = rows[0]
            if self._at_middle[row]:
                return None  # the finder knows how wide its post code is
            probability = int(self._probabilities[kind, row])
            return self._answer(row, probability, None) if probability >= self._least else DOUBTFUL
        return self._likeliest(name, rows, where, is_region=is_region) if rows else None

    def find_all(self, addresses: pa.Table) -> tuple[NDArray[np.bool_], pa.Table]:
        """Return which addresses are a city and its country and mean its only place there, and ANSWER for these."""
        return self._plain_cities.answers(addresses, self._number_of)

    def _number_of(self, city: str, home: str) -> int:
        """Return the number of a name that the gazetteer alone has, and that is no region's in its country, else -1.

        -1 as well where it takes reading.
        """
        name = _KEY(city)
        if self._takes_reading(city, name, home) or (home, name) in self._regions or name in self._names.table.more:
            return -1
        number: int = self._numbers.get(name, -1)
        return number

    def _takes_reading(self, city: str, name: str, home: str) -> bool:
        """Say whether a city, of which a key is stated too, may be something else, or its country a city itself.

        Wards of several cities take it as well.
        """
        is_other = may_be_code(name) or name in self._countries or home not in self._wide
        return is_other or LOST in city or "/" in city or city.endswith(WARD)

    def _answer(self, row: int, probability_pm: int, others: tuple[Alternative, ...] | None) -> Answer:
        lat, lon, number = self._lat_e7[row], self._lon_e7[row], self._number[row]
        return Answer(lat, lon, "city", "names", probability_pm, number, self._economy[row], others)

    def _weighted_rows(
        self, name: str, rows: list[NamedPlace], where: Surroundings, *, is_region: bool
    ) -> list[tuple[float, int, int]]:
        """Return minus the weight, GeoNames id and row of places of one name, none where none is inside."""
        evidence, number = self._evidence, self._number
        if is_region:
            rows = [pair for pair in rows if not evidence.is_region(name, *pair)]
        if len(rows) > 1:
            rows = evidence.without_hamlets(rows, where)
        if len(rows) > MOST:
            rows = evidence.likeliest(rows, where)
        of_kind = self._mass_without_namesake
        if len(rows) > 1 and PRIMARY in [kind for _, kind in rows]:
            of_kind = self._mass_in_us if self._economy[rows[0][0]] == "US" else self._mass
        if not where.regions and not is_region:
            return sorted([(-of_kind[kind][row], number[row], row) for row, kind in rows])
        weighed, usable = [], not where.regions
        for row, kind in rows:
            mass = of_kind[kind][row]
            if where.regions:
                inside = self._names.inside(row, where.regions)
                usable = usable or inside
                mass *= self._inside if inside else self._outside
            else:
                notes = evidence.namesake_features(name, row)
                mass *= math.exp(sum([self._model.weight.get(note, 0.0) for note in notes])) if notes else 1.0
            weighed.append((-mass, number[row], row))
        return sorted(weighed) if usable else []

    def _likeliest(self, name: str, rows: list[NamedPlace], where: Surroundings, *, is_region: bool) -> Answer | None:
        """Return the likeliest of several places of one name, weighed as the judge weighs them."""
        weighed = self._weighted_rows(name, rows, where, is_region=is_region)
        if not weighed:
            return None
        of_lat, of_lon = self._lat_e7, self._lon_e7
        firsts: list[tuple[int, int, int]] = []  # latitude, longitude and row of each group's strongest place
        masses: list[float] = []
        total = 1.0
        for minus, _, row in weighed:
            total -= minus
            lat, lon = of_lat[row], of_lon[row]
            for number, (first_lat, first_lon, _) in enumerate(firsts):
                if -_RIGHT_E7 < lat - first_lat < _RIGHT_E7 and near_e7(first_lat, first_lon, lat, lon):
                    masses[number] -= minus
                    break
            else:
                firsts.append((lat, lon, row))
                masses.append(-minus)
        shares = sorted([(-mass / total, n) for n, mass in enumerate(masses)])
        best = self._model.of_columns(-shares[0][0])
        sure = permille(best)
        if sure < self._least:
            return DOUBTFUL
        likeliest = firsts[shares[0][1]][2]
        if self._at_middle[likeliest]:
            return None
        others = self._alternatives(shares, firsts, best) if len(shares) > 1 else None
        return self._answer(likeliest, sure, others)

    def _alternatives(
        self, shares: list[tuple[float, int]], firsts: list[tuple[int, int, int]], best: float
    ) -> tuple[Alternative, ...] | None:
        """Return the alternatives to the likeliest: minus the share and number of each group, the likeliest first."""
        rest = (1 - best) / max(1 + shares[0][0], 1e-12)
        others = []
        for share, n in shares[1 : ALTERNATIVES + 1]:
            probability = permille(min(best, -share * rest))
            if probability < LEAST_PM:
                break
            lat, lon, row = firsts[n]
            others.append((lat, lon, self._number[row], self._economy[row], probability))
        return tuple(others) or None


_KINDS = tuple(NAME_KINDS)[:4]


Sizes = tuple[Floats, dict[str, NDArray[np.bool_]]]


def _sizes(evidence: NameEvidence, model: Model, *, counted: bool) -> Sizes:
    """Return what the size of each place adds, and where what is worth saying of sizes applies.

    counted : whether people and organisations count, as they do not for a village or suburb.
    """
    table = evidence.names.table
    people, organisations = (np.array(column, np.float64) * counted for column in (table.people, table.organisations))
    return model.sizes("column", people, organisations), size_masks("column", people, organisations)


def _strengths(model: Model, words: str, sizes: Sizes) -> "array[float]":
    """Return the strength of each place as a candidate by a kind of name, no region stated."""
    of_size, masks = sizes
    plain = ("column: as written", f"called: {words}", "region: not stated")
    strength = np.full(len(of_size), sum(model.weight.get(name, 0.0) for name in plain))
    strength += of_size
    for label, mask in masks.items():
        strength[mask] += model.weight.get(label, 0.0)
    return array("d", strength.tobytes())


def _masses(strength: "array[float]") -> "array[float]":
    """Return how much each place counts beside others and beside none of them, which counts 1."""
    return array("d", np.exp(np.frombuffer(strength)).tobytes())


def _alone(strength: "array[float]", model: Model) -> NDArray[np.int16]:
    """Return the probability, per mille, of each place as the only candidate."""
    raw = 1 / (1 + np.exp(-np.frombuffer(strength)))
    probability = np.interp(raw, model.of_columns.raw, model.of_columns.calibrated)
    return np.asarray(np.round(1000 * probability).astype(np.int16))


def bare_coordinates(addresses: pa.Table) -> NDArray[np.bool_]:
    """Say which addresses are coordinates that mean a place, and nothing else."""
    is_bare = pc.and_(pc.is_valid(addresses["lat_e7"]), pc.is_valid(addresses["lon_e7"]))
    for name in ADDRESS_TEXTS:
        is_bare = pc.and_(is_bare, pc.is_null(addresses[name]))
    alone = np.asarray(is_bare.to_numpy(), bool)
    if alone.any():
        lat, lon = (addresses[name].fill_null(0).to_numpy() for name in ("lat_e7", "lon_e7"))
        alone &= usable(lat, lon)
    return alone


def answer_coordinates(addresses: pa.Table, model: Model) -> pa.Table:
    """Return ANSWER for addresses that are coordinates alone, precision `site`."""
    lat, lon = canonical(*(addresses[name].to_numpy() for name in ("lat_e7", "lon_e7")))
    places = gazetteer.places()
    row, gap = nearest_places(lat, lon)
    near, far = (_probability_of(note, model) for note in (distance_note(0.0), distance_note(2 * OFFSHORE_KM)))
    columns = {
        "lat_e7": lat,
        "lon_e7": lon,
        "precision": pa.repeat("site", len(lat)),
        "geocoding_evidence": pa.repeat("coordinates", len(lat)),
        "location_probability": decimals(np.where(gap <= OFFSHORE_KM, near, far)),
        "gazetteer_id": places.geonames_id[row],
        "economy": [places.economy[place] for place in row.tolist()],
        "alternatives": pa.nulls(len(lat), ANSWER_SCHEMA.field("alternatives").type),
        "contradictions": [None if km <= OFFSHORE_KM else OFFSHORE for km in gap.tolist()],
        "registered_organisation": pa.nulls(len(lat), pa.string()),
        "correction_line": pa.nulls(len(lat), pa.int32()),
    }
    return pa.Table.from_arrays([pa.array(columns[f.name], f.type) for f in ANSWER_SCHEMA], schema=ANSWER_SCHEMA)


def _probability_of(note: str, model: Model) -> int:
    """Return what the judge says of coordinates that stand alone, per mille."""
    spot = Candidate(0, 0, -1, "coordinates", "site", "", 0, "coordinates", [note])
    relate(spot, [], ())
    return permille(judge([spot], model)[0].probability)
