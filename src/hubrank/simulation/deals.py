"""Venture-capital deals in the layout of Crunchbase's bulk export: funding rounds, and the organisations they fund."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from hubrank.core.files import atomic_file
from hubrank.core.sphere import Ints
from hubrank.simulation.groups import EARLIER, FIRST_YEAR, LOST, OTHER_KIND, WITHDRAWN, Groups
from hubrank.simulation.organisations import fields
from hubrank.simulation.packaged import countries
from hubrank.simulation.records import Block, blocks
from hubrank.simulation.spellings import portions
from hubrank.simulation.stable_hash import even, hashed
from hubrank.simulation.truth import NAME, SPELLING
from hubrank.simulation.writer_input import WriterInput

METRIC = "deals"
ROUNDS = (
    "uuid name type permalink cb_url rank created_at updated_at country_code state_code region city investment_type "
    "announced_on raised_amount_usd raised_amount raised_amount_currency_code post_money_valuation_usd "
    "post_money_valuation post_money_valuation_currency_code investor_count org_uuid org_name lead_investor_uuids"
)
ORGANIZATIONS = (
    "uuid name type permalink cb_url rank created_at updated_at legal_name roles domain homepage_url country_code "
    "state_code region city address postal_code status short_description category_list category_groups_list "
    "num_funding_rounds"
)
KINDS = ("seed", "series_a", "angel", "series_b", "pre_seed", "series_c")
OTHER_KINDS = {OTHER_KIND: "debt_financing", WITHDRAWN: "grant"}
ROUNDS_PER_COMPANY = 2
REPEATED_EVERY = 300  # one round in so many stands twice
IN_OTHER_WORDS = 0.1  # of the companies in a centre that is spelled in several ways
COMPANIES_AT_ONCE = 50_000


def write_deals(folder: Path, groups: Groups, common: WriterInput) -> None:
    """Write funding rounds and organisations."""
    offices = Offices(common)
    with atomic_file(folder / "organizations.csv") as file:
        file.write(_lines([ORGANIZATIONS.split()]))
        for rows in _organizations(groups, offices):
            file.write(_lines(rows))
    with atomic_file(folder / "funding_rounds.csv") as file:
        file.write(_lines([ROUNDS.split()]))
        for block in blocks(groups, common.seed):
            ids = [f"SIM-R-{number:09d}" for number in block.number.tolist()]
            site, form = offices.locate(block.first, block.serial // ROUNDS_PER_COMPANY)
            file.write(_lines(_rounds(ids, block, form, offices)))
            via = np.where(form == common.forms.start[site], NAME, SPELLING)
            common.truth.add(METRIC, ids, block, site[block.record], via[block.record])


class Offices:
    """Where the companies are: always in a centre, and in words only."""

    def __init__(self, common: WriterInput) -> None:
        self.common = common
        places, forms = common.places, common.forms
        self.sites = portions(places.site_unit, places.deals_ppm)
        codes = countries("iso3")
        self.words = [
            [codes.get(form.country, form.country), places.state[site], places.region[site], form.city]
            for form, site in zip(forms.form, forms.site.tolist(), strict=True)
        ]

    def locate(self, unit: Ints, company: Ints) -> tuple[Ints, Ints]:
        """Return the site of each company of each unit, and the form in which its city is written."""
        common = self.common
        site = self.sites.pick(unit, even(company, hashed(unit, common.seed + 6)))
        fraction = common.fraction(unit * 10_000_019 + company, 7)
        return site, common.wording(site, fraction, named=1, varied=IN_OTHER_WORDS, typos=False)[0]


def _lines(rows: Iterable[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _rounds(ids: list[str], block: Block, form: Ints, offices: Offices) -> Iterator[list[str]]:
    year = FIRST_YEAR[METRIC] + np.where(block.status == EARLIER, -1 - block.serial % 3, block.year)
    columns = (block.number, year, block.first, block.serial, block.status, form)
    for i, n, y, unit, serial, status, w in zip(ids, *(column.tolist() for column in columns), strict=True):
        place = ["", "", "", ""] if status == LOST else offices.words[w]
        company = f"{unit}-{serial // ROUNDS_PER_COMPANY}"
        org = "" if status == LOST else f"SIM-O-{company}"
        kind = OTHER_KINDS.get(status, KINDS[n % len(KINDS)])
        day = f"{y}-{1 + n % 12:02d}-{1 + n % 28:02d}"
        row = [
            *(i, f"{kind} - Simulated Venture {company}", "funding_round", i.lower(), "", str(n), day, "2025-06-30"),
            *(*place, kind, day, "", "", "", "", "", "", "1", org, f"Simulated Venture {company}", ""),
        ]
        yield row
        if n % REPEATED_EVERY == 5:
            yield row


def _organizations(groups: Groups, offices: Offices) -> Iterator[list[list[str]]]:
    """Yield the companies, some thousands at a time."""
    common = offices.common
    rounds = np.bincount(groups.first, groups.count, common.places.units).astype(np.int64)
    companies = -(-rounds // ROUNDS_PER_COMPANY)
    ends = np.cumsum(companies)
    for low in range(0, int(ends[-1]), COMPANIES_AT_ONCE):
        number = np.arange(low, min(low + COMPANIES_AT_ONCE, int(ends[-1])))
        unit = np.searchsorted(ends, number, side="right")
        company = number - (ends - companies)[unit]
        _, form = offices.locate(unit, company)
        names, field = fields(common.places, METRIC, unit, common.fraction(number, 8))
        columns = (unit.tolist(), company.tolist(), form.tolist(), field.tolist())
        yield [_organization(u, c, offices.words[w], names[f]) for u, c, w, f in zip(*columns, strict=True)]


def _organization(unit: int, company: int, place: list[str], field: dict[str, str]) -> list[str]:
    name, permalink = f"Simulated Venture {unit}-{company}", f"simulated-venture-{unit}-{company}"
    return [
        *(f"SIM-O-{unit}-{company}", name, "organization", permalink, "", "", "2019-01-01", "2025-06-30"),
        *(name, "company", "", "", *place, "", "", "operating", "Simulated.", field["name"], field["sector"], ""),
    ]
