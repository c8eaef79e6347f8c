"""For catalogues and search engines: schema.org and DCAT 3, made from the data package's descriptor."""

from collections.abc import Mapping
from typing import Any

_DCAT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def schema_org(package: Mapping[str, Any], manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the edition as a Dataset of schema.org."""
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": package["title"],
        "version": package["version"],
        "description": package["description"],
        "keywords": package["keywords"],
        "creativeWorkStatus": "Simulated" if package["synthetic"] else "Published",
        "isAccessibleForFree": True,
        "spatialCoverage": {"@type": "Place", "name": "World"},
        **covered(manifest),
        **_based_on(manifest),
        "measurementTechnique": "weighted density-based clustering of located records, fractional counting",
        "variableMeasured": [_variable(field) for field in _ranking(package)],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": resource["path"],
                "contentUrl": resource["path"],
                "encodingFormat": resource["mediatype"],
                "contentSize": str(resource["bytes"]),
                "sha256": digest(resource),
            }
            for resource in package["resources"]
        ],
    }


def named_sources(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the accounts of the sources that the study names."""
    return [account for account in manifest.get("sources", []) if account.get("name")]


def source_work(account: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source that the study names as schema.org writes it, with publisher and address."""
    publisher = {"publisher": {"@type": "Organization", "name": account.get("publisher")}}
    return (
        {"@type": "Dataset", "name": account["name"]}
        | ({"url": account["url"]} if "url" in account else {})
        | (publisher if "publisher" in account else {})
    )


def _based_on(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sources that the study names."""
    works = [source_work(account) for account in named_sources(manifest)]
    return {"isBasedOn": works} if works else {}


def _sources(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sources that the study names, as DCAT writes them: with publisher, page and day of access."""
    works = [
        {"@type": "dcat:Dataset", "dct:title": each["name"]}
        | ({"dcat:landingPage": {"@id": each["url"]}} if "url" in each else {})
        | ({"dct:publisher": {"@type": "foaf:Agent", "foaf:name": each["publisher"]}} if "publisher" in each else {})
        | ({"dct:date": {"@type": "xsd:date", "@value": each["accessed"]}} if "accessed" in each else {})
        for each in named_sources(manifest)
    ]
    return {"dct:source": works} if works else {}


def dcat(package: Mapping[str, Any], manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the edition as a Dataset of DCAT 3, in JSON-LD."""
    years = years_of(manifest)
    period = {
        f"dcat:{side}Date": {"@type": "xsd:gYear", "@value": str(year)}
        for side, year in zip(("start", "end"), years, strict=False)
    }
    return {
        "@context": _DCAT,
        "@type": "dcat:Dataset",
        "dct:title": package["title"],
        "dct:description": package["description"],
        "dcat:version": package["version"],
        "dcat:keyword": package["keywords"],
        **({"dct:temporal": {"@type": "dct:PeriodOfTime", **period}} if years else {}),
        **_sources(manifest),
        "dcat:distribution": [_distribution(resource) for resource in package["resources"]],
    }


def _distribution(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return one file. Paths are relative to the document, as its IRIs are."""
    return {
        "@type": "dcat:Distribution",
        "dct:title": resource["path"],
        "dcat:downloadURL": {"@id": resource["path"]},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{resource['mediatype']}"},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(resource["bytes"])},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": digest(resource)},
        },
    }


def digest(resource: Mapping[str, Any]) -> str:
    """Return the bare hash of a file."""
    return str(resource["hash"]).removeprefix("sha256:")


def _ranking(package: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the columns of the ranking that hold figures."""
    fields = next(each["schema"]["fields"] for each in package["resources"] if each["path"] == "ranking.csv")
    return [field for field in fields if field["type"] in {"integer", "number"}]


def _variable(field: Mapping[str, Any]) -> dict[str, Any]:
    texts = {"description": field.get("description"), "unitText": field.get("unit")}
    return {"@type": "PropertyValue", "name": field["name"], **{key: text for key, text in texts.items() if text}}


def years_of(manifest: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the first and the last year of all windows; nothing where the study has none."""
    years = [year for window in manifest["study"].get("windows", {}).values() for year in window]
    return (min(years), max(years)) if years else ()


def covered(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the years of all windows as schema.org writes them."""
    years = years_of(manifest)
    return {"temporalCoverage": "/".join(map(str, years))} if years else {}
