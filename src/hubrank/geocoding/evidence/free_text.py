"""Free text as evidence: the places that the parts of a text may name."""

from collections.abc import Iterable
from functools import lru_cache

from hubrank.geocoding.evidence.candidate import Candidate, near, near_e7
from hubrank.geocoding.evidence.institutions import InstitutionEvidence
from hubrank.geocoding.evidence.names import OWN_NAME, NameEvidence
from hubrank.geocoding.evidence.reading import LONGEST, Reading, Segment, country_keys, initials, may_be_code
from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.gazetteer.organisations import GENERIC
from hubrank.geocoding.gazetteer.place_lookup import BRANCH, Where, branch_town, variants
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.affiliations import SIGNS, STATES_OF, country
from hubrank.geocoding.text.normalise import key

_LAND = frozenset(vocabulary.words("place", "land"))
_INSIDE_MOST = 3
_SHORTEST_INSIDE = 4


class TextEvidence:
    """Raises the places that the parts of a text may name."""

    def __init__(self, names: NameEvidence, institutions: InstitutionEvidence | None = None) -> None:
        self._institutions = institutions
        self._evidence = names
        self._names = names.names
        self._inner_names = lru_cache(16384)(self._names_inside)  # Department of Physics is in every other text

    def candidates(self, reading: Reading, first: int = 0) -> list[Candidate]:
        """Return the places that segments from `first` name in whole, before a region, or inside longer words."""
        matches: list[Candidate] = []
        home = self._home(reading)
        towns = 0  # segments to the right that name a place
        last = len(reading.segments) - 1
        for at in range(last, first - 1, -1):
            if at == reading.country_at or reading.is_street(at):
                continue
            more = self._segment(reading, at, towns)
            if home:
                _note_home(more, home)
            _note_towns(more, matches)
            if more and more[0].group == "text":
                towns += 1
            matches += more
        if first == 0 and not any(
            c.group == "text" and not any(f.startswith(_REGION_BEHIND) for f in c.features) for c in matches
        ):
            matches += self._misspelt(reading)
        return matches

    def _home(self, reading: Reading) -> str:
        """Return the economy of the organisations that segments name in whole, where no country is stated.

        "" where there are none or several: Sapienza Università di Roma, Latina is not the Latina in Spain.
        """
        if self._institutions is None or reading.economies or reading.codes:
            return ""
        economies = {e for part in reading.segments for e in self._institutions.economies_named(part.text)}
        return economies.pop() if len(economies) == 1 else ""

    def _where(self, reading: Reading, at: int) -> Where:
        """Return the surroundings of a segment: all regions but the one that it is itself."""
        economies = reading.economies or reading.codes_beside(at)
        return Where(
            economies, tuple(region for number, region in reading.regions if number != at or at in reading.before)
        )

    def _segment(self, reading: Reading, at: int, towns: int) -> list[Candidate]:
        part = reading.segments[at]
        where = self._where(reading, at)
        text = reading.before.get(at, part.text)
        spoken = text if part.organisation or BRANCH.isdisjoint(part.words) else branch_town(text)
        name = part.key if spoken is part.text else key(spoken)
        of_it = _regions_at(reading, at, text)
        others = any(number != at for number, _ in reading.regions)
        code = may_be_code(text) and of_it and not any(key(region.name.split()[-1]) == name for region in of_it)
        if not name or (code and (at > 0 or not others)):
            return []
        place = "only segment" if len(reading.segments) == 1 else "first segment" if at == 0 else "later segment"
        if at > 0 and text.isupper() and initials(text, reading.segments[at - 1]):
            return []
        matches = self._whole(reading, at, text, name, where, place, of_it)
        for c in matches:
            if part.organisation:
                c.features.append("text: a word for organisations in it")
            if at > 0:
                self._note_regions(c, of_it)
            if not where.economies:
                c.features.append(f"text: no country, {place}, {c.features[1]}")
            self._country(c, reading, where)
            c.features.append(f"text: {min(towns, 2)} places named to the right")
        if matches and not part.organisation:
            return matches
        inside = self._of_region(self._inside(reading, at, where, towns), of_it)
        return matches + self._at_seats(inside, part)

    def _whole(
        self, reading: Reading, at: int, text: str, name: str, where: Where, place: str, of_it: list[Region]
    ) -> list[Candidate]:
        """Return the places that a segment names in whole, or beside a code in it."""
        part = reading.segments[at]
        cut = "" if text is part.text else ", before its country or region"
        how = f"whole of the {place}{cut}"
        matches = self._called(part, name, where, how)
        if not matches and not part.organisation:
            matches = self._called_so(self._of_region(self._variants(text, where, place), of_it), part, name)
        if not matches and cut:
            matches = self._evidence.called(part.key, where, "text", f"whole of the {place}")
        return matches or self._beside_code(reading, at, text, where, how)

    def _beside_code(self, reading: Reading, at: int, text: str, where: Where, how: str) -> list[Candidate]:
        """Return the town that the words beside a code name, the longest first.

        That are the last before a state's, in it (EVERSOURCE ENERGY WESTWOOD MA), and the first behind a post code
        where a country is stated (D-85354 Freising Weihenstephan).
        """
        part = reading.segments[at]
        behind = part.behind_post_code and where.economies and not part.organisation
        if not behind and at not in reading.before:
            return []
        words = text.split()
        sizes = range(min(_INSIDE_MOST, len(words) - 1), 0, -1)
        codes = [region for number, region in reading.regions if number == at and region.economy in STATES_OF]
        if at in reading.before and codes and text != part.text:
            inside = Where(where.economies, tuple(codes))
            return self._first_called((words[-size:] for size in sizes), inside, how)
        if behind and not any(economy in STATES_OF for economy in where.economies):  # there a house's number opens it
            return self._first_called((words[:size] for size in sizes), where, how)
        return []

    def _first_called(self, spans: Iterable[list[str]], where: Where, how: str) -> list[Candidate]:
        """Return the places of the first words that are a place's name, inside the stated region if there is one."""
        for words in spans:
            more = self._evidence.called(key(" ".join(words)), where, "text", how)
            if more := [c for c in more if c.features[1] in _BELIEVED and c.features[2] != "region: outside"]:
                return more
        return []

    def _called(self, part: Segment, name: str, where: Where, how: str) -> list[Candidate]:
        """Return the places of a key, none for the first name of an organisation: Tufts University is a place, too."""
        if len(name) < 2 or (part.organisation and self._seats(part)):
            return []
        return self._called_so(self._evidence.called(name, where, "text", how), part, name)

    def _called_so(self, matches: list[Candidate], part: Segment, name: str) -> list[Candidate]:
        """Return places, where an organisation is registered by their name only those that call themselves so.

        Google is a name of Topeka, which called itself so for a month.
        """
        registered = self._institutions is not None and self._institutions.is_name(part.text)
        return [c for c in matches if self._evidence.is_called_so(c, name)] if registered else matches

    def _seats(self, part: Segment) -> list[tuple[int, int]]:
        """Return where the organisations have their seats of which a segment is the first name."""
        return self._institutions.seats_named(part.text) if self._institutions else []

    def _at_seats(self, inside: list[Candidate], part: Segment) -> list[Candidate]:
        """Return of the places inside an organisation's first name those at its seat: Université Laval is in Québec."""
        seats = self._seats(part) if inside and part.organisation else []
        return [c for c in inside if any(near_e7(c.lat_e7, c.lon_e7, *seat) for seat in seats)] if seats else inside

    def _of_region(self, matches: list[Candidate], of_it: list[Region]) -> list[Candidate]:
        """Return places that lie in the region that a segment names: not the city for Provincia de Buenos Aires."""
        around = {region.admin1 for region in of_it if not region.admin2}
        return [c for c in matches if self._names.ground.admin1[c.row] in around] if around else matches

    def _note_regions(self, c: Candidate, called_so: list[Region]) -> None:
        """Note at a place behind other words whether it lies in a region that is called like it."""
        if any(not region.admin2 for region in called_so):
            around = any(self._names.ground.admin1[c.row] == region.admin1 for region in called_so)
            c.features.append(f"{_REGION_BEHIND}, {'around' if around else 'elsewhere'}")

    def _variants(self, text: str, where: Where, place: str) -> list[Candidate]:
        for other, done, _ in variants(text, where.economies[0] if where.economies else ""):
            short = len(other) < 2 or (len(other) == 2 and other.isascii())
            if not short and (matches := self._evidence.called(other, where, "text", f"{place}, {done}")):
                return matches
        parts = text.split()
        if len(parts) < 2 or not where.economies or where.regions:
            return []
        for at in range(len(parts) - 1, max(0, len(parts) - 4), -1):
            areas = regions.find(" ".join(parts[at:]), where.economies[0])
            if areas:
                inner = Where(where.economies, areas)
                name, how = key(" ".join(parts[:at])), f"whole of the {place}, before its region"
                matches = self._evidence.called(name, inner, "text", how)
                if matches := [c for c in matches if c.features[2] == "region: inside"]:
                    return matches
        return []

    @staticmethod
    def _country(c: Candidate, reading: Reading, where: Where) -> None:
        """Note how the country of a place agrees with what the text says."""
        if reading.economies:
            c.features.append(f"text: country {reading.how}")
        elif where.economies:
            agrees = c.economy in where.economies
            c.features.append(
                "text: country by a code or region" if agrees else "text: another country's code or region"
            )
        else:
            c.features.append("text: no country")

    def _inside(self, reading: Reading, at: int, where: Where, towns: int) -> list[Candidate]:
        """Return places that some words of a segment name: Shenzhen Hospital, University of Calgary."""
        part = reading.segments[at]
        matches: list[Candidate] = []
        taken: set[int] = set()
        stated = "a country" if where.economies else "no country"
        for name, start, size in self._inner_names(part.words):
            span = range(start, start + size)
            if not taken.isdisjoint(span) or len(matches) >= _INSIDE_MOST * 2:
                continue
            more = self._evidence.called(name, where, "inside", self._position(start, size, len(part.words)))
            more = [c for c in more if c.features[1] in _BELIEVED][:3]
            if more:
                taken.update(span)
                self._note_inside(more, part.words, start, start + size, stated)
            for c in more:
                c.features.append("inside: words for an organisation" if part.organisation else "inside: other words")
                c.features.append(f"inside: {min(towns, 1)} places named to the right")
                c.features.append(f"inside: {size} words")
                self._country(c, reading, where)
            matches += more
        return matches

    def _names_inside(self, words: tuple[str, ...]) -> tuple[tuple[str, int, int], ...]:
        """Return key, first word and number of words of each span that may be a place's name, the longest first."""
        if not 2 <= len(words) <= 30:
            return ()
        keys = [key(word) for word in words]
        spans = [(start, size) for size in (3, 2, 1) if size < len(words) for start in range(len(words) - size + 1)]
        names = ((span, "".join(keys[span[0] : sum(span)])) for span in spans)
        is_name, land = self._names.is_name, _LAND  # National Park is a borough in New Jersey, too
        return tuple(
            (name, start, size)
            for (start, size), name in names
            if len(name) >= _SHORTEST_INSIDE
            and is_name(name)
            and SIGNS.isdisjoint(words[start : start + size])
            and not (size == 1 and words[start] in GENERIC)
            and name not in country_keys()
            and not land.issuperset(words[start : start + size])
        )

    def _note_inside(self, more: list[Candidate], words: tuple[str, ...], start: int, end: int, country: str) -> None:
        """Note what stands around a name (University of it), how large the place is and who else is called so."""
        left = _kind(words[start - 1], words[start - 2 : start - 1]) if start else "nothing"
        right = _kind(words[end], ()) if end < len(words) else "nothing"
        alone = _namesakes(more)
        for c in more:
            c.features += (
                f"inside: {left} before it, {right} behind it, {country}",
                f"inside: {left} before it, {country}",
                f"inside: {alone}, {_population(c.people)}, {country}",
            )
            if self._institutions:
                there = self._institutions.similar.named_there(" ".join(words[start:end]), c.lat_e7, c.lon_e7)
                c.features.append(f"inside: {there}, {country}")

    @staticmethod
    def _position(start: int, size: int, words: int) -> str:
        return "first words" if start == 0 else "last words" if start + size == words else "words amid others"

    def _misspelt(self, reading: Reading) -> list[Candidate]:
        """Return what the last segment that names no organisation was meant to be, where a country is stated."""
        if not reading.economies and not reading.codes:
            return []
        regions_at = {number for number, _ in reading.regions}
        for at in range(len(reading.segments) - 1, -1, -1):
            part = reading.segments[at]
            text = reading.before.get(at, part.text)
            if at == reading.country_at or part.organisation or (at in regions_at and at not in reading.before):
                continue
            if country(part.text):
                continue  # the finer of two: Hong Kong SAR, China
            if len(part.words) > LONGEST or (at == 0 and len(reading.segments) == 1):
                continue
            name = part.key if text is part.text else key(text)
            where = self._where(reading, at)
            matches = self._evidence.misspelt(name, where, "text misspelt")
            for c in matches:
                self._country(c, reading, where)
            return matches
        return []


