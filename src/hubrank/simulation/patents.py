"""Patents as PatentsView publishes them: one zip'd table each for patents, inventors, places, applicants, fields, PCT.

The study asks for utility patents that came through the PCT; designs and others stand in the tables as well.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from hubrank.core.sphere import E7, Ints
from hubrank.simulation.files import zipped
from hubrank.simulation.groups import EARLIER, FIRST_YEAR, OTHER_KIND, WITHDRAWN, Groups
from hubrank.simulation.organisations import applicants, company, fields
from hubrank.simulation.records import NOWHERE, Block, blocks
from hubrank.simulation.spellings import Portions, portions
from hubrank.simulation.stable_hash import even, hashed
from hubrank.simulation.truth import COORDINATES, NAME, SPELLING
from hubrank.simulation.writer_input import WriterInput

METRIC = "patents"
TABLES = {
    "g_patent": "patent_id patent_type patent_date patent_title wipo_kind num_claims withdrawn filename",
    "g_application": "application_id patent_id patent_application_type filing_date series_code rule_47_flag",
    "g_inventor_disambiguated": "patent_id inventor_sequence inventor_id disambig_inventor_name_first "
    "disambig_inventor_name_last gender_code location_id",
    "g_assignee_disambiguated": "patent_id assignee_sequence assignee_id disambig_assignee_individual_name_first "
    "disambig_assignee_individual_name_last disambig_assignee_organization assignee_type location_id",
    "g_wipo_technology": "patent_id wipo_field_sequence wipo_field_id wipo_sector_title wipo_field_title",
    "g_pct_data": "patent_id published_or_filed_date pct_371_date pct_102_date filed_country application_kind "
    "pct_doc_number pct_doc_type",
    "g_location_disambiguated": "location_id disambig_city disambig_state disambig_country latitude longitude county "
    "state_fips county_fips",
}
BY_NAME = 0.12  # of the inventors in a centre have no coordinates
IN_OTHER_WORDS = 0.05  # of those who may: another spelling or a typing error
NO_PLACES = ("", "SIM-L-none", "SIM-L-unknown")  # no place named, one without a name, one that is no place
INDIVIDUAL_EVERY = 50  # one patent in so many is applied for by a person


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The open tables, and what their rows refer to: `location` ids by site, form, and kind of no place."""

    file: dict[str, IO[bytes]]
    sites: Portions
    location: list[str]

    def write(self, name: str, rows: Iterable[Iterable[str]]) -> None:
        """Add rows in PatentsView's way: every value in quotes, tabs between."""
        self.file[name].write("".join('"' + '"\t"'.join(row) + '"\n' for row in rows).encode())


def write_patents(folder: Path, groups: Groups, common: WriterInput) -> None:
    """Write all tables of all patents."""
    with ExitStack() as stack:
        files = {name: stack.enter_context(zipped(folder / f"{name}.tsv.zip")) for name in TABLES}
        places = list(_locations(common))
        sites = portions(common.places.site_unit, common.places.weight_ppm)
        tables = Tables(files, sites, [*(row[0] for row in places[:-2]), *NO_PLACES])
        for name, columns in TABLES.items():
            tables.write(name, [columns.split()])
        tables.write("g_location_disambiguated", places)
        for block in blocks(groups, common.seed):
            ids = [f"SIM{number:08d}" for number in block.number.tolist()]
            _write_dates(tables, ids, block)
            _write_inventors(tables, ids, block, common)
            tables.write("g_wipo_technology", _technology(ids, block, common))
            tables.write("g_assignee_disambiguated", _assignees(ids, block, common))


def _locations(common: WriterInput) -> Iterator[list[str]]:
    """Yield the places: each site with its coordinates, each form of a city without, and two that are none."""
    places, forms = common.places, common.forms
    degrees = zip((places.lat_e7 / E7).tolist(), (places.lon_e7 / E7).tolist(), strict=True)
    for i, (lat, lon) in enumerate(degrees):
        city = [places.city[i], places.state[i], places.country[i]]
        yield [f"SIM-L-{i:06d}", *city, f"{lat:.5f}", f"{lon:.5f}", "", "", ""]
    for i, (form, site) in enumerate(zip(forms.form, forms.site.tolist(), strict=True), start=len(places.city)):
        state = places.state[site] if form.country else ""
        yield [f"SIM-L-{i:06d}", form.city, state, form.country, "", "", "", "", ""]
    yield [NO_PLACES[1], "", "", "", "", "", "", "", ""]
    yield [NO_PLACES[2], "-- not available --", "", "", "", "", "", "", ""]


