"""Arrays in, arrays out: density clusters, gaps, merging, outlines."""
