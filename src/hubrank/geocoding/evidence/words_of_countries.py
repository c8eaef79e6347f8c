"""Words that one country's organisations alone use, as evidence of a country that no text states: Indian, CNRS."""

from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.similar_names import SimilarNames
from hubrank.geocoding.text.organisation_words import words


def note_country_of_words(reading: Reading, candidates: list[Candidate], similar: SimilarNames) -> None:
    """Note which candidates lie in the country that the words of a text's organisations are of, and which do not.

    Only where the text states no country, and the words are of no two countries.
    """
    if reading.economies or reading.codes:
        return
    of_names = {word for part in reading.segments if part.organisation for word in words(part.text)}
    countries = {country for word in of_names if (country := similar.country_of_word.get(word))}
    for c in candidates if len(countries) == 1 else ():
        c.features.append(f"{c.group}: a word of {'its' if c.economy in countries else 'another'} country")
