"""Districts and regencies of Indonesia behind one another: DESA SUKAWANGI KEC. SINGAJAYA KAB. GARUT."""

import re

from hubrank.geocoding.text import vocabulary

_IN_FULL = {short: word for word, many in vocabulary.section("unit_in_full").items() for short in (word, *many.split())}
_UNIT = re.compile(rf"(?:\A|[\s,;]+)\b({'|'.join(_IN_FULL)})\b(?:\.\s*|\s+)(?=[^\W\d_])", re.IGNORECASE)
_PROVINCE = re.compile(r"[\s,;]+prov(?:insi)?\b[\s.]+(?=[^\W\d_])", re.IGNORECASE)


def separate_units(text: str) -> str:
    """Return a text with commas before the words for a district and a regency, and these in full.

    They stand before each name, so that what is before them has ended; a full stop behind the short form is no end. The
    word for a province behind them says no more than a comma.
    """
    has_unit = ("k" in text or "K" in text) and _UNIT.search(text)
    return _PROVINCE.sub(", ", _UNIT.sub(_as_part, text)) if has_unit else text


def _as_part(unit: re.Match[str]) -> str:
    return f"{', ' if unit.start() else ''}{_IN_FULL[unit[1].lower()].capitalize()} "
