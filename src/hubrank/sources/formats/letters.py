"""Which code page of one byte for a letter text of Latin letters is in, by how often languages write each letter.

Bytes of Windows-1250 are letters of Windows-1252 as well: Łódź reads £ódŸ, and nothing says that it is wrong.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from itertools import chain
from math import log

FEWEST = 6  # letters beyond ASCII, of which fewer say nothing
ENOUGH = 14.0  # nats by which another code page has to be likelier than the western ones, of all letters together
DIFFERENT = 3  # letters at least, and
MOST_OF_ONE = 0.8  # of all the most frequent one at most: one name that is written often is no text
READ_OTHERWISE = 0.02  # of the letters, at least: a code page that reads them as Windows-1252 does needs no naming
AHEAD = 0.7  # nats a letter by which another code page has to be likelier than the western ones
CAPITALS = 0.2  # of the letters are as in text of capital letters
UNEXPECTED = 0.02  # of the letters are none that the language has
_SAME = bytes([*range(0x80), *b"\x80\x82\x84\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa7\xa9\xab\xae\xb0\xb4\xbb"])

# Letters beyond ASCII in about 10,000 letters of a language: which ones it has at all decides more than how often.
# Rounded by hand, from no single source. Checked against the words of wordfreq 3.1.1 (Speer 2022), each weighed by its
# frequency: numbers of 20 or more are within a factor of 2.6, but for à in Italian (20 there). It has no Frisian, and
# writes ß, ş, ţ and İ as ss, ș, ț and i.
_WESTERN = {
    "da": "å119 ø94 æ87 é3",
    "de": "ü100 ä58 ö44 ß31",
    "es": "ó83 í73 á50 é43 ñ31 ú17 º5 ª3 ü1",
    "fi": "ä360 ö44 å1",
    "fr": "é190 à49 è27 ê22 ç9 ù6 û6 â5 î5 ô2 œ2 ë1 ï1",
    "is": "ð440 á180 í160 þ145 ó99 æ87 ö78 é65 ú61 ý23",
    "it": "à64 è26 ù17 é4 ì3 ò2",
    "fy": "â40 ú30 ê30 û20 ô10",
    "nl": "ë10 é7 ï3 ü2 ö2 è1",
    "pt": "ã73 ç53 ê45 é34 ó30 ú20 í13 á12 à7 â6 ô6 õ4 º5 ª3",
    "sv": "ä180 å134 ö131 é3",
    "ca": "à40 í40 è30 é30 ò30 ó30 ç15 ú10 ï5 ü3",
}
_CENTRAL = {
    "cs": "í330 á220 ě160 é130 ř120 ý100 ž100 č95 š80 ů70 ú10 ť4 ó3 ď2 ň1",
    "hr": "č100 š90 ć60 ž60 đ30",
    "hu": "é390 á340 ó110 ő90 ö80 ü50 í50 ú25 ű20",
    "pl": "ł182 ę111 ą99 ó85 ż83 ś66 ć40 ń20 ź6",
    "ro": "ă200 î120 ş120 ţ110 â50",
    "sk": "á200 í100 č100 ý100 ž90 é80 š80 ú70 ľ40 ť40 ď20 ô20 ň15 ó10 ä6 ĺ1 ŕ1",
}
_TURKISH = {"tr": "ı510 ş180 ü180 ğ110 ç110 ö80 İ20"}
_BALTIC = {
    "lt": "ė160 š120 ų120 ž80 į60 ą60 ū50 č40 ę20",
    "lv": "ā400 ī190 ē170 š90 ū80 ņ50 ļ40 ž30 ķ25 č10 ģ10",
}
_LANGUAGES = {
    "cp1252": _WESTERN,
    "mac_roman": _WESTERN,
    "cp1250": _CENTRAL,
    "iso8859_2": _CENTRAL,
    "cp1254": _TURKISH,
    "cp1257": _BALTIC,
}
_WEST = ("cp1252", "mac_roman")
# What is no letter in Windows-1252, where letters are: amid small letters (Wroc³aw, D¹browa), or before them (£ódŸ).
_NO_LETTER = re.compile(
    rb"(?<=[A-Za-z\xc0-\xff])[\xb3\xb9\xbc\xbe\xbf](?=[a-z\xe0-\xff])|(?<![A-Za-z\xc0-\xff])[\xa3\xa5\xaf](?=[a-z\xe0-\xff])"
)
_KINDS_OF_THESE, _SHARE_OF_THESE = 2, 0.2  # of all letters beyond ASCII: formulas have some as well


def not_western(data: bytes) -> str | None:
    """Return the code page in which letters are far likelier than in Windows-1252 and Mac Roman, if any is."""
    counts = Counter(data.translate(None, _SAME))
    letters = counts.total()
    marks = _NO_LETTER.findall(data)
    is_no_western = len(set(marks)) >= _KINDS_OF_THESE and len(marks) >= _SHARE_OF_THESE * letters
    if not is_no_western and (
        letters < FEWEST or len(counts) < DIFFERENT or max(counts.values()) > MOST_OF_ONE * letters
    ):
        return None
    likelihood = {
        page: max(sum(number * chances[byte] for byte, number in counts.items()) for chances in models)
        for page, models in _models().items()
    }
    west = max(likelihood.pop(page) for page in _WEST)
    best = max(likelihood, key=likelihood.__getitem__)
    otherwise = sum(number for byte, number in counts.items() if _letter(byte, best) != _letter(byte, "cp1252"))
    ahead = likelihood[best] - west >= (0 if is_no_western else max(AHEAD * letters, ENOUGH))
    return best if ahead and otherwise >= READ_OTHERWISE * letters else None


def _letter(byte: int, page: str) -> str:
    return bytes([byte]).decode(page, "replace")


@cache
def _models() -> Mapping[str, list[Mapping[int, float]]]:
    """Return by code page, for each language and for all of them together, the log of the chance of each byte."""
    models: dict[str, list[Mapping[int, float]]] = {}
    for page, languages in _LANGUAGES.items():
        shares = [_shares(letters, page) for letters in languages.values()]
        together = {byte: sum(one.get(byte, 0) for one in shares) / len(shares) for byte in set(chain(*shares))}
        models[page] = [
            {byte: log((1 - UNEXPECTED) * one.get(byte, 0) + UNEXPECTED / 128) for byte in range(128, 256)}
            for one in (*shares, together)
        ]
    return models


def _shares(letters: str, page: str) -> dict[int, float]:
    """Return what share of the letters beyond ASCII of a language each byte is, small and capital ones together."""
    numbers: defaultdict[int, float] = defaultdict(float)
    for letter, number in ((each[0], float(each[1:])) for each in letters.split()):
        for form, part in ((letter, 1 - CAPITALS), (letter.upper(), CAPITALS)):
            encoded = form.encode(page, "ignore")
            if len(encoded) == 1 and encoded[0] > 0x7F:
                numbers[encoded[0]] += part * number
    total = sum(numbers.values())
    return {byte: number / total for byte, number in numbers.items()}
