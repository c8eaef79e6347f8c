"""Robustness of ranks: under other weights, other choices of method, and with a part left out (METHOD 13)."""
