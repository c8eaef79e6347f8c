"""Many shares at once are rounded as one is."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hubrank.core.units import SHARE, SHOWN_DECIMALS, half_even
from hubrank.counting.shares import LARGEST_WHOLE, shown_shares_pct


@st.composite
def parts(draw):
    whole = draw(st.integers(1, LARGEST_WHOLE))
    return draw(st.integers(0, whole)), whole


@given(st.lists(parts(), max_size=5))
@example([(1, 2 * 10**8), (3, 2 * 10**8), (LARGEST_WHOLE, LARGEST_WHOLE)])  # exactly between two decimals: to even
def test_shares_are_those_of_exact_division(rows):
    part, whole = (np.array(column, np.int64) for column in (zip(*rows, strict=True) if rows else ((), ())))
    shown = shown_shares_pct(part, whole)
    assert shown.type == SHARE
    assert shown.to_pylist() == [half_even(100 * p, w, SHOWN_DECIMALS) for p, w in rows]


def test_nothing_has_no_share():
    assert shown_shares_pct(np.array([0, 1]), np.array([0, 1])).to_pylist()[0] is None


def test_what_cannot_be_divided_exactly_is_refused():
    with pytest.raises(ValueError, match="beyond"):
        shown_shares_pct(np.array([1]), np.array([LARGEST_WHOLE + 1]))
