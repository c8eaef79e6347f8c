"""Editions compared: who moved, and whether records, shapes or the method moved it."""

from hubrank.analysis.comparison.editions import Comparison, compare, compared, previous_ranks
from hubrank.analysis.comparison.table import COMPARISON_SCHEMA

__all__ = ["COMPARISON_SCHEMA", "Comparison", "compare", "compared", "previous_ranks"]
