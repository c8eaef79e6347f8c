"""XML files become documents: many of them one after the other in a file, of which only the front page is parsed."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html.entities import html5

from hubrank.core.errors import DataError
from hubrank.sources.formats.archives import Member

LONGEST = 512 << 20  # bytes of one document
DECLARATION = b"<?xml"
PREDEFINED = {"amp", "lt", "gt", "quot", "apos"}
_ENTITY = re.compile(r"&([A-Za-z][\w.-]*);")
_BARE = re.compile(r"&(?!#\d+;|#x[0-9A-Fa-f]+;|[A-Za-z][\w.-]*;)")  # real files hold `A & B` unescaped
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)""")

Element = ET.Element


def documents(member: Member) -> Iterator[bytes]:
    """Yield the documents of a file in order: a new one begins at each XML declaration."""
    unread = bytearray()
    for piece in member.pieces:
        searched = max(1, len(unread) - len(DECLARATION))
        unread += piece
        while (cut := unread.find(DECLARATION, searched)) > 0:
            if unread[:cut].strip():
                yield bytes(unread[:cut])
            del unread[:cut]
            searched = 1
        if len(unread) > LONGEST:
            raise DataError(f"{member.name} has a document of more than {LONGEST >> 20} MiB: not a file of patents.")
    if unread.strip():
        yield bytes(unread)


def front_page(document: bytes, tag: str) -> Element | None:
    """Parse the first element named `tag` of a document, and nothing else; None where there is none.

    Entities that the document declares itself are not expanded: only characters of HTML, whose names the publishers'
    document types use. Raises ValueError where the element is not well-formed or not in its encoding.
    """
    start = re.search(rf"<{tag}[\s>]".encode(), document)
    if start is None:
        return None
    end = document.find(f"</{tag}>".encode(), start.start())
    if end < 0:
        raise ValueError(f"<{tag}> is not closed")
    encoding = _ENCODING.search(document[:200])
    text = document[start.start() : end + len(tag) + 3].decode(encoding.group(1).decode() if encoding else "utf-8")
    try:
        return ET.fromstring(_ENTITY.sub(_character, _BARE.sub("&amp;", text)))  # noqa: S314 (no document type: nothing expands)
    except ET.ParseError as error:
        raise ValueError(str(error)) from None


def _character(match: re.Match[str]) -> str:
    name = match.group(1)
    return match.group(0) if name in PREDEFINED else html5.get(f"{name};", " ")


def text(element: Element | None, path: str = ".") -> str | None:
    """Return the text at `path` with single spaces; None where there is none."""
    inner = None if element is None else element.find(path)
    words = "" if inner is None else " ".join("".join(inner.itertext()).split())
    return words or None
