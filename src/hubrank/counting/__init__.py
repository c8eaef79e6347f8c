"""Listings at places to units on sites."""
