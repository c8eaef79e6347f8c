"""Limits to what a name says of a site: one of a company's trials, and an organisation called like a village."""

from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.regions_of_seats import WHOLE_NAMES
from hubrank.geocoding.evidence.similar_names import SimilarNames
from hubrank.geocoding.text import vocabulary

_AT_MOST, _BY_ID = 0.5, "institution: id"
_TRIALS, _SITES = (frozenset(vocabulary.words("site", entry)) for entry in ("trial", "site"))
_CITY = 5.0  # log10 of inhabitants
_ELSEWHERE = "hardly any are there"  # how the share of the organisations called so ends


def limit_at_trial_sites(reading: Reading, seats: list[Candidate]) -> None:
    """Limit the probability of the seats of a text that names a site of a trial: Novartis Investigative Site.

    It is a hospital's, and the company only pays for the trial. An organisation that is registered so is meant.
    """
    if seats and any(_is_trial_site(part.words) for part in reading.segments):
        for seat in seats:
            if seat.features[0] not in (*WHOLE_NAMES, _BY_ID):
                seat.at_most = min(seat.at_most, _AT_MOST)


def _is_trial_site(words: tuple[str, ...]) -> bool:
    return any(word in _SITES and words[at - 1] in _TRIALS for at, word in enumerate(words) if at)


def limit_called_like_organisations(reading: Reading, places: list[Candidate], similar: SimilarNames) -> None:
    """Limit the probability of villages that open an organisation's name which many others have elsewhere.

    Mount Sinai Queens is a hospital of the name, not in the village of Mount Sinai. A post code says that it is a town.
    """
    if not reading.regions or any(part.post_codes for part in reading.segments):
        return
    for c in places:
        opens = c.features[0].startswith("column") or c.features[0].endswith(("the first segment", "country or region"))
        village = opens and c.group in ("column", "text") and c.people < _CITY
        if village and similar.share_at_place(reading.text_at(0), c.lat_e7, c.lon_e7).endswith(_ELSEWHERE):
            c.at_most = min(c.at_most, _AT_MOST)
