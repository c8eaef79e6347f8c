"""What an address is read as, which registered organisations it names, and the limit of a rule: in plain words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from hubrank.core import countries
from hubrank.core.sphere import near_e7
from hubrank.geocoding.evidence.areas_alone import AT_POST_CODE
from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.institutions import InstitutionEvidence
from hubrank.geocoding.evidence.names import VILLAGE
from hubrank.geocoding.gazetteer import gazetteer, place_labels
from hubrank.geocoding.gazetteer.nearest import nearest_places
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.model import Model, judge, permille
from hubrank.geocoding.resolver import Verdict
from hubrank.geocoding.text.affiliations import split
from hubrank.geocoding.text.normalise import key

_OF_PLACES = frozenset(("names", "text"))  # kinds of evidence of a place that is named
_SHOWN = 3  # organisations of an address


@dataclass(frozen=True, slots=True)
class _Seat:
    """The seat of an organisation; `name` as the address or the register has it, coordinates in 1e-7 degree."""

    name: str
    lat_e7: int
    lon_e7: int


def in_words(verdict: Verdict, register: InstitutionEvidence | None, model: Model) -> str:
    """Return what is read in it, the seats of the registered organisations that are named, and the limit of a rule."""
    if not verdict.judged:
        return ""
    parts = [_read(verdict), *_seats(verdict, register), _limit(verdict, model)]
    return " ".join(f"{part}." for part in parts if part)


def _read(verdict: Verdict) -> str:
    """Return place, regions and country as they are read: a region or a post code may say which country it is."""
    first = verdict.judged[0]
    is_named = _OF_PLACES & {*first.sources} and AT_POST_CODE not in first.candidate.features
    place = _name(first.candidate.geonames_id) if is_named else ""
    near = "a village or suburb near " if place and VILLAGE in first.candidate.features else ""
    regions = [
        f"{r.name} (region)" for r in verdict.where.regions if not (place and key(r.name).startswith(key(place)))
    ]
    country = [f"{countries.name(economy)} (country)" for economy in verdict.where.economies[:1]]
    spot = ["coordinates"] if any(c.source == "coordinates" for c in verdict.candidates) else []
    code = ["post code"] if any(AT_POST_CODE in c.features for c in verdict.candidates) else []
    parts = [*spot, *code, *([f"{near}{place} (place)"] if place else []), *dict.fromkeys(regions), *country]
    return f"Read as: {', '.join(parts) or 'neither place nor region nor country'}"


def _seats(verdict: Verdict, register: InstitutionEvidence | None) -> Iterator[str]:
    """Yield each registered organisation that is named, where its seat is, and how likely that is meant."""
    if register is None:
        return
    judged = [_Seat(register.name(c.register_row) or "", c.lat_e7, c.lon_e7) for c in _of_register(verdict)]
    named = {key(seat.name) for seat in judged}
    left_out = [seat for seat in _named_in_whole(verdict, register) if key(seat.name) not in named]
    of_name: dict[str, list[_Seat]] = {}
    for seat in dict.fromkeys((*judged, *left_out)):
        of_name.setdefault(seat.name, []).append(seat)
    for name, seats in list(of_name.items())[:_SHOWN]:
        chances = "; ".join(_chance(seat, verdict) for seat in seats[:_SHOWN])
        yield f"Registered organisation: {name}, with {'its seat' if len(seats) == 1 else 'seats'} in {chances}"


def _chance(seat: _Seat, verdict: Verdict) -> str:
    """Return the place of a seat, and how likely that is meant."""
    there = (one for one in verdict.judged if near_e7(*_spot(one.candidate), seat.lat_e7, seat.lon_e7))
    probability = next((one.probability for one in there), None)
    place, economy = _nearest(seat)
    return f"{place}: {_why_left_out(economy, verdict.where) if probability is None else f'{probability:.3f}'}"


def _of_register(verdict: Verdict) -> list[Candidate]:
    return [c for c in verdict.candidates if c.register_row >= 0]


def _named_in_whole(verdict: Verdict, register: InstitutionEvidence) -> list[_Seat]:
    """Return the seats of organisations that a part of the texts names in whole, those of the stated country first.

    Rules may have taken them out before all is judged.
    """
    _, institution, address, *_ = verdict.texts
    seats = [
        _Seat(part, *spot)
        for part in (*split(institution), *split(address))
        if not any(gazetteer.names().rows(key(part)))
        for spot in register.seats_named(part)
    ]
    return sorted(seats, key=lambda seat: _nearest(seat)[1] not in verdict.where.economies)


def _why_left_out(economy: str, where: Surroundings) -> str:
    """Say why a seat is no candidate."""
    if where.economies and economy not in where.economies:
        return "0, as it lies outside the stated country"
    return "0, as a stated place goes before the seat of an organisation"


def _limit(verdict: Verdict, model: Model) -> str:
    """Return which probability a rule limits, and what it would be without; "" where none does."""
    first = verdict.judged[0]
    unlimited = [replace(c, at_most=1.0) for c in verdict.candidates if c.at_most > 0]
    likely = (one for one in judge(unlimited, model) if one.candidate.geonames_id == first.candidate.geonames_id)
    without = next((one.probability for one in likely), first.probability)
    if permille(without) <= permille(first.probability):
        return ""
    return f"A rule limits the likeliest place to {first.probability:.3f}; the evidence alone gives {without:.3f}"


def _spot(candidate: Candidate) -> tuple[int, int]:
    return candidate.lat_e7, candidate.lon_e7


def _name(geonames_id: int) -> str:
    """Return the name of a place alone, "" where the gazetteer has none."""
    row = gazetteer.places().row(geonames_id) if geonames_id else None
    return "" if row is None else gazetteer.places().name[row]


def _nearest(seat: _Seat) -> tuple[str, str]:
    """Return the place of a seat with its country, and its economy."""
    places, (rows, _) = gazetteer.places(), nearest_places(np.array([seat.lat_e7]), np.array([seat.lon_e7]))
    row = int(rows[0])
    return place_labels.place_name(int(places.geonames_id[row]), countries.name), places.economy[row]
