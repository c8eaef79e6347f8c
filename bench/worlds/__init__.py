"""Worlds for benchmarks: works as large as OpenAlex's, or tables for hundreds of millions of listings.

Both hold the records of `hubrank simulate`. Scripts of this folder import them as `worlds`.
"""

from .parquet_works import works_as_parquet
from .tables import simulate_tables
from .works import simulate_full_works

__all__ = ["simulate_full_works", "simulate_tables", "works_as_parquet"]
