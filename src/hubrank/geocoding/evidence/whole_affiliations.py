"""The affiliations of a text, each with all that belongs to it: School; University; Lyon is one."""

from collections.abc import Callable

from hubrank.geocoding.evidence.institutions import InstitutionEvidence
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.text.affiliations import CITY_PEOPLE, affiliations
from hubrank.geocoding.text.authors import may_be_person
from hubrank.geocoding.text.normalise import key

_MARKS = " .:"


def whole_affiliations(text: str, institutions: InstitutionEvidence | None) -> list[str]:
    """Return the affiliations of a text; an unregistered name without commas is joined to the next one.

    Perelman Center for Advanced Medicine; University of Pennsylvania, Philadelphia, Pennsylvania, United States. So are
    a person's names (Rosen; David; Miami, FL), although organisations may be registered by them.
    """
    pieces = affiliations(text)
    if institutions is None:
        return with_city_alone(pieces, lambda _: False)
    pieces = with_city_alone(pieces, institutions.is_named_first)
    first = next((at for at, piece in enumerate(pieces) if "," in piece), 0)
    fronts = pieces[:first]
    named = next((at for at, front in enumerate(fronts) if institutions.is_name(front)), first)
    first = first if may_be_person(fronts) else named  # Dept of Physics; University of Delaware; Newark, DE
    return [", ".join(pieces[: first + 1]), *pieces[first + 1 :]]


def with_city_alone(pieces: list[str], is_organisation: Callable[[str], bool]) -> list[str]:
    """Return affiliations with a city that stands alone behind what is no place joined to it: School; Univ; Lyon.

    Not where one has commas, or the city is an organisation's name, too (Nokia; Orange).
    """
    if len(pieces) == 1 or any("," in piece for piece in pieces):
        return pieces
    names = [piece.strip(_MARKS) for piece in pieces]
    people = [gazetteer.most_people(key(name)) for name in names]
    city = next((at for at, count in enumerate(people) if count >= CITY_PEOPLE), 0)
    if all(count >= 0 for count in people[:city]) or is_organisation(names[city]):
        return pieces
    return [", ".join(pieces[: city + 1]), *pieces[city + 1 :]]
