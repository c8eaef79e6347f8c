"""Authors of works by columns, against the same rule written author by author."""

import random

import pyarrow as pa
import pytest

from hubrank.core.units import WEIGHT_ONE
from hubrank.sources.openalex_authors import Coordinates, author_listings

INSTITUTION = pa.struct([(name, pa.string()) for name in ("id", "display_name", "ror", "country_code")])
AUTHORSHIPS = pa.list_(
    pa.struct(
        [
            ("institutions", pa.list_(INSTITUTION)),
            ("countries", pa.list_(pa.string())),
            ("raw_affiliation_strings", pa.list_(pa.string())),
            ("raw_affiliation_string", pa.string()),
        ]
    )
)
DEGREES = {"I1": (1.5, 2.5), "I3": (-3.0, 4.0)}
COORDINATES = Coordinates(
    pa.table(
        {"id": [*DEGREES], "lat": [lat for lat, _ in DEGREES.values()], "lon": [lon for _, lon in DEGREES.values()]}
    )
)


def works(*authorships):
    number = range(1, len(authorships) + 1)
    return pa.table(
        {
            "id": [f"W{n}" for n in number],
            "date": ["2026-01-01" for _ in number],
            "year": [2000 + n for n in number],
            "record_units": list(number),
            "field": [None for _ in number],
            "source_file": ["works.jsonl" for _ in number],
            "source_row": [*number],
            "authorships": pa.array(authorships, AUTHORSHIPS),
            "scope": pa.nulls(len(authorships)),
        }
    )


def author(institutions=None, countries=None, raw=None, single=None):
    names = ("institutions", "countries", "raw_affiliation_strings", "raw_affiliation_string")
    return dict(zip(names, (institutions, countries, raw, single), strict=True))


def institution(number, name=None, ror=None, country=None):
    return {"id": number, "display_name": name, "ror": ror, "country_code": country}


def last(text):
    return (text is None, text or "")


def expected_places(one):
    """Return (institution_id, institution, country_code, id, display_name, weight) of an author, by the rule."""
    one = one or author()
    seen = {tuple(each.values()) for each in one["institutions"] or () if each and (each["id"] or each["display_name"])}
    if seen:
        ranked = sorted(seen, key=lambda each: tuple(map(last, each)))
        rows = [(ror or number, name, country, number, name) for number, name, ror, country in ranked]
    else:
        lines = sorted({line.strip() for line in one["raw_affiliation_strings"] or () if line and line.strip()})
        single = (one["raw_affiliation_string"] or "").strip() or None
        rows = [(None, line, None, None, None) for line in lines or [single]]
    whole, rest = divmod(WEIGHT_ONE, len(rows))
    weighed = [(*row, whole + (nth < rest)) for nth, row in enumerate(rows)]
    return sorted(weighed, key=lambda row: (last(row[0]), last(row[1])))


def expected(table):
    rows = []
    for work in table.to_pylist():
        for listing_no, one in enumerate(work["authorships"], 1):
            countries = (one or {}).get("countries") or []
            for institution_id, name, country, number, display_name, weight in expected_places(one):
                lat, lon = DEGREES.get(number, (None, None))
                rows.append(
                    {
                        "record_key": work["id"],
                        "listing_no": listing_no,
                        "record_version": work["source_row"],
                        "weight": weight,
                        "lat": lat,
                        "lon": lon,
                        "institution_id": institution_id,
                        "institution": name,
                        "country": country or (countries[0] if len(countries) == 1 else None),
                        "organisations": None if display_name is None else [display_name],
                        **{name: work[name] for name in ("date", "year", "record_units", "field")},
                        **{name: work[name] for name in ("source_file", "source_row")},
                    }
                )
    return rows


def random_author(choose):
    if choose.random() < 0.05:
        return None
    institutions = [
        institution(
            choose.choice(["I1", "I2", "I3", None]),
            choose.choice(["MIT", "ETH", None]),
            choose.choice(["https://ror.org/1", None, None]),
            choose.choice(["US", "CH", None]),
        )
        for _ in range(choose.choice([0, 0, 1, 1, 2, 3, 7]))
    ]
    lines = [choose.choice(["Oslo", " Oslo ", "", "  ", "\tBergen", "Å", None]) for _ in range(choose.randrange(5))]
    countries = [choose.choice(["NO", "SE"]) for _ in range(choose.randrange(3))]
    return author(
        choose.choice([institutions, institutions, None]),
        choose.choice([countries, None]),
        choose.choice([lines, None]),
        choose.choice([None, None, "Trondheim ", ""]),
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_columns_say_what_the_rule_says_author_by_author(seed):
    choose = random.Random(seed)
    table = works(*[[random_author(choose) for _ in range(choose.randrange(1, 6))] for _ in range(60)])
    listed = author_listings(table, COORDINATES)
    assert listed.to_pylist() == expected(table)
    every_second = pa.concat_tables([table.slice(at, 1) for at in range(0, 60, 2)])  # in chunks, with offsets
    assert author_listings(every_second, COORDINATES).to_pylist() == expected(every_second)


def test_works_without_listings_are_an_empty_table():
    assert len(author_listings(works(), COORDINATES)) == 0
    assert len(author_listings(works([], []), COORDINATES)) == 0


def test_an_author_without_an_affiliation_is_a_listing_without_a_place_as_in_a_table(reading):
    (of_works,) = author_listings(works([author([], [], [])]), COORDINATES).to_pylist()
    columns = {"record": "id", "institution": {"from": "affiliation", "places": "[]"}}
    (of_table,), ledger = reading("table", '{"id": "W1", "affiliation": []}\n', name="crossref.jsonl", columns=columns)
    assert of_works["institution"] is of_table["institution"] is None
    assert of_works["listing_no"] == of_table["listing_no"] == ledger.rows_kept == 1


def test_three_places_share_a_listing_to_the_last_unit():
    three = [institution(name, name) for name in ("I3", "I1", "I2")]
    listed = author_listings(works([author(three)]), COORDINATES)
    whole, rest = divmod(WEIGHT_ONE, 3)
    assert sum(listed["weight"].to_pylist()) == WEIGHT_ONE
    assert listed["weight"].to_pylist() == [whole + (nth < rest) for nth in range(3)]
    assert listed["institution"].to_pylist() == ["I1", "I2", "I3"]
