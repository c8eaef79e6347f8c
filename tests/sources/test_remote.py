"""Addresses are fetched once, as a whole or not at all, and only with the library for it."""

import sys

import pytest

from hubrank.core.errors import DataError, StudyError
from hubrank.sources import remote

fsspec = pytest.importorskip("fsspec", reason="fetching addresses is an extra: pip install fsspec")


def test_an_address_is_distinguished_from_a_path():
    assert remote.is_address("https://example.org/a.csv")
    assert not remote.is_address("C:/a.csv")


def test_what_lies_at_an_address_is_copied_once(tmp_path):
    with fsspec.open("memory://folder/a.csv", "wb") as file:
        file.write(b"first")
    copy = remote.fetched("memory://folder/a.csv", tmp_path / "kept")
    assert (copy.read_bytes(), copy.name) == (b"first", "a.csv")
    with fsspec.open("memory://folder/a.csv", "wb") as file:
        file.write(b"second")
    assert remote.fetched("memory://folder/a.csv", tmp_path / "kept").read_bytes() == b"first"


@pytest.mark.parametrize(("address", "error"), [("memory://gone.csv", DataError), ("klingon://x/a.csv", StudyError)])
def test_what_cannot_be_had_leaves_nothing_behind(tmp_path, address, error):
    with pytest.raises(error, match=r"Download it yourself"):
        remote.fetched(address, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_the_library_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(StudyError, match="pip install fsspec"):
        remote.fetched("https://example.org/a.csv", tmp_path)
