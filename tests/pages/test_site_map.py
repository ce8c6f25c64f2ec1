"""« Plan du site » and the sitemap: every public page is there, or stays out for a reason that is written here."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from pages.site_map import all_pages

pytestmark = pytest.mark.django_db

# Pages without an argument that the plan leaves out, and why.
LEFT_OUT = {
    "places:communes": "what a form completes with",
    "places:addresses": "what a form completes with",
    "labels:establishment": "what a form completes with",
    "maps:geojson": "data, told of by the page of open data",
    "events:print_list": "the list, to print",
    "maps:points": "data of the map page",
    "maps:ids": "data of the map page",
    "maps:cards": "data of the map page",
    "maps:frame": "for a frame of another site",
    "figures:data": "data, from the page of figures",
    "events:csv": "data, told of by the page of open data",
    "events:json": "data, told of by the page of open data",
    "events:ics": "data, told of by the page of open data",
    "events:rss": "data, told of by the page of open data",
    "events:schema": "data, told of by the page of open data",
    "pages:live": "a probe",
    "pages:ready": "a probe",
    "pages:metrics": "a probe",
    "pages:robots": "for programs",
    "pages:security": "for programs; the legal notice leads there",
    "pages:sitemap": "for programs",
    "pages:download": "a file, from « Mes données »",
    "pages:erase": "from « Mes données »",
}
# Those of packages and of staff: signing in, second factor, admin.
_OF_ACCOUNTS = ("account_", "mfa_", "admin:")


def _names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}"
        else:
            yield from _names(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)


def _without_argument() -> set[str]:
    found = set()
    for name in _names(get_resolver()):
        try:
            reverse(name)
        except NoReverseMatch:
            continue
        found.add(name)
    return {name for name in found if not name.startswith(_OF_ACCOUNTS)}


def test_every_public_page_is_on_the_plan_or_left_out_for_a_reason() -> None:
    named = {page.name for page in all_pages()}

    assert _without_argument() - named == LEFT_OUT.keys()
    assert named - _without_argument() == {"account_login"}


def test_the_plan_leads_to_each_of_its_pages_once(client: Client) -> None:
    main = client.get("/plan-du-site/").content.decode().partition("<main")[2].partition("</main>")[0]
    links = re.findall(r'<a href="([^"]+)"', main)

    assert links == [reverse(page.name) for page in all_pages()]
    assert {client.get(link).status_code for link in links} <= {200, 302}
