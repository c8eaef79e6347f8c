"""Weighted DBSCAN on the sphere: arrays in, arrays out."""
