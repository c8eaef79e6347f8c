"""The study files of the demonstration world, and the words that say it is simulated."""

from hubrank.simulation.places import LEVEL_PPM

NOTICE = """\
SIMULATED. Nothing in this folder was observed.

hubrank made these records to demonstrate and test itself: no patent, publication, deal, person, institution or company
in them exists. Names and ids say so (SIM, Simulated). They are spread over real cities so that the totals of the
leading clusters resemble published figures. Never cite them, and never mix them with real records.
"""

README = """\
# What was planted (simulated)

The pipeline never reads this folder. It holds the answer that it should find.

| file | one row is |
|---|---|
| `clusters.parquet` | one planted cluster or decoy, edition and metric: `records` planted and locatable, of `world_records`; `basis` says whether the share follows a published figure or was chosen by us, `rank_basis` the same of the rank |
| `places.parquet` | one site: its unit (a cluster, a decoy below the threshold, or noise), city and coordinates, its part of the unit in millionths |
| `listings.parquet` | one inventor, author or company: its record and number there, where it was planted, its part of the record in units of 1e-9, and `via`, what the raw file gives to find it by; without coordinates where nothing does |

A `spelling` (another language, a post code, a typing error, no country) stands only where other listings of the same
record and place are plain, or where the exact words are in gazetteers: a record counts the same whether it is found or not.
"""

_STUDY = """\
# SIMULATED: see raw/SIMULATED.txt. {why}
title = "Simulated innovation clusters {edition}"
edition = "{edition}"
synthetic = true

[windows]
patents = [{patents}]
publications = [{publications}]
deals = [{deals}]

[[sources]]
metric = "patents"
reader = "patentsview"
[sources.files]
{patentsview}

[[sources]]
metric = "publications"
reader = "openalex"
files = {{ works = "raw/openalex/works/*/*.gz", institutions = "raw/openalex/institutions/*/*.gz" }}

[[sources]]
metric = "deals"
reader = "crunchbase"
files = {{ rounds = "raw/crunchbase/funding_rounds.csv", organizations = "raw/crunchbase/organizations.csv" }}

[geocoding]
steps = ["given", "institution", "gazetteer"]

[points]
round_deg = 0.01

[clusters]
radius_km = 15
min_share_ppm = {level}
metrics = [{density}]

[merging]
gap_km = 5
strongest_link = true

[ranking]
weights = {{ patents = 1, publications = 1, deals = {weight} }}
top = 100

[robustness]
seed = {seed}
draws = 10000
radius_km = [10, 12, 15, 18, 20]
"""

_COMPARE = """
[compare]
previous = "2024/edition.json"
"""

_TABLES = {
    "patents": "g_patent",
    "applications": "g_application",
    "inventors": "g_inventor_disambiguated",
    "locations": "g_location_disambiguated",
    "assignees": "g_assignee_disambiguated",
    "technology": "g_wipo_technology",
    "pct": "g_pct_data",
}


def studies(seed: int) -> dict[str, str]:
    """Return the study files by name, the older first."""
    tables = "\n".join(f'{role} = "raw/patentsview/{name}.tsv.zip"' for role, name in _TABLES.items())
    fixed = {"patentsview": tables, "level": LEVEL_PPM, "seed": seed}
    older = _STUDY.format(
        **fixed,
        edition="2024",
        why="Two metrics: deals are read, weigh nothing and make no density.",
        patents="2019, 2023",
        publications="2018, 2022",
        deals="2019, 2023",
        density='"patents", "publications"',
        weight=0,
    )
    newer = _STUDY.format(
        **fixed,
        edition="2025",
        why="Three metrics of equal weight.",
        patents="2020, 2024",
        publications="2019, 2023",
        deals="2020, 2024",
        density='"patents", "publications", "deals"',
        weight=1,
    )
    return {"2024.toml": older, "2025.toml": newer + _COMPARE}
