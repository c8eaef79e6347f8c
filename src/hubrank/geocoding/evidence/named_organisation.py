"""The organisation of an address: the registered one that it names, whose output its listings are (METHOD 8)."""

from hubrank.geocoding.evidence.candidate import BY_ID, Candidate, near
from hubrank.geocoding.evidence.organisation_names import BUT_GENERAL, FIRST_WORDS
from hubrank.geocoding.evidence.regions_of_seats import ACROSS, WHOLE_NAMES

_AGREES = "institution: country agrees"
_AS_REGISTERED = frozenset((*WHOLE_NAMES, *ACROSS))
_IN_SHORT = tuple(
    f"institution: {kind}, {how}"
    for kind in ("name", "another name")
    for how in (BUT_GENERAL, FIRST_WORDS)  # one word is a city's too often: Princeton
)
_NAMED = (BY_ID, *_AS_REGISTERED, *_IN_SHORT, "institution: acronym, whole segment")


def named_organisation(candidates: list[Candidate], best: Candidate) -> int | None:
    """Return the row in the register of the organisation that an address names; None where it names none for sure.

    candidates : of the address; best : the one that is answered.

    That is the organisation of its id, else the last one that is named in whole (also misspelt, in another order or
    without its general last words) and has its seat at the place: parts stand before what they belong to (Institute of
    Physics, Chinese Academy of Sciences). Where none has, it is the last one of the stated country that is named as it
    is registered (Max Planck Society, Göttingen, Germany).
    """
    seats = [c for c in candidates if c.register_row >= 0 and c.features[0].startswith(_NAMED)]
    named = [seat for seat in seats if seat.features[0] == BY_ID] or [seat for seat in seats if near(seat, best)]
    named = named or [seat for seat in seats if _is_at_home(seat)]
    return max(named, key=lambda seat: seat.word_at).register_row if named else None


def _is_at_home(seat: Candidate) -> bool:
    """Say whether an organisation of the stated country is named as the register has it, and not by its acronym."""
    return seat.features[0] in _AS_REGISTERED and any(feature.startswith(_AGREES) for feature in seat.features)
