"""The packages under hubrank: all locked by hash, every licence listed, nothing copyleft in the core."""

import re
import runpy
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
LOCKED = {
    name.lower().replace("_", "-"): version for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", LOCK, re.MULTILINE)
}
WEAK = {"certifi", "marisa-trie"}  # docs/licences.md says why


def needs():
    for group in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()):
        yield from map(Requirement, group)


def test_the_lock_holds_a_version_of_everything_the_project_names():
    for need in needs():
        assert need.name.lower() in LOCKED, f"{need.name} is not in requirements.lock: run `make lock`"
        assert LOCKED[need.name.lower()] in need.specifier, f"{need} is locked elsewhere: run `make lock`"


def test_every_locked_package_has_its_hashes_and_comes_from_no_named_place():
    entries = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) >= len(LOCKED) > 50
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", entry) for entry in entries)
    assert not re.search(r"://|--index|--find-links", LOCK)


@pytest.fixture(scope="module")
def script():
    return runpy.run_path(str(ROOT / "scripts" / "list_licences.py"))


def test_licences_of_the_core_are_listed_and_none_is_copyleft(script):
    listed = dict(
        re.findall(r"^\| ([\w.-]+) \| (.+) \|$", (ROOT / "docs/licences.md").read_text("utf-8"), re.MULTILINE)
    )
    core = script["core"]()
    assert set(core) <= set(listed), "run `python scripts/list_licences.py`"
    for name, package in core.items():
        licence = script["licence"](package)
        copyleft = re.search(r"GPL|GNU|Mozilla|MPL|EUPL|CeCILL|copyleft", licence, re.IGNORECASE)
        assert (copyleft is None) or name in WEAK, f"{name}: {licence}"
        assert licence != "not said"


def test_the_audit_fails_on_what_is_not_explained_and_says_when_nobody_answered():
    verdict = runpy.run_path(str(ROOT / "scripts" / "audit.py"))["verdict"]
    clean, faulty = {"name": "one", "vulns": []}, {"name": "two", "vulns": [{"id": "CVE-1"}]}
    silent = {"name": "three", "skip_reason": "not found"}
    assert verdict([clean, silent])[0] == 0
    assert verdict([clean, faulty]) == (1, "two: CVE-1 is neither mended nor explained")
    assert verdict([silent])[1].startswith("skipped: no service answered")
