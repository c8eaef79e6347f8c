"""Branches of organisations by their word and their town: UNESP Campus Jaboticabal."""

import re

from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.gazetteer.name_variants import BRANCHES
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.post_codes import bare

_BRANCH = re.compile(rf"(?:(.+?)\s+)?((?:{BRANCHES})(?:\s+d['’]|\s+))([^\W\d_].*)", re.IGNORECASE)


def before_branch(segment: str) -> tuple[str, ...]:
    """Return an organisation and its branch that a segment is, each by itself, if that is in a town, else it alone.

    One word before it is an organisation only in capitals, and none in Biomedical Campus Cambridge.
    """
    branch = _BRANCH.fullmatch(segment)
    if branch is None or not gazetteer.rows_named(key(bare(branch[3])), kinds=(PRIMARY,)):
        return (segment,)
    if branch[1] and " " not in branch[1] and not branch[1].isupper():
        return (segment,)
    town = f"{branch[2].partition(' ')[0]} {branch[3]}"
    return (branch[1], town) if branch[1] else (town,)