def _write_inventors(tables: Tables, ids: list[str], block: Block, common: WriterInput) -> None:
    site = tables.sites.pick(np.maximum(block.unit, 0), block.spot)
    fraction = common.fractions(block, 1)
    form, other = common.wording(site, fraction, named=BY_NAME, varied=IN_OTHER_WORDS, typos=True)
    written = (form >= 0) & (block.plain | ~other)
    row = np.where(written, len(common.places.city) + form, site)
    row = np.where(block.unit == NOWHERE, len(tables.location) - 1 - block.turn % len(NO_PLACES), row)
    person = block.turn + np.maximum(block.unit, 0) * 1_000_003
    columns = (block.record.tolist(), block.order.tolist(), person.tolist(), row.tolist())
    tables.file["g_inventor_disambiguated"].write(
        "".join(
            f'"{ids[r]}"\t"{k}"\t"SIM-I-{p % 9_999_991}"\t"Simulated"\t"Inventor {p % 99_991}"\t""\t'
            f'"{tables.location[w]}"\n'
            for r, k, p, w in zip(*columns, strict=True)
        ).encode()
    )
    via = np.where(written, np.where(other, SPELLING, NAME), COORDINATES)
    common.truth.add(METRIC, ids, block, site, via)


def _write_dates(tables: Tables, ids: list[str], block: Block) -> None:
    """Write when each patent was filed, went through the PCT, and was granted: the year that counts."""
    index = np.where(block.status == EARLIER, -1 - block.serial % 3, block.year)
    years = (FIRST_YEAR[METRIC] + index).tolist()
    days = [f"{1 + n % 12:02d}-{1 + n % 28:02d}" for n in block.number.tolist()]
    fates = block.status.tolist()
    rows = list(zip(ids, years, days, fates, strict=True))
    tables.write(
        "g_patent",
        (
            [i, "design" if f == OTHER_KIND else "utility", f"{y}-{d}", f"Simulated invention {i}", "B2", "9", "0", ""]
            for i, y, d, f in rows
        ),
    )
    tables.write("g_application", ([f"{i}A", i, "16", f"{y - 2}-{d}", "16", ""] for i, y, d, _ in rows))
    tables.write(
        "g_pct_data",
        (
            [i, f"{y - 1}-{d}", f"{y - 2}-{d}", "", "WO", "A1", f"WO{i}", "wo_grant"]
            for i, y, d, f in rows
            if f not in {OTHER_KIND, WITHDRAWN}
        ),
    )


def _technology(ids: list[str], block: Block, common: WriterInput) -> Iterator[list[str]]:
    names, field = fields(common.places, METRIC, block.first, common.fraction(block.number, 2))
    for i, c in zip(ids, field.tolist(), strict=True):
        yield [i, "0", names[c]["id"], names[c]["sector"], names[c]["name"]]


def _assignees(ids: list[str], block: Block, common: WriterInput) -> Iterator[list[str]]:
    """Yield one company per unit of each patent, or a person."""
    places = common.places
    first = applicants(places, block.first, even(block.serial, hashed(block.first, common.seed + 3)))
    second = applicants(places, np.maximum(block.second, 0), common.fraction(block.number, 4))
    person = (block.second < 0) & (first > 0) & (block.number % INDIVIDUAL_EVERY == 1)
    columns: tuple[Ints, ...] = (block.number, block.first, block.second, first, second, person.astype(np.int64))
    for i, n, a, b, x, y, alone in zip(ids, *(column.tolist() for column in columns), strict=True):
        if alone:
            yield [i, "0", f"SIM-A-p{n}", "Simulated", f"Person {n}", "", "5", ""]
            continue
        yield [i, "0", f"SIM-A-{a}-{x}", "", "", company(places, a, x), "3", ""]
        if b >= 0:
            yield [i, "1", f"SIM-A-{b}-{y}", "", "", company(places, b, y), "3", ""]
