"""How large a place is, as evidence: its inhabitants and registered organisations."""

import numpy as np
from numpy.typing import NDArray

_OF_SIZE = (
    "inhabitants unknown",
    "inhabitants unknown, an organisation there",
    "one organisation there",
    "two or three organisations there",
    "four or more organisations there",
)


def size_features(group: str, people: int, organisations: int) -> list[str]:
    """Return what is worth saying of a place's size besides the figures themselves."""
    if people and not organisations:
        return []
    if not people:
        return [f"{group}: {_OF_SIZE[1 if organisations else 0]}"]
    return [f"{group}: {_OF_SIZE[2 if organisations == 1 else 3 if organisations < 4 else 4]}"]


def size_masks(
    group: str, people: NDArray[np.float64], organisations: NDArray[np.float64]
) -> dict[str, NDArray[np.bool_]]:
    """Return the same for many places: which of them each feature applies to."""
    unknown, inhabited = people == 0, people > 0
    masks = (
        unknown & (organisations == 0),
        unknown & (organisations > 0),
        inhabited & (organisations == 1),
        inhabited & (organisations > 1) & (organisations < 4),
        inhabited & (organisations > 3),
    )
    return {f"{group}: {words}": mask for words, mask in zip(_OF_SIZE, masks, strict=True)}
