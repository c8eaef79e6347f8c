"""How to cite an edition: BibTeX, RIS and CSL JSON."""

import json
import re
from collections.abc import Mapping
from typing import Any

from hubrank.publishing.datapackage import name_of

_BRACED = re.compile(r"[\\{}]")
_SPECIAL = re.compile(r"([%&$#_~^])")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_YEAR = re.compile(r"(?:19|20)\d\d")


def citations(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return what to paste, by format.

    manifest : the content of edition.json. The year is that of the day of publication, or of an edition that is called
        by its year; there is none otherwise.
    """
    study = manifest["study"]
    stated = study.get("publish", {})
    title, edition = _line(study["title"]), _line(str(study["edition"]))
    year = str(stated.get("date", ""))[:4] or (edition if _YEAR.fullmatch(edition) else "")
    of_edition = {
        "key": name_of(title, edition),
        "authors": [_line(author) for author in stated.get("authors", [])],
        "title": title,
        "edition": edition,
        "year": year,
        "url": _line(stated.get("base_url") or ""),
        "note": _line(manifest.get("note") or ""),
    }
    return {"BibTeX": _bibtex(of_edition), "RIS": _ris(of_edition), "CSL": _csl(of_edition)}


def _line(text: str) -> str:
    return _BREAKS.sub(" ", text)


def _bibtex(of: Mapping[str, Any]) -> str:
    authors = " and ".join(f"{{{_tex(author)}}}" for author in of["authors"])  # braces: a name is not taken apart
    texts = {name: _tex(of[name]) for name in ("title", "edition", "year")}
    rows = {"author": authors, **texts, "howpublished": "Made with hubrank", "url": of["url"], "note": _tex(of["note"])}
    body = ",\n".join(f"  {field} = {{{value}}}" for field, value in rows.items() if value)
    return f"@misc{{{of['key']},\n{body}\n}}"


def _tex(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", _BRACED.sub("", text))


def _ris(of: Mapping[str, Any]) -> str:
    pairs = (("TI", "title"), ("ET", "edition"), ("PY", "year"), ("UR", "url"), ("N1", "note"))
    fields = [("TY", "DATA"), *(("AU", author) for author in of["authors"]), *((tag, of[name]) for tag, name in pairs)]
    return "\n".join([*(f"{tag}  - {value}" for tag, value in fields if value), "ER  - "])


def _csl(of: Mapping[str, Any]) -> str:
    item = {
        "id": of["key"],
        "type": "dataset",
        "title": of["title"],
        "author": [{"literal": author} for author in of["authors"]],
        "version": of["edition"],
        "issued": {"date-parts": [[int(of["year"])]]} if of["year"] else None,
        "URL": of["url"],
        "note": of["note"],
    }
    return json.dumps([{field: value for field, value in item.items() if value}], ensure_ascii=False, indent=1)
