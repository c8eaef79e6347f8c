"""One file per step that locates an address."""
