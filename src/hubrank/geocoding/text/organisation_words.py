"""Words in the names of organisations, in all languages and in lower-case ASCII."""

from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key

FREQUENT_SIGNS = frozenset(vocabulary.words("organisation", "signs"))
# A text with one of them names an organisation.
SIGNS = FREQUENT_SIGNS.union(vocabulary.words("organisation", "signs_of_other_languages"))
GENERIC = frozenset(vocabulary.words("organisation", "generic"))  # in so many names that they tell none from another
LEGAL_FORMS = frozenset(vocabulary.words("organisation", "legal_forms"))
STANDARD_WORD = vocabulary.standard_words("organisation")  # by each of its spellings, translations and abbreviations
_ECONOMIES_OF_FORM = {
    form: frozenset(homes.split())
    for homes, forms in vocabulary.section("legal_form_of").items()
    for form in forms.split()
}


def economies_of_form(name: str) -> frozenset[str]:
    """Return the economies of the legal form that a name ends in, none where many have it: TechNova B.V."""
    return _ECONOMIES_OF_FORM.get(key(name.rpartition(" ")[2]), frozenset()) if " " in name else frozenset()
