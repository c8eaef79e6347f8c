"""openapi.json tells the truth: what it allows is answered, what it forbids is refused, and answers have its shape."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hubrank.serving.endpoints import ENDPOINTS

PROOF = os.environ.get("HUBRANK_PROOF") == "1"
CASES = 2_000 if PROOF else 60
# 422: under weights that are all 0 there is nothing to rank by, which no schema of single parameters can forbid.
CONFIG = '[checks.positive_data_acceptance]\nexpected-statuses = ["2xx", "404", "422"]\n'


def test_every_address_is_described_with_its_bounds(ask, desk):
    told = json.loads(ask("/openapi.json").body)
    assert told["openapi"].startswith("3.1")
    assert set(told["paths"]) == {*(endpoint.address for endpoint in ENDPOINTS), "/openapi.json"}
    parameters = {each["name"]: each["schema"] for each in told["paths"]["/clusters.json"]["get"]["parameters"]}
    assert parameters["min_listings"] == {"type": "integer", "minimum": 13, "maximum": 3900}
    assert set(parameters) == {"radius_km", "min_listings", "w.patents", "w.publications", "w.deals"}
    row = told["paths"]["/clusters.json"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    columns = row["properties"]["clusters"]["items"]["properties"]
    assert set(desk.made.ranking().column_names) <= set(columns)
    assert all("description" in column for column in columns.values())


def test_schemathesis_finds_no_failure_and_no_lie(served, tmp_path):
    pytest.importorskip("schemathesis", reason="needs schemathesis")
    command = shutil.which("schemathesis") or str(Path(sys.executable).with_name("schemathesis"))
    (tmp_path / "config.toml").write_text(CONFIG)
    options = ["--checks", "all", "--seed", "7", "--no-color", "--workers", "2", "--request-timeout", "60"]
    generated, rounds = 0, 0
    while generated < CASES:
        more = [
            "--max-examples",
            "40" if PROOF else "7",
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
