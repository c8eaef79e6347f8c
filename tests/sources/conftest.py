"""Files written into a folder of the test."""

import pytest

from sources.reading_sources import read


@pytest.fixture
def reading(tmp_path):
    """Return a function that writes one file and reads it."""

    def go(reader, content, name="file.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(reader, [path], **options)

    return go


@pytest.fixture
def written(tmp_path):
    """Return a function that writes a file and returns its path."""

    def go(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return go
