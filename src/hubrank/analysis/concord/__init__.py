"""A ranking against a published list: which rows are the same cluster, and how far ranks and shares agree."""

from hubrank.analysis.concord.agreement import OVERLAPS, Concord, concord

__all__ = ["OVERLAPS", "Concord", "concord"]
