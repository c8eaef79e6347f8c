"""How place names are compared: without case, accents, script, punctuation, spaces and the usual abbreviations."""

import re
from functools import lru_cache

from anyascii import anyascii

from hubrank.core.countries import HAN
from hubrank.geocoding.text import vocabulary

# Typographic marks that stand inside a word vanish; all other punctuation parts words.
_INSIDE = frozenset("'`´’‘ʻʼʹ\"“”")
_LARGE_KANA = {"ヶ": "ケ", "ヵ": "カ"}  # names are written with either: 龍ヶ崎, 龍ケ崎


class _Plain(dict[int, str]):
    """What each character becomes: lower-case ASCII of its own script; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = _LARGE_KANA.get(chr(code), chr(code))
        ascii_letters = "" if character in _INSIDE else anyascii(character).lower().replace("'", "")
        self[code] = "".join(letter if letter.isalnum() else " " for letter in ascii_letters)
        return self[code]


class _Native(_Plain):
    """The same, but for Chinese characters, which stay: 宿州 and 苏州 are both Suzhou."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if not HAN.fullmatch(character):
            return super().__missing__(code)
        self[code] = character
        return character


_KIND = re.compile("(?<=..)(?:市|县|縣|区|區|镇|鎮|乡|鄉|町|村|旗|郡)$|(?<=[가-힣]{2})[시군구읍면]$")
_KIND_BEFORE = re.compile(
    r"(?<!\w)(?:г|гор|город|м|місто|пос[её]лок|пос|рп|пгт|смт|с|село|дер|деревня|станица|хутор)(?:\.\s*|\s+)(?=[А-ЯЁІЇЄ])"
)
_THAI_LEVEL = re.compile(r"(?<!\S)(?:[ตอจ]\.\s?|ตำบล|อำเภอ|จังหวัด|แขวง|เขต)(?=[ก-๛])")
_PLAIN, _NATIVE = _Plain(), _Native()
_STANDARD_WORD = vocabulary.standard_words("place")
_MOJIBAKE = re.compile("[ÂÃÄÅ][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")  # UTF-8 read as Windows-1252
# The first of two such letters once more mistaken: Sí£o Paulo, Zí¼rich.
_MISTAKEN = re.compile("(?<=[^\\W\\d_])í(?=[\u00a1-\u00b6\u00b8-\u00ba\u00bc-\u00bf]|\u00bb[^\\W\\d_])")
_HANGUL = re.compile("[가-힣]")
# The two bytes of a Latin letter, or of a no-break space, read as one syllable: California,슠Davis.
_BYTES_AS_HANGUL = re.compile("(?<=[A-Za-z,.;])[\uc2a0-\uc2bf\uc380-\uc3bf]|[\uc2a0-\uc2bf\uc380-\uc3bf](?=[A-Za-z])")
_DIGRAPHS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "Å": "Aa", "ø": "oe", "Ø": "Oe"}
)


def repair_encoding(text: str) -> str:
    """Return text whose UTF-8 was once read as Windows-1252, or as UTF-16, as it was meant, any other as it is."""
    if not text.isascii() and _BYTES_AS_HANGUL.search(text) and not _HANGUL.search(_BYTES_AS_HANGUL.sub("", text)):
        return _BYTES_AS_HANGUL.sub(lambda syllable: syllable[0].encode("utf-16-be").decode("utf-8"), text)
    damaged = _MISTAKEN.sub("Ã", text) if "í" in text else text
    if text.isascii() or not _MOJIBAKE.search(damaged):
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            return damaged.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text


@lru_cache(512)  # the same few texts are asked for again and again while one address is read
def plain(text: str) -> str:
    """Return lower-case ASCII words, one space between them; scripts are transliterated."""
    return " ".join(_parts(text))


def _parts(text: str, letters: _Plain = _PLAIN) -> list[str]:
    return (text if text.isascii() else repair_encoding(text)).translate(letters).split()


def words(text: str) -> list[str]:
    """Return the words by which a name is compared; abbreviations of one word are one word."""
    unified = (_STANDARD_WORD.get(word, word) for word in _parts(text))
    return [word for word in unified if word]


def is_plain_word(text: str) -> bool:
    """Say whether a text is one word of Latin letters without marks, as the names of most cities are."""
    return text.isascii() and text.isalpha()


@lru_cache(512)
def key(text: str) -> str:
    """Return what equal names have in common: `words` without spaces, so that Las Vegas is Lasvegas.

    Chinese characters stay as they are, as many towns of China sound alike.
    """
    standard = _STANDARD_WORD
    if is_plain_word(text):
        word = text.lower()
        return standard.get(word, word)
    return "".join([standard.get(word, word) for word in _parts(text, _NATIVE)])


def without_kind(text: str) -> str:
    """Return a name in Chinese characters or Hangul without what kind of place it is: 宿州市 is 宿州, 순천시 순천."""
    return text if text.isascii() else _KIND.sub("", text)


def without_kind_before(text: str) -> str:
    """Return a text in Cyrillic or Thai letters without what kinds of places stand before their names: г. Орск.

    Thai addresses have no commas: อ.เมือง จ.เลย.
    """
    return text if text.isascii() else _THAI_LEVEL.sub(", ", _KIND_BEFORE.sub("", text))


def has_kind_before(text: str) -> bool:
    """Say whether a word for a kind of place stands before a name in Cyrillic letters: г. Орск."""
    return not text.isascii() and _KIND_BEFORE.search(text) is not None


def digraphs(text: str) -> str:
    """Return the spelling without umlauts of German and Nordic typists: Muenchen, Aarhus."""
    return text.translate(_DIGRAPHS)
