"""Redis goes, or says nothing: pages, sign-in and deposits go on; limits of comfort open, those of secrecy hold."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from django.urls import reverse

from core import outbox
from labels.models import State
from tests import factories
from tests.portal import Portal, posting
from tests.servers import SmtpServer
from tests.services import RedisServer

pytestmark = [pytest.mark.postgresql, pytest.mark.fault]

PUBLIC = ["/", "/evenements/?q=fonderie", "/carte/", "/carte/points.json", "/evenements.ics", "/connexion/"]


@pytest.fixture
def portal(
    start_portal: Callable[..., Portal], postgresql_url: str, redis_server: RedisServer, smtp_server: SmtpServer
) -> Portal:
    return start_portal(DATABASE_URL=postgresql_url, REDIS_URL=redis_server.url, EMAIL_URL=smtp_server.url)


@pytest.fixture(params=["stopped", "silent"])
def away(request: pytest.FixtureRequest, portal: Portal, redis_server: RedisServer) -> Iterator[None]:
    if request.param == "stopped":
        redis_server.stop()
        yield
    else:
        redis_server.fall_silent()
        yield
        redis_server.speak()


def sign_in(browser: httpx.Client, email: str, smtp_server: SmtpServer) -> httpx.Response:
    """The real way in: an address, then the code of the mail, which the sweep sends."""
    browser.get("/connexion/")
    posting(browser, "/connexion/", email=email)
    outbox.sweep()
    (mail,) = [message for message in smtp_server.messages if "code" in message["Subject"]]
    body = mail.get_body(("plain",))
    assert body
    (code,) = re.findall(r"\b\d{8}\b", body.get_content())
    return posting(browser, "/connexion/code/", code=code)


@pytest.mark.usefixtures("away")
def test_without_redis_pages_sign_in_and_deposits_go_on(portal: Portal, smtp_server: SmtpServer) -> None:
    event = factories.application(state=State.APPROVED).event
    owner = factories.organiser()
    draft = factories.application(by=owner)
    address = reverse("labels:step", args=[draft.reference, "verification"])

    with httpx.Client(base_url=portal.url, timeout=60) as browser:
        pages = {where: browser.get(where).status_code for where in (*PUBLIC, event.get_absolute_url())}
        signed_in = sign_in(browser, owner.email, smtp_server)
        sent = posting(browser, address, version=draft.version, is_sworn="on")

    assert set(pages.values()) == {200}, pages
    assert (signed_in.status_code, sent.status_code) == (302, 303)
    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED
    assert outbox.sweep() == 1
    receipt = smtp_server.messages[-1]
    assert (receipt["To"], receipt["Subject"]) == (owner.email, f"Demande bien reçue – {draft.event.title}")
