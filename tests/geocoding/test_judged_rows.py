"""200 rows of half B that a person judged from the text alone, before the answers were seen."""

import csv
import hashlib
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from hubrank import geocoding
from hubrank.core.sphere import ONE_PLACE_KM, distance_km
from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding.gazetteer import gazetteer

pytestmark = pytest.mark.shared
JUDGED = Path(__file__).with_name("judged_rows.csv")
MOST_ELSEWHERE, MOST_WITHOUT_PLACE = 4, 4  # rows of 200: what was measured (bench/README.md)


@pytest.fixture(scope="module")
def texts(shared, ror):
    """Return the rows of the files as addresses, by hash."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parents[2] / "bench"))
        import geocoding as bench
        import places_rows

        patch.setattr(bench, "SHARED", shared / "data")
        patch.setattr(bench, "ROR", ror)
        rows = [row.address for name in ("springer", "logs") for row in places_rows.affiliations(name)]
        rows += [{"institution": text} for text in bench.affiliations()]
        rows += [row.address for row in bench.offices()] + [row for pair in bench.typos() for row in pair]
        rows += [row.address for us in (True, False) for row in bench.totals(us=us)]
        for city, state in places_rows.companies():
            rows += [{"address": f"{city}, {state}, USA"}, {"address": f"{city}, {state}"}, {"address": f"{city}, USA"}]
        resolver = geocoding.resolver_for(geocoding.Settings(institutions=(bench.ROR,)))
    by_hash = {}
    for row in rows:
        for form in (row, {name: text for name, text in row.items() if text}):
            text = json.dumps(form, sort_keys=True, ensure_ascii=False)
            by_hash[hashlib.blake2b(text.encode(), digest_size=6).hexdigest()] = row
    return resolver, by_hash


def test_few_of_200_judged_rows_are_elsewhere_or_placed_without_a_place(texts):
    resolver, by_hash = texts
    with JUDGED.open(encoding="utf-8") as file:
        judged = list(csv.DictReader(file))
    rows = [{name: by_hash[row["hash"]].get(name) or None for name in ADDRESS_SCHEMA.names} for row in judged]
    answers = resolver.locate(pa.Table.from_pylist(rows, ADDRESS_SCHEMA)).to_pylist()
    places, elsewhere, without_place = gazetteer.places(), [], []
    for row, answer in zip(judged, answers, strict=True):
        if answer["lat_e7"] is None:
            continue
        if not row["geonames_id"]:
            without_place.append((row["place"], answer["gazetteer_id"]))
            continue
        at = places.row(int(row["geonames_id"]))
        there = (places.lat_e7[[at]], places.lon_e7[[at]])
        if distance_km(*(np.array([answer[name]]) for name in ("lat_e7", "lon_e7")), *there)[0] > ONE_PLACE_KM:
            elsewhere.append((row["place"], answer["gazetteer_id"]))
    assert len(judged) == 200
    assert sum(answer["lat_e7"] is not None for answer in answers) >= 175
    assert len(elsewhere) <= MOST_ELSEWHERE, elsewhere
    assert len(without_place) <= MOST_WITHOUT_PLACE, without_place