def _regions_at(reading: Reading, at: int, text: str) -> list[Region]:
    """Return the regions that a segment, or what stands before its country there, is: NY USA."""
    is_code = may_be_code(text) and text.isupper()
    named = (region for number, region in reading.regions if number == at)
    return [region for region in named if at not in reading.before or (is_code and region.iso == text)]


def _note_towns(towns: list[Candidate], behind: list[Candidate]) -> None:
    """Note at a place with a region's name that a town in that region is named before it: Uji, Kyoto.

    What only another of a place's names is, is the region's then: Poughkeepsie, New York.
    """
    inside = [
        town
        for town in towns
        if town.group == "text" and town.features[1] in _BELIEVED and town.features[2] == "region: inside"
    ]
    for c in behind:
        if f"{_REGION_BEHIND}, around" in c.features and any(not near(c, town) for town in inside):
            c.features.append(_TOWN_BEFORE)
    behind[:] = [c for c in behind if c.features[-1] != _TOWN_BEFORE or c.features[1] == OWN_NAME]


def _note_home(matches: list[Candidate], economy: str) -> None:
    """Note at places whether they lie in the economy of the organisations that the text names."""
    for c in matches:
        there = "in" if c.economy == economy else "not in"
        c.features.append(f"{c.group}: {there} the country of an organisation named")


