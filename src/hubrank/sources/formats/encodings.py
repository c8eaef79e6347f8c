"""Which encoding of East Asia or of other alphabets text is in, by how common its characters are in each.

A file is never read by such a guess alone: the error of a reader names the encoding, and a study states it.
"""

import re
from collections import Counter
from collections.abc import Callable

ENOUGH, AHEAD = 0.8, 0.1  # the share of common characters, and by how much the best is better than the next
FEWEST = 20  # characters, of which fewer say nothing
MOST = 200_000  # bytes that are looked at
_CJK = "\u2e80"  # characters from here on are East Asian
_ALPHABETS = {
    "cp1251": re.compile(r"\b[А-ЯЁІЇЄҐ]?[а-яёіїєґ]+\b"),
    "koi8_r": re.compile(r"\b[А-ЯЁ]?[а-яё]+\b"),
    "cp1253": re.compile(r"\b[Α-ΩΆΈ-Ώ]?[α-ωάέήίόύώϊϋ]+\b"),
    "cp1256": re.compile(r"\b[ء-يپچژکگ]+\b"),
}
# Every text in these letters has many of them; the small letters of KOI8-R are Arabic letters, too, but none of these.
_ALWAYS = {"cp1256": re.compile("[لمنهوي]")}
_LEAST = 0.2  # of the letters beyond ASCII


def likely(data: bytes) -> str | None:
    """Return the encoding in which far more of the characters of some lines are common than in any other, if any is."""
    data = data[:MOST]
    data = data[: data.rfind(b"\n") + 1] or data
    shares = {name: _in_cjk(data, name, share) for name, share in _SHARES.items()}
    shares |= {name: _in_words(data, name, words) for name, words in _ALPHABETS.items()}
    (best, most), (_, next_most), *_ = sorted(shares.items(), key=lambda item: -item[1])
    return best if most >= ENOUGH and most - next_most >= AHEAD else None


def _in_words(data: bytes, encoding: str, words: re.Pattern[str]) -> float:
    """Return the share of letters beyond ASCII that are in words of one alphabet, small but for the first letter."""
    text = data.decode(encoding, "replace")
    high = sum(not char.isascii() for char in text)
    if high < FEWEST or (encoding in _ALWAYS and len(_ALWAYS[encoding].findall(text)) < _LEAST * high):
        return 0
    return sum(map(len, words.findall(text))) / high


def _in_cjk(data: bytes, encoding: str, share: Callable[[Counter[bytes], int], float]) -> float:
    """Return the share of characters beyond ASCII that are common in an encoding of two bytes."""
    counts = Counter(char for char in data.decode(encoding, "surrogateescape") if not char.isascii())
    # Punctuation, blanks and digits of full width are in all of them.
    letters = {char: number for char, number in counts.items() if char.isalnum() or "\ud800" <= char <= "\udfff"}
    total = sum(letters.values())
    pairs: Counter[bytes] = Counter()
    for char, number in letters.items():
        if char >= _CJK and not "\ud800" <= char <= "\udfff":
            pairs[char.encode(encoding)] += number
    return share(pairs, total) if total >= FEWEST else 0


def _between(pairs: Counter[bytes], low: int, high: int) -> int:
    """Return how many characters have a first byte in a range."""
    return sum(number for pair, number in pairs.items() if len(pair) == 2 and low <= pair[0] <= high)


def _gb18030(pairs: Counter[bytes], total: int) -> float:
    """Hanzi of the first level, by pinyin: of Chinese text some are from xi to zuo, where others have none."""
    common = sum(n for pair, n in pairs.items() if len(pair) == 2 and 0xB0 <= pair[0] <= 0xD7 and pair[1] >= 0xA1)
    return common / total * _enough(_between(pairs, 0xD0, 0xD7), total)


def _big5(pairs: Counter[bytes], total: int) -> float:
    """Frequent characters, by strokes; many have an ASCII letter as their second byte."""
    in_ascii = sum(number for pair, number in pairs.items() if len(pair) == 2 and pair[1] < 0x80)
    return _between(pairs, 0xA4, 0xC6) / total * _enough(in_ascii, total)


def _cp932(pairs: Counter[bytes], total: int) -> float:
    """Kana, and kanji of the first level; the katakana of half width, single bytes, are rare."""
    return (_between(pairs, 0x82, 0x83) + _between(pairs, 0x88, 0x98)) / total


def _euc_jp(pairs: Counter[bytes], total: int) -> float:
    """Kana, and kanji of the first level, which ends where Chinese and Korean text goes on or stops before."""
    kana, beyond = _between(pairs, 0xA4, 0xA5), _between(pairs, 0xC9, 0xCF)
    return (kana + _between(pairs, 0xB0, 0xCF)) / total * _enough(kana + beyond, total)


def _cp949(pairs: Counter[bytes], total: int) -> float:
    """Hangul."""
    return _between(pairs, 0xB0, 0xC8) / total


def _enough(some: int, total: int) -> float:
    """Return 1 where at least a twentieth of the characters are of a kind that the language always has, less else."""
    return min(1.0, 20 * some / total)


_SHARES: dict[str, Callable[[Counter[bytes], int], float]] = {
    "gb18030": _gb18030,
    "cp932": _cp932,
    "cp950": _big5,
    "cp949": _cp949,
    "euc_jp": _euc_jp,
}
