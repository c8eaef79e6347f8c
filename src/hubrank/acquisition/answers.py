"""What a request may do and what a refusal means: in which words, and whether to try again."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from hubrank.acquisition import keys
from hubrank.acquisition.provider import Provider
from hubrank.core.errors import DataError, StudyError

MOST_WAIT = 300.0  # seconds that a provider may ask to wait
_LATER = (429, 500, 502, 503, 504)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class TryLaterError(Exception):
    """A provider asked to come back: after so many seconds, where it said."""

    def __init__(self, status: int, wait: float | None) -> None:
        super().__init__(f"status {status}")
        self.status, self.wait = status, wait


class AnswerError(DataError):
    """A provider refused one request for good."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def expect_access(provider: Provider, key: str, contact: str) -> None:
    """Raise StudyError where a provider requires a key or a contact that the user has not stated."""
    where = f"into {keys.key_file()} (mode 600)"
    if provider.key_required and not key:
        raise StudyError(
            f"{provider.name} requires a key ({provider.login}). Set {provider.key} in the environment, or write "
            f'{provider.key} = "…" {where}.'
        )
    if provider.contact_required and "@" not in contact:
        raise StudyError(
            f"{provider.name}: {provider.publisher} answers only to programs that name a contact. Set {keys.CONTACT} "
            f'to your e-mail address, or write {keys.CONTACT} = "…" {where}.'
        )


def expect_host(provider: Provider, address: str) -> None:
    """Raise DataError where a request would leave the hosts of a provider, or this machine without encryption."""
    parts = urlsplit(address)
    if not provider.allows(parts.netloc):
        raise DataError(
            f"{provider.name}: the server leads to the host {parts.hostname!r}, which is not one of "
            f"{provider.publisher} ({', '.join(provider.hosts)}). Nothing was fetched from there. If the files have "
            f"moved, set {provider.variable} to their address."
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise DataError(
            f"{provider.name}: {parts.scheme}://{parts.hostname}{parts.path} is not encrypted; outside this machine "
            f"an address begins with https://. Nothing was fetched."
        )


def refused(provider: Provider, name: str, response: httpx.Response, *, has_key: bool) -> Exception:
    """Return what to raise for an answer without content: TryLaterError, or AnswerError with what to do.

    name : the address, as messages write it.
    """
    status, pause = response.status_code, response.headers.get("Retry-After", "")
    if status in _LATER:
        wait = _seconds(pause)
        if wait is None or wait <= MOST_WAIT:
            return TryLaterError(status, wait)
        return AnswerError(
            f"{name} answered {status} and asks to wait {wait / 3600:.1f} hours: its limit is used up. The same "
            f"command continues then.",
            status,
        )
    return AnswerError(f"{name} answered {status}. {_advice(provider, status, has_key=has_key)}", status)


def _advice(provider: Provider, status: int, *, has_key: bool) -> str:
    if status in (401, 403) and provider.key:
        return f"Is the key valid? Set {provider.key}: {provider.login}." if has_key else f"Set {provider.key}."
    if status in (401, 403):
        return f"Set {keys.CONTACT} to your e-mail address: some providers refuse programs without a contact."
    if status in (404, 410):
        return f"The file has moved: {provider.url} says where. {provider.variable} sets another address."
    return "The same command continues later."


def _seconds(text: str) -> float | None:
    """Return the pause of Retry-After, a number of seconds or a date; None where it is neither."""
    if text.isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until.tzinfo else None
