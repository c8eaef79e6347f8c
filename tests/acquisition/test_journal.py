"""The pages of a list that have arrived are read again whatever their texts hold and wherever a write was cut."""

import pytest

from hubrank.acquisition.pages import Journal, Query

QUERY = Query("institutions", "/institutions", {}, lambda page: page["results"])


@pytest.mark.parametrize("name", ["Universit\u00e4t", "line\u2028separator", "next\u0085line"])
def test_pages_are_read_back_and_a_cut_one_is_dropped(tmp_path, name):
    journal = Journal(tmp_path, QUERY)
    journal.add([["I1", name]], "a", 2)
    whole = journal.path.stat().st_size
    journal.add([["I2", name]], "", 2)
    again = Journal(tmp_path, QUERY)
    assert (again.rows, again.complete) == ([["I1", name], ["I2", name]], True)
    content = journal.path.read_bytes()
    for size in range(whole, len(content)):
        journal.path.write_bytes(content[:size])
        again = Journal(tmp_path, QUERY)
        assert (again.rows, again.cursor) == ([["I1", name]], "a")
