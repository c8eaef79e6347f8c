"""The tables of an edition, one file each."""
