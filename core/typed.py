"""What was typed in a form that could not be taken: given back by the page that says so, to be sent again by a button.

It asks no database, session or cache. No token is made: the one that came with the form goes back with it, so that
what another site posted cannot be sent again.
"""

from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.urls import Resolver404, resolve


@dataclass(frozen=True)
class Typed:
    address: str
    fields: list[tuple[str, str]]
    has_files: bool

    @property
    def texts(self) -> list[str]:
        """What a person wrote, to be read or copied: more than one word."""
        return [value for _, value in self.fields if " " in value.strip()]


def of(request: HttpRequest) -> Typed | None:
    """None for what is no form of the portal's own, could not be read, or holds what opens an account."""
    if request.method != "POST" or not _is_of_a_page(request.path_info):
        return None
    try:
        lists, has_files = request.POST.lists(), bool(request.FILES)
    except (SuspiciousOperation, MultiPartParserError, OSError):
        return None
    fields = [(name, str(value)) for name, values in lists for value in values]
    if any("password" in name for name, _ in fields):
        return None
    return Typed(request.get_full_path(), fields, has_files)


def _is_of_a_page(path: str) -> bool:
    """Signing in is not: its codes are secrets; its addresses have no namespace, or that of accounts."""
    try:
        return resolve(path).namespaces not in ([], ["accounts"])
    except Resolver404:
        return False
