"""How often a caller may ask: counters in the cache, by the address a caller truly has, and how to say « wait »."""

from functools import lru_cache
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeVar

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import typed

_Response = TypeVar("_Response", bound=HttpResponse)
# What one subscriber is given (RFC 6177): to count each address of it would count nobody.
_OF_ONE_CALLER = 64


def address_of(request: HttpRequest) -> str:
    """The address that asks: the one that our own proxies saw, whatever else its headers say.

    ``X-Forwarded-For`` is read only from a peer of TRUSTED_PROXIES, and from its end: each proxy adds there whom it
    saw, after all that the caller may have written itself.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    hops = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if not hops or len(seen) < hops or not _is_proxy(peer):
        return peer
    return seen[-hops] if _parsed(seen[-hops]) else peer


def _is_proxy(peer: str) -> bool:
    address = _parsed(peer)
    return address is not None and any(address in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))


@lru_cache(maxsize=1)
def _networks(texts: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(text) for text in texts]


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def caller_of(request: HttpRequest) -> str:
    """Whom to count: the address, or the network of one subscriber in IPv6."""
    address = address_of(request)
    if (parsed := _parsed(address)) is None or parsed.version == 4:
        return address
    return str(IPv6Network((address, _OF_ONE_CALLER), strict=False).network_address)


def is_exceeded(request: HttpRequest, purpose: str, *, most: int, seconds: int) -> bool:
    """Count this request of its caller; True once there were more than ``most`` in ``seconds``."""
    return is_exceeded_for(caller_of(request), purpose, most=most, seconds=seconds)


def is_exceeded_about(request: HttpRequest, about: str, purpose: str, *, most: int, seconds: int) -> bool:
    """The same, of what this caller asks about one person: nobody's questions shut the door to that person.

    The cache does not learn who it is.
    """
    whom = f"{caller_of(request)}-{sha256(about.lower().encode()).hexdigest()}"
    return is_exceeded_for(whom, purpose, most=most, seconds=seconds)


def is_exceeded_for(whom: object, purpose: str, *, most: int, seconds: int) -> bool:
    """The same for whoever ``whom`` names, wherever they ask from."""
    key = f"limit-{purpose}-{whom}"
    if cache.add(key, 1, seconds):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:  # the counter expired between the two calls
        return False


def refused(request: HttpRequest, seconds: int, template: str = "429.html", **context: object) -> HttpResponse:
    """A page that says to wait and how long, with what was typed; ``template`` may be the one that was asked for."""
    return tell(render(request, template, {"wait": spoken(seconds), "typed": typed.of(request), **context}), seconds)


def tell(response: _Response, seconds: int) -> _Response:
    """``response`` as a refusal that tells programs when to come back."""
    response.status_code = 429
    response["Retry-After"] = str(seconds)
    return response


def spoken(seconds: int) -> str:
    """« une minute », « 10 minutes », « une heure », « 24 heures »."""
    for unit, length in (("heure", 3600), ("minute", 60)):
        if seconds >= length:
            count = round(seconds / length)
            return f"une {unit}" if count == 1 else f"{count}\N{NO-BREAK SPACE}{unit}s"
    return f"{seconds}\N{NO-BREAK SPACE}secondes"
