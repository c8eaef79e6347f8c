"""Fixtures of the tests of hostile data: those of the readers."""

from sources.conftest import reading, written  # noqa: F401 (fixtures)
from sources.test_regpat import regpat  # noqa: F401 (the same)
