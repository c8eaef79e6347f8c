"""Bytes become whole lines: any line end, any of four encodings, each line with its number."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from hubrank.core.errors import DataError
from hubrank.sources.formats.archives import Member
from hubrank.sources.formats.encodings import likely
from hubrank.sources.formats.letters import not_western

BLOCK = 4 << 20  # bytes of lines at a time
LONGEST = 256 << 20  # bytes without a line end: no table and no record
CONTROLS = bytes.maketrans(bytes([*range(1, 9), 11, 12, *range(14, 32), 127]), b" " * 29)
UTF8_MARK = codecs.BOM_UTF8
# Halves of characters beyond 16 bits, each written as one of its own (CESU-8): no UTF-8, and a fault of a line.
HALVES = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
ESCAPED = re.compile("[\udc80-\udcff]")  # what surrogateescape makes of a byte that cannot be decoded
HIGH = re.compile(rb"[\x80-\xff]+")  # bytes beyond ASCII that stand together
ENCODINGS = "utf-8, cp1252, latin-1, mac_roman or utf-16"  # for messages
NO_TEXT, MOST_NO_TEXT = bytes([*range(9), *range(14, 32)]), 0.05
MAC_SIGN_IN_WORD = re.compile(rb"[A-Za-z][\xad\xb0-\xb3\xb6-\xba\xbd\xc2\xc3\xc5\xc6\xd6][A-Za-z]")  # ≠∞±≤≥∂∑∏π∫Ω¬√≈∆÷
MAC_LETTERS, WINDOWS_LETTERS = rb"[\x80-\x90\x98-\x9f]", rb"[\xc0-\xd1\xd6-\xff]"


class EncodingError(DataError):
    """Text in an encoding that nobody stated.

    finding : what the text seems to be; advice : what to do; encoding : the likely one, "" where there are several.
    """

    def __init__(self, finding: str, advice: str, encoding: str = "") -> None:
        super().__init__(f"{finding} {advice}")
        self.finding, self.advice, self.encoding = finding, advice, encoding

    def __reduce__(self) -> tuple[type["EncodingError"], tuple[str, str, str]]:
        """Return what makes it anew, since it may be raised in another process than the one that tells it."""
        return EncodingError, (self.finding, self.advice, self.encoding)


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines: `data` ends each with a line feed; `first` is the number of the first, from 1."""

    data: bytes
    first: int
    encoding: str

    def text(self) -> str:
        """Return the lines as text; a byte that is no character is escaped (see ESCAPED).

        Byte order marks are dropped anywhere: files that were joined have them in the middle.
        """
        return self.data.decode(self.encoding, "surrogateescape").replace("\ufeff", "")

    def is_utf8(self) -> bool | None:
        """Return whether all bytes beyond ASCII are valid UTF-8; None where there are none."""
        if self.data.isascii():
            return None
        try:
            self.data.decode()
        except UnicodeDecodeError:
            return False
        return True


def blocks(member: Member, *, encoding: str | None = None) -> Iterator[Block]:
    r"""Yield whole lines with their numbers.

    Control characters except tab and NUL become spaces. Where the encoding is None it is guessed from the first block
    (see `guess`).
    """
    wide = _wide(encoding)
    marked, pieces = _utf8(member.pieces, member.name, wide)
    encoding = "utf-8" if wide else encoding or marked
    first = 1
    for data in _cut(pieces, member.name, BLOCK):
        encoding = encoding or guess(data, member.name)
        lines = _uniform(data).translate(CONTROLS)
        yield Block(lines, first, encoding)
        first += lines.count(b"\n")


def whole_lines(member: Member, *, size: int) -> Iterator[bytes]:
    r"""Yield bytes of whole lines, about `size` at a time, each line ended by a line feed.

    `\n`, `\r\n` and `\r` end a line, also mixed. A byte order mark is dropped; UTF-16 is turned into UTF-8.
    """
    _, pieces = _utf8(member.pieces, member.name)
    return (_uniform(data) for data in _cut(pieces, member.name, size))


def _cut(pieces: Iterator[bytes], name: str, size: int) -> Iterator[bytes]:
    """Join pieces until they hold `size` bytes, and cut them at the last line end of the last piece."""
    waiting: list[bytes] = []
    bytes_waiting = 0
    for piece in pieces:
        bytes_waiting += len(piece)
        end = _last_line_end(piece) if bytes_waiting >= size else 0
        if end:
            yield b"".join([*waiting, memoryview(piece)[:end]])
            waiting, bytes_waiting = [piece[end:]], len(piece) - end
            continue
        if bytes_waiting > LONGEST:
            raise DataError(f"{name} has a line of more than {LONGEST >> 20} MiB: not a file of lines.")
        waiting.append(piece)
    if data := b"".join(waiting):
        yield data


def _last_line_end(data: bytes) -> int:
    """Return where the last whole line ends. A carriage return at the very end may be half of a line end."""
    return max(data.rfind(b"\n"), data.rfind(b"\r", data.rfind(b"\n") + 1, len(data) - 1)) + 1


