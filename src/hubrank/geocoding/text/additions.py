"""What stands behind a town's name to tell where it is: Linz a. Rh., Halle (Saale), Pully near Lausanne."""

import re

from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.organisation_words import LEGAL_FORMS

_LONGEST = 60  # characters
# In parentheses, or behind an abbreviated preposition in small letters and its article: a. d. Fulda, i. H., n. L.
_IN_PARENTHESES = re.compile(r"([^\d,;/()]{3,}) ?\(([^\W\d_][^\d,;()]*)\)")
_BEHIND_PREPOSITION = re.compile(
    r"([^\d,;/().]{3,}?) ?(?<=[ .])(?P<short>(?:[^\W\d_A-Z]{1,3}[./] ?){1,3})([^\W\d_][^\d,;/()]*)"
)
_NEAR = "|".join(word.replace(" ", r"\s") for word in vocabulary.words("place", "near"))
_BEHIND_NEAR = re.compile(rf"([^\d,;/()]{{3,}}?)\s(?:{_NEAR})\.?\s([^\W\d_][^\d,;/()]*)", re.IGNORECASE)
_BEHIND_SLASH = re.compile(r"([^\d,;/().]{3,})/([^\W\d_][^\d,;/()]*)")


def is_near_another(text: str) -> bool:
    """Say whether a text is a town and a larger one near it: Garching near Munich."""
    return _BEHIND_NEAR.fullmatch(text.strip()) is not None


def without_addition(text: str, *, slash: bool = False) -> tuple[str, str]:
    """Return a town's name and the word that tells it from its namesakes, "" twice where there is none.

    slash : whether a slash may part them, which is also between a town and its region.
    """
    if len(text) > _LONGEST:
        return "", ""
    if near := _BEHIND_NEAR.fullmatch(text.strip()):
        return near[1].strip(), near[2].strip(" .")
    if not ("(" in text or "." in text or (slash and "/" in text)):
        return "", ""
    for pattern in (_IN_PARENTHESES, _BEHIND_PREPOSITION, *((_BEHIND_SLASH,) if slash else ())):
        if match := pattern.fullmatch(text.strip()):
            if key(match.groupdict().get("short") or "") in LEGAL_FORMS:  # Foo s.r.o. Praha
                return "", ""
            return match[1].strip(), match[match.re.groups].strip(" .")
    return "", ""
