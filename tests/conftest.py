"""What all tests share: the folder of real files."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real files, or skip."""
    folder = Path(os.environ.get("HUBRANK_SHARED", Path(__file__).parents[2] / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"no real files at {folder}: set HUBRANK_SHARED to the folder that holds data/")
    return folder
