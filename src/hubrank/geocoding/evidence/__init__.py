"""One file per kind of evidence that raises places for an address; `reading` and `sizes` serve several of them."""
