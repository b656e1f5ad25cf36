"""A visitor is a request without a session: told by the cookie, so that no session is read."""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def is_visitor(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME not in request.COOKIES


def from_our_own_page(request: HttpRequest) -> bool:
    """Whether a form without a token came from this site, by what only the browser can say."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        return urlsplit(origin).netloc == request.get_host()
    except ValueError:  # no address at all
        return False


def address_of(request: HttpRequest) -> str:
    """The visitor's address for limits: IPv6 by its /64, which is what one household has.

    Behind TRUSTED_PROXY_COUNT proxies the last entries of X-Forwarded-For are theirs.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXY_COUNT:
        hops = request.headers.get("X-Forwarded-For", "").split(",")
        address = hops[-settings.TRUSTED_PROXY_COUNT :][0].strip() or address
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if ip.version == 6 and ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
