"""HTTP/1.1 by uvicorn and h11, with limits on slow clients, and our headers on answers that no application gives."""

import asyncio
from ipaddress import ip_address

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from hubrank.serving import limits, policy, problems

_PHRASES = {400: "Bad Request", 408: "Request Timeout", 503: "Service Unavailable"}


def raw(status: int, detail: str) -> bytes:
    """Return a whole refusal, as bytes for the connection that it closes."""
    body = problems.document(status, detail)
    told = [
        *policy.headers(),
        (b"content-type", problems.MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    lines = [f"HTTP/1.1 {status} {_PHRASES[status]}".encode(), *(name + b": " + value for name, value in told)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


class Protocol(H11Protocol):
    """One connection. A client that sends or fetches too slowly is let go; others never wait for it."""

    _reading: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start to wait for a request."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # so that whatever a client does not fetch is noticed
        if len(self.connections) > limits.CONNECTIONS or self._hoards():
            self._refuse(503, "Too many connections; try again later.")
        else:
            self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        self._stop_reading()
        self._stop_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; the time for a request runs from its first byte."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._under_way():
            self._stop_reading()
        elif self._reading is None:
            self._await_request()

    def pause_writing(self) -> None:
        """Wait for the client to fetch what was written."""
        super().pause_writing()
        self._writing = self._writing or self.loop.call_later(limits.STALL_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop waiting: everything was fetched."""
        super().resume_writing()
        self._stop_writing()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self._refuse(400, msg)

    def _under_way(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request, whatever its type says
        return cycle is not None and not cycle.response_complete

    def _hoards(self) -> bool:
        """Say whether one client holds too many; this machine may, where a web server stands in front."""
        if self.client is None or ip_address(self.client[0]).is_loopback:
            return False
        others = [other.client for other in self.connections if isinstance(other, Protocol)]
        return [client and client[0] for client in others].count(self.client[0]) > limits.OF_ONE_CLIENT

    def _await_request(self) -> None:
        self._reading = self.loop.call_later(limits.HEADER_SECONDS, self._too_slow)

    def _too_slow(self) -> None:
        self._reading = None
        if not self._under_way() and not self.transport.is_closing():
            self._refuse(408, f"A request must arrive within {limits.HEADER_SECONDS:g} seconds.")

    def _refuse(self, status: int, detail: str) -> None:
        if not self._under_way() or not self.cycle.response_started:  # nothing of ours is half written
            if self._under_way():
                self.cycle.disconnected = True  # so that the application's own answer does not follow
            self.transport.write(raw(status, detail))
        self.transport.close()

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _stop_writing(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None
