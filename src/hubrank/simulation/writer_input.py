"""The common input of all writers: the places, their spellings, the seed, and the writer of the truth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hubrank.core.sphere import Floats, Ints
from hubrank.simulation.places import Places
from hubrank.simulation.records import Block
from hubrank.simulation.spellings import Forms
from hubrank.simulation.stable_hash import fraction
from hubrank.simulation.truth import TruthWriter


@dataclass(frozen=True, slots=True, eq=False)
class WriterInput:
    """A world about to be written."""

    places: Places
    forms: Forms
    truth: TruthWriter
    seed: int

    def fraction(self, number: Ints, salt: int) -> Floats:
        """Return a pseudo-random fraction in [0, 1) of each number; each salt gives others."""
        return fraction(number, self.seed + salt)

    def fractions(self, block: Block, salt: int) -> Floats:
        """Return a pseudo-random fraction in [0, 1) of each listing of a block."""
        return self.fraction(block.number[block.record] * 8 + block.order, salt)

    def wording(
        self, site: Ints, fraction: Floats, *, named: float, varied: float, typos: bool
    ) -> tuple[Ints, NDArray[np.bool_]]:
        """Choose how listings are written: some by name, some by another form of it, the rest as usual.

        fraction : float64 in [0, 1), shape of `site`. Below `named` the name is written; from 1 - `varied` on another
        form, where there is one (without `typos`: one that gazetteers hold). A site that is no centre has no form.
        Returns the form, int64, -1 for the usual; and whether it is another than the register's.
        """
        forms = self.forms
        choice = forms.choose(site, np.maximum((fraction - 1) / varied + 1, 0))
        other = (fraction >= 1 - varied) & (forms.count[site] > 1)
        if not typos:
            other &= forms.sure[np.minimum(choice, len(forms.form) - 1)] == 1
        by_name = (fraction < named) & (forms.count[site] > 0)
        return np.where(other, choice, np.where(by_name, forms.start[site], -1)), other
