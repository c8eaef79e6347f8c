"""Given names of persons, known by the places that are called after saints: St. David's, San Elías."""

from functools import lru_cache

from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.vocabulary import SAINTS


@lru_cache(4096)
def is_given_name(name: str) -> bool:
    """Say whether places are called after a saint of a name. name : its words in lower-case ASCII."""
    names, saints = gazetteer.places().name, (f"{saint} {name}" for saint in SAINTS if name)
    return any(plain(names[row]).startswith(saint) for saint in saints for row in gazetteer.rows_named(key(saint)))
