"""A correction decides where an address is, whatever the evidence says, and nothing else changes."""

import csv

import pyarrow as pa
import pytest

from hubrank.analysis.doubtful_addresses import DoubtfulAddresses, likeliest_by
from hubrank.core.errors import StudyError
from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding import Settings, answers, corrections
from hubrank.geocoding.answers import Answer
from hubrank.geocoding.corrected import CorrectedGeocoder
from hubrank.geocoding.correction_rows import DROPPED, Target, text_key
from hubrank.geocoding.corrections import Corrections
from hubrank.study.sections import SourceSection

REIMS = Target(492652600, 40285300, 2984114, "FR")
SPOT = Target(10, 20, 0, "FR")
SOURCE = SourceSection(metric="patents", reader="table", files="x.csv")


class Echo:
    """Answers each address with its own coordinates, and notes which it was asked for."""

    name = "echo"

    def __init__(self, answer=None):
        self.answer = answer
        self.cities = []

    def locate(self, addresses):
        rows = addresses.to_pylist()
        self.cities += [row["city"] for row in rows]
        return answers.table(
            [self.answer or Answer(row["lat_e7"], 0, "city", "names", 700, None, "XX") for row in rows]
        )


def addresses(*rows):
    return pa.Table.from_pylist(rows, ADDRESS_SCHEMA)


def located(decided, *rows):
    return CorrectedGeocoder(Echo(), decided).locate(addresses(*rows)).to_pylist()


def texts(**targets):
    return Corrections({text_key(text): target for text, target in targets.items()})


def test_a_corrected_address_has_its_place_with_certainty_and_the_others_keep_theirs_in_order():
    rows = [{"city": "A", "lat_e7": 1}, {"city": "B", "lat_e7": 2}, {"city": "Rheims", "lat_e7": 3}]
    echo = Echo()
    table = CorrectedGeocoder(echo, texts(RHEIMS=REIMS)).locate(addresses(*rows)).to_pylist()
    assert [row["lat_e7"] for row in table] == [1, 2, REIMS.lat_e7]
    assert echo.cities == ["A", "B"]
    corrected = table[2]
    assert (corrected["geocoding_evidence"], str(corrected["location_probability"])) == ("correction", "1.000")
    assert (corrected["precision"], corrected["gazetteer_id"], corrected["economy"]) == ("city", 2984114, "FR")


def test_a_dropped_address_has_no_place_and_says_so():
    (row,) = located(texts(Unknown=DROPPED), {"address": "unknown", "lat_e7": 5, "lon_e7": 5})
    assert (row["lat_e7"], row["economy"], row["geocoding_evidence"]) == (None, None, "correction")


def test_an_answer_names_the_line_that_decided(tmp_path):
    (tmp_path / "c.csv").write_text(
        "text,geonames_id,drop,who,why\nRheims,2984114,,A,x\nReims FR,2984114,,A,x\nX,,yes,A,x\n"
    )
    decided = corrections.read(tmp_path / "c.csv", "c.csv")
    rows = located(decided, {"city": "X"}, {"city": "Reims", "country": "FR"}, {"city": "Lyon"}, {"city": "RHEIMS"})
    assert [row["correction_line"] for row in rows] == [4, 3, None, 2]


def test_stated_coordinates_are_a_site():
    (row,) = located(texts(Lab=SPOT), {"institution": "LAB"})
    assert (row["lat_e7"], row["lon_e7"], row["precision"], row["gazetteer_id"]) == (10, 20, "site", None)


@pytest.mark.parametrize(
    ("row", "corrected"),
    [
        ({"institution": "Acme", "city": "Reims", "country": "FR"}, True),
        ({"institution": "Acme", "city": "Reims"}, True),
        ({"institution": "Acme", "city": "Reims", "country": "BE"}, False),
        ({"institution": "Acme", "city": "Reims", "region": "Marne", "country": "FR"}, False),
        ({"institution": "Other", "address": "Acme; REIMS - fr", "country": "DE"}, True),
    ],
)
def test_a_text_is_the_whole_address_with_or_without_country_or_the_address_column(row, corrected):
    decided = Corrections({text_key("Acme, Reims, FR"): REIMS, text_key("Acme, Reims"): SPOT})
    decided = (
        decided if "country" not in row or row["country"] != "BE" else Corrections({text_key("Acme, Reims, FR"): REIMS})
    )
    (answer,) = located(decided, {**row, "lat_e7": 7})
    assert (answer["geocoding_evidence"] == "correction") is corrected


