"""Records that weigh by quality: the parts of a record add up to what it weighs, exactly."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from counting.test_located import counted, listing
from hubrank.core.units import UNIT, WEIGHT_ONE


def test_a_record_of_two_thirds_gives_its_listings_equal_parts_of_that(tmp_path):
    rows = counted([listing("r", no, "x", record_units=666_666_667) for no in (1, 2, 3)], tmp_path)
    assert sorted(row["units"] for row in rows) == [222_222_222, 222_222_222, 222_222_223]
    parts = [listing("r", no, "ab"[no - 1], weight=weight, record_units=10) for no, weight in ((1, 1), (2, 3))]
    by_number = sorted(counted(parts, tmp_path), key=lambda row: row["listing_no"])
    assert [row["units"] for row in by_number] == [3, 7]  # 2.5 and 7.5: of equal remainders the lower number


@given(
    st.lists(
        st.tuples(
            st.integers(0, UNIT), st.integers(1, 3), st.lists(st.integers(1, WEIGHT_ONE), min_size=1, max_size=4)
        ),
        min_size=1,
        max_size=4,
    )
)
def test_the_parts_of_each_record_add_up_to_its_weight(tmp_path_factory, records):
    rows = [
        listing(f"r{number}", no, "ab"[no % 2], weight=weight, count=count, record_units=units)
        for number, (units, count, weights) in enumerate(records)
        for no, weight in enumerate(weights)
    ]
    sums = Counter()
    for row in counted(rows, tmp_path_factory.mktemp("spill")):
        assert row["units"] >= 0
        sums[row["record_key"]] += row["units"]
    assert sums == {f"r{number}": units * count for number, (units, count, _) in enumerate(records)}
