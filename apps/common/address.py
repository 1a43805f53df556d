"""Where a request comes from, as far as it can be believed."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# Whoever has one IPv6 address has all of its /64.
_IPV6_PREFIX = 64


def client_address(request: HttpRequest) -> str:
    """Return the caller's address, an IPv6 one as its /64 network; "" when there is none.

    X-Forwarded-For is read from its right end, as many places in as TRUSTED_PROXIES says: each
    trusted proxy appends whom it saw, and all that stands further left is the caller's own claim.
    """
    return _network(_believable(request))


def _believable(request: HttpRequest) -> str:
    peer: str = request.META.get("REMOTE_ADDR") or ""
    proxies: int = settings.TRUSTED_PROXIES
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return (hops[-proxies] if 0 < proxies <= len(hops) else "") or peer


def _network(raw: str) -> str:
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return raw[:64]
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _IPV6_PREFIX), strict=False))
