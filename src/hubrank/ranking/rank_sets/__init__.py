"""Confidence sets for ranks: arrays in, arrays out."""
