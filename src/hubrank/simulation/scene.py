"""What every writer works from: the places, how they are written, the seed, and the witness that notes the truth."""

from dataclasses import dataclass

import numpy as np

from hubrank.simulation.mixing import fraction
from hubrank.simulation.places import Places
from hubrank.simulation.records import Block
from hubrank.simulation.truth import Witness
from hubrank.simulation.wording import Forms
from hubrank.sphere import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A world about to be written."""

    places: Places
    forms: Forms
    witness: Witness
    seed: int

    def lot(self, number: Ints, salt: int) -> Floats:
        """Return a number in [0, 1) for each number; each salt gives others."""
        return fraction(number, self.seed + salt)

    def lots(self, block: Block, salt: int) -> Floats:
        """Return a number in [0, 1) for each listing of a block."""
        return self.lot(block.number[block.record] * 8 + block.order, salt)

    def wording(self, site: Ints, lot: Floats, *, named: float, varied: float) -> tuple[Ints, Ints]:
        """Choose how listings in a centre are written: a part by name, a part in other words, the rest as usual.

        lot : float64 in [0, 1). Below `named` the name is given; above 1 - `varied` another form, where there is one.
        Returns (form or -1, whether it is another form than the register's), each int64, shape of `site`.
        """
        other = (lot >= 1 - varied) & (self.forms.count[site] > 1)
        spot = np.where(other, (lot - 1) / varied + 1, 0)
        form = np.where(lot < named, self.forms.choose(site, spot, varied=False), -1)
        return np.where(other, self.forms.choose(site, spot, varied=True), form), other.astype(np.int64)
