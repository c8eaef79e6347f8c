"""Institutions as evidence: the seats of the registered organisations that an id, a name or an affiliation means."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from functools import cached_property, lru_cache

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from hubrank.geocoding.evidence import general_words
from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.organisation_names import IN_LONGER, OTHER_ORDER, Hit, Parts, first_words, names_in
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.similar_names import LIKE, SimilarNames
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.organisations import (
    ACRONYM,
    ALIAS,
    GENERIC,
    LABEL,
    LONG_WORD,
    Organisations,
    initials_joined,
    words,
)
from hubrank.geocoding.gazetteer.registers import bare_id
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.stated_countries import STATES_OF

_INITIALS = re.compile(r"\b\w\W+(?:and\W+)?\w\b", re.IGNORECASE)  # two single letters, however they are written
_FILED = {"CN": ("HK", "MO"), "US": ("PR",), "GB": ("GG", "JE", "IM")}  # whose organisations sources put there
_SAME2_E7 = 1_500_000**2  # squared 0.15 degree: organisations this near are one place
_MOST_HITS, _MOST_PLACES = 4, 4
_BRANCH_SHARE = 0.5  # at most: where no country is stated, a name is as often that of the mother as of one branch
_SEGMENTS = 3  # of a text that are compared with names in part
ANOTHERS = "institution: another's first name"
CITY_IN_NAME = "institution: its city in its name"
_MISSPELT = 2  # names of the register that have a word with an error
_KINDS = {LABEL: "name", ALIAS: "another name", ACRONYM: "acronym"}


def _mended(word: str, choices: list[str]) -> str:
    at = bisect_left(choices, word)
    if at < len(choices) and choices[at] == word:
        return word
    limit = 1 if len(word) < 9 else 2
    errors = process.cdist([word], choices, scorer=OSA.distance, score_cutoff=limit, dtype=np.uint8)[0]
    best = errors.min(initial=limit + 1)
    near = np.flatnonzero(errors == best)
    return choices[near[0]] if best <= limit and len(near) == 1 else word


_GLUED = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý]{2}|[A-ZÀ-Ý][a-zà-ÿ])")


class InstitutionEvidence:
    """Raises the seats of organisations."""

    def __init__(self, register: Organisations) -> None:
        self._register = register
        self._words = lru_cache(4096)(self._words_of)  # of one segment for each question, and of the next text's, too
        self._mend = lru_cache(65536)(self._nearest_word)
        self._mend_general = lru_cache(65536)(self._nearest_general)
        self._longer = lru_cache(16384)(self._longer_elsewhere)

    def by_id(self, number: str) -> Candidate | None:
        """Return the seat of an organisation by its ROR or OpenAlex id."""
        row = self._register.by_id.get(bare_id(number))
        return None if row is None else self._seat(row, ["institution: id"])

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
        )

    def is_name(self, text: str) -> bool:
        """Say whether an organisation is registered by a text in whole."""
        return bool(self._register.named(" ".join(self._words(text))))

    def has_acronym(self, name: str, acronym: str) -> bool:
        """Say whether an organisation that is called so has an acronym."""
        acronym_key, name_key = (" ".join(self._words(text)) for text in (acronym, name))
        rows = {row for row, kind in self._register.named(acronym_key) if kind == ACRONYM}
        return bool(rows) and any(row in rows for row, _ in self._register.named(name_key))

    def tells_organisation(self, text: str) -> bool:
        """Say whether several words are an organisation's name: registered, or with a word for one."""
        words = self._words(text)
        return len(words) > 1 and (self.is_name(text) or general_words.tell_organisation(words))

    def general_words_mended(self, text: str) -> str:
        """Return a text with general words of organisations that have a typing error mended: Universiy of Graz."""
        return general_words.LONG_WORD.sub(lambda word: self._mend_general(word[0]), text)

    def _nearest_general(self, word: str) -> str:
        """Return a general word for one with an error, which no place and hardly a name of the register has."""
        if self._frequency.get(plain(word), 0) > _MISSPELT or key(word) in gazetteer.names().number:
            return word
        return general_words.mended(word)

    def seats_named(self, text: str, *, first: bool = True) -> list[tuple[int, int]]:
        """Return the seats (1e-7 degree) of the organisations of which a text is in whole the first name, or any."""
        register = self._register
        named = register.named(" ".join(self._words(text)))
        return [(register.lat_e7[row], register.lon_e7[row]) for row, kind in named if kind == LABEL or not first]

    def economies_named(self, text: str) -> set[str]:
        """Return the economies of the organisations of which a text is in whole the name, of two words or more."""
        words = self._words(text)
        named = self._register.named(" ".join(words)) if len(words) > 1 else ()
        return {self._register.economy[row] for row, kind in named if kind != ACRONYM}

    def candidates(self, reading: Reading, around: set[str], *, in_part: bool = True) -> list[Candidate]:
        """Return the seats of the organisations that a text names.

        around : the keys of its cities.
        in_part : whether names that share words with the text count, too; not where it is a city's name.
        """
        around = around | {part.key for part in reading.segments}
        parts = [self._words(part.text) for part in reading.segments]
        form = parts
        for how, form in self._forms(reading, parts):
            hits = names_in(self._register, form)
            if seats := self._of_hits(hits, how, reading, around, form):
                if any(not hit[2].startswith(IN_LONGER) and not hit[2].endswith(OTHER_ORDER) for hit in hits):
                    return seats
                return seats + self._alike(reading, form, around, seats) if in_part else seats
        seats = self._of_hits(first_words(self._register, parts), "", reading, around, parts)
        return seats + self._alike(reading, form, around, seats) if in_part else seats

    def _words_of(self, text: str) -> tuple[str, ...]:
        """Return the words of a text, initials as one where names have that word: M.D. Anderson, no T.J. Watson."""
        as_written = tuple(words(text))
        if not _INITIALS.search(text):
            return as_written
        joined = tuple(words(initials_joined(text)))
        new = set(joined).difference(as_written)
        return joined if new and all(word in self._frequency for word in new) else as_written

    @cached_property
    def similar(self) -> SimilarNames:
        """The names of the register by their words."""
        return SimilarNames(self._register)

    def _longer_elsewhere(self, row: int, name: str) -> str:
        return self.similar.longer_elsewhere(row, name)

    def _alike(self, reading: Reading, parts: Parts, around: set[str], seats: list[Candidate]) -> list[Candidate]:
        """Return the seats, not those of `seats`, of organisations whose names share words with a first segment."""
        register = self._register
        taken = {number for number, _ in reading.regions if number not in reading.before} | {reading.country_at}
        economies = reading.economies or reading.codes
        agreement = "not stated" if not economies else "agrees" if reading.economies else "code"
        others = {(seat.lat_e7, seat.lon_e7) for seat in seats}
        for at, part in enumerate(parts[:_SEGMENTS]):
            rows = []
            if part and at not in taken:
                rows = self.similar.rows(part, lambda row: self._may_be_meant(row, reading))
            more = []
            for row, features in rows[:_MOST_PLACES]:
                features.append(f"{LIKE}, country {agreement}")
                if key(register.city[row]) in around:
                    features.append("institution: its city is a segment")
                elsewhere = (register.lat_e7[row], register.lon_e7[row]) not in others
                if elsewhere and self._in_stated_region(row, reading):
                    more.append(self._seat(row, features))
            if more:
                return more
        return []

    def _forms(self, reading: Reading, parts: Parts) -> Iterator[tuple[str, Parts]]:
        """Yield the words of a text as written, then parted where they are glued, then mended, where that differs."""
        yield "", parts
        if reading.before:
            texts = [reading.before.get(at, part.text) for at, part in enumerate(reading.segments)]
            yield ", before its country", [self._words(text) for text in texts]
        apart = [_GLUED.sub(" ", part.text) for part in reading.segments]
        split = zip(reading.segments, apart, parts, strict=True)
        parted = [before if text == part.text else self._words(text) for part, text, before in split]
        if parted != parts:
            yield ", words glued", parted
        mended = [tuple([self._mend(word) for word in part]) for part in parted]
        if mended != parted:
            yield ", misspelt", mended

    def _of_hits(self, hits: list[Hit], how: str, reading: Reading, around: set[str], parts: Parts) -> list[Candidate]:
        """Return the seats of the first names of a text that are not those of its country or region."""
        taken = {number for number, _ in reading.regions} | {reading.country_at}
        blocked = {" ".join(part) for at, part in enumerate(parts) if at in taken}
        tokens = [word for part in parts for word in part]
        hits = [hit for hit in hits if " ".join(tokens[hit[0] : hit[1]]) not in blocked]
        seats: list[Candidate] = []
        for number, hit in enumerate(hits[:_MOST_HITS]):
            seats += self._seats(hit, how, number, reading, around, parts)
        return seats

    @cached_property
    def _frequency(self) -> Counter[str]:
        """In how many names each word stands."""
        return Counter(word for name in self._register.by_words for word in name.split())

    def _rarity(self, name: list[str]) -> str:
        """Return how many names the rarest word of a name stands in."""
        least = min(self._frequency.get(word, 0) for word in name)
        return "rare" if least <= 5 else "seldom" if least <= 30 else "frequent" if least <= 300 else "common"

    @staticmethod
    def _neighbours(hit: Hit, parts: Parts) -> str:
        """Return what stands around a name in its segment."""
        start = 0
        for part in parts:
            if start <= hit[0] < start + len(part):
                before = part[: hit[0] - start]
                after = part[hit[1] - start :]
                left = "nothing" if not before else "a general word" if before[-1] in GENERIC else "a word"
                right = "nothing" if not after else "a general word" if after[0] in GENERIC else "a word"
                return f"{left} before it, {right} behind it"
            start += len(part)
        return "nothing before it, nothing behind it"

    def _nearest_word(self, word: str) -> str:
        """Return the word of the registers that a misspelt one is one typing error away from, else the word."""
        return _mended(word, self._register.vocabulary.get(word[:1], [])) if len(word) >= LONG_WORD else word

    def _seats(
        self, hit: Hit, mended: str, number: int, reading: Reading, around: set[str], parts: Parts
    ) -> list[Candidate]:
        start, end, how, matches = hit
        if any(kind != ACRONYM for _, kind in matches):
            matches = [pair for pair in matches if pair[1] != ACRONYM]
        economies = reading.economies or reading.codes
        region_keys = {reading.segments[at].key for at, _ in reading.regions if at >= 0}
        at_home = [pair for pair in matches if self._is_stated(pair[0], reading, region_keys)] if economies else []
        if economies[1:] and economies[0] in _FILED.get(economies[1], ()):  # Hong Kong SAR, China: not in Dongguan
            at_home = [pair for pair in at_home if self._register.economy[pair[0]] == economies[0]] or at_home
        agreement = "not stated"
        if economies:  # a stated country binds, and so does a region that alone states it
            abroad = [] if reading.economies else [pair for pair in matches if self._may_be_meant(pair[0], reading)]
            agreement = f"agrees ({reading.how or 'code'})" if at_home else "contradicts"
            matches = at_home or abroad
        if not matches:
            return []
        places = self._places(matches)
        seats = []
        name = [word for part in parts for word in part][start:end]
        many = "one place" if len(places) == 1 else "two places" if len(places) == 2 else "several places"
        single = "a" if len(name) == 1 else "no"
        of_name = self._of_name(hit, name, agreement, many, parts)
        first_kind, rows_of = min(kind for _, kind in matches), [min(rows, key=_by_kind) for rows in places]
        for rows, (row, kind) in zip(places[:_MOST_PLACES], rows_of, strict=False):
            features = [
                f"institution: {_KINDS[kind]}, {how}{mended}",
                *of_name,
                f"institution: {_KINDS[kind]}, {single} single word, of {many}, country {agreement}",
            ]
            features.append(f"institution: {self._longer(row, ' '.join(name))}")
            features += self._region_notes(row, reading, region_keys)
            if len(places) > 1:
                features += self._among_others(row, rows, [other for other, _ in rows_of])
            if kind > first_kind:
                features.append(ANOTHERS)
            features += self._city_notes(row, rows, name, around)
            if number:
                features.append("institution: a longer name is there")
            seats.append(self._seat(row, features))
            if not economies and all(self._register.branch[other] for other, _ in rows):
                seats[-1].at_most = _BRANCH_SHARE
            seats[-1].organisations = float(len(name))
        return seats

    def _of_name(self, hit: Hit, name: list[str], agreement: str, many: str, parts: Parts) -> list[str]:
        """Return what a name says itself, whichever of its organisations is meant."""
        rarity = self._rarity(name)
        return [
            f"institution: {_length(name)}",
            f"institution: country {agreement}",
            f"institution: of {many}",
            f"institution: {rarity} words, country {agreement}",
            f"institution: {self._neighbours(hit, parts)}",
            f"institution: {'all' if hit[2].startswith('whole') else 'a part'} of its segment, {rarity} words",
        ]

    def _among_others(self, row: int, rows: list[tuple[int, int]], rows_of: list[int]) -> list[str]:
        """Return what of several places that have organisations of one name speaks for one."""
        names = f"institution: {self.similar.names_among(row, rows_of)}"
        heads = any(self._register.head[r] for r, _ in rows)
        return ["institution: head of others", names] if heads else [names]

    def _region_notes(self, row: int, reading: Reading, region_keys: set[str]) -> list[str]:
        """Return how a seat agrees with the regions of a text, by their keys; a city called like one is no doubt."""
        stated = {(region.economy, region.admin1) for _, region in reading.regions if not region.admin2}
        admin1 = self._admin1(row) if stated else None
        if admin1 is None or (admin1 not in stated and key(self._register.city[row]) in region_keys):
            return []
        return [f"institution: region {'agrees' if admin1 in stated else 'contradicts'}"]

    def _in_stated_region(self, row: int, reading: Reading) -> bool:
        """Say whether a seat lies in a stated first-level region, or in a city that is called like it.

        Yes where none is stated or its place is not in the gazetteer.
        """
        stated = [region for _, region in reading.regions if reading.region_binds or not region.admin2]
        admin1 = self._admin1(row) if stated else None
        if admin1 is None or any((region.economy, region.admin1) == admin1 for region in stated):
            return True
        region_keys = {reading.segments[at].key for at, _ in reading.regions if at >= 0 and at not in reading.before}
        return not reading.region_binds and key(self._register.city[row]) in region_keys

    def _city_notes(self, row: int, rows: list[tuple[int, int]], name: list[str], around: set[str]) -> list[str]:
        """Return whether an organisation is named after its city, and whether the text has that as a segment."""
        city = self._register.city
        notes = []
        if f" {' '.join(words(city[row]))} " in f" {' '.join(name)} ":
            notes.append(CITY_IN_NAME)
        if any(key(city[r]) in around for r, _ in rows):
            notes.append("institution: its city is a segment")
        return notes

    def _admin1(self, row: int) -> tuple[str, str] | None:
        """Return the economy and first-level region of a seat, None where its place is not in the gazetteer."""
        places = gazetteer.places()
        at = places.row(self._register.geonames_id[row])
        return None if at is None else (places.economy[at], places.admin1[at])

    def _is_stated(self, row: int, reading: Reading, region_keys: set[str]) -> bool:
        """Say whether a text states the country of an organisation, or has its city, which is called like a region."""
        economies = reading.economies or reading.codes
        is_city = reading.codes_of_regions and key(self._register.city[row]) in region_keys
        at_home = self._at_home(self._register.economy[row], economies) and self._in_stated_region(row, reading)
        return is_city or at_home

    def _may_be_meant(self, row: int, reading: Reading) -> bool:
        """Say whether a seat lies in the country that is stated, or that a state's code at the end suggests.

        It may be a region's code there: Università di Catania (CT) is not in Connecticut.
        """
        economies, economy = reading.economies or reading.codes, self._register.economy[row]
        is_state = not reading.codes_of_regions and not set(STATES_OF).isdisjoint(reading.codes)
        if not (reading.economies or is_state) or self._at_home(economy, economies):
            return True
        areas = [] if reading.economies else regions.find(reading.segments[-1].text, economy)
        return any((area.economy, area.admin1) == self._admin1(row) for area in areas)

    def _at_home(self, economy: str, economies: tuple[str, ...]) -> bool:
        return economy in (economies[0], *_FILED.get(economies[0], ())) or economy in economies[1:]

    def _places(self, matches: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
        """Return organisations by place, those called so by their first name before the others."""
        lat, lon = self._register.lat_e7, self._register.lon_e7
        groups: list[list[tuple[int, int]]] = []
        for row, kind in sorted(matches, key=lambda pair: (pair[1], not self._register.head[pair[0]], pair[0])):
            for group in groups:
                first = group[0][0]
                if (lat[row] - lat[first]) ** 2 + (lon[row] - lon[first]) ** 2 <= _SAME2_E7:
                    group.append((row, kind))
                    break
            else:
                groups.append([(row, kind)])
        return groups


def _by_kind(pair: tuple[int, int]) -> tuple[int, int]:
    return pair[1], pair[0]


def _length(name: list[str]) -> str:
    """Return how long a name is: in words, or where it is one word in letters."""
    if len(name) > 1:
        return f"{min(len(name), 4)} words"
    letters = len(name[0])
    return "a word of three letters" if letters <= 3 else "a word of four or five letters" if letters <= 5 else "a word"
