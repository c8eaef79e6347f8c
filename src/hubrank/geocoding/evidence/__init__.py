"""One file for each kind of evidence for places of an address; `reading` and `sizes` serve several of them."""
