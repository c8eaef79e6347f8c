"""Texts as programs write them: entities of HTML, codes of letters, line breaks, fields by name, widths of letters."""

import html
import re
import unicodedata
from urllib.parse import unquote_plus

# What stands in such texts and in hardly any other, as RE2 and Python read it.
SIGNS_OF_MACHINES = (
    r"[&<%\\{?_]|^[A-Z][a-z]{3,9}/[A-Z]"
    r"|^\W{0,2}(?i:city|town|locality|address|street|state|province|region|country)\W{0,2}[:=]"
)
# Latin letters, digits and punctuation as wide as Chinese characters, kana and Hangul half as wide, brackets of East
# Asian texts: （Ｔｏｋｙｏ）, ﾄｳｷｮｳ.
SIGNS_OF_WIDTH = "[\uff01-\uff5e\uff65-\uffdc〔〕【】]+"
_BRACKETS = str.maketrans("〔〕【】", "()()")
_SIGNS = re.compile(SIGNS_OF_MACHINES)
_OF_WIDTH = re.compile(SIGNS_OF_WIDTH)
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z]\w*);")
_TAG = re.compile(r"</?([a-zA-Z][\w-]{0,30})(?:\s[^<>]{0,200})?/?>")
# Tags that part no lines.
_WITHIN_WORDS = frozenset(("a", "b", "em", "font", "i", "sc", "small", "span", "strong", "sub", "sup", "u"))
_PERCENT = re.compile("%(?:0[AaDd]|[2-9A-Fa-f][0-9A-Fa-f])")
_LINE_BREAK = re.compile(r"(?:\\r)?\\n(?![a-z])|\\t(?![a-z{])")  # as two characters; \neq is a sign of LaTeX
LOST = "\ufffd"  # what stands for a letter that is none of the encoding
_LOST_LETTER = re.compile(r"\?(?=\?*(?:,|\s?[^\W\d_]))")
_LOST_AT_END = re.compile(r"^(?:[^\W\d_]+[ -]){0,3}[^\W\d_]+(\?+)$")  # of a name; a question has a comma or more words
_LETTER = re.compile(r"\\u(00[2-9a-fA-F][0-9a-fA-F]|0[1-9a-fA-F][0-9a-fA-F]{2}|[1-9aAbBcC][0-9a-fA-F]{3})")
# {"city": "Ulm", "country": "Germany"}; city=Ulm;country=Germany; City: Ulm Country: Germany
_NAME = r"(?:\"[\w -]{1,40}\"|'[\w -]{1,40}')\s?:"
_OBJECT = re.compile(rf"\[?\{{\s{{0,3}}{_NAME}")
_NAME_IN_QUOTES = re.compile(rf"{_NAME}\s?(?:(?:null|None)\b)?|[{{}}\[\]]+")
_FIELD = re.compile(
    r"(?:^\W{0,2}|(?<=[\s,;|]))(?:city|town|locality|address|street|state|province|region|country"
    r"|(?:post|postal|zip) ?(?:code)?)\s?[:=]\s?",
    re.IGNORECASE,
)
_UNDERSCORE = re.compile(r"(?<=[^\W_])_(?=[^\W_])")  # for a blank: San_Francisco
_CONTINENTS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Europe|Indian|Pacific"
_TIME_ZONE = re.compile(rf"(?:{_CONTINENTS}|(Australia))/(?!(?:{_CONTINENTS}|Oceania)$)([A-Z][\w/-]{{2,40}})")
_AROUND_VALUES = " ,;|\"'\n"


def of_usual_width(text: str) -> str:
    """Return a text with letters, digits, punctuation and kana of the usual width, brackets as parentheses.

    These are the compatibility forms of Unicode (NFKC).
    """
    return _OF_WIDTH.sub(lambda letters: unicodedata.normalize("NFKC", letters[0]).translate(_BRACKETS), text)


def decoded(text: str) -> str:
    """Return a text as a person would write it."""
    if not _SIGNS.search(text):
        return text
    text = _city_of_time_zone(text) if "/" in text else text
    text = text if "@" in text else _UNDERSCORE.sub(" ", text)
    text = _without_percent_codes(_without_entities(text))
    text = _LETTER.sub(lambda code: chr(int(code[1], 16)), _LINE_BREAK.sub("\n", _TAG.sub(_line_or_nothing, text)))
    text = _LOST_AT_END.sub(lambda name: name[0].replace("?", LOST), _LOST_LETTER.sub(LOST, text))
    fields = _NAME_IN_QUOTES if _OBJECT.match(text) else _FIELD if _FIELD.match(text) else None
    if fields is None:
        return text.strip()
    return ", ".join(filter(None, (part.strip(_AROUND_VALUES) for part in fields.split(text))))


def _city_of_time_zone(text: str) -> str:
    """Return the city of a time zone, before the state or country in it: America/North_Dakota/Beulah."""
    zone = _TIME_ZONE.fullmatch(text)
    return ", ".join(filter(None, (*reversed(zone[2].split("/")), zone[1]))) if zone else text


def _without_entities(text: str) -> str:
    """Return a text without the entities of HTML; those of entities are some, too: &amp;eacute; is é."""
    while _ENTITY.search(text) and (once := html.unescape(text)) != text:
        text = once
    return text


def _without_percent_codes(text: str) -> str:
    """Return a text with the letters for the bytes that an address on the web has as codes: M%C3%BCnchen."""
    if not _PERCENT.search(text):
        return text
    try:
        return unquote_plus(text if " " not in text else text.replace("+", "%2B"), errors="strict")
    except UnicodeError:
        return text


def _line_or_nothing(tag: re.Match[str]) -> str:
    """Return a line break for a tag, nothing for one within words."""
    return "" if tag[1].lower() in _WITHIN_WORDS else "\n"
