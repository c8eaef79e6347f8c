"""Patents as PatentsView publishes them: one zip'd table each for patents, inventors, places, applicants, fields, PCT."""

from contextlib import ExitStack
from pathlib import Path
from typing import IO

import numpy as np

from hubrank.simulation.files import zipped
from hubrank.simulation.groups import EARLIER, FIRST_YEAR, OTHER_KIND, Groups
from hubrank.simulation.mixing import even, fraction, hashed
from hubrank.simulation.organisations import applicants, company, fields
from hubrank.simulation.places import Places
from hubrank.simulation.records import NOWHERE, Block, blocks
from hubrank.simulation.truth import COORDINATES, NAME, SPELLING, Witness
from hubrank.simulation.wording import Forms, Spread, spread
from hubrank.sphere import E7, Ints

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
BY_NAME = 0.12  # of the listings in a centre have no coordinates
IN_OTHER_WORDS = 0.08  # of those that may: another spelling or a typing error
NOWHERE_IDS = ("", "SIM-L-nowhere-1", "SIM-L-nowhere-2")  # no place named; one without a name; one that is no place


def write_patents(folder: Path, places: Places, groups: Groups, forms: Forms, witness: Witness, seed: int) -> None:
    """Write all tables of all patents."""
    with ExitStack() as stack:
        out: dict[str, IO[bytes]] = {}
        for name, columns in TABLES.items():
            out[name] = stack.enter_context(zipped(folder / f"{name}.tsv.zip"))
            out[name].write(_lines([columns.split()]))
        locations = _write_locations(out["g_location_disambiguated"], places, forms)
        sites = spread(places.site_unit, places.weight)
        for block in blocks(groups, seed):
            ids = [f"SIM{number:08d}" for number in block.number.tolist()]
            _write_records(out, ids, block, places, seed)
            _write_inventors(out, ids, block, places, forms, sites, locations, witness, seed)


def _lines(rows: list[list[str]]) -> bytes:
    """Return rows in PatentsView's way: every value in quotes, tabs between."""
    return "".join('"' + '"\t"'.join(row) + '"\n' for row in rows).encode()


def _write_locations(file: IO[bytes], places: Places, forms: Forms) -> list[str]:
    """Write the places: each site with its coordinates, then each form of a city without; return their ids."""
    rows = [
        [f"SIM-L-{i:06d}", places.city[i], places.state[i], places.country[i], f"{lat / E7:.6g}", f"{lon / E7:.7g}", "", "", ""]
        for i, (lat, lon) in enumerate(zip(places.lat_e7.tolist(), places.lon_e7.tolist(), strict=True))
    ]
    for i, (form, site) in enumerate(zip(forms.form, forms.site.tolist(), strict=True), start=len(rows)):
        state = places.state[site] if form.country else ""
        rows.append([f"SIM-L-{i:06d}", form.city, state, form.country, "", "", "", "", ""])
    nowhere = [[NOWHERE_IDS[1], *[""] * 8], [NOWHERE_IDS[2], "-- not available --", *[""] * 7]]
    file.write(_lines([*rows, *nowhere]))
    return [row[0] for row in rows]


def _write_inventors(
    out: dict[str, IO[bytes]], ids: list[str], block: Block, places: Places, forms: Forms, sites: Spread,
    locations: list[str], witness: Witness, seed: int,
) -> None:
    site = sites.pick(np.maximum(block.unit, 0), block.spot)
    lot = fraction(block.number[block.record] * 8 + block.order, seed + 1)
    centre = (places.centre[site] == 1) & (block.unit != NOWHERE)
    named = centre & (lot < BY_NAME)
    varied = centre & block.plain & (forms.count[site] > 1) & (lot > 1 - IN_OTHER_WORDS)
    spot = np.where(varied, (lot - 1) / IN_OTHER_WORDS + 1, 0)
    row = np.where(named, len(places.city) + forms.choose(site, spot, varied=False), site)
    row = np.where(varied, len(places.city) + forms.choose(site, spot, varied=True), row)
    via = np.where(varied, SPELLING, np.where(named, NAME, COORDINATES))
    lost = block.unit == NOWHERE
    row = np.where(lost, len(locations) + (block.turn % len(NOWHERE_IDS)), row)
    where = [*locations, *NOWHERE_IDS]
    person = block.turn + block.unit * 1_000_003
    out["g_inventor_disambiguated"].write(
        "".join(
            f'"{ids[r]}"\t"{k}"\t"SIM-I-{p % 9_999_991}"\t"Simulated"\t"Inventor {p % 99_991}"\t""\t"{where[w]}"\n'
            for r, k, p, w in zip(block.record.tolist(), block.order.tolist(), person.tolist(), row.tolist(), strict=True)
        ).encode()
    )
    witness.note(METRIC, ids, block, 0, places.lat_e7[site], places.lon_e7[site], via)


def _write_records(out: dict[str, IO[bytes]], ids: list[str], block: Block, places: Places, seed: int) -> None:
    outside = FIRST_YEAR[METRIC] - 1 - block.serial % 3
    year = (FIRST_YEAR[METRIC] + block.year).tolist()
    early = np.where(block.fate >= OTHER_KIND, outside, 0).tolist()
    years = [b or a for a, b in zip(year, early, strict=True)]
    day = [f"{1 + n % 28:02d}" for n in block.number.tolist()]
    out["g_patent"].write(
        _lines([[i, "utility", f"{y}-12-{d}", f"Simulated invention {i}", "B2", "10", "0", "simulated"] for i, y, d in zip(ids, years, day, strict=True)])
    )
    out["g_application"].write(_lines([[f"{i}A", i, "16", f"{y}-01-{d}", "16", ""] for i, y, d in zip(ids, years, day, strict=True)]))
    out["g_pct_data"].write(
        _lines([[i, f"{y}-06-{d}", f"{y}-01-{d}", "", "SIM", "A1", f"WO{i}", "wo_grant"] for i, y, d in zip(ids, years, day, strict=True)])
    )
    _write_technology(out["g_wipo_technology"], ids, block, places, seed)
    _write_applicants(out["g_assignee_disambiguated"], ids, block, places, seed)


def _write_technology(file: IO[bytes], ids: list[str], block: Block, places: Places, seed: int) -> None:
    known, chosen = fields(places, METRIC, block.first, fraction(block.number, seed + 2), seed)
    file.write(_lines([[i, "0", f["id"], f["sector"], f["name"]] for i, f in zip(ids, (known[c] for c in chosen.tolist()), strict=True)]))


def _write_applicants(file: IO[bytes], ids: list[str], block: Block, places: Places, seed: int) -> None:
    rows: list[list[str]] = []
    spot = even(block.serial, hashed(block.first, seed + 3))
    first = applicants(places, block.first, spot).tolist()
    second = applicants(places, np.maximum(block.second, 0), fraction(block.number, seed + 4)).tolist()
    alone = (block.second < 0).tolist()
    for i, n, a, b, x, y, one in zip(ids, block.number.tolist(), block.first.tolist(), block.second.tolist(), first, second, alone, strict=True):
        if n % 50 == 1 and one and x > 0:
            rows.append([i, "0", f"SIM-A-p{n}", "Simulated", f"Person {n}", "", "5", ""])
            continue
        rows.append([i, "0", f"SIM-A-{a}-{x}", "", "", company(places, a, x), "3", ""])
        if not one:
            rows.append([i, "1", f"SIM-A-{b}-{y}", "", "", company(places, b, y), "3", ""])
    file.write(_lines(rows))
