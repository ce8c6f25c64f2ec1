"""What stands around each page: the menu, which says where one is, and the footer."""

import pytest
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse, set_script_prefix
from pytest_django import Settings

from pages.templatetags import around

ELSEWHERE = "/organisateurs/demandes/SI2026-000001/verification/"


def _around(path: str, **values: object) -> str:
    page = engines["django"].from_string("{% load around %}{% navigation %}{% footer %}")
    return page.render({"request": RequestFactory().get(path), **values})


@pytest.mark.parametrize("name", ["pages:home", "events:list", "maps:page", "figures:page", "labels:new", "pages:help"])
def test_the_menu_says_which_of_its_entries_is_the_page(name: str) -> None:
    address = reverse(name)

    assert f'href="{address}" aria-current="page"' in _around(address)


@pytest.mark.parametrize("name", ["events:list", "figures:page"])
def test_the_menu_says_which_of_its_entries_the_page_is_below(name: str) -> None:
    address = reverse(name)

    shown = _around(f"{address}une-page/")

    assert f'href="{address}" aria-current="true"' in shown
    assert shown.count("aria-current") == 1


def test_elsewhere_no_entry_of_the_menu_is_the_page() -> None:
    assert "aria-current" not in _around(ELSEWHERE)


def test_what_is_written_once_is_written_anew_under_another_prefix() -> None:
    plain = _around(ELSEWHERE)
    set_script_prefix("/ailleurs/")
    try:
        prefixed = _around(ELSEWHERE)
    finally:
        set_script_prefix("/")

    assert 'href="/ailleurs/' in prefixed
    assert 'href="/ailleurs/' not in plain + _around(ELSEWHERE)


def test_what_is_written_once_bears_the_state_s_brand_only_where_it_is_asked_for() -> None:
    assert "République" in _around(ELSEWHERE, STATE_BRAND=True)
    assert "République" not in _around(ELSEWHERE, STATE_BRAND=False)


def test_addresses_are_those_of_the_site_that_answers(settings: Settings) -> None:
    reverse("pages:home")
    settings.ROOT_URLCONF = "benchmarks.urls"

    assert around._site()[0] == "benchmarks.urls"


def test_the_menu_and_the_footer_are_written_once_for_all_pages_alike() -> None:
    _around("/une-page/")
    written = around._written.cache_info().misses

    _around("/une-autre/")

    assert around._written.cache_info().misses == written
