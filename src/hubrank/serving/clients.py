"""Who sends a request: what one client may take of the queue of computations is counted by this."""

import ipaddress
from collections.abc import Collection
from contextvars import ContextVar

from starlette.types import Scope

CLIENT: ContextVar[str] = ContextVar("client", default="")


def client_of(scope: Scope, proxies: Collection[str] = ()) -> str:
    """Return the address of a client, of IPv6 the network that a customer is given (/64).

    proxies : addresses of trusted proxies; where one of them passes a request on, the last address of its
        X-Forwarded-For counts, as that is the one that it has seen itself.
    """
    peer = (scope.get("client") or ("", 0))[0].removeprefix("::ffff:")  # IPv4 at a socket of IPv6
    if peer in proxies:
        forwarded = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        peer = forwarded[-1].decode("latin-1").rpartition(",")[2].strip() if forwarded else peer
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return str(peer)[:45]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
