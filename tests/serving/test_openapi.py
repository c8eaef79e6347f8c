"""openapi.json tells the truth: what it allows is answered, what it forbids is refused, and answers have its shape."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROOF = os.environ.get("HUBRANK_PROOF") == "1"
CASES = 2_000 if PROOF else 40
# 422: under weights that are all 0 there is nothing to rank by, which no schema of single parameters can forbid.
CONFIG = '[checks.positive_data_acceptance]\nexpected-statuses = ["2xx", "404", "422"]\n'


ADDRESSES = {
    *(f"/clusters.{kind}" for kind in ("json", "csv", "xlsx", "geojson")),
    *("/map/marks.json", "/map/outlines.json", "/cluster/{slug}.json", "/tables/{name}.json"),
    *("/explain.json", "/explain/place.json"),
}


def test_every_address_is_described_with_its_bounds(get, edition):
    description = json.loads(get("/openapi.json").body)
    assert description["openapi"].startswith("3.1")
    assert set(description["paths"]) == ADDRESSES
    operation = description["paths"]["/clusters.json"]["get"]
    parameters = {each["name"]: each["schema"] for each in operation["parameters"]}
    bounds = {key: parameters["min_listings"][key] for key in ("type", "minimum", "maximum", "default")}
    assert bounds == {"type": "integer", "minimum": 13, "maximum": 3900, "default": 39}
    assert set(parameters) == {"radius_km", "min_listings", "w.patents", "w.publications", "w.deals"}
    (deals,) = [each for each in operation["parameters"] if each["name"] == "w.deals"]
    assert "without it that of the edition" in deals["description"] + deals["schema"].get("description", "")
    models = description["components"]["schemas"]

    def resolved(schema):
        return models[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema

    document = resolved(operation["responses"]["200"]["content"]["application/json"]["schema"])
    columns = resolved(document["properties"]["clusters"]["items"])["properties"]
    assert set(edition.edition.ranking().column_names) <= set(columns)
    assert all("description" in column for column in columns.values())
    assert set(operation["responses"]) == {"200", "4XX", "5XX"}


def test_schemathesis_finds_no_failure_and_no_lie(served, tmp_path):
    pytest.importorskip("schemathesis", reason="needs schemathesis")
    command = shutil.which("schemathesis") or str(Path(sys.executable).with_name("schemathesis"))
    (tmp_path / "config.toml").write_text(CONFIG)
    options = [
        "--checks",
        "all",
        "--seed",
        "7",
        "--no-color",
        "--workers",
        "2",
        "--request-timeout",
        "60",
        "--max-response-time",
        "60",
    ]
    generated, rounds = 0, 0
    while generated < CASES:
        more = [
            "--max-examples",
            "40" if PROOF else "4",
            "--phases",
            "examples,coverage,fuzzing" if PROOF else "fuzzing",
        ]
        done = subprocess.run(
            [command, "--config-file", "config.toml", "run", f"{served}openapi.json", *options, *more],
            capture_output=True, text=True, cwd=tmp_path, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-1000:]
        generated += int(re.search(r"(\d[\d,]*) generated", done.stdout)[1].replace(",", ""))
        options[options.index("--seed") + 1] = str(8 + rounds)
        rounds += 1
    assert generated >= CASES
