"""Who applied for a patent: organisations keep their name, natural persons are called `individual`."""

import re
from functools import lru_cache

INDIVIDUAL = "individual"

_FORMS = (
    "ag|a/s|as|ab|bv|cv|co|company|corp|corporation|ev|gmbh|inc|incorporated|kk|kg|lc|llc|llp|lp|limited|ltd|ltda|nv|na|oy|"
    "oyj|ou|pc|plc|pty|pte|sa|sas|sarl|se|sl|spa|srl|sro|sc|sp|zoo"
)
_ENDS_IN_FORM = re.compile(rf"(?i).*,\W*(?:(?:{_FORMS})\b\W*)+")  # "Teva, Ltd." is no person, "Na, Young" is one
_WORDS = re.compile(
    r"(?i)\b(foundation|institut\w*|trust|univ\w*|gesellschaft\w*|industr\w+|technolog\w+|system\w*|laborator\w+|group|"
    r"holding\w*|company|corporation|limited|gmbh|inc|llc|ltd)\b|\d|&"
)
_PERSON = re.compile(r"[^\W\d_][\w.'’ -]*, *[^\W\d_][\w.'’, -]*")


@lru_cache(maxsize=200_000)
def applicant_name(name: str) -> str:
    """Return the name of an organisation, or `individual` where it reads `Family name, Given names`.

    European documents and REGPAT do not say which applicants are natural persons; their names are written with a
    comma, those of organisations without one or with a legal form behind it.
    """
    words = name.replace(".", "").strip()
    person = _PERSON.fullmatch(words) and not _ENDS_IN_FORM.fullmatch(words) and not _WORDS.search(words)
    return INDIVIDUAL if person and len(words.split()) <= 5 else name
