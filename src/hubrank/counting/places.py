"""Where the addresses of a shard are: its listings hold the address, and are at its place."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hubrank.core.parquet import read_file
from hubrank.core.sphere import Ints


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The addresses of a shard that are located.

    key : int64, ascending; lat_e7, lon_e7 : int64, where each is; economy : string, in which, null where in none.
    """

    key: Ints
    lat_e7: Ints
    lon_e7: Ints
    economy: pa.Array

    @classmethod
    def of(cls, addresses: Path) -> "Places":
        """Read the addresses of a shard."""
        rows = read_file(addresses, ["address_key", "lat_e7", "lon_e7", "economy"])
        rows = rows.filter(pc.is_valid(rows["lat_e7"])).sort_by("address_key")
        key, lat_e7, lon_e7 = (rows[name].to_numpy() for name in ("address_key", "lat_e7", "lon_e7"))
        return cls(key, lat_e7, lon_e7, rows["economy"].combine_chunks())

    def rows(self, keys: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """Return the row of each address here, 0 where it has none, and whether it has one."""
        row = pc.index_in(pa.array(keys), value_set=pa.array(self.key))  # a search in order takes eight times as long
        here = np.ones(len(keys), bool) if not row.null_count else pc.is_valid(row).to_numpy(zero_copy_only=False)
        return pc.fill_null(row, 0).to_numpy().astype(np.int64), here

    def located(self, rows: pa.Table, among: NDArray[np.bool_]) -> pa.Table:
        """Return the rows among some whose address is located, with its row here as `place`."""
        row, here = self.rows(rows["address_key"].to_numpy())
        here = here & among
        located, row = (rows, row) if here.all() else (rows.filter(pa.array(here)), row[here])
        return located.append_column("place", pa.array(row))
