"""Why an address is where it is: the places it may be, how likely each is, and what speaks for and against it."""

from bisect import bisect_left
from dataclasses import dataclass, replace

import pyarrow as pa

from hubrank.core import countries
from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding import address_in_words
from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.text_places import FAR_GUESS
from hubrank.geocoding.gazetteer import place_labels
from hubrank.geocoding.resolver import Resolver, Verdict

_SHOWN = 4  # places of an address


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature of a candidate in words, and what it adds to its log-odds."""

    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """One place that an address may be. `answered` for the one that a run would take.

    least : the probability from which the first is answered, 66 % of a guess (METHOD 2); None where none is enough, as
        the place is not fine enough or a guess far from all that is stated, and for the others.
    in_words : of the first, what the address states and names, and the limit of a rule, in plain words.
    """

    place: str
    lat_e7: int
    lon_e7: int
    gazetteer_id: int | None
    precision: str
    evidence: str
    probability: float
    answered: bool
    reasons: tuple[Reason, ...]
    least: float | None = None
    in_words: str = ""

    @property
    def is_far_guess(self) -> bool:
        """Whether it is never answered, as it is a guess and nothing but its country is stated."""
        return self.least is None and any(reason.words == FAR_GUESS for reason in self.reasons)

    @property
    def sentence(self) -> str:
        """The judgement in one line: `Beijing, China: 0.98 by names`."""
        why = "; ".join(f"{reason.words} ({reason.weight:+.1f})" for reason in self.reasons)
        return f"{self.place}: {self.probability:.3f} by {self.evidence} ({why})"


def place_name(candidate: Candidate) -> str:
    """Return what the gazetteer calls a candidate: `Cambridge, MA, United States`."""
    spot = f"{candidate.lat_e7 / 1e7:.3f}, {candidate.lon_e7 / 1e7:.3f}"
    unnamed = ", ".join(filter(None, (spot, countries.name(candidate.economy))))
    return place_labels.place_name(candidate.geonames_id or None, countries.name) or unnamed


def explain(address: dict[str, object], resolver: Resolver) -> list[Judgement]:
    """Return the likeliest places of one address (keys of ADDRESS; others may be missing), the likeliest first."""
    addresses = pa.Table.from_pylist([{name: address.get(name) for name in ADDRESS_SCHEMA.names}], ADDRESS_SCHEMA)
    verdict = resolver.verdict(addresses)
    words = address_in_words.in_words(verdict, resolver.finder.institutions, resolver.model)
    judgements = []
    for at, one in enumerate(verdict.judged[:_SHOWN]):
        c = one.candidate
        reasons = tuple(Reason(*pair) for pair in resolver.model.reasons(c))
        answered = at == 0 and verdict.answer.probability_pm is not None
        number = c.geonames_id or None
        evidence = " and ".join(one.sources)
        judgements.append(
            Judgement(
                place_name(c),
                c.lat_e7,
                c.lon_e7,
                number,
                c.precision,
                evidence,
                one.probability,
                answered,
                reasons,
                _threshold(verdict, resolver) if at == 0 else None,
                words if at == 0 else "",
            )
        )
    return judgements


def _threshold(verdict: Verdict, resolver: Resolver) -> float | None:
    """Return the least probability at which the resolver answers the likeliest place; None where it never does."""
    of_address = verdict.where, verdict.candidates, verdict.texts

    def is_answered(per_mille: int) -> bool:
        judged = [replace(verdict.judged[0], probability=per_mille / 1000)]
        return resolver.answer(judged, *of_address).probability_pm is not None

    least = bisect_left(range(1001), x=True, key=is_answered)
    return least / 1000 if least <= 1000 else None
