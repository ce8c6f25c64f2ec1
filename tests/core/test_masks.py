"""Nothing of people, and no signed link, in what is logged or sent to others."""

import re

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from core.masks import masked

pytestmark = pytest.mark.pure

TOKEN = "MTIz.1tXyZ0.o7xq-Gk2fQ_b8-6mDqkXcYt0A1w"


def addresses_with_a_token() -> list[str]:
    """Each address of the portal that opens to who holds it, with a token in its place."""
    found: list[str] = []

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> None:
        for pattern in patterns:
            path = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, path)
            elif "token>" in path:
                found.append("/" + re.sub("<str:token>|<slug:token>", TOKEN, path.replace("<slug:uidb64>", "MTI")))

    walk(get_resolver().url_patterns, "")
    return found


def test_every_address_that_opens_by_a_token_is_masked() -> None:
    addresses = addresses_with_a_token()

    assert len(addresses) >= 6
    assert [address for address in addresses if "o7xq" in masked(f"Not Found: {address}?a=1 for somebody")] == []
    assert masked(f"GET /suivi/{TOKEN}/") == "GET /suivi/…"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Key (email)=(camille.roux+si@usine-exemple.fr) already exists", "Key (email)=(…) already exists"),
        ("appelez le 06 12 34 56 78 ou +33612345678", "appelez le … ou …"),
        (
            "/media/0123456789abcdef0123456789abcdef.png?s=abc.def&x=1",
            "/media/0123456789abcdef0123456789abcdef.png?s=…&x=1",
        ),
        ("demande SI2026-000123, label 2026-00012, /evenements/?q=fonderie", None),
        ("/evenements/0f8fad5b-d9cb-469f-a165-70867728950e/visite-de-la-fonderie/", None),
        ("/admin/labels/application/12/correction/", None),
        ("2026-11-29T21:52:25Z 503 in 0.123456789 s", None),
    ],
)
def test_people_are_masked_and_the_rest_is_left(text: str, expected: str | None) -> None:
    assert masked(text) == (expected or text)
