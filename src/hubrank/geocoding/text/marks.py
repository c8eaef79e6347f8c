"""Marks around the words of an address: flags, pictures, signs of footnotes."""

import re

from hubrank.core import countries
from hubrank.geocoding.text.normalise import repair_encoding
from hubrank.geocoding.text.stated_countries import country

_FLAG_LETTERS, _PICTURES = "\U0001f1e6-\U0001f1ff", "\U0001f300-\U0001faff\u2600-\u27bf"
SIGNS_OF_MARKS = rf"[{_FLAG_LETTERS}{_PICTURES}*†‡§¶‖⁰¹²³⁴-⁹]|\[\d"
_SIGNS = re.compile(SIGNS_OF_MARKS)
_FLAG = re.compile(f"[{_FLAG_LETTERS}]{{2}}")
# With what colours or joins them.
_PICTURE = re.compile(f" ?[{_FLAG_LETTERS}{_PICTURES}\ufe0e\ufe0f\u200d\u20e3]+ ?")
_RAISED = re.compile(r"[⁰¹²³⁴-⁹](?:,?[⁰¹²³⁴-⁹])*|(?<=\w)(?:\[\d{1,3}\])+")
_SIGN_AT_END = re.compile("(?<![*†‡§¶‖]),?[*†‡§¶‖]++(?=[,;]|$)")  # of a part: Lahore1,*, Pakistan†
_FIRST_LETTER = ord("\U0001f1e6") - ord("A")


def without_marks(text: str) -> str:
    """Return a text without pictures and signs of footnotes; a flag, two letters of a country's code, is its name."""
    if not _SIGNS.search(text):
        return text
    text = repair_encoding(text)  # its errors have such signs
    flags = {"".join(chr(ord(letter) - _FIRST_LETTER) for letter in flag) for flag in _FLAG.findall(text)}
    text = _PICTURE.sub(", ", text).strip(" ,") if _PICTURE.search(text) else text
    text = _SIGN_AT_END.sub("", _RAISED.sub(" ", text)).strip()
    economy = countries.find(flags.pop()) if len(flags) == 1 else None
    last = text.rpartition(",")[2].strip(" .")
    if economy is None or country(last) or countries.find(last, codes=False) == economy:
        return text
    return ", ".join(filter(None, (text, countries.name(economy))))
