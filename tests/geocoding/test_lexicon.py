"""Names near a misspelt one: sifting by letters finds what comparing with every name finds."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from hubrank.geocoding.text.fuzzy_candidates import Area, Bucket, Lexicon, errors_in, letters, letters_of

NAMES = st.text("abcdeo19", min_size=4, max_size=12)


@given(NAMES, NAMES)
def test_an_error_takes_at_most_one_letter_away_and_adds_at_most_one(one, other):
    errors = OSA.distance(one, other)
    assert (letters(one) & ~letters(other)).bit_count() <= errors
    assert (letters(other) & ~letters(one)).bit_count() <= errors


@given(st.sets(NAMES.map("a{}".format), min_size=90, max_size=120), NAMES.map("a{}".format))
def test_names_near_another_are_those_of_a_search_through_all(names, key):
    limit = errors_in(len(key))
    errors = {name: OSA.distance(key, name) for name in names if name[0] == key[0]}
    errors = {name: count for name, count in errors.items() if count <= limit}
    if 1 not in errors.values():
        errors |= {n: OSA.distance(key, n) for n in names if n[-4:] == key[-4:] and OSA.distance(key, n) <= limit}
    fewest = min(errors.values(), default=0)
    assert Area(names, "DE").near(key) == sorted(name for name, count in errors.items() if count <= fewest + 1)


@given(st.lists(st.text("abcxyz0189'- ", min_size=1, max_size=12), min_size=1, max_size=60))
def test_the_letters_of_many_names_are_those_of_each(names):
    assert letters_of(names).tolist() == [letters(name) for name in names]


class Names(list):
    """Names that count how often they are gone through."""

    passes = 0

    def __iter__(self):
        self.passes += 1
        return super().__iter__()


def test_names_are_put_in_order_at_the_first_comparison_and_not_before():
    names = Names(["abcdef", "abc", "abcd"])
    bucket = Bucket(names)
    assert names.passes == 0
    assert [bucket.choices("abce", 1) for _ in range(2)] == [["abc", "abcd"]] * 2
    assert names.passes == 1


def test_names_are_not_alike_by_the_word_for_their_kind(alone):
    """Yanta District is one letter from it, as any name of a district is a few letters from many."""
    names = alone.finder.names.names
    assert "yantadistrict" in names.names.number
    area = Lexicon(names).area("CN")
    assert area.near("yantedistrict") == []
    assert "kunshan" in area.near("kunshann")
