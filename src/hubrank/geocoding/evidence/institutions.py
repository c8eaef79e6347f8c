"""Institutions as evidence: the seats of the registered organisations that an id, a name or an affiliation means."""

from hubrank.core import countries
from hubrank.geocoding.evidence import general_words
from hubrank.geocoding.evidence.candidate import BY_ID, Candidate
from hubrank.geocoding.evidence.likeness import LIKE
from hubrank.geocoding.evidence.native_names import separate_native_names
from hubrank.geocoding.evidence.organisation_names import (
    COMPANY,
    IN_LONGER,
    OTHER_ORDER,
    Hit,
    Parts,
    explained_otherwise,
    limit_in_longer_name,
    name_features,
    names_in,
    names_in_short,
)
from hubrank.geocoding.evidence.parts_of_organisations import separate_parts
from hubrank.geocoding.evidence.prominence import prominence_notes
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.register_words import MISSPELT, RegisterWords
from hubrank.geocoding.evidence.similar_names import SimilarNames
from hubrank.geocoding.evidence.stated_seats import NamedSeat, StatedSeats
from hubrank.geocoding.gazetteer.organisations import ACRONYM, ALIAS, LABEL, Organisations
from hubrank.geocoding.gazetteer.registers import bare_id
from hubrank.geocoding.text.cut_countries import with_country_of_organisation
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.organisation_words import economies_of_form, words

_MOST_HITS, _MOST_PLACES = 4, 4
_MISSPELT_SHARE = 0.85  # most probable: what is meant may be an organisation that the register lacks
# Most probable: without a country a name is as often the parent company's as a branch's, and another name with which
# those of many begin is as often one of theirs: Indian Institute of Technology.
_BRANCH_SHARE = 0.5
_SEGMENTS = 3  # of a text that are compared with names in part
# Organisations that are registered rather than their departments and schools: compared first.
_INDEPENDENT = frozenset(("university", "hospital"))
ABROAD = "institution: country contradicts"
ANOTHERS = "institution: another's first name"
CITY_IN_NAME = "institution: its city in its name"
_KINDS = {LABEL: "name", ALIAS: "another name", ACRONYM: "acronym"}


