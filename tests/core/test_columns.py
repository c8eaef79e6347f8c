"""Every column of every table has one meaning, and every meaning has a column."""

import tomllib
from importlib.resources import files

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubrank.analysis import corrections_used
from hubrank.analysis.comparison.series import SERIES_SCHEMA
from hubrank.analysis.comparison.snapshots import REVISIONS_SCHEMA
from hubrank.analysis.robustness import summary, weight_shares
from hubrank.clustering.areas import SHAPES_SCHEMA
from hubrank.core import columns as columns_module
from hubrank.core import edition
from hubrank.core.tables import LISTING_SCHEMA, SET_ASIDE_SCHEMA, schema
from hubrank.core.units import SHARE, WEIGHT_ONE
from hubrank.ranking.tables.areas import PAIRS_SCHEMA, areas_schema
from hubrank.serving import variants

METRICS = ("patents", "publications", "deals")


@pytest.fixture(scope="module")
def schemas(demo):
    """Return the schemas of all tables by name: those of the demonstration, and those that it does not have."""
    folder = edition.load(demo / "2025").folder / "tables"
    published = {path.stem: pq.read_schema(path) for path in folder.glob("*.parquet")}
    assert len(published) >= 18
    other = {"series": SERIES_SCHEMA, "listing": LISTING_SCHEMA, "set_aside": SET_ASIDE_SCHEMA}
    robustness = {"robustness": summary.COMBINED_SCHEMA, "weight_shares": weight_shares.SCHEMA}
    unless = [  # there is no grid, or it is of a simulated world; areas are named
        pa.field("city_people", pa.int64()),
        pa.field("at_city_centres_pct", SHARE),
        pa.field("area_codes", pa.string()),
    ]
    published["ranking"] = pa.schema([*published["ranking"], *unless])
    other |= {"areas": areas_schema(METRICS), "cluster_areas": PAIRS_SCHEMA, "revisions": REVISIONS_SCHEMA}
    other |= {"area_shapes": SHAPES_SCHEMA, "corrections": corrections_used.SCHEMA}
    return {**published, **other, **robustness, "variant": variants.schema(list(METRICS))}


def test_every_column_has_a_meaning_and_every_table_a_title(schemas):
    missing = [
        f"{table}.{column.name}"
        for table, columns in schemas.items()
        for column in columns_module.describe(table, columns, METRICS)
        if not column.meaning
    ]
    assert not missing
    assert not [table for table in schemas if columns_module.title(table) == table]


def test_every_meaning_is_that_of_a_column(schemas):
    """`note` describes the column that files of a simulated edition have and tables have not."""
    used = {("shared", "note")}
    for table, columns in schemas.items():
        sections = {name: section for section, name, _ in columns_module.entries_of(table)}
        plain = {name: name.replace("{metric}", METRICS[0]) for name in sections}
        used |= {(sections[name], name) for name in sections if plain[name] in columns.names}
    text = files("hubrank.core").joinpath("columns.toml").read_text("utf-8")
    written = {(table, name) for table, entries in tomllib.loads(text).items() for name in entries}
    assert {(table, name) for table, name in written if name not in {"title", "like"}} - used == set()


def test_the_numbers_that_meanings_state_are_those_of_the_code():
    weight = columns_module.describe("located", pa.schema([("weight", pa.int64())]), ())[0].meaning
    assert f"{WEIGHT_ONE} is one whole listing" in weight
    robustness = {column.name: column.meaning for column in columns_module.describe("robustness", summary.SCHEMA, ())}
    assert f"more than {summary.FIRM} place" in robustness["firm"]
    assert any(f"moves it {summary.DECISIVE} places or more" in meaning for meaning in robustness.values())


def test_a_column_of_a_metric_is_described_with_the_name_of_the_metric():
    table = pa.schema([("trademarks_share_pct", pa.float64())])
    (column,) = columns_module.describe("ranking", table, ["trademarks"])
    assert (column.meaning, column.unit) == ("share of all located trademarks", "percent")


def test_a_schema_is_written_as_names_and_types():
    expected = [
        pa.field("id", pa.string(), nullable=False),
        pa.field("year", pa.int32()),
        pa.field("share", pa.decimal128(9, 6), nullable=False),
        pa.field("names", pa.list_(pa.string())),
    ]
    assert schema("id text, year int32?, share decimal(9,6), names text[]?").equals(pa.schema(expected))
    with pytest.raises(ValueError, match="expected `name type`"):
        schema("id, year int32?")
