"""Write the bill of materials of a release, SPDX 2.3 as JSON: `python scripts/make_sbom.py dist`.

It lists the packages that hubrank requires without extras, with the versions and hashes of requirements.lock and the
licences that they state, and each packaged data file with its licence (scripts/provenance.toml). The time of creation
is SOURCE_DATE_EPOCH, so that the same commit gives the same bytes.
"""

import hashlib
import json
import os
import re
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import list_licences
import list_provenance

ROOT = Path(__file__).parents[1]
SPDX = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*")
# What packages state in words of their own, as SPDX writes it; what is not listed is given as it is stated.
EXPRESSIONS = {
    "MIT License": "MIT",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
PUBLIC_DOMAIN = "LicenseRef-public-domain"


def lock() -> dict[str, tuple[str, list[str]]]:
    """Return version and hashes of each package of requirements.lock."""
    text = (ROOT / "requirements.lock").read_text("utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    packages = {}
    for entry in entries:
        head = re.match(r"([\w.-]+)==([^\s;\\]+)", entry)
        if head:
            packages[head[1].lower().replace("_", "-")] = (head[2], re.findall(r"sha256:([0-9a-f]{64})", entry))
    return packages


def document() -> dict[str, Any]:
    """Return the bill of materials."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    locked = lock()
    packages = [_package("hubrank", version, "Apache-2.0", [])]
    for name, package in list_licences.core().items():
        number, hashes = locked[name]
        packages.append(_package(name, number, list_licences.licence(package), hashes))
    files = [_file(name, entry["licence"]) for name, entry in list_provenance.origins().items()]
    created = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), UTC)
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"hubrank-{version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/hubrank-{version}",
        "creationInfo": {
            "created": f"{created:%Y-%m-%dT%H:%M:%SZ}",
            "creators": ["Organization: The hubrank authors", "Tool: hubrank-scripts-make_sbom"],
        },
        "packages": packages,
        "files": files,
        "hasExtractedLicensingInfos": [
            {"licenseId": PUBLIC_DOMAIN, "extractedText": "Natural Earth is in the public domain."}
        ],
        "relationships": [
            _relation("SPDXRef-DOCUMENT", "DESCRIBES", packages[0]["SPDXID"]),
            *(_relation(packages[0]["SPDXID"], "DEPENDS_ON", each["SPDXID"]) for each in packages[1:]),
            *(_relation(packages[0]["SPDXID"], "CONTAINS", each["SPDXID"]) for each in files),
        ],
    }


def _relation(one: str, kind: str, other: str) -> dict[str, str]:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}


def _package(name: str, version: str, licence: str, hashes: list[str]) -> dict[str, Any]:
    """Return a package; its hashes are those of its files for all systems, of which an installation uses one."""
    expression = EXPRESSIONS.get(licence, licence)
    stated = expression if SPDX.fullmatch(expression) and " License" not in expression else "NOASSERTION"
    return {
        "SPDXID": f"SPDXRef-Package-{name}",
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": stated,
        **({"licenseComments": f"stated as: {licence}"} if stated == "NOASSERTION" else {}),
        "copyrightText": "NOASSERTION",
        "externalRefs": [
            {
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": f"pkg:pypi/{name}@{version}",
            }
        ],
        **({"comment": "sha256 of its files: " + " ".join(hashes)} if hashes else {}),
    }


def _file(name: str, licence: str) -> dict[str, Any]:
    content = (list_provenance.PACKAGE / name).read_bytes()
    expression = PUBLIC_DOMAIN if licence == "public domain" else licence
    return {
        "SPDXID": f"SPDXRef-File-{hashlib.sha256(name.encode()).hexdigest()[:16]}",
        "fileName": f"./hubrank/{name}",
        "checksums": [
            {"algorithm": "SHA1", "checksumValue": hashlib.sha1(content, usedforsecurity=False).hexdigest()},
            {"algorithm": "SHA256", "checksumValue": hashlib.sha256(content).hexdigest()},
        ],
        "licenseConcluded": expression,
        "licenseInfoInFiles": [expression],
        "copyrightText": "NOASSERTION",
    }


def main() -> None:
    """Write the document into the folder that the command line names."""
    content = document()
    path = Path(sys.argv[1]) / f"{content['name']}.spdx.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
