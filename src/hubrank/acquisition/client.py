"""Requests to one provider: within its limits, to its hosts, over TLS, never more than announced."""

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import MappingProxyType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import httpx
import stamina
from stamina.instrumentation import RetryDetails, get_on_retry_hooks, set_on_retry_hooks

from hubrank import __version__
from hubrank.acquisition import keys
from hubrank.acquisition.answers import AnswerError, TryLaterError, expect_access, expect_host, refused
from hubrank.acquisition.provider import Provider
from hubrank.core.errors import DataError

ATTEMPTS = 6  # at one request
_LONG = 1.0  # seconds of a pause that is reported
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5


class Client:
    """Sends requests to one provider.

    budget : requests at most, retries and redirects included, until `allow` sets another.
    wait_scale : factor of all pauses, between requests and before a retry; tests set 0.
    """

    def __init__(self, provider: Provider, *, budget: int = 50, timeout: float = 60.0, wait_scale: float = 1.0) -> None:
        self.provider, self._scale = provider, wait_scale
        self.key = keys.setting(provider.key) if provider.key else ""
        self._contact = keys.setting(keys.CONTACT)
        expect_access(provider, self.key, self._contact)
        self._left, self.sent = budget, 0
        self._turn, self._next = threading.Lock(), 0.0
        agent = f"hubrank/{__version__}" + (f" ({self._contact})" if self._contact else "")
        self._headers, self._timeout = {"User-Agent": agent, "Accept-Encoding": "identity"}, timeout

    @contextmanager
    def open(self) -> Iterator[Self]:
        """Keep connections open, and the key out of logs; report long pauses as warnings of `logging`."""
        with (
            _reported_pauses(self.provider.name),
            keys.hidden_in_logs(self.key),
            httpx.Client(headers=self._headers, timeout=self._timeout, follow_redirects=False) as self._http,
        ):
            yield self

    def allow(self, budget: int) -> None:
        """Set how many more requests may be sent."""
        self._left = budget

    def json(self, path: str, parameters: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return a JSON object of the provider. Raises DataError where it answers anything else."""
        response = self._request(path, parameters=parameters or {}, read=True)
        try:
            value = response.json()
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise DataError(f"{self.named(path)} answered no JSON object, but {self._hide(response.text)[:60]!r}.")
        return value

    def text(self, path: str) -> str:
        """Return a page."""
        return self._request(path, read=True).text

    def size(self, address: str) -> int | None:
        """Return the size of a file as its server states it; None where it does not, or refuses such requests."""
        try:
            response = self._request(address, method="HEAD", read=True)
        except AnswerError:
            return None
        length = response.headers.get("Content-Length", "")
        return int(length) if length.isdigit() else None

    @contextmanager
    def stream(self, address: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """Open a file; the caller reads its bytes. Statuses 200, 206 and 416 arrive, all others are errors."""
        response = self._request(address, headers=headers, passed=(416,))
        try:
            yield response
        finally:
            response.close()

    def _request(
        self,
        path: str,
        *,
        parameters: Mapping[str, str] = MappingProxyType({}),
        headers: Mapping[str, str] = MappingProxyType({}),
        method: str = "GET",
        passed: tuple[int, ...] = (),
        read: bool = False,
    ) -> httpx.Response:
        """Return an answer, with its content where `read`; try again with growing pauses, or as the provider asks."""
        attempts = stamina.retry_context(
            on=self._pause_after,
            attempts=ATTEMPTS,
            timeout=None,
            wait_initial=self._scale,
            wait_max=60 * self._scale,
            wait_jitter=self._scale,
        )
        try:
            for attempt in attempts:
                with attempt:
                    response = self._followed(path, parameters, headers, method, passed)
                    if read:
                        response.read()
        except (TryLaterError, httpx.HTTPError) as error:
            raise self.failed(path, error) from None
        return response

    def _pause_after(self, error: Exception) -> bool | float:
        if isinstance(error, TryLaterError):
            return True if error.wait is None else error.wait * self._scale
        return isinstance(error, httpx.TransportError)

    def _followed(
        self,
        path: str,
        parameters: Mapping[str, str],
        headers: Mapping[str, str],
        method: str,
        passed: tuple[int, ...],
    ) -> httpx.Response:
        """Send one request and follow redirects to hosts of the provider; the answer is open."""
        address = self._absolute(path)
        for _ in range(_MOST_REDIRECTS):
            response = self._sent(address, parameters, headers, method)
            if response.status_code not in _REDIRECTS:
                break
            response.close()
            address, parameters = self._joined(address, response.headers.get("Location", "")), {}
        if response.status_code not in (200, 206, *passed):
            response.close()
            raise refused(self.provider, self.named(address), response, has_key=bool(self.key))
        return response

    def _sent(
        self, address: str, parameters: Mapping[str, str], headers: Mapping[str, str], method: str
    ) -> httpx.Response:
        expect_host(self.provider, address)
        self._take_turn()
        extra, query = dict(headers), dict(parameters)
        if self.key and urlsplit(address).netloc == urlsplit(self.provider.root).netloc:
            extra |= {self.provider.key_header: self.key} if self.provider.key_header else {}
            query |= {self.provider.key_parameter: self.key} if self.provider.key_parameter else {}
        request = self._http.build_request(method, address, params=query or None, headers=extra)
        return self._http.send(request, stream=True)

    def _take_turn(self) -> None:
        """Wait for the next request that the provider's limit allows; raise DataError beyond the announced number."""
        with self._turn:
            if self._left <= 0:
                raise DataError(
                    f"{self.provider.name}: stopped before more requests than announced would be sent ({self.sent} "
                    f"were). What was fetched is kept: the same command continues from here."
                )
            self._left, self.sent = self._left - 1, self.sent + 1
            pause = self._next - time.monotonic()
            self._next = max(self._next, time.monotonic()) + self._scale / self.provider.per_second
        if pause > 0:
            time.sleep(pause)

    def failed(self, address: str, error: Exception) -> DataError:
        """Return what is said of a request that failed for good."""
        what, why = f"failed: {type(error).__name__}", "Is the network there?"
        if isinstance(error, TryLaterError):
            what = f"answered {error.status}"
            why = "Its limit may be used up." if error.status == 429 else "It is overloaded or out of order."
        return DataError(
            f"{self.named(address)} {what}, {ATTEMPTS} times. {why} What was fetched is kept: the same command "
            f"continues from here."
        )

    def named(self, address: str) -> str:
        """Return an address as messages and manifests write it: without its query, which may contain a key."""
        parts = urlsplit(self._absolute(address))
        return self._hide(f"{parts.scheme}://{parts.netloc}{parts.path}")

    def _absolute(self, path: str) -> str:
        return self._joined(self.provider.root + "/", path.removeprefix("/"))

    def _joined(self, base: str, target: str) -> str:
        try:
            address = urljoin(base, target)
            httpx.URL(address)
        except (ValueError, httpx.InvalidURL):
            raise DataError(f"{self.provider.name}: {self._hide(target)!r} is not an address.") from None
        return address

    def _hide(self, text: str) -> str:
        return text.replace(self.key, keys.HIDDEN) if self.key else text


@contextmanager
def _reported_pauses(name: str) -> Iterator[None]:
    """Report pauses before a retry, in place of what else listens to them."""
    hooks = get_on_retry_hooks()
    set_on_retry_hooks([partial(_report_pause, name)])
    try:
        yield
    finally:
        set_on_retry_hooks(hooks)


def _report_pause(name: str, details: RetryDetails) -> None:
    if details.wait_for >= _LONG:
        error = details.caused_by
        what = f"answered {error.status}" if isinstance(error, TryLaterError) else f"failed ({type(error).__name__})"
        logging.getLogger(__name__).warning("%s %s; waiting %.0f s", name, what, details.wait_for)
