"""hubrank: find, rank, map, explain and doubt the world's innovation clusters, from raw records."""

__version__ = "0.1.0"
