"""What is dropped goes once nothing planned reads it, and not before."""

from hubrank.engines.uses import Uses


def test_what_nobody_reads_goes_at_once():
    assert list(Uses().dropped(["table"])) == [("table", False)]


def test_what_is_planned_on_others_keeps_them_until_it_goes_itself():
    uses = Uses()
    uses.planned("view", ["table"])
    uses.planned("view of view", ["view", "other"])
    assert list(uses.dropped(["table", "view"])) == []
    assert list(uses.dropped(["view of view"])) == [("view of view", True), ("view", True), ("table", False)]
    assert list(uses.dropped(["other"])) == [("other", False)]


def test_what_is_still_wanted_stays():
    uses = Uses()
    uses.planned("view", ["table"])
    assert list(uses.dropped(["view"])) == [("view", True)]
    assert list(uses.dropped(["table"])) == [("table", False)]
