"""The resolver: all evidence of an address judged together, the likeliest place answered (METHOD 2)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.tables import PRECISIONS, Geocoder
from hubrank.geocoding import answers, fast_paths
from hubrank.geocoding.answers import UNKNOWN, Alternative, Answer, sorted_rows, texts_of
from hubrank.geocoding.candidates import CandidateFinder
from hubrank.geocoding.contradictions import contradictions
from hubrank.geocoding.evidence import coordinates
from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.named_organisation import named_organisation
from hubrank.geocoding.evidence.names import AT_CODE
from hubrank.geocoding.evidence.text_places import FAR_GUESS
from hubrank.geocoding.fast_paths import DOUBTFUL, Dictionary
from hubrank.geocoding.gazetteer.name_variants import KIND_REMOVED
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.misplaced_values import Columns
from hubrank.geocoding.model import ALTERNATIVES, LEAST_PM, TEXT_GROUPS, Judged, Model, judge, judged_at, permille
from hubrank.geocoding.stated_columns import stated

GUESSES = frozenset(("elsewhere", "text misspelt"))  # groups of names that are calibrated with surer ones
# How organisations are named only in part.
IN_PART = ("like its name", "opens the text", "first word")
NEVER = 1001  # per mille
DOUBTFUL_PM = 550  # below which a post code says where an address is
MORE_OF_A_GUESS = 250  # per mille of the distance to certainty, added to the threshold: 66 % instead of 55 %


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that is known of one address: its places, likeliest first, and the answer that is given.

    texts : in the columns in which they were read. where : what they state of the surroundings.
    candidates : all, also those that may have no probability.
    """

    judged: list[Judged]
    answer: Answer
    texts: Columns
    where: Surroundings
    candidates: list[Candidate]


