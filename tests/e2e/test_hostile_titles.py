"""Hostile titles where a browser draws them: said as they were written, and nothing of them ever done.

A browser that opens a dialog, asks another site for anything but a tile, or meets what the policy forbids fails.
"""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Dialog, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Organisation, User
from events.models import Event
from labels.models import Application, State
from tests import bad_input, factories
from tests.test_hostile_texts import TITLES

pytestmark = pytest.mark.django_db(transaction=True)

TEXTS = [case.value for case in TITLES]


@pytest.fixture(autouse=True)
def asked(page: Page, context: BrowserContext, live_server: LiveServer) -> Iterator[None]:
    """What would be a script's doing, on any page of the test."""
    done: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        done.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def watch(request: Request) -> None:
        if not _is_ours(request.url, live_server.url):
            done.append(request.url)

    page.on("dialog", dismiss)
    context.on("request", watch)
    yield
    assert done == []


def _is_ours(address: str, site: str) -> bool:
    tiles = settings.TILES_URL.partition("?")[0]
    return address.startswith((f"{site}/", f"{tiles}?", "data:", f"blob:{site}/"))


@pytest.fixture
def applications() -> list[Application]:
    """One for each title, approved, with it in all that an organiser may write; all at one place."""
    factories.commune()
    made = []
    for text in TEXTS:
        application = factories.application(
            state=State.APPROVED, title=text, description=text, purpose=text, venue=text, address=text
        )
        Event.objects.filter(pk=application.event_id).update(accessibility=text, directions=text)
        Organisation.objects.filter(events=application.event).update(name=text)
        made.append(application)
    return made


def signed_in(context: BrowserContext, live_server: LiveServer, user: User) -> None:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])


def said(page: Page) -> str:
    return " ".join(page.locator("body").inner_text().split())


def missing(page: Page) -> list[str]:
    text = said(page)
    return [title for title in TEXTS if " ".join(title.split()) not in text]


@bad_input.runs("sink-001")
def test_the_cards_of_the_list_say_their_titles(page: Page, applications: list[Application]) -> None:
    for address in ("/evenements/", "/evenements/?public=scolaires", "/evenements/imprimer/"):
        page.goto(address)
        assert missing(page) == [], address
    page.goto("/evenements/")
    sizes = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert sizes[0] <= sizes[1]


@bad_input.runs("sink-025")
def test_an_events_page_says_its_title_in_the_tab_and_on_the_page(page: Page, applications: list[Application]) -> None:
    for application in applications:
        page.goto(application.event.get_absolute_url())
        title = " ".join(application.event.title.split())

        assert page.title().startswith(title)
        expect(page.get_by_role("heading", level=1)).to_have_text(application.event.title)
        label = application.event.label_number or Event.objects.get(pk=application.event_id).label_number
        page.goto(f"/label/{label}/")
        assert title in said(page)
        page.goto(f"/signaler/{application.event.uid}/")
        assert title in said(page)


@bad_input.runs("sink-003", "sink-005")
def test_the_popups_and_the_list_of_a_cluster_say_their_titles(page: Page, applications: list[Application]) -> None:
    page.goto("/carte/")
    # What is out of sight is not laid out, and `inner_text` leaves it out.
    cards = page.locator("#map-list .fr-card__title").all_text_contents()
    assert {" ".join(title.split()) for title in TEXTS} <= {" ".join(card.split()) for card in cards}
    page.get_by_role("button", name=f"{len(TEXTS)} événements ici").click()

    items = page.locator("a.map-popup__title")
    expect(items).to_have_count(len(TEXTS))
    assert sorted(items.all_text_contents()) == sorted(TEXTS)


@bad_input.runs("sink-003")
def test_the_popup_of_one_event_says_its_title(page: Page, applications: list[Application]) -> None:
    for rank, application in enumerate(applications):
        # Far enough from each other to stand alone once the map shows them.
        Event.objects.filter(pk=application.event_id).update(latitude=44 + rank % 4 * 1.5, longitude=-1 + rank // 4 * 3)
    page.goto("/carte/#6/46.5/2")
    markers = page.locator(".map-event")
    expect(markers).to_have_count(len(TEXTS))
    for title in TEXTS:
        page.locator(f".map-event[aria-label^={_quoted(title)}]").press("Enter")
        expect(page.locator(".leaflet-popup a.map-popup__title")).to_have_text(title)
        page.keyboard.press("Escape")
        expect(page.locator(".leaflet-popup")).to_have_count(0)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@bad_input.runs("sink-021")
def test_the_map_for_other_sites_says_their_titles(page: Page, applications: list[Application]) -> None:
    page.goto("/carte/integrer/")
    assert missing(page) == []
    page.get_by_role("button", name=f"{len(TEXTS)} événements ici").click()
    expect(page.locator("a.map-popup__title")).to_have_count(len(TEXTS))
    page.goto("/carte/integrer/code/")
    expect(page.locator("iframe")).to_be_visible()


@bad_input.runs("sink-007")
def test_the_desk_its_pages_and_its_messages_say_their_titles(
    page: Page, context: BrowserContext, live_server: LiveServer, applications: list[Application]
) -> None:
    signed_in(context, live_server, factories.national(email="nadia@exemple.gouv.fr"))
    page.goto("/admin/labels/application/?etat=toutes")
    assert missing(page) == []
    for application in applications:
        title = " ".join(application.event.title.split())
        page.goto(f"/admin/labels/application/{application.pk}/change/")
        assert title in said(page)
        page.goto(f"/admin/labels/application/{application.pk}/journal/")
        assert application.reference in said(page)
    page.goto("/admin/core/mail/")
    assert missing(page) == []
    page.goto(f"/admin/labels/application/{applications[0].pk}/change/")
    for text in TEXTS[4:8]:
        page.evaluate("document.querySelectorAll('details').forEach((folded) => { folded.open = true; })")
        page.locator("textarea[name=text]").fill(text)
        page.get_by_role("button", name="Enregistrer la note").click()
        expect(page.get_by_role("region", name="Notes internes")).to_contain_text(text)


def test_the_organisers_pages_say_their_titles(page: Page, context: BrowserContext, live_server: LiveServer) -> None:
    owner = factories.organiser()
    drafts = [factories.application(by=owner, title=text, description=text, venue=text) for text in TEXTS]
    signed_in(context, live_server, owner)

    page.goto("/organisateurs/")
    assert missing(page) == []
    for draft in drafts:
        address = f"/organisateurs/demandes/{draft.reference}"
        page.goto(f"{address}/evenement/")
        expect(page.locator("#id_title")).to_have_value(draft.event.title)
        page.goto(f"{address}/verification/")
        assert " ".join(draft.event.title.split()) in said(page)