class InstitutionEvidence:
    """Finds the seats of organisations."""

    def __init__(self, register: Organisations) -> None:
        self._register = register
        self._words = RegisterWords(register)
        self._stated = StatedSeats(register)

    def by_id(self, number: str) -> Candidate | None:
        """Return the seat of an organisation by its ROR or OpenAlex id."""
        row = self._register.by_id.get(bare_id(number))
        return None if row is None else self._seat(row, [BY_ID])

    def _seat(self, row: int, features: list[str]) -> Candidate:
        register = self._register
        return Candidate(
            register.lat_e7[row],
            register.lon_e7[row],
            -1,
            "institutions",
            "institution",
            register.economy[row],
            register.geonames_id[row],
            "institution",
            features,
            register_row=row,
        )

    def units_elsewhere(self, seat: Candidate) -> tuple[int, ...]:
        """Return the rows of the registered units, in other places of its country, of the organisation of a seat."""
        return self._register.units_elsewhere.get(seat.register_row, ())

    def is_scattered(self, seat: Candidate) -> bool:
        """Say whether many registered units of the organisation of a seat are in other places of its country."""
        return seat.register_row in self._register.scattered

    def name(self, row: int) -> str | None:
        """Return the first name of an organisation; of a company without its country in parentheses."""
        name: str | None = self._register.name[row].as_py()
        return name

    def spot(self, row: int) -> tuple[int, int]:
        """Return latitude and longitude of a seat in 1e-7 degree."""
        return self._register.lat_e7[row], self._register.lon_e7[row]

    def is_name(self, text: str) -> bool:
        """Say whether a whole text is the name of a registered organisation."""
        return bool(self._register.named(" ".join(self._words.of(text))))

    def is_named_first(self, text: str) -> bool:
        """Say whether a text is an organisation's first name, another one of words, or its acronym in capitals."""
        return bool(self.seats_named(text) or self.economies_named(text)) or (text.isupper() and self.is_name(text))

    def has_acronym(self, name: str, acronym: str) -> bool:
        """Say whether an organisation of a name has an acronym."""
        acronym_key, name_key = (" ".join(self._words.of(text)) for text in (acronym, name))
        rows = {row for row, kind in self._register.named(acronym_key) if kind == ACRONYM}
        return bool(rows) and any(row in rows for row, _ in self._register.named(name_key))

    def separate_names(self, text: str) -> str:
        """Return a text with commas between registered names and what is joined to them, and errors mended.

        University of Graz in Universiy of Graz; 同济大学医学院; Department of Physics of the University of Zurich;
        Northern Hospital, Austral.
        """
        mended = self._words.correct_general_words(text)
        apart = separate_parts(separate_native_names(mended, self.is_name), self.is_name)
        return with_country_of_organisation(apart, self.economies_named)

    def is_organisation_name(self, text: str) -> bool:
        """Say whether several words are an organisation's name: registered, or with a word for one."""
        words = self._words.of(text)
        return len(words) > 1 and (self.is_name(text) or general_words.has_organisation_word(words))

    def seats_named(self, text: str, *, first: bool = True) -> list[tuple[int, int]]:
        """Return the seats (1e-7 degree) of the organisations whose first name, or any name, is the whole text."""
        register = self._register
        named = register.named(" ".join(self._words.of(text)))
        return [(register.lat_e7[row], register.lon_e7[row]) for row, kind in named if kind == LABEL or not first]

    def only_seats_named(self, text: str) -> list[tuple[int, int]]:
        """Return the seats of the organisations of a first name of several words that opens no other names abroad."""
        name = " ".join(self._words.of(text))
        rows = [row for row, kind in self._register.named(name) if kind == LABEL]
        if " " not in name or any(self.similar.longer.begins_abroad(row, name) for row in rows):
            return []
        return [self.spot(row) for row in rows]

    def economies_named(self, text: str) -> set[str]:
        """Return the economies of the organisations that have the whole text, of two words or more, for a name."""
        words = self._words.of(text)
        named = self._register.named(" ".join(words)) if len(words) > 1 else ()
        return {self._register.economy[row] for row, kind in named if kind != ACRONYM}

    def candidates(self, reading: Reading, around: set[str], *, in_part: bool = True) -> list[Candidate]:
        """Return the seats of the organisations that a text names.

        around : the keys of its cities.
        in_part : whether names that share words with the text count, too; not where it is a city's name.
        """
        around = around | {part.key for part in reading.segments}
        parts = [self._words.of(part.text) for part in reading.segments]
        form = parts
        for how, form in self._words.forms(reading, parts):
            hits = names_in(self._register, form)
            if seats := self._seats_of_hits(hits, how, reading, around, form):
                if any(not hit[2].startswith(IN_LONGER) and not hit[2].endswith(OTHER_ORDER) for hit in hits):
                    return seats
                if how or not self._words.has_compound_name(form):  # North Western University is not Western
                    break
        else:
            hits = names_in_short(self._register, parts, self.similar.longer.with_general_words)
            seats = self._seats_of_hits(hits, "", reading, around, parts)
        if not in_part:
            return seats
        similar = self._similar_seats(reading, form, around, seats)
        if len(reading.segments) == 1 and not (reading.economies or reading.codes):
            limit_in_longer_name(seats, similar)
        return seats + similar

    @property
    def similar(self) -> SimilarNames:
        """The names of the register by their words."""
        return self._words.similar

    def _similar_seats(
        self, reading: Reading, parts: Parts, around: set[str], seats: list[Candidate]
    ) -> list[Candidate]:
        """Return the seats, not those of `seats`, of organisations whose names share words with a first segment."""
        register = self._register
        taken = {number for number, _ in reading.regions if number not in reading.before} | {reading.country_at}
        economies = reading.economies or reading.codes
        agreement = "not stated" if not economies else "agrees" if reading.economies else "code"
        others = {(seat.lat_e7, seat.lon_e7) for seat in seats}
        first_parts = range(min(len(parts), _SEGMENTS))
        for at in sorted(first_parts, key=lambda at: _INDEPENDENT.isdisjoint(parts[at])):
            if not parts[at] or at in taken:
                continue
            rows = self.similar.rows(parts[at], lambda row: self._stated.may_be_similar(row, reading))
            more = []
            for row, features in rows[:_MOST_PLACES]:
                features.append(f"{LIKE}, country {agreement}")
                if key(register.city[row]) in around:
                    features.append("institution: its city is a segment")
                elsewhere = (register.lat_e7[row], register.lon_e7[row]) not in others
                if elsewhere and self._stated.in_stated_region(row, reading):
                    more.append(self._seat(row, features))
            if more:
                return more
        return []

    def _seats_of_hits(
        self, hits: list[Hit], how: str, reading: Reading, around: set[str], parts: Parts
    ) -> list[Candidate]:
        """Return the seats of the first names of a text that are not those of its country or region."""
        taken = {number for number, _ in reading.regions} | {reading.country_at}
        blocked = {" ".join(part) for at, part in enumerate(parts) if at in taken}
        tokens = [word for part in parts for word in part]
        hits = [hit for hit in hits if " ".join(tokens[hit[0] : hit[1]]) not in blocked]
        seats: list[Candidate] = []
        for number, hit in enumerate(hits[:_MOST_HITS]):
            seats += self._seats(hit, how, number, reading, around, parts)
        return seats

    def _seats(
        self, hit: Hit, mended: str, number: int, reading: Reading, around: set[str], parts: Parts
    ) -> list[Candidate]:
        """Return the seats of the organisations that a name in a text means, one a place.

        mended : what was done to the words; number : of the name, 0 for the longest; around : keys of its cities.
        """
        others = explained_otherwise(hit, parts, reading.segments, self.name)
        matches, agreement = self._stated.matches([pair for pair in hit[3] if pair[0] not in others], reading)
        if not matches:
            return []
        places = self._places(matches)
        firsts = [min(rows, key=lambda pair: pair[::-1]) for rows in places]
        best_kind = min(kind for _, kind in matches)
        name = [word for part in parts for word in part][hit[0] : hit[1]]
        many = "one place" if len(places) == 1 else "two places" if len(places) == 2 else "several places"
        rarity = self._words.rarity(name)
        of_name = name_features(hit, name, f"{rarity} words", agreement, many, parts)
        of_many = f"{'a' if len(name) == 1 else 'no'} single word, of {many}, country {agreement}"
        # The labs of a company are elsewhere than its seat, however well it is known.
        by_prominence = agreement == "not stated" and not number and hit[2] != COMPANY
        seats = []
        for rows, (row, kind) in zip(places[:_MOST_PLACES], firsts, strict=False):
            prominence = max(self._register.prominence[other] for other, _ in rows) if by_prominence else 0
            features = [
                f"institution: {_KINDS[kind]}, {hit[2]}{mended}",
                *of_name,
                f"institution: {_KINDS[kind]}, {of_many}",
                *prominence_notes(prominence, kind, rarity, alone=len(places) == 1),
                f"institution: {self.similar.longer.elsewhere(row, ' '.join(name))}",
                *self._stated.region_notes(row, reading),
                *(self._among_others(row, rows, [other for other, _ in firsts]) if len(places) > 1 else ()),
                *([ANOTHERS] if kind > best_kind else ()),
                *self._city_notes(row, rows, name, around),
                *(["institution: a longer name is there"] if number else ()),
            ]
            seat = self._seat(row, features)
            is_stated, longer = agreement != "not stated", self.similar.longer
            if (
                all(kind == ALIAS and longer.is_of_many(other, " ".join(name)) for other, kind in rows)
                or (not is_stated and self._may_be_abroad(rows, name, reading))
                or (not is_stated and longer.begins_abroad(row, " ".join(name)))
            ):
                seat.at_most = _BRANCH_SHARE
            if mended == MISSPELT:
                seat.at_most = min(seat.at_most, _MISSPELT_SHARE)
            seat.organisations = float(len(name))
            seat.word_at = hit[0]
            seats.append(seat)
        return seats

    def _may_be_abroad(self, rows: list[NamedSeat], name: list[str], reading: Reading) -> bool:
        """Say whether organisations are branches, or the first segment has a legal form of other countries.

        The name of a branch may have its country in it: IBM China Research Laboratory.
        """
        economy = self._register.economy[rows[0][0]]
        homes = economies_of_form(reading.segments[0].text)
        is_foreign = bool(homes) and economy not in homes
        at_home = set(words(countries.name(economy))) <= set(name) if economy else False
        return is_foreign or (not at_home and all(self._register.branch[row] for row, _ in rows))

    def _places(self, matches: list[NamedSeat]) -> list[list[NamedSeat]]:
        """Return organisations grouped by place, first those of which it is the first name."""
        groups: list[list[NamedSeat]] = []
        for row, kind in sorted(matches, key=lambda pair: (pair[1], not self._register.head[pair[0]], pair[0])):
            group = next((group for group in groups if self._register.is_same_place(row, group[0][0])), None)
            if group is None:
                groups.append([(row, kind)])
            else:
                group.append((row, kind))
        return groups

    def _among_others(self, row: int, rows: list[NamedSeat], firsts: list[int]) -> list[str]:
        """Return what speaks for one of several places that have organisations of one name.

        rows : the organisations there; firsts : the first of each place.
        """
        names = f"institution: {self.similar.names_among(row, firsts)}"
        heads = any(self._register.head[r] for r, _ in rows)
        return ["institution: head of others", names] if heads else [names]

    def _city_notes(self, row: int, rows: list[NamedSeat], name: list[str], around: set[str]) -> list[str]:
        """Return whether an organisation is named after its city, and whether the text has that as a segment."""
        city = self._register.city
        notes = []
        if f" {' '.join(words(city[row]))} " in f" {' '.join(name)} ":
            notes.append(CITY_IN_NAME)
        if any(key(city[r]) in around for r, _ in rows):
            notes.append("institution: its city is a segment")
        return notes
