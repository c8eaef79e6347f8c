"""Feeds of an edition and of each cluster, as Atom (RFC 4287) and JSON Feed 1.1, for who follows a ranking or a city.

A feed has one entry for each edition: this one and, where it is compared, the one before. Nothing in it depends on the
time of the run: an edition is dated by the study, else by the last day of the newest year that counts.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from hubrank import __version__
from hubrank.analysis.equal_scores import moved_among_equals
from hubrank.core.units import half_up
from hubrank.publishing.site.changes import CAUSES
from hubrank.publishing.site.ranking_rows import signed
from hubrank.publishing.site.site_content import SiteContent
from hubrank.publishing.site.whiskers import open_ranks

_ATOM = "http://www.w3.org/2005/Atom"
_JSON_FEED = "https://jsonfeed.org/version/1.1"
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_EARLIEST = "1970"  # of an edition that states no year


@dataclass(frozen=True, slots=True)
class Entry:
    """What an edition says. fragment : what follows # in the address of the entry, from which its id is made."""

    fragment: str
    title: str
    text: str
    updated: str


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed: the address of the page that it belongs to and of itself without ending, newest entry first.

    author : as the study states it, or ""; nobody : what stands for it where a format needs one.
    """

    page: str
    address: str
    title: str
    subtitle: str
    language: str
    author: str
    nobody: str
    entries: tuple[Entry, ...]


def pages(content: SiteContent) -> Iterator[tuple[str, bytes]]:
    """Yield path, from site/, and content of each feed; none where the study does not say where it is published."""
    if content.study.publish.base_url is None:
        return
    yield from _written("feed", "feed", _of_edition(content))
    moves = content.moves_by_id
    equals = moved_among_equals([*moves.values()])
    for row in content.rows_of("ranking"):
        name = f"cluster/{row['cluster_id']}"
        yield from _written(
            name,
            f"{name}.feed",
            _of_cluster(content, row, moves.get(row["cluster_id"]), among_equals=row["cluster_id"] in equals),
        )


def _written(atom_name: str, json_name: str, feed: Feed) -> Iterator[tuple[str, bytes]]:
    yield f"{atom_name}.atom", atom(feed, f"{feed.address}{atom_name}.atom")
    yield f"{json_name}.json", json_feed(feed, f"{feed.address}{json_name}.json")


def _of_edition(content: SiteContent) -> Feed:
    say, number, names = content.words.say, content.words.number, [row.cluster for row in content.rows]
    leading = say("lists.divider").join(names[:10])
    texts = [say("feed.edition", clusters=number(f"{len(names):,}"), leading=leading) if names else content.lead]
    moved = [row for row in content.moved if (row["rank"] or 101) <= 100]
    moved.sort(key=lambda row: (-abs(row["move"]), row["rank"]))
    if content.is_compared and moved:
        listed = say("lists.divider").join(f"{row['cluster']} {number(signed(row['move']))}" for row in moved[:5])
        texts.append(say("feed.moved", edition=content.editions["earlier"], moves=listed))
    return _feed(content, "index.html", content.study.title, [say("lists.space").join(texts), say("feed.before")])


def _of_cluster(
    content: SiteContent, row: Mapping[str, Any], move: Mapping[str, Any] | None, *, among_equals: bool
) -> Feed:
    say, number = content.words.say, content.words.number
    score = number(f"{half_up(row['score_pct'], 2):,f}")
    texts = [say("feed.rank", rank=row["rank"], clusters=number(f"{len(content.rows):,}"), score=score)]
    texts += filter(None, [open_ranks(row, content.level, content.words)])
    before = move["rank_before"] if move else None
    if move and move["move"] is not None and not among_equals:
        parts = {cause: number(signed(move[cause])) for cause in CAUSES}
        texts.append(say("feed.move", edition=content.editions["earlier"], before=before, **parts))
    entries = [say("lists.space").join(texts), *([say("feed.rank_before", rank=before)] if before is not None else [])]
    return _feed(content, f"cluster/{row['cluster_id']}.html", f"{row['cluster']} · {content.study.title}", entries)


def _feed(content: SiteContent, page: str, title: str, texts: list[str]) -> Feed:
    """Return the feed of a page; texts : of this edition and, where there is one, of the edition before."""
    manifests = [content.manifest, *([content.previous] if content.previous is not None else [])]
    address = f"{(content.study.publish.base_url or '').rstrip('/')}/site/"
    entries = tuple(
        Entry(str(each["study"]["edition"]), f"{title} {each['study']['edition']}", text, day(each))
        for each, text in zip(manifests, texts, strict=False)
    )
    note = content.note
    author, nobody = ", ".join(content.study.publish.authors), content.words.say("feed.author")
    return Feed(address + page, address, title, note, content.words.language, author, nobody, entries)


def day(manifest: Mapping[str, Any]) -> str:
    """Return when an edition is dated, as RFC 3339 writes it.

    manifest : the content of edition.json; `[publish] date` of its study counts, else the last day of its windows.
    """
    study = manifest["study"]
    years = [last for _, last in study.get("windows", {}).values()]
    date = study.get("publish", {}).get("date") or f"{max(years, default=_EARLIEST)}-12-31"
    return f"{date}T00:00:00Z"


def atom(feed: Feed, address: str) -> bytes:
    """Return a feed as Atom. address : its own."""
    root = Element("feed", {"xmlns": _ATOM, "xml:lang": feed.language})
    _add(root, "title", feed.title)
    if feed.subtitle:
        _add(root, "subtitle", feed.subtitle)
    _add(root, "id", feed.page)
    SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": address})
    SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.page})
    _add(root, "updated", feed.entries[0].updated)
    _add(SubElement(root, "author"), "name", feed.author or feed.nobody)  # without one it is no Atom
    _add(root, "generator", "hubrank").set("version", __version__)
    for each in feed.entries:
        entry = SubElement(root, "entry")
        _add(entry, "title", each.title)
        _add(entry, "id", f"{feed.page}#{_fragment(each)}")
        SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": feed.page})
        _add(entry, "updated", each.updated)
        _add(entry, "summary", each.text)
    indent(root, " ")
    return bytes(tostring(root, "utf-8", xml_declaration=True)) + b"\n"


def _add(parent: Element, name: str, text: str) -> Element:
    child = SubElement(parent, name)
    child.text = _NO_XML.sub("\ufffd", text)
    return child


def _fragment(entry: Entry) -> str:
    return re.sub(r"[^\w.-]+", "-", entry.fragment, flags=re.ASCII)


def json_feed(feed: Feed, address: str) -> bytes:
    """Return a feed as JSON Feed. address : its own."""
    document = {
        "version": _JSON_FEED,
        "title": feed.title,
        **({"description": feed.subtitle} if feed.subtitle else {}),
        "home_page_url": feed.page,
        "feed_url": address,
        "language": feed.language,
        **({"authors": [{"name": feed.author}]} if feed.author else {}),
        "items": [
            {
                "id": f"{feed.page}#{_fragment(each)}",
                "url": feed.page,
                "title": each.title,
                "content_text": each.text,
                "date_published": each.updated,
            }
            for each in feed.entries
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
