"""Readers of other packages: their faults are named as theirs, and nothing wrong that they yield is counted."""

import importlib
import json
from importlib.metadata import EntryPoint, EntryPoints

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from hubrank import pipeline, sources
from hubrank.analysis.study_check import check
from hubrank.cli import app
from hubrank.core.errors import CheckFailed, DataError, StudyError
from hubrank.core.progress import no_progress
from hubrank.core.tables import LISTING_SCHEMA

SOUND = '''"""Lines of a file: id, year, city."""
import pyarrow as pa
from hubrank.core.tables import Metric
from hubrank.sources.options import ReaderOptions
from hubrank.sources.row_checks import listings
METRIC = Metric("marks", unit="marks", listing="owner")
LICENCE, ROLES, OPTIONAL_ROLES, WHOLE_RECORDS = "CC0-1.0", ("marks",), (), True
class Options(ReaderOptions):
    pass
def read(files, options, ledger):
    rows = []
    for path in files.main:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            ledger.read()
            key, year, *cities = line.split(",")
            rows += [{"record_key": key, "listing_no": at, "year": int(year), "city": city, "country": "France",
                      "source_file": files.name(path), "source_row": number} for at, city in enumerate(cities, 1)]
    yield listings(pa.Table.from_pylist(rows))
'''
STUDY = """title = "Marks"
edition = "2022"
[[sources]]
metric = "marks"
reader = "marks"
files = "marks.txt"
[clusters]
min_listings = 1
"""
names = iter(range(1000))


@pytest.fixture
def study(tmp_path, monkeypatch):
    """Return a function that writes a study whose reader, of a package of its own, has some lines replaced."""

    def write(*replaced):
        code = SOUND
        for old, new in replaced:
            assert old in code
            code = code.replace(old, new)
        module = f"reader_of_marks_{next(names)}"
        (tmp_path / f"{module}.py").write_text(code)
        monkeypatch.syspath_prepend(tmp_path)
        importlib.invalidate_caches()
        entry = EntryPoint("marks", module, sources.GROUP)
        monkeypatch.setattr(sources, "entry_points", lambda **_: EntryPoints([entry]))
        (tmp_path / "marks.txt").write_text("a,2021,Lyon,Paris\nb,2022,Lyon\n")
        (tmp_path / "study.toml").write_text(STUDY)
        return tmp_path / "study.toml"

    return write


def test_a_sound_reader_of_another_package_counts(study, tmp_path):
    edition = pipeline.run(study(), tmp_path / "out")
    assert edition.manifest["metrics"]["marks"]["records_located"] == 2
    assert edition.manifest["sources"][0]["rows_kept"] == 2


CONTRACT = [  # known before anything is read
    ('"CC0-1.0", ("marks",)', 'None, ("marks",)', r"its LICENCE must be a text \(found: None\)"),
    ('("marks",), (), True', '"marks", (), True', r"its ROLES must be a tuple of texts, at least one"),
    ('("marks",), (), True', "(), (), True", r"its ROLES must be a tuple of texts, at least one \(found: \(\)\)"),
    ('("marks",), (), True', '("marks",), "", True', r"its OPTIONAL_ROLES must be a tuple of texts"),
    ('("marks",), (), True', '("marks",), (), 1', r"its WHOLE_RECORDS must be True or False \(found: 1\)"),
    ('Metric("marks", unit="marks", listing="owner")', '"marks"', r"its METRIC must be a hubrank\.core"),
    ("def read(", "read = 3\ndef read_it(", r"its read must be a function"),
    ("import pyarrow as pa", "import pyarrow as pa\n1 / 0", r"cannot be loaded: division by zero"),
]
YIELDED = [  # known while it is read
    ('"record_key": key', '"record_id": key', r"yields 3 of 3 listings without record_key"),
    ('"listing_no": at', '"listing_no": 1', r"2 rows with listing_no 1 of record 'a' \(marks.txt, row 1\)"),
    (
        '"city": city',
        '"citty": city',
        r"failed in reader_of_marks_\d+.py, line 18: ValueError: .*did you mean 'city'",
    ),
    ("yield listings(", "yield (", r"other columns than LISTING_SCHEMA \(lacks record_version, .*row_checks"),
    ("yield listings(pa.Table.from_pylist(rows))", "yield rows", r"an object of type list, not a pyarrow.Table"),
    ("int(year)", "int(key)", r"failed in reader_of_marks_\d+.py, line 16: ValueError: invalid literal"),
    ("def read(files, options, ledger):", "def read(files, options):", r"failed.*TypeError: read\(\) takes 2"),
]


@pytest.mark.parametrize(
    ("error", "old", "new", "message"),
    [*((StudyError, *each) for each in CONTRACT), *((DataError, *each) for each in YIELDED)],
)
def test_what_a_reader_of_another_package_does_wrong_is_named_as_its_fault(study, tmp_path, error, old, new, message):
    with pytest.raises(error, match=rf"The reader 'marks' of another package .*{message}"):
        pipeline.run(study((old, new)), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_type_that_is_not_that_of_the_column_is_named():
    types = [field.with_type(pa.int64()) if field.name == "year" else field for field in LISTING_SCHEMA]
    table = pa.Table.from_pylist([], pa.schema(types))
    with pytest.raises(DataError, match=r"yields year as int64, not int32; row_checks\.listings casts it"):
        next(sources.foreign.checked(lambda: iter([table]), "marks", "marks"))


def test_listings_that_share_the_weight_of_one_may_have_one_number(study, tmp_path):
    shared = '"listing_no": 1, "weight": WEIGHT_ONE // len(cities)'
    edition = pipeline.run(
        study(
            ('"listing_no": at', shared),
            ("import pyarrow as pa", "import pyarrow as pa\nfrom hubrank.core.units import WEIGHT_ONE"),
        ),
        tmp_path / "out",
    )
    assert edition.manifest["metrics"]["marks"]["records_located"] == 2


def test_rows_that_the_ledger_does_not_know_of_stop_the_run(study, tmp_path):
    with pytest.raises(CheckFailed, match=r"0 rows read, but 2 kept.*ledger\.read"):
        pipeline.run(study(("            ledger.read()\n", "")), tmp_path / "out")


def test_a_check_names_the_reader_whose_rows_the_ledger_does_not_know_of(study):
    with pytest.raises(CheckFailed, match=r"The reader 'marks' of another package: 0 rows read, but 2 kept"):
        check(study(("            ledger.read()\n", "")), rows=100, progress=no_progress)


def test_a_broken_package_hides_no_other_reader(study):
    study(("import pyarrow as pa", "import pyarrow as pa\n1 / 0"))
    readers, broken = sources.all_readers()
    assert set(sources.BUILT_IN) <= set(readers)
    assert list(broken) == ["marks"]
    assert "division by zero" in broken["marks"]
    seen = CliRunner().invoke(app, ["sources"])
    assert seen.exit_code == 0
    assert all(word in seen.output for word in ("patentsview", "division by zero"))


def test_the_edition_names_the_package_of_a_reader_and_its_version(study, tmp_path, monkeypatch):
    monkeypatch.setattr(
        sources.foreign, "versions", lambda module: ["hubrank-marks 1.2.3"] * module.startswith("reader")
    )
    pipeline.run(study(), tmp_path / "out")
    manifest = json.loads((tmp_path / "out/edition.json").read_text("utf-8"))
    assert manifest["sources"][0]["reader_packages"] == ["hubrank-marks 1.2.3"]
    assert "marks (hubrank-marks 1.2.3)" in (tmp_path / "out/site/data.html").read_text("utf-8")
