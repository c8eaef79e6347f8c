"""On a phone nothing is cut without a sign of it, and names break between words."""

from hubrank.analysis.comparison.trends import Trend
from hubrank.publishing.series_chart import series_chart
from hubrank.publishing.site import bundle
from hubrank.publishing.site.series_page import series_page

PHONE = {"width": 400, "height": 900}
NAMES = ("San Jose–San Francisco, CA", "Washington, DC", "Boston–Cambridge, MA")
BROKEN_WORDS = """cells => cells.flatMap(cell => [...cell.firstChild.data.matchAll(/[^\\s–]+–?/g)].filter(word => {
    const range = document.createRange();
    range.setStart(cell.firstChild, word.index);
    range.setEnd(cell.firstChild, word.index + word[0].length);
    return range.getClientRects().length > 1;
}).map(word => word[0]))"""


def test_the_chart_of_a_series_scrolls_under_a_shadow_and_names_break_between_words(tmp_path, opened):
    years = [str(year) for year in range(2007, 2014)]
    none, shares = (None,) * 7, {"deals": (None,) * 7}
    lines = [Trend(name, "US", (at,) * 7, ((1, 30),) * 7, none, shares) for at, name in enumerate(NAMES, 1)]
    page = series_page("A test", years, lines, {"deals": "deals"}, series_chart(lines, years))
    (tmp_path / "series.html").write_bytes(page)
    phone = opened((tmp_path / "series.html").as_uri(), viewport=PHONE)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 400
    box = phone.locator(".drawn")
    assert box.evaluate("each => each.scrollWidth > each.clientWidth")
    assert "gradient" in box.evaluate("each => getComputedStyle(each, '::after').backgroundImage")
    assert phone.locator("td:first-child").evaluate_all(BROKEN_WORDS) == []


def test_a_reason_that_a_row_of_the_list_has_no_room_for_ends_in_an_ellipsis(tmp_path, opened):
    reason = "△ from 12 (may be chance): new records; against it: new boundaries or clusters, and new methods"
    parts = {"r": "1", "c": "A", "s": "", "i": "possible: 4–56", "m": f"<span>{reason}</span>"}
    cells = "".join(f'<td class="{name}">{text}</td>' for name, text in parts.items())
    row = f'<table class="ranking"><tbody><tr>{cells}</tr></tbody></table>'
    style = f'<meta name="viewport" content="width=device-width"><style>{bundle.source("site.css")}</style>'
    (tmp_path / "list.html").write_text(f'<!DOCTYPE html>{style}<body class="explore">{row}</body>', "utf-8")
    phone = opened((tmp_path / "list.html").as_uri(), viewport=PHONE)
    cell = phone.locator(".m")
    assert cell.evaluate("each => each.scrollHeight > each.clientHeight")
    assert cell.evaluate("each => [getComputedStyle(each).webkitLineClamp, each.clientHeight]") == ["2", 30]
