"""PostgreSQL goes and comes back: nothing that was taken is lost, what was typed comes back with the answer."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any

import httpx
import psycopg
import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import User
from core.outbox import Mail
from labels.models import Action, Application, State, Transition
from tests import factories
from tests.labels import answers
from tests.portal import Load, Portal, posting, until
from tests.services import PostgresqlServer

pytestmark = [pytest.mark.postgresql, pytest.mark.fault, pytest.mark.xdist_group("postgresql_server")]

READERS = 4
OWNERS, EACH = 4, 5


@pytest.fixture
def portal(portal_on_it: Portal) -> Portal:
    return portal_on_it


def ready_to_send(portal: Portal, owner: User) -> tuple[httpx.Client, Application]:
    return portal.signed_in(owner), factories.application(by=owner)


def send(browser: httpx.Client, application: Application) -> httpx.Response:
    address = reverse("labels:step", args=[application.reference, "verification"])
    return posting(browser, address, version=application.version, is_sworn="on")


def stop(server: PostgresqlServer, mode: str = "fast") -> None:
    # This process is none of those that are to survive it.
    connection.close()
    server.stop(mode)


def form_of(page: httpx.Response) -> tuple[str, dict[str, list[str]]]:
    """Where the form of the page leads, and what it sends."""
    (address,) = re.findall(r'<form method="post" action="([^"]*)"', page.text)
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.text, re.DOTALL):
        fields.setdefault(unescape(name), []).append(unescape(value))
    return unescape(address), fields


def press_again(browser: httpx.Client, page: httpx.Response) -> httpx.Response:
    address, fields = form_of(page)
    return browser.post(address, data=fields, headers={"Origin": str(browser.base_url).rstrip("/")})


def test_restarted_between_two_requests_it_is_not_noticed(portal: Portal, postgresql_server: PostgresqlServer) -> None:
    browser, application = ready_to_send(portal, factories.organiser())
    # Each worker and each of its threads holds a connection to the server that goes.
    with Load(lambda: browser.get("/evenements/").status_code) as before:
        before.wait_for(40)

    stop(postgresql_server)
    postgresql_server.start()
    with Load(lambda: browser.get("/evenements/").status_code) as after:
        after.wait_for(40)

    assert {*before.answers, *after.answers} == {200}
    assert send(browser, application).status_code == 303
    application.refresh_from_db()
    assert application.state == State.SUBMITTED


def test_while_it_is_away_the_answer_is_a_503_page_that_keeps_the_text_to_be_sent_again(
    portal: Portal, postgresql_server: PostgresqlServer
) -> None:
    browser, application = ready_to_send(portal, factories.organiser())
    address = reverse("labels:step", args=[application.reference, "evenement"])
    typed = {
        **answers.EVENT,
        "title": "Visite « de nuit » & <forge>",
        "purpose": "Une ligne.\r\nUne autre.",
        "action": "save",
    }
    stop(postgresql_server)

    told = posting(browser, address, **typed)
    postgresql_server.start()
    saved = press_again(browser, told)

    assert (told.status_code, told.headers["Retry-After"] != "") == (503, True)
    assert "Votre envoi est gardé dans cette page" in told.text
    assert "Visite « de nuit » &amp; &lt;forge&gt;" in told.text
    assert saved.status_code == 303
    application.event.refresh_from_db()
    assert (application.event.title, application.event.purpose) == (
        "Visite « de nuit » & <forge>",
        "Une ligne.\nUne autre.",
    )


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_restarted_under_load_no_submission_is_lost(
    mode: str, portal: Portal, postgresql_server: PostgresqlServer
) -> None:
    """What was answered 303 is there, once; what was not is sent again from the page that says so."""
    owners = [factories.organiser() for _ in range(OWNERS)]
    drafts = [[factories.application(by=owner) for _ in range(EACH)] for owner in owners]
    browsers = [portal.signed_in(owner) for owner in owners]
    told: list[int] = []

    def submit_all(browser: httpx.Client, applications: list[Application]) -> None:
        for application in applications:
            answer = send(browser, application)
            while answer.status_code == 503:
                told.append(503)
                answer = press_again(browser, answer)
            told.append(answer.status_code)

    with ThreadPoolExecutor(OWNERS) as pool:
        working = [pool.submit(submit_all, *of) for of in zip(browsers, drafts, strict=True)]
        until(lambda: told.count(303) >= OWNERS)
        stop(postgresql_server, mode)
        until(lambda: told.count(503) >= OWNERS)
        postgresql_server.start()
    for work in working:
        work.result()

    assert set(told) == {303, 503}
    sent = Application.objects.filter(created_by__in=owners)
    assert list(sent.values_list("state", flat=True)) == [State.SUBMITTED] * OWNERS * EACH
    submitted = list(Transition.objects.filter(action=Action.SUBMIT, application__in=sent))
    assert len({transition.application_id for transition in submitted}) == len(submitted) == OWNERS * EACH
    assert Mail.objects.filter(key__in=[transition.mail_key for transition in submitted]).count() == OWNERS * EACH


def test_restarted_under_load_the_portal_is_back_with_its_database(
    portal: Portal, postgresql_server: PostgresqlServer
) -> None:
    """At once, which is less than five seconds: whatever is asked from then on is answered."""
    with (
        httpx.Client(base_url=portal.url, timeout=60) as browser,
        Load(lambda: browser.get("/evenements/").status_code, threads=READERS) as load,
    ):
        load.wait_for(20)
        stop(postgresql_server, "immediate")
        until(lambda: 503 in load.answers)
        postgresql_server.start()
        on_their_way = len(load.answers) + READERS
        load.wait_for(40)

    assert set(load.answers) == {200, 503}
    assert set(load.answers[on_their_way:]) == {200}


@pytest.fixture
def holding(portal: Portal) -> Iterator[Callable[[str], Any]]:
    """Somebody whose transaction does not end."""
    with psycopg.connect(portal.database_url) as link:
        yield link.execute


def test_a_lock_that_is_held_is_waited_for_five_seconds_then_told_with_the_text_kept(
    portal: Portal, holding: Callable[[str], Any]
) -> None:
    browser, application = ready_to_send(portal, factories.organiser())
    holding(f"SELECT * FROM labels_application WHERE id = {application.pk} FOR UPDATE")

    told = send(browser, application)

    assert (told.status_code, "Votre envoi est gardé dans cette page" in told.text) == (503, True)
    assert "canceling statement due to lock timeout" in portal.log()
    holding("ROLLBACK")
    assert press_again(browser, told).status_code == 303
    application.refresh_from_db()
    assert application.state == State.SUBMITTED
