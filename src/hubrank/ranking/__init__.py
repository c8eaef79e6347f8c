"""Clusters to measures, scores, ranks and the tables of an edition."""
