"""Names that are romanised in several ways, brought to one: Chungho and Zhonghe, Kyungki and Gyeonggi.

Used for alike-sounding candidates only, within one economy; so the rules need to be good, not perfect.
"""

import re
from functools import cache, lru_cache

from hubrank.geocoding.text import vocabulary

Rules = tuple[tuple[re.Pattern[str], str], ...]


@cache
def _rules() -> dict[str, Rules]:
    """Return the replacements of each economy, in order."""
    by_economy: dict[str, Rules] = {}
    for language in vocabulary.section("sound").values():
        pairs = (rule.split(">") for rule in language["rules"].split())
        rules = tuple((re.compile(old), new) for old, new in pairs)
        by_economy |= dict.fromkeys(language["of"].split(), rules)
    return by_economy


@cache
def _endings() -> dict[str, re.Pattern[str]]:
    """Return what may stand glued to the end of a name, by economy."""
    patterns = {}
    for economy, entry in vocabulary.section("glued").items():
        letters, *kinds = entry.split()
        longest_first = "|".join(sorted(kinds, key=len, reverse=True))
        patterns[economy] = re.compile(rf"(?<=.{{{letters}}})(?:{longest_first})$")
    return patterns


@lru_cache(4096)
def phonetic_key(key: str, economy: str) -> str:
    """Return what the spellings of a key have in common in an economy; "" where spellings do not vary."""
    rules = _rules().get(economy)
    if not rules:
        return ""
    for pattern, new in rules:
        key = pattern.sub(new, key)
    return key


def without_kind(key: str, economy: str) -> str:
    """Return a key without a word for town, county or ward written together with it: Wukuhsiang, Yawatamura."""
    pattern = _endings().get(economy)
    return pattern.sub("", key) if pattern else key
