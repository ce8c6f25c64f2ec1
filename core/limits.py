"""How often a caller may ask: a counter in the cache, for addresses that cost more than a page."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest


def is_exceeded(request: HttpRequest, purpose: str, *, most: int, seconds: int) -> bool:
    """Count this request of its client; True once there were more than ``most`` in ``seconds``."""
    return is_exceeded_for(get_adapter(request).get_client_ip(request), purpose, most=most, seconds=seconds)


def is_exceeded_for(whom: object, purpose: str, *, most: int, seconds: int) -> bool:
    """The same for whoever ``whom`` names, wherever they ask from."""
    key = f"limit-{purpose}-{whom}"
    if cache.add(key, 1, seconds):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:  # the counter expired between the two calls
        return False
