"""Words in the names of organisations, in all languages and in lower-case ASCII."""

from hubrank.geocoding.text import vocabulary

FREQUENT_SIGNS = frozenset(vocabulary.words("organisation", "signs"))
# A text with one of them names an organisation.
SIGNS = FREQUENT_SIGNS.union(vocabulary.words("organisation", "signs_of_other_languages"))
GENERIC = frozenset(vocabulary.words("organisation", "generic"))  # in so many names that they tell none from another
LEGAL_FORMS = frozenset(vocabulary.words("organisation", "legal_forms"))
STANDARD_WORD = vocabulary.standard_words("organisation")  # by each of its spellings, translations and abbreviations
