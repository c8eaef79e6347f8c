"""How large the sources of a new study are, and which window and threshold suit them."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.compute as pc

from hubrank import sources
from hubrank.analysis.sampled_rows import distinct
from hubrank.core.errors import DataError
from hubrank.sources.inputs import Inputs
from hubrank.sources.ledger import RowLedger
from hubrank.study.columns import ColumnFrom
from hubrank.study.sections import SourceSection
from hubrank.study.study import Study
from hubrank.study.values import Window

WHOLE_MB = 200  # sources up to this size are read whole, of larger ones the first rows
FIRST_ROWS = 20_000
SHOWN_ROWS = 3  # that cannot be used
PUBLISHED_LISTINGS, PUBLISHED_THRESHOLD, PUBLISHED_PPM = 30_000_000, 4_500, 150  # the published method
SMALLEST = 3  # listings: two at one place are no concentration
SHORT_WINDOW = 5  # years
RARE = 0.01  # of the rows of the largest year: a year of so few is a typing error
FEW_LISTINGS = 50_000  # below them all years are needed
SAME_SHARE = f"the share of the published method ({PUBLISHED_THRESHOLD:,} of {PUBLISHED_LISTINGS // 10**6} million)"
SMALL = (
    f"for {{listings:,}} listings the share of the published method ({PUBLISHED_PPM} per million) is {{share:,.1f}}, "
    f"which is no concentration, and its number ({PUBLISHED_THRESHOLD:,}) is too large; between them, "
    f"{PUBLISHED_THRESHOLD:,} × (listings / {PUBLISHED_LISTINGS // 10**6} million)^(2/3), at least {SMALLEST}"
)


@dataclass(slots=True)
class Size:
    """What was read of one source.

    listings : that are in scope. undated : rows of them without a year. aside : rows that cannot be used, by reason.
    whole : whether all of it was read. most_aside_pct : above which a run stops.
    """

    rows: int = 0
    listings: int = 0
    undated: int = 0
    aside: dict[str, int] = field(default_factory=dict)
    most_aside_pct: float = 5
    years: Counter[int] = field(default_factory=Counter)
    whole: bool = True


def sizes(study: Study, base: Path) -> list[Size]:
    """Return the size of each source of a study. Raises DataError where a source cannot be read."""
    inputs = Inputs(study, base)
    return [_size(study, inputs, number) for number in range(len(study.sources))]


def in_windows(study: Study, base: Path, of_sources: list[Size]) -> list[Size]:
    """Return the sizes within the windows of a study: a run sets aside rows without a year, as many totals are.

    of_sources : the sizes without windows. What has only years of its window is not read again.
    """
    inputs = Inputs(study, base)
    windows = [study.windows.get(section.metric) for section in study.sources]
    return [
        _size(study, inputs, number) if window and _goes_beyond(size, window) else size
        for number, (size, window) in enumerate(zip(of_sources, windows, strict=True))
    ]


def _goes_beyond(size: Size, window: Window) -> bool:
    return size.undated > 0 or any(not window[0] <= year <= window[1] for year in size.years)


def _size(study: Study, inputs: Inputs, number: int) -> Size:
    section = study.sources[number]
    window = study.windows.get(section.metric)
    source = sources.find(section.reader)
    files = inputs.files(number, section, source)
    small = sum(path.stat().st_size for path in files.main) <= WHOLE_MB << 20
    ledger, size = RowLedger(), Size()
    for batch in sources.tables(source, section.reader, files, sources.parse_options(source, section, window), ledger):
        size.listings += pc.sum(distinct(batch)["count_max"]).as_py() or 0
        size.years.update(batch["year"].drop_null().to_pylist())
        size.undated += batch["year"].null_count
        if not small and ledger.rows_read >= FIRST_ROWS:
            size.whole = False
            break
    size.rows, size.aside, size.most_aside_pct = ledger.rows_read, ledger.reasons(), section.max_set_aside_pct
    if len(ledger.aside) > ledger.rows_read * section.max_set_aside_pct / 100:
        reason = next(iter(ledger.reasons()))
        raise DataError(
            f"{', '.join(path.name for path in files.main[:3])}: {len(ledger.aside):,} of {ledger.rows_read:,} rows "
            f"cannot be used ({reason}); a run stops above {section.max_set_aside_pct:g} %. The first of them: "
            f"{_first_faults(ledger, section, reason)}. Correct the file, or write a study of your own: "
            f"options.missing names words for no value, max_set_aside_pct is that limit (docs/study.md)."
        )
    return size


def _first_faults(ledger: RowLedger, section: SourceSection, reason: str) -> str:
    """Return the first rows that were set aside for a reason: file, row, column and value."""
    rows = []
    for file, row, _, name, value in [fault for fault in ledger.aside if fault[2] == reason][:SHOWN_ROWS]:
        where = section.columns.get(name)
        column = where if isinstance(where, str) else where.from_ if isinstance(where, ColumnFrom) else None
        of_column = f", column {column!r}" if column else ""
        rows.append(f"{file}:{row:,}{of_column}{'' if value is None else f', {value!r}'}")
    return "; ".join(rows)


def window(size: Size) -> tuple[Window, str] | None:
    """Return first and last year of a source, and why; None where too many rows have none, as a window needs them."""
    if not size.years or 100 * size.undated > size.most_aside_pct * size.rows:
        return None
    usual = [year for year, rows in size.years.items() if rows >= RARE * max(size.years.values())]
    if size.whole and size.listings < FEW_LISTINGS:
        first, last = _joined(sorted(size.years), set(usual))
        lone = {year: rows for year, rows in sorted(size.years.items()) if not first <= year <= last}
        few = sum(lone.values())
        but = (
            f" but {', '.join(map(str, lone))} ({few:,} listing{'s' * (few > 1)}, far from the others)" if lone else ""
        )
        return (first, last), f"all its years{but}, as it has fewer than {FEW_LISTINGS:,} listings"
    last = max(usual)
    return (max(min(usual), last - SHORT_WINDOW + 1), last), f"the last {SHORT_WINDOW} years in the rows that were read"


def _joined(years: list[int], usual: set[int]) -> Window:
    """Return first and last of the years that lie no further than SHORT_WINDOW from the next, and the usual."""
    first, last = min(usual), max(usual)
    for year in reversed(years):
        first = year if first - SHORT_WINDOW <= year < first else first
    for year in years:
        last = year if last < year <= last + SHORT_WINDOW else last
    return first, last


def threshold(of_sources: list[Size]) -> tuple[str, str]:
    """Return the threshold as a line of the study, and how it was computed."""
    listings = sum(size.listings for size in of_sources)
    if not listings or not all(size.whole for size in of_sources):
        return f"min_share_ppm = {PUBLISHED_PPM}", SAME_SHARE
    share = PUBLISHED_PPM * listings / 10**6
    if share >= PUBLISHED_THRESHOLD / 10:
        return f"min_share_ppm = {PUBLISHED_PPM}", f"{SAME_SHARE}, here {share:,.0f} listings"
    number = max(SMALLEST, round(PUBLISHED_THRESHOLD * (listings / PUBLISHED_LISTINGS) ** (2 / 3)))
    return f"min_listings = {number}", SMALL.format(listings=listings, share=share)
