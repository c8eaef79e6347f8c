"""Names of inventors and authors identify persons while records are read, and reach no output."""

import re

from whole_text import texts

PLANTED = ("Simulated Author", "Person 1", "Inventor 0", "Inventor 5101", "SIM-I-", "ASIM")


def raw(folder):
    """Return the head of every raw file of people, unpacked."""
    import gzip
    import zipfile

    parts = []
    for path in folder.glob("raw/patentsview/*.zip"):
        with zipfile.ZipFile(path) as archive:
            parts += [archive.read(name).decode() for name in archive.namelist()]
    parts += [gzip.decompress(path.read_bytes()).decode() for path in folder.glob("raw/openalex/works/*/*.gz")]
    return "".join(parts)


def test_no_name_of_an_inventor_or_author_reaches_an_output(demo):
    names = raw(demo)
    assert all(name in names for name in PLANTED), "nothing was planted"
    files = 0
    for edition in ("2024", "2025"):
        for name, text in texts(demo / edition):
            files += 1
            assert not [planted for planted in PLANTED if planted in text], f"{edition}/{name}"
    assert files > 500


def test_natural_persons_who_hold_a_patent_are_called_individual(demo):
    organisations = dict(texts(demo / "2025"))["tables/profiles.parquet"]
    assert "individual" in organisations
    assert not re.search(r"Person \d", organisations)
