"""Numbers and dates in other scripts: full-width digits, १२, ١٢; 2021年度, years of an era (令和5年4月1日)."""

import re
from collections.abc import Mapping
from datetime import date
from functools import partial
from unicodedata import decimal

import pyarrow as pa
import pyarrow.compute as pc

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}  # and the wide space
# Of each era the year before its first, and how many years it has (Unicode CLDR, calendars japanese and roc).
ERAS: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("明治", "㍾", "M"), (1867, 45)),
    **dict.fromkeys(("大正", "㍽", "T"), (1911, 15)),
    **dict.fromkeys(("昭和", "㍼", "S"), (1925, 64)),
    **dict.fromkeys(("平成", "㍻", "H"), (1988, 31)),
    **dict.fromkeys(("令和", "㋿", "R"), (2018, 999)),
    **dict.fromkeys(("民國", "民国", "中華民國", "中華民国"), (1911, 999)),
}
_NAMES = "|".join(name for name in ERAS if not name.isascii())
_TIME = r"(?: \d{1,2}:\d{2}(?::\d{2})?)?"
_BEGIN = rf"(?:(?P<western>\d{{4}})|(?P<era>{_NAMES}) ?(?P<number>元|\d{{1,3}})) ?"
_MONTH_AND_DAY = rf"[年년] ?(?P<month>\d{{1,2}}) ?[月월](?: ?(?P<day>\d{{1,2}}) ?[日일]{_TIME})?"
_DIVIDED = rf"(?P<by>[-./])(?P<month>\d{{1,2}})(?P=by)(?P<day>\d{{1,2}}){_TIME}"
_FORMS = (
    rf"{_BEGIN}(?:[年년][度도]?|{_MONTH_AND_DAY})",  # 2021年, 2021年度, 令和5年4月1日, 2021년 5월 31일
    rf"(?P<era>{_NAMES}) ?(?P<number>元|\d{{1,3}})",  # 令和5
    rf"(?P<era>{_NAMES}|[MTSHR])(?P<number>元|\d{{1,3}}){_DIVIDED}",  # R5.4.1; R5 alone may be anything
)
_DATES = tuple(map(re.compile, _FORMS))
# What a year or date has beside digits, where these are of another script: २०२१, १२/०४/२०२१, २०२२-२३, ١٩ نوفمبر ٢٠٢٣.
# A month in words; in the scripts of India and South-East Asia it has vowel signs, which are no letters.
MONTH = r"(?:[^\W\d_]{3,}|(?:(?!\d)[\u0900-\u0eff]){2,})"
# The day may stand behind it, and the day of the week before all: सोमवार, १२ अप्रैल, २०२१; अप्रैल १२, २०२१.
_DAY_BEHIND = r"(?:\d{1,2}[,، ]{1,2})?"
_WITH_MONTH = rf"(?:{MONTH}[,،] ?)?(?:\d{{1,2}}[-/. ]{{1,2}})?{MONTH}(?: {MONTH})?[-/.،, ]{{1,2}}{_DAY_BEHIND}\d{{4}}"
_STAMP = re.compile(rf"\d{{1,4}}(?:[-/. ]\d{{1,4}}){{0,2}}(?: \d{{1,2}}:\d{{2}}(?::\d{{2}})?)?|{_WITH_MONTH}")
# A number in such digits; Arabic has signs of its own for thousands and decimals: ١٬٢٣٤٫٥.
_NUMERAL = re.compile(r"[-+]?\d[\d٬٫., '’\xa0\u202f]*")
_NUMBERS = ("listing", "count", "weight", "quality", "lat", "lon")
_AFTER_DIGITS = ":"  # in ASCII; a text from here on does not begin with a digit


def half_width(text: str) -> str:
    """Return a text with full-width letters, digits and signs as ASCII; marks of footnotes (²) stay."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def as_iso(text: str) -> str:
    """Return a year, month or day written in East Asian form as ISO 8601 writes it, any other text in half width.

    A fiscal year (2021年度) is the year in which it begins. A year that its era does not have stays as it is.
    """
    narrow = _in_ascii_digits(half_width(text).strip())
    match = next(filter(None, (form.fullmatch(narrow) for form in _DATES)), None)
    if match is None:
        return narrow
    parts = match.groupdict()
    if western := parts.get("western"):
        year = int(western)
    else:
        before, years = ERAS[parts["era"]]
        number = 1 if parts["number"] == "元" else int(parts["number"])
        year = before + number if 0 < number <= years else 0
    month, day = (int(parts[name]) if parts.get(name) else None for name in ("month", "day"))
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return text
    return "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part is not None)])


def as_number(text: str, decimals: str = ".") -> str:
    """Return a number in digits of any script in ASCII, any other text in half width.

    decimals : what stands for the Arabic sign of decimals; that of thousands becomes a blank.
    """
    narrow = half_width(text)
    if narrow.isascii() or not _NUMERAL.fullmatch(narrow):
        return narrow
    signs = {"٬": " ", "٫": decimals}
    return "".join(str(decimal(char)) if char.isdecimal() else signs.get(char, char) for char in narrow)


def _in_ascii_digits(text: str) -> str:
    """Return a date or year in digits of any script in ASCII; any other text as it is."""
    if text.isascii() or not _STAMP.fullmatch(text):
        return text
    return "".join(str(decimal(char, char)) for char in text)


def read_as(name: str, column: pa.ChunkedArray, decimals: str | None = None) -> pa.ChunkedArray:
    """Return a column of dates or numbers, by its name, as plain text where it is in another form.

    decimals : what the decimals of counts follow, where the study states it.
    """
    is_dated = name in ("date", "year")
    if not (is_dated or name in _NUMBERS) or not pa.types.is_string(column.type):
        return column
    if not _is_of_other_form(column, dated=is_dated):
        return column
    read = as_iso if is_dated else partial(as_number, decimals=(name == "count" and decimals) or ".")
    coded = column.combine_chunks().dictionary_encode()
    values = pa.array(map(read, coded.dictionary.to_pylist()), pa.string())
    return pa.chunked_array([values.take(coded.indices)])


def _is_of_other_form(column: pa.ChunkedArray, *, dated: bool) -> bool:
    """Return whether a value may be in such a form: it is not ASCII, or as a date begins with no digit (R5.4.1)."""
    if pc.all(pc.string_is_ascii(column)).as_py() is False:
        return True
    last = pc.max(column).as_py() if dated else None
    return last is not None and last >= _AFTER_DIGITS
