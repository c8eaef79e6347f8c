"""Points to clusters: density, members, merging, naming."""
