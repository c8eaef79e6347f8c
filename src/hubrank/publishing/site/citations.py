"""How to cite an edition or one of its clusters: BibTeX, RIS and CSL JSON."""

import json
import re
from collections.abc import Mapping
from typing import Any

_BRACED = re.compile(r"[\\{}]")
_SPECIAL = re.compile(r"([%&$#_~^])")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def citations(manifest: Mapping[str, Any], part: str = "", key: str = "") -> dict[str, str]:
    """Return what to paste, by format.

    manifest : the content of edition.json.
    part, key : the cluster and its id, where one is cited.
    """
    study = manifest["study"]
    title = _line(f"{part}, in: {study['title']}" if part else study["title"])
    edition = _line(str(study["edition"]))
    note = _line(manifest.get("note") or "")
    name = "-".join(filter(None, ("hubrank", re.sub(r"\W+", "-", edition), key)))
    return {
        "BibTeX": _bibtex(name, title, edition, note),
        "RIS": _ris(title, edition, note),
        "CSL": _csl(name, title, edition, note),
    }


def _line(text: str) -> str:
    return _BREAKS.sub(" ", text)


def _bibtex(name: str, title: str, edition: str, note: str) -> str:
    rows = {"title": title, "edition": edition, "howpublished": "Made with hubrank", "note": note}
    body = ",\n".join(f"  {field} = {{{_tex(value)}}}" for field, value in rows.items() if value)
    return f"@misc{{{name},\n{body}\n}}"


def _tex(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", _BRACED.sub("", text))


def _ris(title: str, edition: str, note: str) -> str:
    rows = [("TY", "DATA"), ("TI", title), ("ET", edition), ("PB", "hubrank"), ("N1", note), ("ER", "")]
    return "\n".join(f"{tag}  - {value}" for tag, value in rows if value or tag == "ER")


def _csl(name: str, title: str, edition: str, note: str) -> str:
    item = {"id": name, "type": "dataset", "title": title, "version": edition, "publisher": "hubrank", "note": note}
    return json.dumps([{field: value for field, value in item.items() if value}], ensure_ascii=False, indent=1)
