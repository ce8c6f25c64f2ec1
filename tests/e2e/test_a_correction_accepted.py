"""A correction proposed, and accepted from the mail without signing in: the queue has the application again."""

import re
from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from core.outbox import Mail
from labels.links import Link
from labels.models import Action, Application, Condition, State
from labels.workflow import perform
from tests import factories
from tests.axe import faults
from tests.labels.admin.desk import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def organiser(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A browser that is not signed in and runs no script."""
    context = browser.new_context(base_url=live_server.url, locale="fr-FR", java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_a_correction_goes_from_the_examiner_to_the_queue_again(
    page: Page, organiser: Page, live_server: LiveServer
) -> None:
    factories.commune()
    application = factories.application(state=State.SUBMITTED)
    session = signed_in(factories.regional("28")).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])

    page.goto(reverse("admin:labels_application_change", args=[application.pk]))
    page.get_by_text("Autres actions").click()
    page.get_by_role("link", name="Proposer une correction").click()
    assert faults(page) == []
    page.get_by_label("Titre").fill("Visite gratuite de la fonderie")
    page.get_by_role("button", name="Voir ce qui change").last.click()
    expect(page.get_by_role("heading", name="Ce qui sera proposé")).to_be_visible()
    page.get_by_label("Gratuité").check()
    page.get_by_label("Motif").fill("Dites dès le titre que la visite est gratuite.")
    page.get_by_role("button", name="Renvoyer avec cette correction").click()
    expect(page.get_by_text("renvoyée à son organisateur avec la correction proposée")).to_be_visible()

    mail = Mail.objects.latest("pk")
    (link,) = re.findall(r"http\S+/correction/\S+/", mail.text)
    organiser.goto(link)
    expect(organiser.get_by_text("Visite gratuite de la fonderie").first).to_be_visible()
    organiser.get_by_text("Je certifie sur l’honneur").click()
    organiser.get_by_role("button", name="Accepter la correction et déposer de nouveau").click()
    expect(organiser.get_by_text("La correction a été acceptée")).to_be_visible()

    page.goto(link)
    assert faults(page) == []
    application.refresh_from_db()
    assert (application.state, application.event.title) == (State.SUBMITTED, "Visite gratuite de la fonderie")
    page.goto(reverse("admin:labels_application_changelist"))
    expect(page.get_by_role("link", name=application.reference)).to_be_visible()


def test_two_clicks_at_once_on_the_link_file_it_once() -> None:
    examiner = factories.national()
    for round_ in range(5):
        application = factories.application(state=State.SUBMITTED, title=f"Visite {round_}")
        changes = {"title": f"Visite gratuite {round_}"}
        transition = perform(
            application, Action.RETURN, by=examiner, note="Payant.", conditions=[Condition.FREE], changes=changes
        )
        token = Link.PROPOSAL.sign(f"{transition.pk}-{application.created_by_id}")
        url, gate, statuses = reverse("labels:proposal", args=[token]), Barrier(2), list[int]()
        data = {"version": application.version, "is_sworn": "on"}

        def click(url: str = url, gate: Barrier = gate, statuses: list[int] = statuses, data: object = data) -> None:
            try:
                gate.wait(timeout=10)
                statuses.append(Client().post(url, data).status_code)
            finally:
                connection.close()

        threads = [Thread(target=click) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)

        assert statuses == [303, 303]
        agreed = Application.objects.get(pk=application.pk).transitions.filter(action=Action.AGREE)
        assert Mail.objects.filter(key__in=[item.mail_key for item in agreed]).count() == agreed.count() == 1
