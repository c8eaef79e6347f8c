"""A release: reproducible files of bounded size that run alone, and recipes and descriptions that agree."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
from zipfile import ZipFile

import pytest
import yaml

import hubrank
from documentation.pages import ROOT
from proof import PROOF

import list_licences  # isort: skip (scripts, whose folder `documentation.pages` adds)
import list_provenance  # isort: skip
import make_codemeta  # isort: skip
import make_sbom  # isort: skip

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
WORKFLOWS = {path.name: yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / ".github/workflows").glob("*.yml")}
MOST_BYTES = 7_000_000  # of which 0.7 MB are the points of post codes, 2 MB villages
EPOCH = "1767225600"


def build(folder):
    """Build wheel and sdist into a folder, as `make dist` does."""
    pytest.importorskip("hatchling", reason="needs hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH}, capture_output=True, check=True)
    return sorted(folder.iterdir())


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Return sdist and wheel."""
    sdist, wheel = sorted(build(tmp_path_factory.mktemp("dist")), key=lambda path: path.suffix != ".gz")
    return sdist, wheel


def test_two_builds_give_the_same_bytes(built, tmp_path):
    again = {path.name: path.read_bytes() for path in build(tmp_path / "again")}
    assert again == {path.name: path.read_bytes() for path in built}


def test_the_wheel_is_pure_small_and_has_every_data_file(built):
    _, wheel = built
    assert wheel.name.endswith("-py3-none-any.whl")
    assert wheel.stat().st_size <= MOST_BYTES
    with ZipFile(wheel) as archive:
        names = {name.removeprefix("hubrank/") for name in archive.namelist()}
    assert set(list_provenance.data_files()) <= names
    assert not [name for name in names if name.endswith((".so", ".pyc", ".nbi"))]


def test_the_sdist_builds_alone_and_holds_no_downloads_or_caches(built):
    sdist, _ = built
    with tarfile.open(sdist) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    assert {"pyproject.toml", "LICENSE", "README.md", "src/hubrank/__init__.py"} <= set(names)
    assert not [name for name in names if re.match(r"(demo|editions|dist|build|\.venv|docs/_build|\.cache)/", name)]
    assert sdist.stat().st_size <= 4 * MOST_BYTES


def test_twine_accepts_both(built):
    pytest.importorskip("twine", reason="needs twine")
    command = [sys.executable, "-m", "twine", "check", "--strict", *map(str, built)]
    seen = subprocess.run(command, capture_output=True, text=True, check=False)
    assert seen.returncode == 0, seen.stdout
    assert seen.stdout.count("PASSED") == 2


