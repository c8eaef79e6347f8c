"""Simulated research institutions, as OpenAlex lists them, and how authors name them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hubrank.core.sphere import E7, Ints
from hubrank.simulation.packaged import countries
from hubrank.simulation.places import Places
from hubrank.simulation.spellings import Forms, Portions, portions


@dataclass(frozen=True, slots=True, eq=False)
class Institutions:
    """Two institutions in each centre, one at each other site; `portions` selects one of a unit."""

    site: Ints
    name: tuple[str, ...]
    portions: Portions


def institutions(places: Places) -> Institutions:
    """Return the institutions of all sites; the first of a centre has two thirds of its authors."""
    site = np.repeat(np.arange(len(places.city)), 1 + places.centre)
    first = np.concatenate([[True], np.diff(site) > 0])
    part = np.where(places.centre[site] == 0, 3, np.where(first, 2, 1))
    unit = places.site_unit[site]
    number = np.arange(site.size) - np.searchsorted(unit, unit) + 1
    name = tuple(
        f"Simulated Institute {u}-{n} of {places.city[s]}"
        for u, n, s in zip(unit.tolist(), number.tolist(), site.tolist(), strict=True)
    )
    return Institutions(site, name, portions(unit, places.weight_ppm[site] * part))


def compact(value: object) -> str:
    """Return JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _id(number: int) -> str:
    return f"https://openalex.org/ISIM{number:06d}"


def institution_lines(places: Places, register: Institutions, date: str) -> Iterator[str]:
    """Yield one line of JSON per institution."""
    names = countries("name")
    for i, (name, site) in enumerate(zip(register.name, register.site.tolist(), strict=True)):
        country = places.country[site]
        geo = {
            "city": places.city[site],
            "geonames_city_id": None,
            "region": places.region[site] or None,
            "country_code": country,
            "country": names.get(country),
            "latitude": int(places.lat_e7[site]) / E7,
            "longitude": int(places.lon_e7[site]) / E7,
        }
        about = {"id": _id(i), "ror": None, "display_name": name, "country_code": country, "type": "education"}
        yield compact(about | {"geo": geo, "updated_date": f"{date}T00:00:00.000000"})


def institution_pieces(places: Places, register: Institutions) -> list[str]:
    """Return each institution as a work's authorship refers to it."""
    return [
        compact(
            {
                "id": _id(i),
                "display_name": name,
                "ror": None,
                "country_code": places.country[site],
                "type": "education",
                "lineage": [_id(i)],
            }
        )
        for i, (name, site) in enumerate(zip(register.name, register.site.tolist(), strict=True))
    ]


def affiliations(places: Places, register: Institutions, forms: Forms) -> list[str]:
    """Return an author's affiliation in JSON: for each institution, then for each form of a city, then none at all."""
    texts = []
    for i, piece in enumerate(institution_pieces(places, register)):
        site = int(register.site[i])
        raw = compact(f"{register.name[i]}, {places.city[site]}")
        texts.append(
            f'"institutions":[{piece}],"countries":["{places.country[site]}"],"raw_affiliation_strings":[{raw}]'
        )
    names = countries("name")
    for form, site in zip(forms.form, forms.site.tolist(), strict=True):
        state = places.state[site] if form.country else ""
        parts = ["Simulated Laboratory", form.city, state, names.get(form.country, "")]
        raw = compact(", ".join(part for part in parts if part))
        texts.append(f'"institutions":[],"countries":[],"raw_affiliation_strings":[{raw}]')
    return [*texts, '"institutions":[],"countries":[],"raw_affiliation_strings":[]']