def test_a_text_with_its_country_goes_before_one_without_and_a_text_before_an_institution():
    decided = Corrections({text_key("Acme FR"): REIMS, text_key("Acme"): SPOT}, {"04bwf3e34": DROPPED})
    number = "https://ror.org/04bwf3e34"
    rows = located(
        decided,
        {"institution": "Acme", "country": "FR", "institution_id": number},
        {"institution": "Acme", "country": "US", "institution_id": number},
        {"institution": "Unrelated", "country": "US", "institution_id": number},
        {"institution": "Unrelated", "country": "US", "lat_e7": 9},
    )
    assert [row["lat_e7"] for row in rows] == [REIMS.lat_e7, SPOT.lat_e7, None, 9]


def suggested(path, answer, *rows, listings=None):
    doubts = DoubtfulAddresses()
    table = addresses(*rows)
    doubts.add(SOURCE, table, Echo(answer).locate(table), listings or [1] * len(rows))
    doubts.write(path, likeliest_by(lambda _: Settings()))
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_doubtful_addresses_are_suggested_the_heaviest_first_with_the_present_answer(tmp_path):
    doubtful = Answer(
        492652600, 40285300, "city", "names", 512, 2984114, "FR", ((480745200, 112500000, 2810587, "DE", 200),)
    )
    rows = suggested(
        tmp_path / "c.csv",
        doubtful,
        {"city": "Reims", "country": "FR"},
        {"address": "=Acme, Wessling"},
        listings=[3, 40],
    )
    assert [(row["text"], row["listings"]) for row in rows] == [("'=Acme, Wessling", "40"), ("Reims, FR", "3")]
    assert (rows[0]["answer"], rows[0]["probability"]) == ("Reims, FR (2984114)", "0.512")
    assert rows[0]["alternatives"] == "Weßling, DE (2810587) 0.200"


@pytest.mark.parametrize(
    ("answer", "rows"),
    [
        (Answer(1, 2, "city", "names", 899), 1),
        (Answer(1, 2, "city", "names", 900), 0),
        (Answer(1, 2, "city", "names", 990, contradictions="place outside the stated region"), 1),
        (Answer(), 1),
        (Answer(None, None, None, "correction", 1000), 0),
    ],
)
def test_an_address_is_doubtful_below_nine_tenths_if_contradicted_or_without_a_place_but_not_if_corrected(
    tmp_path, answer, rows
):
    assert len(suggested(tmp_path / "c.csv", answer, {"city": "Reims"})) == rows


def test_an_address_whose_likeliest_place_is_not_likely_enough_is_suggested_with_the_likeliest_ones(tmp_path):
    (row,) = suggested(tmp_path / "c.csv", Answer(), {"city": "Springfield", "country": "US"})
    assert (row["answer"], row["probability"]) == ("", "")
    first, *others = row["alternatives"].split("; ")
    assert first.startswith("Springfield, MO, US (4409896) 0.")
    assert (len(others), all(place.startswith("Springfield, ") for place in others)) == (2, True)


def test_a_contradicted_address_is_suggested_with_what_contradicts_it(tmp_path):
    answer = Answer(1, 2, "city", "names", 990, contradictions="place outside the stated region")
    (row,) = suggested(tmp_path / "c.csv", answer, {"city": "Reims"})
    assert row["contradictions"] == "place outside the stated region"


def test_spellings_of_one_text_are_one_suggestion_and_coordinates_alone_are_none(tmp_path):
    rows = suggested(tmp_path / "c.csv", Answer(), {"city": "Reims"}, {"address": "REIMS"}, {"lat_e7": 1, "lon_e7": 2})
    assert [(row["text"], row["listings"]) for row in rows] == [("REIMS", "2")]


def test_an_address_that_is_an_id_alone_is_suggested_by_its_id(tmp_path):
    (row,) = suggested(tmp_path / "c.csv", Answer(), {"institution_id": "https://ror.org/04bwf3e34"})
    assert (row["text"], row["institution_id"]) == ("", "https://ror.org/04bwf3e34")


def test_a_suggested_table_is_read_as_it_is_and_corrects_once_it_is_filled_in(tmp_path):
    path = tmp_path / "c.csv"
    row = {"institution": 'The "Old" Lab', "city": "-Sur-Mer", "country": "FR"}
    (suggestion,) = suggested(path, Answer(), row)
    assert corrections.read(path, "c.csv") == Corrections(unfilled=1)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, list(suggestion))
        rows.writeheader()
        rows.writerow(suggestion | {"geonames_id": "2984114", "who": "A. Editor", "why": "seat"})
    (answer,) = located(corrections.read(path, "c.csv"), row)
    assert answer["gazetteer_id"] == 2984114


def test_a_table_that_somebody_may_have_filled_in_is_not_overwritten(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("mine")
    with pytest.raises(StudyError, match="exists"):
        DoubtfulAddresses().write(path, likeliest_by(lambda _: Settings()))
    assert path.read_text() == "mine"
