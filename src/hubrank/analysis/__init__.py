"""Finished editions: what moved, how sure the ranks are, and why."""
