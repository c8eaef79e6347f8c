"""A step that asks a geocoding service on the network: used only where a study names it (`nominatim`, `photon`).

One question at a time, no faster than `pause_s`; what fails in passing is asked again, later each time; every answer,
"nowhere" too, is kept on disk at once, so that a run that was stopped goes on where it was, and no address is asked
for twice.
"""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from hubrank.core import countries
from hubrank.core.cache import cache_folder
from hubrank.core.errors import DataError, StudyError
from hubrank.core.intact import parsed, sealed
from hubrank.core.sphere import to_e7
from hubrank.geocoding import answers, cache
from hubrank.geocoding.answers import UNKNOWN, Answer

_FIELDS = ("institution", "address", "city", "region", "country")
# What the services call things, and how precise we call that; all else is a site.
_PRECISION = {
    **dict.fromkeys(("country", "continent"), "country"),
    **dict.fromkeys(("state", "region", "county", "province", "state_district"), "region"),
    **dict.fromkeys(("city", "town", "village", "municipality", "hamlet", "suburb", "district", "locality"), "city"),
}


class Location(Protocol):
    """What geopy gives back: degrees and the service's own record."""

    latitude: float
    longitude: float
    raw: dict[str, Any]


Ask = Callable[[str], Location | None]


def _kind(raw: dict[str, Any]) -> str:
    """Return the service's word for what it found: Nominatim's addresstype, Photon's type."""
    properties = raw.get("properties") or {}
    return str(raw.get("addresstype") or raw.get("type_") or properties.get("type") or raw.get("type") or "").lower()


def _economy(raw: dict[str, Any]) -> str | None:
    """Return the economy of an answer where the service says it."""
    code = (raw.get("properties") or {}).get("countrycode") or (raw.get("address") or {}).get("country_code")
    return countries.find(str(code)) if code else None


def question(row: dict[str, str | None]) -> str:
    """Return the one line that a service is asked; the institution only where nothing else is known."""
    parts = [row[name] or "" for name in _FIELDS]
    stated = [part.strip() for part in parts[1:] if part.strip()]
    return ", ".join(stated if len(stated) > 1 or parts[1] else [parts[0], *stated]).strip(", ")


class ServiceStep:
    """Asks a service, politely, and remembers what it said."""

    def __init__(
        self,
        name: str,
        ask: Ask,
        memory: Path,
        *,
        pause_s: float = 1.0,
        tries: int = 4,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        self._ask = ask
        self._memory = memory
        self._pause_s = pause_s
        self._tries = tries
        self._sleep = sleep
        self._answers = _stored_answers(memory)
        self._last = -pause_s

    def locate(self, addresses: pa.Table) -> pa.Table:
        """Return what the service says; nulls where it knows nothing. Raises DataError where it does not answer."""
        rows = addresses.select(_FIELDS).to_pylist()
        return answers.table([self._locate_text(question(row)) for row in rows])

    def _locate_text(self, text: str) -> Answer:
        if not text:
            return UNKNOWN
        if text not in self._answers:
            self._answers[text] = self._answer(self._ask_with_retries(text))
            self._store(text)
        return Answer(**self._answers[text])

    def _ask_with_retries(self, text: str) -> Location | None:
        """Ask, and ask again after 1, 2, 4 … pauses where the service is busy or out of reach."""
        from geopy.exc import GeocoderServiceError  # noqa: PLC0415 (an extra)

        for attempt in range(self._tries):
            self._wait(self._pause_s * 2**attempt if attempt else self._pause_s)
            try:
                return self._ask(text)
            except GeocoderServiceError as error:
                failure = error
        raise DataError(
            f"The geocoding service {self.name!r} did not answer {self._tries} times ({failure}). What it answered is "
            f"kept in {self._memory}: run again later, or leave 'service' out of [geocoding] use."
        )

    def _wait(self, pause_s: float) -> None:
        due = self._last + pause_s - time.monotonic()
        if due > 0:
            self._sleep(due)
        self._last = time.monotonic()

    @staticmethod
    def _answer(location: Location | None) -> dict[str, Any]:
        if location is None:
            return {}
        lat, lon = to_e7(np.array([location.latitude, location.longitude]))
        precision = _PRECISION.get(_kind(location.raw), "site")
        where = {"lat_e7": int(lat), "lon_e7": int(lon), "precision": precision}
        how = {"geocoding_evidence": "service", "probability_pm": 800}
        return {**where, **how, "economy": _economy(location.raw)}

    def _store(self, text: str) -> None:
        """Add one line to the memory; a line that a crash cut short is skipped by the next reader."""
        self._memory.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(sealed({"question": text, "answer": self._answers[text]}), ensure_ascii=False)
        with self._memory.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _stored_answers(memory: Path) -> dict[str, dict[str, Any]]:
    """Return the answers of earlier runs by question; a damaged one is left out, so that it is asked for again."""
    lines = memory.read_bytes().splitlines() if memory.exists() else []
    entries = (parsed(line, memory) for line in lines)
    return {entry["question"]: entry["answer"] for entry in entries if entry is not None}


def find(name: str) -> ServiceStep:
    """Return the step for a service; $HUBRANK_GEOCODER_DOMAIN names a server of one's own.

    Raises StudyError where geopy is not installed or no contact is given: the services ask who is asking.
    """
    try:
        from geopy.geocoders import get_geocoder_for_service  # noqa: PLC0415 (an extra)
    except ImportError:
        raise StudyError(
            f"[geocoding] service is {name!r}, which needs geopy: pip install 'hubrank[services]'."
        ) from None
    contact = os.environ.get("HUBRANK_CONTACT")
    if not contact:
        raise StudyError(
            f"The service {name!r} wants to know who asks: set HUBRANK_CONTACT to an e-mail address or a web page."
        )
    options = {"user_agent": f"hubrank ({contact})", "timeout": 10}
    domain = os.environ.get("HUBRANK_GEOCODER_DOMAIN")
    if domain:
        scheme, _, host = domain.rpartition("://")
        options |= {"domain": host, "scheme": scheme or "https"}
    geocoder = get_geocoder_for_service(name)(**options)
    detail = {"addressdetails": True} if name == "nominatim" else {}
    stem = cache.digest([name.encode(), (domain or "").encode()])
    return ServiceStep(
        name, lambda text: geocoder.geocode(text, **detail), cache_folder() / f"service-{name}-{stem}.jsonl"
    )
