"""Settlements behind their city in Russian addresses, which go from the widest to the finest: г Руза, рп Тучково."""

import re

from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.text.normalise import key

# A city by its word, and the next part: a settlement by one.
_BEHIND_CITY = re.compile(
    r"(?<!\w)((?:г|гор|город)[. ]\s*[^,\d]{2,40}),"
    r"\s*((?:пос[её]лок|пос|пгт|рп|деревня|дер|село|с|станица|хутор)[. ]\s*([А-ЯЁ][^,\d]{1,40})),"
)


def with_settlement_first(text: str) -> str:
    """Return a text with the settlement before the city in whose district it lies, if a place is called like it."""
    return text if text.isascii() else _BEHIND_CITY.sub(_exchanged, text)


def _exchanged(parts: re.Match[str]) -> str:
    is_place = bool(gazetteer.rows_named(key(parts[3]), "RU"))
    return f"{parts[2]}, {parts[1]}," if is_place else parts[0]