@pytest.mark.skipif(not PROOF, reason="`make dist` and `make proof` install all it needs from an index")
def test_the_wheel_installs_and_runs_in_an_empty_environment_without_a_compiler(built, tmp_path):
    environment = {"HOME": str(tmp_path), "PATH": str(tmp_path / "env/bin"), "CC": "false", "CXX": "false"}
    environment |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "HTTPS_"))}
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "env")], check=True)
    python = str(tmp_path / "env/bin/python")
    pip = [python, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", str(built[1])]
    subprocess.run(pip, env=environment, check=True)
    for arguments in (
        ["--version"],
        ["help", "clusters"],
        ["demo", "--listings", "80000", "--out", str(tmp_path / "demo")],
    ):
        subprocess.run([str(tmp_path / "env/bin/hubrank"), *arguments], env=environment, cwd=tmp_path, check=True)
    assert (tmp_path / "demo/2025/ranking.csv").exists()


def requirements(lines):
    """Return requirements as name and bounds, with conda's names as PyPI's."""
    names = {"matplotlib-base": "matplotlib", "python-duckdb": "duckdb"}
    parts = (re.fullmatch(r"([\w.-]+)\s*(.*)", line) for line in lines)
    return {names.get(part[1], part[1]): part[2].replace(" ", "") for part in parts}


def test_the_conda_recipe_requires_what_the_project_requires():
    recipe = yaml.safe_load((ROOT / "conda/meta.yaml").read_text("utf-8"))
    run = requirements(recipe["requirements"]["run"])
    assert run.pop("python") == PROJECT["requires-python"]
    assert run == requirements(PROJECT["dependencies"])
    assert recipe["package"] == {"name": "hubrank", "version": PROJECT["version"]}
    assert recipe["build"]["entry_points"] == [f"{name} = {at}" for name, at in PROJECT["scripts"].items()]


def test_the_container_is_not_root_has_one_volume_and_locked_versions():
    text = (ROOT / "Containerfile").read_text("utf-8")
    last = text[text.rindex("FROM ") :]
    (user,) = re.findall(r"^USER (\d+):\d+$", last, re.MULTILINE)
    assert int(user) > 0
    assert re.findall(r"^VOLUME (\S+)$", text, re.MULTILINE) == ["/data"]
    assert "HUBRANK_CACHE=/data/" in last
    assert "ADD " not in text
    command = re.search(r"(sed -n '.*?') /source/requirements.lock", text)[1]
    pins = subprocess.run(
        f"{command} requirements.lock", shell=True, cwd=ROOT, capture_output=True, text=True, check=True
    )
    pinned = dict(line.split("==") for line in pins.stdout.splitlines())
    assert pinned.keys() == make_sbom.lock().keys()
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    copied = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert copied == {"LICENSE", "README.md", "pyproject.toml", "requirements.lock", "src"}
    extras = re.search(r"/source\[([\w,]+)\]", text)[1].split(",")
    assert set(extras) <= PROJECT["optional-dependencies"].keys()


def commands(workflow):
    """Return the commands that a workflow runs."""
    return [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]


def test_workflows_call_the_commands_of_the_makefile_and_of_ci():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    commands_run = [command for workflow in WORKFLOWS.values() for command in commands(workflow)]
    targets_run = {
        word
        for command in commands_run
        if command.startswith("make ")
        for word in command.split()[1:]
        if "=" not in word
    }
    assert targets_run <= targets
    others = [command for command in commands_run if not command.startswith("make ")]
    assert all(command == ".ci/run" or command.startswith(("docker ", "mkdir ")) for command in others)
    ci = (ROOT / ".ci/run").read_text("utf-8")
    of_ci = {"lint", re.search(r"\btarget=(\w+)", ci)[1]}
    assert "make lint" in ci
    assert of_ci <= {word for command in commands(WORKFLOWS["test.yml"]) for word in command.split()}


def test_workflows_test_two_systems_and_four_pythons_and_have_no_more_rights_than_they_need():
    matrix = WORKFLOWS["test.yml"]["jobs"]["test"]["strategy"]["matrix"]
    assert matrix == {"os": ["ubuntu-latest", "macos-latest"], "python": ["3.11", "3.12", "3.13", "3.14"]}
    classified = {line.rpartition(" ")[2] for line in PROJECT["classifiers"] if ":: 3." in line}
    assert classified == set(matrix["python"])
    for name, workflow in WORKFLOWS.items():
        assert workflow["permissions"] == {"contents": "read"}, name
        assert "password" not in (ROOT / ".github/workflows" / name).read_text("utf-8")
    publish = WORKFLOWS["release.yml"]["jobs"]["publish"]
    assert publish["permissions"]["id-token"] == publish["permissions"]["attestations"] == "write"


def test_forms_ask_for_what_an_answer_needs():
    forms = {
        path.stem: yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")
    }
    support = (ROOT / "SUPPORT.md").read_text("utf-8")
    for name, form in forms.items():
        if name != "config":
            assert f'"{form["name"]}"' in support or name == "place", name
            ids = [part["id"] for part in form["body"] if "id" in part]
            assert len(ids) == len(set(ids)) > 0
    assert {part.get("id") for part in forms["place"]["body"]} >= {"address", "answer", "place", "evidence"}


def test_one_version_is_stated_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert {hubrank.__version__, PROJECT["version"], citation["version"]} == {hubrank.__version__}
    assert (ROOT / "codemeta.json").read_text("utf-8") == make_codemeta.text(), "run scripts/make_codemeta.py"


def test_the_bill_of_materials_is_complete_by_spdx():
    document = make_sbom.document()
    assert document["spdxVersion"] == "SPDX-2.3"
    ids = [each["SPDXID"] for each in [document, *document["packages"], *document["files"]]]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", one) for one in ids)
    assert {each["name"] for each in document["packages"]} == {"hubrank", *list_licences.core()}
    for each in document["packages"]:
        assert each["licenseDeclared"] != "NOASSERTION" or each["licenseComments"]
        assert {"name", "SPDXID", "downloadLocation"} <= each.keys()
    for each in document["files"]:
        assert {one["algorithm"] for one in each["checksums"]} >= {"SHA1"}, "SPDX 2.3, 8.4"
    related = {relation["relatedSpdxElement"] for relation in document["relationships"]}
    assert related == set(ids) - {"SPDXRef-DOCUMENT"}


def test_governance_is_ten_lines():
    lines = re.findall(r"^(\d+)\. ", (ROOT / "GOVERNANCE.md").read_text("utf-8"), re.MULTILINE)
    assert lines == [str(number) for number in range(1, 11)]


def test_importing_hubrank_imports_no_other_package():
    code = "import sys; before = set(sys.modules); import hubrank; print(*(set(sys.modules) - before))"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    packages = {name.partition(".")[0] for name in seen.stdout.split()}
    assert packages - sys.stdlib_module_names == {"hubrank"}