def _kind(word: str, before: tuple[str, ...]) -> str:
    """Return what a word beside a name says of it."""
    if word in _LINKS:
        return f"{_ORGANISATIONS.get(before[0], 'a word')} of" if before else "of"
    return _ORGANISATIONS.get(word, "a word")


def _population(people: float) -> str:
    return (
        "a million"
        if people > 6
        else "300,000"
        if people > 5.48
        else "100,000"
        if people > 5
        else "20,000"
        if people > 4.3
        else "few"
    )


def _namesakes(more: list[Candidate]) -> str:
    if len(more) < 2:
        return "the only one of its name"
    sizes = sorted((c.size for c in more), reverse=True)
    return "the largest by far" if sizes[0] - sizes[1] > 0.7 else "one of several"


_ALIKE = vocabulary.alike("organisation")
_LINKS = frozenset(["of", "de", "di", "at", "in", "do", "da", "zu"])
_NOUNS = (
    "university",
    "hospital",
    "institute",
    "college",
    "school",
    "center",
    "lab",
    "department",
    "academy",
    "company",
    "technology",
)
_ORGANISATIONS = {word: word for word in _NOUNS} | {word: one for word, one in _ALIKE.items() if one in _NOUNS}

_REGION_BEHIND = "text: a region's name behind other words"
_TOWN_BEFORE = f"{_REGION_BEHIND}, a town in it before"

_BELIEVED = {
    OWN_NAME,
    "called: another of its names",
    "called: former name",
    "called: another of its names, and one is called so",
}
