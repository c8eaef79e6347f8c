"""Free text as evidence: the places that the parts of a text may name."""

from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.names import NameEvidence
from hubrank.geocoding.evidence.reading import CODE, SIGNS, Reading, country_keys
from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.gazetteer.place_lookup import Where, variants
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key

_GENERIC = frozenset(vocabulary.words("organisation", "generic"))
_INSIDE_MOST = 3
_SHORTEST_INSIDE = 4


class TextEvidence:
    """Raises the places that the parts of a text may name."""

    def __init__(self, names: NameEvidence) -> None:
        self._evidence = names
        self._names = names.names

    def candidates(self, said: Reading) -> list[Candidate]:
        """Return the places that segments name in whole, before a region, or inside longer words."""
        found: list[Candidate] = []
        towns = 0  # segments to the right that name a place
        last = len(said.segments) - 1
        for at in range(last, -1, -1):
            if at == said.country_at:
                continue
            more = self._segment(said, at, towns)
            if more and more[0].group == "text":
                towns += 1
            found += more
        if not any(c.group == "text" and not any(f.startswith(_REGION_BEHIND) for f in c.features) for c in found):
            found += self._misspelt(said)
        return found

    def _where(self, said: Reading, at: int) -> Where:
        """Return the surroundings of a segment: all regions but the one that it is itself."""
        economies = said.economies or said.codes
        return Where(economies, tuple(region for number, region in said.regions if number != at or at in said.before))

    def _segment(self, said: Reading, at: int, towns: int) -> list[Candidate]:
        part = said.segments[at]
        where = self._where(said, at)
        text = said.before.get(at, part.text)
        name = part.key if text is part.text else key(text)
        of_it = [region for number, region in said.regions if number == at and at not in said.before]
        others = any(number != at for number, _ in said.regions)
        if not name or (len(text) <= CODE and of_it and (at > 0 or not others)):
            return []
        cut = "" if text is part.text else ", before its country or region"
        place = "only segment" if len(said.segments) == 1 else "first segment" if at == 0 else "later segment"
        how = f"whole of the {place}{cut}"
        found = self._named(name, where, how) if len(name) > 1 else []
        if not found and not part.organisation:
            found = self._variants(text, where, place)
        if not found and cut:
            found = self._named(part.key, where, f"whole of the {place}")
        for c in found:
            if part.organisation:
                c.features.append("text: a word for organisations in it")
            if at and any(not region.admin2 for region in of_it):
                around = any(self._names.ground.admin1[c.row] == region.admin1 for region in of_it)
                c.features.append(f"text: a region's name behind other words, {'around' if around else 'elsewhere'}")
            c.features.append(f"text: {min(towns, 2)} places named to the right")
            if not said.economies and not said.codes:
                c.features.append(f"text: no country, {place}, {c.features[1]}")
            self._country(c, said)
        if found and (not part.organisation or len(found[0].features) == 0):
            return found
        return found + self._inside(said, at, where, towns)

    def _named(self, name: str, where: Where, how: str) -> list[Candidate]:
        found = self._evidence.called(name, where, "text", how)
        if not found and where.economies:
            return []
        return found

    def _variants(self, text: str, where: Where, place: str) -> list[Candidate]:
        for other, done, _ in variants(text, where.economies[0] if where.economies else ""):
            if len(other) > 2 and (found := self._named(other, where, f"{place}, {done}")):
                return found
        parts = text.split()
        if len(parts) < 2 or not where.economies or where.regions:
            return []
        for at in range(len(parts) - 1, max(0, len(parts) - 4), -1):
            known = regions.find(" ".join(parts[at:]), where.economies[0])
            if known:
                inner = Where(where.economies, known)
                found = self._named(key(" ".join(parts[:at])), inner, f"whole of the {place}, before its region")
                if found := [c for c in found if c.features[2] == "region: inside"]:
                    return found
        return []

    def _country(self, c: Candidate, said: Reading) -> None:
        """Note how the country of a place agrees with what the text says."""
        if said.economies:
            c.features.append(f"text: country {said.how}")
        elif said.codes:
            agrees = c.economy in said.codes
            c.features.append(
                "text: country by a code or region" if agrees else "text: another country's code or region"
            )
        else:
            c.features.append("text: no country")

    def _inside(self, said: Reading, at: int, where: Where, towns: int) -> list[Candidate]:
        """Return places that some words of a segment name: Shenzhen Hospital, University of Calgary."""
        part = said.segments[at]
        words = part.words
        found: list[Candidate] = []
        taken: set[int] = set()
        if len(words) < 2 or len(words) > 30:
            return []
        keys = [key(word) for word in words]
        for size in (3, 2, 1):
            for start in range(len(words) - size + 1):
                span = range(start, start + size)
                if not taken.isdisjoint(span) or len(found) >= _INSIDE_MOST * 2:
                    continue
                name = "".join(keys[start : start + size])
                if len(name) < _SHORTEST_INSIDE or size == len(words) or not self._names.is_name(name):
                    continue
                chosen = words[start : start + size]
                if not SIGNS.isdisjoint(chosen) or (size == 1 and chosen[0] in _GENERIC) or name in country_keys():
                    continue
                more = self._evidence.called(name, where, "inside", self._position(start, size, len(words)))
                more = [c for c in more if c.features[1] in _BELIEVED][:3]
                if more:
                    taken.update(span)
                for c in more:
                    c.features.append(
                        "inside: words for an organisation" if part.organisation else "inside: other words"
                    )
                    c.features.append(f"inside: {min(towns, 1)} places named to the right")
                    c.features.append(f"inside: {size} words")
                    self._country(c, said)
                found += more
        return found

    @staticmethod
    def _position(start: int, size: int, words: int) -> str:
        return "first words" if start == 0 else "last words" if start + size == words else "words amid others"

    def _misspelt(self, said: Reading) -> list[Candidate]:
        """Return what the last segment that names no organisation was meant to be, where a country is stated."""
        if not said.economies and not said.codes:
            return []
        regions_at = {number for number, _ in said.regions}
        for at in range(len(said.segments) - 1, -1, -1):
            part = said.segments[at]
            text = said.before.get(at, part.text)
            if at == said.country_at or part.organisation or (at in regions_at and at not in said.before):
                continue
            if len(part.words) > _LONGEST or (at == 0 and len(said.segments) == 1):
                continue
            name = part.key if text is part.text else key(text)
            found = self._evidence.misspelt(name, self._where(said, at), "text misspelt")
            for c in found:
                self._country(c, said)
            return found
        return []


_REGION_BEHIND = "text: a region's name behind other words"
_LONGEST = 4  # words of a town's name

_BELIEVED = {
    "called: own name",
    "called: another of its names",
    "called: former name",
    "called: another of its names, and one is called so",
}
