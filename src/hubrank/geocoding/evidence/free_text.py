"""Free text as evidence: the places that the parts of a text may name."""

import re

from hubrank.core.sphere import near_e7
from hubrank.geocoding.evidence.additions import limit_at_airport, places_without_addition
from hubrank.geocoding.evidence.candidate import REGION_BEHIND, TOWN_BEFORE, Candidate, near
from hubrank.geocoding.evidence.containment import Containment
from hubrank.geocoding.evidence.inner_names import InnerNames, note_country
from hubrank.geocoding.evidence.institutions import InstitutionEvidence
from hubrank.geocoding.evidence.misspelt_in_regions import misspelt_behind_street
from hubrank.geocoding.evidence.names import AT_CODE, OWN_NAME, NameEvidence, has_name_in_region
from hubrank.geocoding.evidence.other_spellings import (
    counties_by_sound,
    places_before_region,
    places_by_abbreviation,
    places_by_consonants,
)
from hubrank.geocoding.evidence.reading import LONGEST, QUARTERS, Reading
from hubrank.geocoding.evidence.segments import Segment, initials, is_acronym, may_be_code
from hubrank.geocoding.evidence.towns_at_codes import towns_at_code
from hubrank.geocoding.evidence.unknown_towns import (
    limit_behind_unknown_town,
    limit_in_parentheses,
    limit_in_region_by_word,
)
from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.gazetteer.name_variants import BRANCH, branch_town, variants
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.gazetteer.surroundings import Surroundings, is_county
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.affiliations import CONJUNCTIONS
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.organisation_words import LEGAL_FORMS
from hubrank.geocoding.text.stated_countries import country

_AIRPORTS = frozenset(map(key, vocabulary.words("place", "airport")))  # alone
_DOTTED = re.compile(r"(?:[^\W\d_]\. ?){3,}[^\W\d_]?")  # letters with dots, three or more


