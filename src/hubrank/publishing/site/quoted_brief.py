"""The sentences of the brief that pages repeat: only where both are in one language."""

import json
from collections.abc import Mapping
from typing import Any

from hubrank.publishing.site.site_content import SiteContent


def headline(content: SiteContent) -> str:
    """Return the headline of the brief as a sentence; "" without a brief in the language of the pages."""
    brief = _brief(content)
    text = _text(brief["headline"]).strip() if brief else ""
    stop = content.words.say("lists.stop")
    return f"{text}{stop}" if text and not text.endswith((".", "。")) else text


def sentences(content: SiteContent, keys: tuple[str, ...]) -> list[str]:
    """Return the sentences whose keys begin with one of `keys`; none without a brief in the language of the pages."""
    sections = _brief(content).get("sections", [])
    return [_text(each) for section in sections for each in section["sentences"] if each["key"].startswith(keys)]


def _brief(content: SiteContent) -> dict[str, Any]:
    path = content.folder / "brief.json"
    brief: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return brief if brief.get("language") == content.words.language else {}


def _text(sentence: Mapping[str, Any]) -> str:
    return "".join(part if isinstance(part, str) else part["shown"] for part in sentence["parts"])
