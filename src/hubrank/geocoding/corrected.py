"""The geocoder of a study with corrections: what a correction decides is not asked of the resolver (METHOD 2)."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa

from hubrank.core.tables import Geocoder
from hubrank.geocoding import answers
from hubrank.geocoding.answers import Answer
from hubrank.geocoding.correction_rows import DROPPED, Target, text_key
from hubrank.geocoding.corrections import Corrections
from hubrank.geocoding.gazetteer.registers import bare_id

EVIDENCE = "correction"
CERTAIN_PM = 1000  # per mille
PARTS = ("institution", "address", "city", "region", "country")  # of the text of an address, in their order

_country_key = lru_cache(1024)(text_key)


def text_of(address: Sequence[str]) -> str:
    """Return an address as one text, as a table of corrections states it; `address` has the values of PARTS."""
    return ", ".join(part for part in address if part)


class CorrectedGeocoder:
    """Answers corrected addresses itself and leaves all others to another geocoder."""

    name = "corrections"

    def __init__(self, geocoder: Geocoder, corrections: Corrections) -> None:
        self.geocoder, self.corrections = geocoder, corrections

    def locate(self, addresses: pa.Table) -> pa.Table:
        """Return ANSWER for each address, in order."""
        targets = [*self._targets(addresses)]
        corrected = [at for at, target in enumerate(targets) if target is not None]
        if not corrected:
            return self.geocoder.locate(addresses)
        others = [at for at, target in enumerate(targets) if target is None]
        decided = answers.table([answer_of(target) for target in targets if target is not None])
        located = self.geocoder.locate(addresses.take(pa.array(others, pa.int64()))).cast(decided.schema)
        order = np.argsort([*corrected, *others], kind="stable")
        return pa.concat_tables([decided, located]).take(pa.array(order))

    def _targets(self, addresses: pa.Table) -> Iterator[Target | None]:
        columns = [addresses[name].fill_null("").to_pylist() for name in ("institution_id", *PARTS)]
        for number, *parts in zip(*columns, strict=True):
            yield self._by_text(parts) or self.corrections.institutions.get(bare_id(number) if number else "")

    def _by_text(self, parts: Sequence[str]) -> Target | None:
        """Return what is decided on the whole text, on the text without the country, or on the address column."""
        texts = self.corrections.texts
        if not texts:
            return None
        *local, country = parts
        key = text_key(text_of(local))
        return texts.get(key + _country_key(country)) or texts.get(key) or texts.get(text_key(parts[1]))


def answer_of(target: Target) -> Answer:
    """Return the answer that a correction gives."""
    if target == DROPPED:
        return Answer(None, None, None, EVIDENCE, CERTAIN_PM, correction_line=target.line)
    precision = "city" if target.geonames_id else "site"
    number = target.geonames_id or None
    place = target.lat_e7, target.lon_e7, precision
    line = target.line
    return Answer(*place, EVIDENCE, CERTAIN_PM, number, target.economy or None, correction_line=line)