class TextEvidence:
    """Finds the places that the parts of a text may name."""

    def __init__(self, names: NameEvidence, institutions: InstitutionEvidence | None = None) -> None:
        self._institutions = institutions
        self._evidence = names
        self._names = names.names
        self._containment = Containment(names, institutions)
        self._inside = InnerNames(names, institutions)

    def candidates(self, reading: Reading, first: int = 0, *, named: bool = False) -> list[Candidate]:
        """Return the places that segments from `first` name in whole, before a region, or inside longer words.

        named : whether the text is an organisation's name, so that what it opens with need not be a town.
        """
        opens_with_place = not (named or self._is_registered(reading.segments[:1]))
        matches: list[Candidate] = []
        home = self._home_economy(reading)
        city: list[Candidate] = []  # the places of a city with its kind, in which lies what stands before it
        towns = 0  # segments to the right that name a place
        behind: list[Candidate] = []  # the places of the segment to the right
        further: list[Candidate] = []  # those of the next one
        around: set[int] = set()  # places that are called like a region in which a town before it is meant
        last = len(reading.segments) - 1
        for at in range(last, first - 1, -1):
            if at == reading.country_at or reading.is_street(at) or reading.is_number(at) or reading.is_barangay(at):
                behind, further = [], []
                continue
            more = self._containment.in_place_behind(self._segment(reading, at, towns), reading, at, behind, city)
            _note_home(more, home)
            _note_towns(more, matches)
            if self._containment.opens_with_region(reading, at, behind):
                more = [c for c in more if c.group != "text"]
            more, wider = self._containment.meant_and_around(more, reading, at, (behind, further), named=named)
            around |= wider
            more = self._containment.in_county_or_code(more, reading, at)
            if not named:
                limit_in_parentheses(reading, at, more, behind)
            if at == 0 and opens_with_place:
                limit_behind_unknown_town(reading, more, behind, matches)
            limit_in_region_by_word(reading, at, more, behind)
            behind, further = more, behind
            if more and more[0].group == "text":
                towns += 1
            matches += more
        matches = [c for c in matches if c.row not in around]
        if first and opens_with_place:
            limit_in_parentheses(reading, 0, [], behind if first == 1 else [])
            limit_behind_unknown_town(reading, [], behind, matches)
        if first == 0 and not any(
            c.group == "text" and not any(f.startswith(REGION_BEHIND) for f in c.features) for c in matches
        ):
            matches += self._misspelt(reading)
        return matches

    def _home_economy(self, reading: Reading) -> str:
        """Return the economy of the organisations that segments name in whole, where no country is stated.

        "" where there are none or several: Sapienza Università di Roma, Latina is not the Latina in Spain.
        """
        if self._institutions is None or reading.economies or reading.codes:
            return ""
        economies = {e for part in reading.segments for e in self._institutions.economies_named(part.text)}
        return economies.pop() if len(economies) == 1 else ""

    def _where(self, reading: Reading, at: int) -> Surroundings:
        """Return the surroundings of a segment: all regions but the one that it is itself."""
        economies = reading.economies or reading.codes_beside(at)
        whole = reading.regions_at(at)
        around = tuple(region for number, region in reading.regions if number != at or region not in whole)
        return Surroundings(economies, around, reading.post_area(at))

    def _segment(self, reading: Reading, at: int, towns: int) -> list[Candidate]:
        """Return the places that a segment names, in whole or inside longer words.

        towns : how many segments to the right name a place.
        """
        part = reading.segments[at]
        where = self._where(reading, at)
        text = reading.text_at(at)
        town_text = text if part.organisation or BRANCH.isdisjoint(part.words) else branch_town(text)
        name = part.key if town_text is part.text else key(town_text)
        areas = reading.regions_at(at)
        if not name or self._is_no_place(reading, at, text, name, areas):
            return []
        place = "only segment" if len(reading.segments) == 1 else "first segment" if at == 0 else "later segment"
        matches = self._whole(reading, at, text, name, where, place, areas)
        at_code = [] if matches else towns_at_code(self._evidence, reading, at, where, _extent(place, text, part))
        matches = matches or at_code
        for c in matches:
            if part.organisation and not at_code:
                c.features.append("text: a word for organisations in it")
            if at > 0:
                self._note_regions(c, areas)
            if not where.economies:
                c.features.append(f"text: no country, {place}, {c.name_kind}")
            note_country(c, reading, where.economies)
            c.features.append(f"text: {min(towns, 2)} places named to the right")
        if matches and (at_code or not part.organisation):
            return matches
        inside = self._of_region(self._inside.candidates(reading, at, where, towns), areas)
        if areas and at not in reading.before:  # Provincia di Milano is named after its city, Pas-de-Calais is not
            namesakes = {row for name in regions.spellings(text) for row, _ in self._names.rows(name)}
            inside = [c for c in inside if c.row in namesakes]
        return matches + self._at_seats(inside, part)

    def _is_no_place(self, reading: Reading, at: int, text: str, name: str, areas: list[Region]) -> bool:
        """Say whether a segment is an airport, a county, a region's code, an acronym, a quarter or a legal form."""
        if name in _AIRPORTS or any(is_county(text, area.economy) for area in reading.counties_at(at)):
            return True  # Montgomery Regional (Dannelly Field) Airport
        code = may_be_code(text) and areas and not any(key(region.name.split()[-1]) == name for region in areas)
        if at == 0:
            return bool(code) and all(number == at for number, _ in reading.regions)
        if text.partition(" ")[0] in CONJUNCTIONS:
            return True  # School of Journalism, and Media
        if code or (text.isupper() and self._is_acronym(text, reading.segments[:at])):
            return True
        may_be_none = name in QUARTERS or _DOTTED.fullmatch(text)  # West itself is also a region, of Cameroon
        if may_be_none and not (any(number != at for number, _ in reading.regions) or reading.post_area(at)):
            return True  # Foo Cancer Center - West; Rang-du-Fliers - C.H.A.M.
        return name in LEGAL_FORMS and (text.isupper() or "." in text)

    def _whole(
        self, reading: Reading, at: int, text: str, name: str, where: Surroundings, place: str, areas: list[Region]
    ) -> list[Candidate]:
        """Return the places that a segment names in whole."""
        part = reading.segments[at]
        how = _extent(place, text, part)
        bare_name = key(text.rpartition("-")[0]) if reading.city_kind(at) in ("shi", "si") else name
        matches = self._places_named(part, bare_name, where, how)
        if not matches and not part.organisation:
            matches = self._unlike_organisation(self._of_region(self._variants(text, where, place), areas), part, name)
        prefectures = [] if text.isascii() else [area for area in where.regions if area.admin2]
        if not any(self._names.inside(c.row, prefectures or where.regions) for c in matches):
            matches = counties_by_sound(self._evidence, text, where, "text", how) or matches
        if not matches and text is not part.text:
            matches = self._evidence.named(part.key, where, "text", f"whole of the {place}")
        if at > 0 and name in LEGAL_FORMS:
            matches = [c for c in matches if c.name_kind == OWN_NAME]  # Spa, no Pty
        return matches

    def _places_named(self, part: Segment, name: str, where: Surroundings, how: str) -> list[Candidate]:
        """Return the places of a key, none for the first name of an organisation: Tufts University is a place, too."""
        matches = self._evidence.named(name, where, "text", how) if len(name) > 1 else []
        if matches and part.organisation and self._seats(part):
            return []
        return self._unlike_organisation(matches, part, name)

    def _unlike_organisation(self, matches: list[Candidate], part: Segment, name: str) -> list[Candidate]:
        """Return places; if their name is also an organisation's, only those that have it for their own name.

        Topeka was renamed Google for a month, which is no reason to find Google there.
        """
        registered = bool(matches) and self._institutions is not None and self._institutions.is_name(part.text)
        return [c for c in matches if self._evidence.matches_own_name(c, name)] if registered else matches

    def _is_registered(self, parts: list[Segment]) -> bool:
        """Say whether one of some segments is in whole the name of an organisation."""
        return self._institutions is not None and any(self._institutions.is_name(part.text) for part in parts)

    def _is_acronym(self, text: str, before: list[Segment]) -> bool:
        """Say whether a text is the acronym of the words before it: by its letters, or as an organisation has it."""
        return (
            initials(text, before[-1])
            or is_acronym(text, before)
            or (self._institutions is not None and self._institutions.has_acronym(before[-1].text, text))
        )

    def _seats(self, part: Segment) -> list[tuple[int, int]]:
        """Return where the organisations have their seats of which a segment is the first name."""
        return self._institutions.seats_named(part.text) if self._institutions else []

    def _at_seats(self, inside: list[Candidate], part: Segment) -> list[Candidate]:
        """Return the places inside an organisation's first name that are at its seat: Université Laval is in Québec."""
        seats = self._seats(part) if inside and part.organisation else []
        return [c for c in inside if any(near_e7(c.lat_e7, c.lon_e7, *seat) for seat in seats)] if seats else inside

    def _of_region(self, matches: list[Candidate], areas: list[Region]) -> list[Candidate]:
        """Return places that lie in the region that a segment names: not the city for Provincia de Buenos Aires."""
        return [c for c in matches if self._names.inside(c.row, areas)] if areas else matches

    def _note_regions(self, c: Candidate, areas: list[Region]) -> None:
        """Note at a place behind other words whether it lies in a region of its name."""
        if any(not region.admin2 for region in areas):
            table = self._names.table
            around = any((table.economy[c.row], table.admin1[c.row]) == region.first_level for region in areas)
            c.features.append(f"{REGION_BEHIND}, {'around' if around else 'elsewhere'}")

    def _variants(self, text: str, where: Surroundings, place: str) -> list[Candidate]:
        """Return the places of the first variant of a name that is one, or of the words before a region in it."""
        for other, done in variants(text, where.economies[0] if where.economies else ""):
            short = len(other) < 2 or (len(other) == 2 and other.isascii())
            if not short and (matches := self._evidence.named(other, where, "text", f"{place}, {done}")):
                limit_at_airport(text, matches, where)
                return matches
        how = f"{place}, direction written out"
        matches = (
            places_by_abbreviation(self._evidence, text, where, "text", how)
            or places_by_consonants(self._evidence, text, where, "text", how)
            or places_without_addition(self._evidence, text, where, "text", how)
        )
        if matches or where.regions:
            return matches
        return places_before_region(self._evidence, text, where, "text", f"whole of the {place}, before its region")

    def _misspelt(self, reading: Reading) -> list[Candidate]:
        """Return places that the last segment may be a misspelling of, passing over organisations and regions."""
        if not reading.economies and not reading.codes:
            return []
        regions_at = {number for number, _ in reading.regions}
        for at in range(len(reading.segments) - 1, -1, -1):
            part = reading.segments[at]
            text = reading.text_at(at)
            if at == reading.country_at or part.organisation or (at in regions_at and at not in reading.before):
                continue
            if country(part.text):
                continue  # the finer of two: Hong Kong SAR, China
            if len(part.words) > LONGEST or (at == 0 and len(reading.segments) == 1):
                continue
            name = part.key if text is part.text else key(text)
            if not name:
                continue  # a post code behind the town
            where = self._where(reading, at)
            if town := misspelt_behind_street(self._evidence, reading, at, name, where):
                return town
            matches = self._evidence.misspelt(name, where, "text misspelt")
            for c in matches:
                note_country(c, reading, where.economies)
                if where.post_area:
                    c.features.append(AT_CODE)
            return matches
        return []


def _extent(place: str, text: str, part: Segment) -> str:
    """Return which part of a segment a text is, as features call it."""
    return f"whole of the {place}{'' if text is part.text else ', before its country or region'}"


def _note_towns(towns: list[Candidate], behind: list[Candidate]) -> None:
    """Note at places with a region's name that a town in that region stands before it: Uji, Kyoto.

    Places that have it only for another of their names are removed then: Poughkeepsie, New York.
    """
    inside = [town for town in towns if town.group == "text" and has_name_in_region(town)]
    for c in behind:
        if f"{REGION_BEHIND}, around" in c.features and any(not near(c, town) for town in inside):
            c.features.append(TOWN_BEFORE)
    behind[:] = [c for c in behind if c.features[-1] != TOWN_BEFORE or c.name_kind == OWN_NAME]


def _note_home(matches: list[Candidate], economy: str) -> None:
    """Note at places whether they lie in the economy of the organisations that the text names, if there is one."""
    for c in matches if economy else ():
        side = "in" if c.economy == economy else "not in"
        c.features.append(f"{c.group}: {side} the country of an organisation named")
