"""Nouns that every package shares."""
