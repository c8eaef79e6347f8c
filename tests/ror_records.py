"""Small registers of organisations in the form of ROR."""

import json


def record(number, name, city, country, lat, lon):
    """Return an organisation as ROR has it."""
    details = {"name": city, "country_code": country, "lat": lat, "lng": lon}
    return {
        "id": f"https://ror.org/0{number:08d}",
        "names": [{"value": name, "types": ["ror_display", "label"], "lang": "en"}],
        "locations": [{"geonames_id": 100 + number, "geonames_details": details}],
        "types": ["education"],
        "status": "active",
        "relationships": [],
    }


def written(folder, organisations):
    """Write a register of organisations, each as the arguments of `record` after the number, and return its path."""
    return write_records(folder, [record(number, *one) for number, one in enumerate(organisations)])


def write_records(folder, records):
    """Write a register of records, and return its path."""
    path = folder / "ror.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), "utf-8")
    return path
