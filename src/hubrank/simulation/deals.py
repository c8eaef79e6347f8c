"""Venture-capital deals in the layout of Crunchbase's bulk export: funding rounds, and the organisations they fund."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from hubrank.simulation.files import written
from hubrank.simulation.groups import EARLIER, FIRST_YEAR, LOST, OTHER_KIND, WITHDRAWN, Groups
from hubrank.simulation.mixing import even, fraction, hashed
from hubrank.simulation.organisations import fields
from hubrank.simulation.places import Places, packaged
from hubrank.simulation.records import Block, blocks
from hubrank.simulation.truth import NAME, SPELLING, Witness
from hubrank.simulation.wording import Forms, spread
from hubrank.sphere import Ints

METRIC = "deals"
ROUNDS = (
    "uuid name type permalink cb_url rank created_at updated_at country_code state_code region city investment_type "
    "announced_on raised_amount_usd raised_amount raised_amount_currency_code post_money_valuation_usd "
    "post_money_valuation post_money_valuation_currency_code investor_count org_uuid org_name lead_investor_uuids"
).split()
ORGANIZATIONS = (
    "uuid name type permalink cb_url rank created_at updated_at legal_name roles domain homepage_url country_code "
    "state_code region city address postal_code status short_description category_list category_groups_list "
    "num_funding_rounds"
).split()
KINDS = ("seed", "series_a", "angel", "series_b", "pre_seed", "series_c")
OTHER_KINDS = {OTHER_KIND: "debt_financing", WITHDRAWN: "grant"}
ROUNDS_PER_COMPANY = 2
REPEATED_EVERY = 300  # one round in so many stands twice
IN_OTHER_WORDS = 0.1  # of the companies in a centre that is spelled in several ways
COMPANIES_AT_ONCE = 50_000


def write_deals(folder: Path, places: Places, groups: Groups, forms: Forms, witness: Witness, seed: int) -> None:
    """Write funding rounds and organisations."""
    offices = Offices(places, forms, seed)
    with written(folder / "organizations.csv") as file:
        file.write(_lines([ORGANIZATIONS]))
        for rows in _organizations(places, groups, offices, seed):
            file.write(_lines(rows))
    with written(folder / "funding_rounds.csv") as file:
        file.write(_lines([ROUNDS]))
        for block in blocks(groups, seed):
            ids = [f"SIM-R-{number:09d}" for number in block.number.tolist()]
            site, form = offices.locate(block.first, block.serial // ROUNDS_PER_COMPANY)
            file.write(_lines(_rounds(ids, block, form, offices)))
            via = np.where(form == forms.start[site], NAME, SPELLING)
            of = block.record
            witness.note(METRIC, ids, block, 1, places.lat_e7[site][of], places.lon_e7[site][of], via[of])


class Offices:
    """Where the companies are: always in a centre, and in words only."""

    def __init__(self, places: Places, forms: Forms, seed: int) -> None:
        self.places, self.forms, self.seed = places, forms, seed
        self.sites = spread(places.site_unit, places.deals)
        codes = {row["iso2"]: row["iso3"] for row in packaged("countries.csv")}
        self.words = [
            [codes.get(form.country, form.country), places.state[site], places.region[site], form.city]
            for form, site in zip(forms.form, forms.site.tolist(), strict=True)
        ]

    def locate(self, unit: Ints, company: Ints) -> tuple[Ints, Ints]:
        """Return the site of each company of each unit, and the form in which its city is written."""
        site = self.sites.pick(unit, even(company, hashed(unit, self.seed + 6)))
        lot = fraction(unit * 10_000_019 + company, self.seed + 7)
        other = self.forms.choose(site, lot / IN_OTHER_WORDS, varied=True)
        varied = (lot < IN_OTHER_WORDS) & (self.forms.sure[other] == 1)
        return site, np.where(varied, other, self.forms.start[site])


def _lines(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _rounds(ids: list[str], block: Block, form: Ints, offices: Offices) -> Iterator[list[str]]:
    year = FIRST_YEAR[METRIC] + np.where(block.fate == EARLIER, -1 - block.serial % 3, block.year)
    columns = (block.number, year, block.first, block.serial, block.fate, form)
    for i, n, y, unit, serial, fate, w in zip(ids, *(column.tolist() for column in columns), strict=True):
        place = ["", "", "", ""] if fate == LOST else offices.words[w]
        company = f"{unit}-{serial // ROUNDS_PER_COMPANY}"
        org = "" if fate == LOST else f"SIM-O-{company}"
        kind = OTHER_KINDS.get(fate, KINDS[n % len(KINDS)])
        day = f"{y}-{1 + n % 12:02d}-{1 + n % 28:02d}"
        row = [
            *(i, f"{kind} - Simulated Venture {company}", "funding_round", i.lower(), "", str(n), day, "2025-06-30"),
            *(*place, kind, day, "", "", "", "", "", "", "1", org, f"Simulated Venture {company}", ""),
        ]
        yield row
        if n % REPEATED_EVERY == 5:
            yield row


def _organizations(places: Places, groups: Groups, offices: Offices, seed: int) -> Iterator[list[list[str]]]:
    """Yield the companies, some thousands at a time."""
    rounds = np.bincount(groups.first, groups.count, places.units).astype(np.int64)
    companies = -(-rounds // ROUNDS_PER_COMPANY)
    ends = np.cumsum(companies)
    for low in range(0, int(ends[-1]), COMPANIES_AT_ONCE):
        number = np.arange(low, min(low + COMPANIES_AT_ONCE, int(ends[-1])))
        unit = np.searchsorted(ends, number, side="right")
        own = number - (ends - companies)[unit]
        _, form = offices.locate(unit, own)
        known, chosen = fields(places, METRIC, unit, fraction(number, seed + 8), seed)
        columns = (unit.tolist(), own.tolist(), form.tolist(), chosen.tolist())
        yield [_organization(u, c, offices.words[w], known[f]) for u, c, w, f in zip(*columns, strict=True)]


def _organization(unit: int, company: int, place: list[str], field: dict[str, str]) -> list[str]:
    name = f"Simulated Venture {unit}-{company}"
    return [
        *(f"SIM-O-{unit}-{company}", name, "organization", name.lower().replace(" ", "-"), "", "", "2019-01-01", "2025-06-30"),
        *(name, "company", "", "", *place, "", "", "operating", "Simulated.", field["name"], field["sector"], ""),
    ]
