"""CITATION.cff: how to cite an edition (Citation File Format 1.2.0)."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hubrank.core.edition import labels, study_files
from hubrank.core.files import write_bytes
from hubrank.sources import UNKNOWN as NO_LICENCE

UNKNOWN = "Not stated"  # the format wants an author of everything; a source that a study does not name is left out
PUBLISHED = {"url": "base_url", "date-released": "date"}
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def publish(path: Path, manifest: Mapping[str, Any], *, abstract: str) -> None:
    """Write the citation of a data set: who made it, as the study says, the engine, and the sources.

    manifest : the content of edition.json: study and sources.
    """
    study = manifest["study"]
    stated = study.get("publish", {})
    lines = [
        "cff-version: 1.2.0",
        'message: "Please cite this edition, the engine that made it and the sources that it was made from."',
        "type: dataset",
        f"title: {_quoted(study['title'])}",
        f"version: {_quoted(study['edition'])}",
        f"abstract: {_quoted(abstract)}",
        "authors:",
        *(f"  - name: {_quoted(author)}" for author in stated.get("authors") or [UNKNOWN]),
        *([] if stated.get("authors") else ["  # [publish] authors in the study states them"]),
        *(f"{key}: {_quoted(stated[of])}" for key, of in PUBLISHED.items() if stated.get(of)),
        "references:",
        *_reference("software", "hubrank", "The hubrank authors"),
    ]
    stated_by = [each for each in manifest.get("sources", []) if each.get("name") or each.get("publisher")]
    cited = (_source(account, labels(manifest)) for account in stated_by)
    lines += [line for entry in dict.fromkeys(cited) for line in entry]
    named = {account.get("name") for account in manifest.get("sources", [])}
    for title, origin in manifest.get("fetched", {}).items():
        lines += _fetched(title, origin) if title not in named else []
    lines += [line for file in _not_fetched(manifest) for line in _study_file(*file)]
    corrections = manifest.get("corrections", {})
    if corrections.get("who"):
        title = f"Places corrected by hand, {corrections['file']}"
        lines += _reference("data", title, *corrections["who"])
    write_bytes(path, ("\n".join(lines) + "\n").encode())


def _source(account: Mapping[str, Any], labels_of: Mapping[str, str]) -> tuple[str, ...]:
    """Return a source as a reference: in the words of the study where it has any."""
    metric = account["metric"]
    title = account.get("name") or f"Records of {labels_of.get(metric, metric)}, read as {account['reader']}"
    licence = account.get("licence", NO_LICENCE)
    terms = None if licence == NO_LICENCE else _terms(licence)
    stated = {"url": account.get("url"), "date-accessed": account.get("accessed"), "notes": terms}
    more = [f"    {key}: {_quoted(value)}" for key, value in stated.items() if value]
    if not account.get("publisher"):
        more.insert(0, "    # publisher of this source in the study states them")
    return *_reference("data", title, account.get("publisher") or UNKNOWN), *more


def _fetched(title: str, origin: Mapping[str, str]) -> list[str]:
    """Return a reference to what a study does not list as a source, such as the register of institutions."""
    more = {"url": origin["url"], "date-accessed": origin["accessed"], "notes": _terms(origin["licence"])}
    return [
        *_reference("data", title, origin["publisher"]),
        *(f"    {key}: {_quoted(text)}" for key, text in more.items()),
    ]


def _not_fetched(manifest: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return the files of people and of areas but those that `hubrank get` fetched, which are cited by their title."""
    fetched = {each["name"] for each in manifest.get("inputs", []) if "fetched" in each}
    return [file for file in study_files(manifest) if file[1] not in fetched]


def _study_file(section: str, file: str, licence: str) -> list[str]:
    """Return a reference to a file of people or of areas, whose authors a study does not state."""
    terms = [f"    notes: {_quoted(_terms(licence))}"] if licence else []
    return [*_reference("data", f"{section.capitalize()}, {file}", UNKNOWN), *terms]


def _terms(licence: str) -> str:
    """Return a licence as a note: the format's own key takes identifiers of SPDX alone."""
    return f"Licence: {licence}"


def _reference(kind: str, title: str, *authors: str) -> list[str]:
    names = ", ".join(f"{{name: {_quoted(author)}}}" for author in authors)
    return [f"  - type: {kind}", f"    title: {_quoted(title)}", f"    authors: [{names}]"]


def _quoted(text: str) -> str:
    """Return a double-quoted YAML scalar: JSON's text, and escapes for what YAML does not print."""
    return _UNPRINTABLE.sub(lambda sign: f"\\u{ord(sign.group()):04x}", json.dumps(text, ensure_ascii=False))
