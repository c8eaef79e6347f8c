"""Limits to what a name says of a site: one of a company's trials."""

from hubrank.geocoding.evidence.candidate import BY_ID, Candidate
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.regions_of_seats import WHOLE_NAMES
from hubrank.geocoding.text import vocabulary

_AT_MOST = 0.5
_TRIALS, _SITES = (frozenset(vocabulary.words("site", entry)) for entry in ("trial", "site"))


def limit_at_trial_sites(reading: Reading, seats: list[Candidate]) -> None:
    """Limit the probability of the seats of a text that names a site of a trial: Novartis Investigative Site.

    It is a hospital's, and the company only pays for the trial. An organisation that is registered so is meant.
    """
    if seats and any(_is_trial_site(part.words) for part in reading.segments):
        for seat in seats:
            if seat.features[0] not in (*WHOLE_NAMES, BY_ID):
                seat.at_most = min(seat.at_most, _AT_MOST)


def _is_trial_site(words: tuple[str, ...]) -> bool:
    if _SITES.isdisjoint(words):
        return False
    return any(word in _SITES and words[at - 1] in _TRIALS for at, word in enumerate(words) if at)