class Resolver:
    """Locates addresses."""

    name = "resolver"

    def __init__(
        self,
        finder: CandidateFinder,
        model: Model,
        dictionary: Dictionary | None = None,
        *,
        use_coordinates: bool = True,
        min_probability_pm: int = 500,
        min_precision: str = "city",
        service: Geocoder | None = None,
    ) -> None:
        self.finder = finder
        self.model = model
        self._enough = frozenset(PRECISIONS[: PRECISIONS.index(min_precision) + 1])
        self._dictionary = dictionary if "city" in self._enough else None
        self._use_coordinates = use_coordinates
        named = finder.names or finder.institutions
        self._min_probability_pm = min_probability_pm if named else 0  # coordinates alone are taken as they are
        self._service = service
        self._takes_sites = use_coordinates and "site" in self._enough

    def locate(self, addresses: pa.Table) -> pa.Table:
        """Return ANSWER for each address, in order; nulls where nothing is likely and fine enough."""
        alone = fast_paths.bare_coordinates(addresses) & self._takes_sites
        rows = sorted_rows(addresses)
        rows = rows[~alone[rows]]
        texts, is_plain, tables = addresses.take(pa.array(rows)), np.zeros(len(rows), np.bool_), []
        if alone.any():
            tables.append(fast_paths.answer_coordinates(addresses.filter(pa.array(alone)), self.model))
        if self._dictionary:
            is_plain, of_cities = self._dictionary.find_all(texts)
            tables.append(of_cities)
        tables.append(answers.collect(self._answers(texts.filter(pa.array(~is_plain)))))
        order = np.concatenate((np.flatnonzero(alone), rows[is_plain], rows[~is_plain]))
        located = pa.concat_tables(tables).combine_chunks().take(pa.array(np.argsort(order)))
        return self._with_service(addresses, located) if self._service else located

    def verdict(self, address: pa.Table) -> Verdict:
        """Return what is known of the first address of a table."""
        row = next(texts_of(address))
        spot = coordinates.candidates(address)[0] if self._use_coordinates else None
        return self._verdict(row, spot)

    def _answers(self, addresses: pa.Table) -> Iterator[Answer]:
        """Yield the answers: a name that means one place is looked up, all else is judged."""
        spots: list[Candidate | None] = [None] * addresses.num_rows
        if self._use_coordinates and addresses["lat_e7"].null_count < addresses.num_rows:
            spots = coordinates.candidates(addresses)
        dictionary = self._dictionary.find if self._dictionary else _no_lookup
        for row, spot in zip(texts_of(addresses), spots, strict=True):
            number, institution, address, city, region, country = row
            plain = None
            if city and spot is None and not (number or institution or address):
                where = stated(city, region, country, (institution, address))  # as the finder asks
                plain = dictionary(city, where)
                if plain is DOUBTFUL:
                    plain = self._region(where)
            yield plain or self._verdict(row, spot).answer

    def _verdict(self, row: Columns, spot: Candidate | None) -> Verdict:
        """Judge an address: by all that it names, and where that leaves it in doubt by its post code."""
        candidates, where = self.finder.candidates(*row, spot)
        judged = judge(candidates, self.model)
        likely = judged and permille(judged[0].probability) >= self._threshold(judged[0].candidate, where, DOUBTFUL_PM)
        middle = None if likely else self.finder.at_post_code(row)
        if middle:
            candidates, judged = [*candidates, middle], judged_at(middle, judged)
        return Verdict(judged, self.answer(judged, where, candidates, row), row, where, candidates)

    def answer(self, judged: list[Judged], where: Surroundings, candidates: list[Candidate], row: Columns) -> Answer:
        """Return the likeliest candidate where it is likely and fine enough, else what is certain around it."""
        if judged and permille(judged[0].probability) >= self._threshold(
            judged[0].candidate, where, self._min_probability_pm
        ):
            best = judged[0].candidate
            if best.precision not in self._enough:
                return UNKNOWN
            return Answer(
                best.lat_e7,
                best.lon_e7,
                best.precision,
                "+".join(judged[0].sources),
                permille(judged[0].probability),
                best.geonames_id or None,
                best.economy or None,
                alternatives(judged[1:]),
                self._contradictions(best, candidates, where, row),
                self._organisation(candidates, best),
            )
        return self._region(where)

    def _contradictions(
        self, best: Candidate, candidates: list[Candidate], where: Surroundings, row: Columns
    ) -> str | None:
        """Return what disagrees with the answer; a region only if a column states it, or a text of a city alone."""
        _, institution, _, city, region, _ = row
        of_columns = region or (best.group == "column" and not city)
        stated_where = where if of_columns else Surroundings(where.economies)
        register = self.finder.institutions if city else None
        seats = register.only_seats_named(institution) if register and institution else ()
        return contradictions(best, candidates, stated_where, seats)

    def _organisation(self, candidates: list[Candidate], best: Candidate) -> str | None:
        """Return the name of the registered organisation that an address names."""
        register = self.finder.institutions
        row = named_organisation(candidates, best) if register else None
        return register.name(row) if register and row is not None else None

    def _threshold(self, best: Candidate, where: Surroundings, least: int) -> int:
        """Return the least probability of an answer: higher for a guess, which may be no place at all."""
        if least and FAR_GUESS in best.features:
            return NEVER
        unbound = best.group in TEXT_GROUPS and not (where.economies or where.regions) and not _has_kind(best)
        in_part = best.group == "institution" and any(words in best.features[0] for words in IN_PART)
        is_guess = best.group in GUESSES and AT_CODE not in best.features
        if least and (unbound or in_part or is_guess):
            return least + (1000 - least) * MORE_OF_A_GUESS // 1000
        return least

    def _region(self, where: Surroundings) -> Answer:
        """Return the stated region at its most populous place, where the study takes regions for places."""
        if not where.regions or "region" not in self._enough:
            return UNKNOWN
        region = where.regions[0]
        spot = region.lat_e7, region.lon_e7
        return Answer(*spot, "region", "names", None, region.geonames_id or None, region.economy, None)

    def _with_service(self, addresses: pa.Table, located: pa.Table) -> pa.Table:
        """Return the answers with those of the service where nothing was located."""
        missing = pc.indices_nonzero(pc.is_null(located["lat_e7"]))
        if not len(missing) or self._service is None:
            return located
        from_service = self._service.locate(addresses.take(missing))
        good = pc.and_(
            pc.is_valid(from_service["lat_e7"]), pc.is_in(from_service["precision"], pa.array(sorted(self._enough)))
        )
        rows = missing.filter(good.combine_chunks() if isinstance(good, pa.ChunkedArray) else good)
        order = list(range(located.num_rows))
        for at, row in enumerate(rows.to_pylist()):
            order[row] = located.num_rows + at
        return pa.concat_tables([located, from_service.filter(good)]).take(pa.array(order))


def _has_kind(best: Candidate) -> bool:
    """Say whether a text has the word for a kind of place, as no person or organisation has: X Metropolitan Area."""
    return any(feature.endswith(KIND_REMOVED) for feature in best.features)


def _no_lookup(_: str, __: Surroundings) -> Answer | None:
    """Answer no name: for a study that uses none."""
    return None


def alternatives(others: list[Judged]) -> tuple[Alternative, ...] | None:
    """Return the likeliest of some places, as many as an answer carries; None where none is worth naming."""
    places = tuple(
        (c.lat_e7, c.lon_e7, c.geonames_id or None, c.economy or None, permille(one.probability))
        for one in others[:ALTERNATIVES]
        for c in (one.candidate,)
        if permille(one.probability) >= LEAST_PM
    )
    return places or None
