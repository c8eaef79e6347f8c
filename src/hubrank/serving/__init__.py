"""`hubrank serve`: the explorer of an edition, and what needs computing. Needs the extra `serve`."""