def _uniform(data: bytes) -> bytes:
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data if data.endswith(b"\n") else data + b"\n"


def _wide(encoding: str | None) -> str | None:
    """Return the name of an encoding in which a line end is more than one byte, if it is one: utf-16-le."""
    name = codecs.lookup(encoding).name if encoding else ""
    return name if name.startswith(("utf-16", "utf-32")) else None


def _utf8(pieces: Iterator[bytes], name: str, wide: str | None = None) -> tuple[str | None, Iterator[bytes]]:
    """Return the encoding that a byte order mark states, and the pieces without it; UTF-16 is recoded.

    wide : the encoding that a study states, where it has no line ends of one byte. Raises DataError where it is not.
    """
    first = next(pieces, b"")
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-8", _recoded(first, pieces, wide if wide in ("utf-32", "utf-32-le", "utf-32-be") else "utf-16")
    if wide and first and b"\0" not in first:
        raise DataError(f"{name} has no byte 0, as text in {wide} has: correct options.encoding, or leave it out.")
    if wide:
        return "utf-8", _recoded(first, pieces, wide if wide.endswith("e") else f"{wide}-le")
    return ("utf-8" if first.startswith(UTF8_MARK) else None), chain([first.removeprefix(UTF8_MARK)], pieces)


def _recoded(first: bytes, pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    yield decoder.decode(first).encode("utf-8", "replace")
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8", "replace")


def guess(data: bytes, name: str) -> str:
    """Guess the encoding of a file from its first lines: utf-8, cp1252 or mac_roman.

    UTF-8 if it is, but for halves of characters, or if more characters than not are well-formed.
    Else Mac Roman if lines end as on old Macs, or if more bytes are its accented letters than those of Windows-1252;
    the quotes and dashes of both are left out. Never Mac Roman where a byte would be a mathematical sign between two
    letters (ma≥opolskie).
    Raises EncodingError where bytes beyond ASCII stand together, or are as frequent, as in no language that these
    encodings write.
    """
    try:
        HALVES.sub(b"", data).decode()
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    high = re.sub(rb"[\x00-\x7f]+", b" ", data)
    wrong = len(ESCAPED.findall(high.decode("utf-8", "surrogateescape")))
    well_formed = len(high.decode("utf-8", "ignore").replace(" ", ""))
    if well_formed > wrong:
        return "utf-8"
    _expect_latin(data, name)
    mac, windows = len(re.findall(MAC_LETTERS, high)), len(re.findall(WINDOWS_LETTERS, high))
    old_mac = b"\r" in data and b"\n" not in data
    is_mac = (old_mac or mac > windows) and not MAC_SIGN_IN_WORD.search(data)
    return "mac_roman" if is_mac else "cp1252"


def is_encoding(name: str) -> bool:
    """Return whether text can be decoded from an encoding of this name."""
    try:
        b" ".decode(name)
    except UnicodeError:
        pass  # it exists, and wants more than one byte
    except (LookupError, ValueError):
        return False
    return True


def _expect_latin(data: bytes, name: str) -> None:
    """Raise DataError where bytes are no text, or most beyond ASCII stand together: Chinese, Japanese, Russian, Greek.

    Accented letters of the languages that Windows-1252 and Mac Roman write stand alone, or two together (créée). Where
    they do, they may still be those of others: Polish, Czech, Hungarian, Turkish.
    """
    if len(data) - len(data.translate(None, NO_TEXT)) > MOST_NO_TEXT * len(data):
        raise DataError(
            f"{name} is no text: more than {100 * MOST_NO_TEXT:.0f} % of its bytes are control characters. Is it "
            f"packed, encrypted, or UTF-16 without a byte order mark? Save the table as CSV UTF-8."
        )
    runs = [len(run) for run in HIGH.findall(data)]
    together = sum(run for run in runs if run > 2) > sum(runs) / 2
    if encoding := likely(data) if together else not_western(data):
        lines = [line for line in data.decode(encoding, "replace").splitlines() if not line.isascii()]
        other = [line for line in lines if line.encode(encoding, "replace").decode("cp1252", "replace") != line]
        start = (other or lines)[0][:100]
        raise EncodingError(
            f"{name} is neither UTF-8 nor Windows-1252 nor Mac Roman; in {encoding} it has: {start}.",
            f'If that is right, state it in the [[sources]] of the file: options = {{ encoding = "{encoding}" }}; or '
            f"save it as UTF-8.",
            encoding,
        )
    if together:
        raise EncodingError(
            f"{name} is neither UTF-8 nor Windows-1252 nor Mac Roman; its bytes look like a code page of another "
            f"alphabet or of East Asia.",
            'State which in the [[sources]], such as options = { encoding = "gb18030" } '
            "(Chinese; others are cp932, euc_jp, cp949, cp950, cp1251, cp1253, cp1255, cp1256), or save the file as "
            "UTF-8.",
        )
