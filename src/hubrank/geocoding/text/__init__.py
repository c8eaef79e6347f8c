"""The text of an address: spelling, words, misspellings."""
