"""How much of their words a text and the name of an organisation share, in the words of features."""

from typing import NamedTuple

LIKE = "institution: like its name"  # how features of an organisation that shares words begin
_FAR = 0.7  # of the greatest likeness: below it the next name is far behind


class Similar(NamedTuple):
    """A name that shares words with a text: the shared weight as a share of the text's and of the name's.

    in_order : whether the text has the shared words in the order of the name: Washington University is no University of
        Washington.
    rarest, left_of_text, left_of_name : how many names have the rarest word that both have, that only the text has and
    that only the name has; 0 where there is none, or only general words.
    opens : whether the text is how the name begins: Universidad Distrital (Francisco José de Caldas).
    """

    key: str
    of_text: float
    of_name: float
    shared: int
    in_order: bool
    rarest: int
    left_of_text: int
    left_of_name: int
    opens: bool

    @property
    def likeness(self) -> float:
        """How much of both is shared."""
        return self.of_text * self.of_name

    def margin(self, likeness: list[float]) -> str:
        """Return how the name stands to the two likest."""
        if self.likeness < likeness[0]:
            return "another is liker"
        second = likeness[1] if len(likeness) > 1 else 0.0
        margin = "by far" if second < _FAR * likeness[0] else "by a little" if second < likeness[0] else "not alone"
        return f"the likest {margin}"

    def notes(self, margin: str) -> list[str]:
        """Return what is shared and what is left, and how the name stands to others."""
        left = f"{_rarity(self.left_of_text)} left of the text and {_rarity(self.left_of_name)} of the name"
        opening = [f"the text opens it, {margin}"] if self.opens else []
        return [
            f"{_share(self.of_text)} of the text and {_share(self.of_name)} of the name",
            f"{min(self.shared, 3)} words, the rarest {_rarity(self.rarest)}",
            margin,
            f"{margin}, {'in order' if self.in_order else 'in another order'}",
            left,
            f"{_rarity(self.rarest)}, {left}",
            *opening,
        ]


def _rarity(count: int) -> str:
    """Return how rare the rarest word is that so many names have."""
    if not count:
        return "general"
    return "rare" if count <= 5 else "seldom" if count <= 30 else "frequent"


def _share(share: float) -> str:
    """Return a share in words of a few steps."""
    return "all" if share > 0.98 else "most" if share > 0.8 else "much" if share > 0.6 else "half"
