"""Data split further: what was read again, and the window; on small runs, by hand."""

from fixtures_editions import run_edition
from hubrank.analysis import comparison

PLACES = {"paris": (48.85, 2.35), "lyon": (45.75, 4.85)}
SECTIONS = """
[windows]
patents = [{first}, {last}]
[clusters]
min_listings = 2
[robustness]
run = false
"""


def rows(counts, moved=()):
    """Return rows (id, no, year, lat, lon, count) by (place, year); ids in `moved` lie in Lyon instead."""
    keys = [(place, year, n) for (place, year), count in counts.items() for n in range(count)]
    places = {key: "lyon" if key in moved else key[0] for key in keys}
    return [("-".join(map(str, key)), 1, key[1], *PLACES[places[key]], 1) for key in keys]


def ran(folder, name, records, window, snapshot):
    """Run a study whose source names its snapshot, if there is one; return the folder of its edition."""
    sections = SECTIONS.format(first=window[0], last=window[1])
    source = f'snapshot = "{snapshot}"' if snapshot else ""
    return run_edition(folder, name, records, sections, source=source).folder


def test_years_read_again_and_the_new_window_add_up_to_data(tmp_path):
    first = {("paris", 2010): 4, ("paris", 2011): 4, ("lyon", 2010): 1, ("lyon", 2011): 6}
    again = {("paris", 2011): 3, ("lyon", 2011): 7, ("paris", 2012): 9, ("lyon", 2012): 1}
    earlier = ran(tmp_path, "one", rows(first), (2010, 2011), "A")
    later = ran(tmp_path, "two", rows(again, moved={("paris", 2011, 0)}), (2011, 2012), "B")
    compared = comparison.compare(earlier, later)
    (counts,) = compared.revisions.to_pylist()
    assert counts == {
        "metric": "patents", "snapshot_before": "A", "snapshot": "B", "same": 8, "mended": 1, "added": 1, "gone": 1,
    }  # fmt: skip
    by_name = {row["cluster"]: row for row in compared.table.to_pylist()}
    paris, lyon = by_name["Paris"], by_name["Lyon"]
    # Paris 8 of 15, then 6 of 15 (4 of 2010, 2 of 2011 as read again), then 11 of 20
    assert (paris["rank_before"], paris["rank"], paris["data"]) == (1, 1, 0)
    assert (paris["data_snapshot"], paris["data_window"]) == (-1, 1)
    assert (lyon["data_snapshot"], lyon["data_window"]) == (1, -1)
    assert [str(paris[f"score_{part}_pct"]) for part in ("data", "data_snapshot", "data_window")] == [
        "1.666667", "-13.333333", "15.000000",
    ]  # fmt: skip


def test_a_record_that_the_window_cuts_is_the_same_as_far_as_both_count_it(tmp_path):
    cut = [("cut", no, year, *PLACES["lyon"], 1) for no, year in ((1, 2010), (2, 2011))]
    records = [*rows({("paris", 2011): 4, ("lyon", 2011): 3}), *cut]
    earlier = ran(tmp_path, "one", records, (2010, 2011), "A")
    later = ran(tmp_path, "two", records, (2011, 2012), "B")
    (counts,) = comparison.compare(earlier, later).revisions.to_pylist()
    assert (counts["same"], counts["mended"], counts["added"], counts["gone"]) == (8, 0, 0, 0)


def test_without_a_snapshot_in_both_data_stay_whole(tmp_path):
    counts = {("paris", 2010): 4, ("lyon", 2010): 3}
    earlier = ran(tmp_path, "one", rows(counts), (2010, 2010), "A")
    later = ran(tmp_path, "two", rows(counts), (2010, 2010), None)
    compared = comparison.compare(earlier, later)
    assert compared.revisions.num_rows == 0
    assert {row["data_snapshot"] for row in compared.table.to_pylist()} == {None}
    assert {row["data"] for row in compared.table.to_pylist()} == {0}
