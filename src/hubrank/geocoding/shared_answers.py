"""Answers that the processes of one run share through a folder: each of them locates a part of the addresses."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.hashing import hashes
from hubrank.core.tables import ANSWER_SCHEMA, Geocoder
from hubrank.geocoding.answers import are_coordinates
from hubrank.geocoding.places import address_keys

PARTS = 64  # of all addresses, by hash
FEW = 2_000  # addresses are located sooner than looked up
_KEYED = ANSWER_SCHEMA.append(pa.field("key", pa.string()))


class SharedAnswers:
    """Asks a geocoder for the parts of addresses that no other process has taken; takes over the answers of others.

    Nobody waits: a part that another process is still locating at the end is located here as well.

    geocoder : whose answer to an address depends on nothing but that address.
    folder : of one run and the settings of one geocoder, which its processes see.
    """

    name = "shared answers"

    def __init__(self, geocoder: Geocoder, folder: Path) -> None:
        self._geocoder, self._folder = geocoder, folder
        folder.mkdir(parents=True, exist_ok=True)

    def locate(self, addresses: pa.Table) -> pa.Table:
        """Return ANSWER for each address, in order."""
        if len(addresses) < FEW or are_coordinates(addresses):
            return self._geocoder.locate(addresses)
        keys = address_keys(addresses)
        number = hashes(keys) % PARTS
        parts = {part: pa.array(np.flatnonzero(number == part)) for part in range(PARTS)}
        for part, rows in parts.items():
            if self._takes(part):
                self._publish(part, self._located(addresses.take(rows), keys.take(rows)))
        answers = [self._answers(part, addresses.take(rows), keys.take(rows)) for part, rows in parts.items()]
        answered = pa.concat_tables(answers)
        rest = pc.indices_nonzero(pc.invert(pc.is_in(keys, answered["key"])))  # they were in no file of the others
        all_ = pa.concat_tables([answered, self._located(addresses.take(rest), keys.take(rest))])
        return all_.take(pc.index_in(keys, all_["key"])).select(ANSWER_SCHEMA.names)

    def _answers(self, part: int, addresses: pa.Table, keys: pa.ChunkedArray) -> pa.Table:
        """Return Table[ANSWER, key] as it is published; where another process has not finished it, as located here."""
        published = self._published(part)
        return self._located(addresses, keys) if published is None else published

    def _located(self, addresses: pa.Table, keys: pa.ChunkedArray) -> pa.Table:
        return self._geocoder.locate(addresses).cast(ANSWER_SCHEMA).append_column("key", keys)

    def _takes(self, part: int) -> bool:
        """Say whether this process is the first to come to a part."""
        try:
            (self._folder / f"{part}.taken").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def _publish(self, part: int, answers: pa.Table) -> None:
        draft = self._folder / f"{part}.draft"
        with pa.OSFile(str(draft), "wb") as file, pa.ipc.new_file(file, _KEYED) as writer:
            writer.write_table(answers)
        draft.replace(self._folder / f"{part}.arrow")

    def _published(self, part: int) -> pa.Table | None:
        """Return Table[ANSWER, key] of a part; None where another process has not finished it."""
        try:
            with pa.OSFile(str(self._folder / f"{part}.arrow")) as file:
                return pa.ipc.open_file(file).read_all()
        except FileNotFoundError:
            return None
