"""What nobody but staff may read of people stands in no public output: each address that is open to all is searched."""

import html
import re
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.audit import AuditEntry
from accounts.models import Invitation, User
from core import outbox
from events.models import Event
from labels.models import Note, Revision, State, Transition
from tests import factories
from tests.events.reading import ADDRESSES, content
from tests.test_access import OPEN, PAGES, Case, Scene

pytestmark = pytest.mark.django_db

# The previews and the follow-up pages are for whoever holds their signed link; a file is the one that was put there.
PUBLIC = [
    address
    for address, row in PAGES.items()
    if row == OPEN
    and not address.startswith(("labels:", "editorial:download"))
    and Case(address).state in {None, State.APPROVED}
]
CHOSEN_EMAIL, CHOSEN_PHONE = "inscriptions@choisi.example", "02 35 00 00 01"
SECRETS = {
    "account e-mail": "compte@secret.example",
    "account name": "Apolline Secrète",
    "person to contact": "Barnabé Secret",
    "telephone of that person": "06 11 22 33 44",
    "e-mail not chosen": "autre@secret.example",
    "telephone not chosen": "06 22 33 44 55",
    "note": "note@secret.example",
    "examiner": "agent@secret.example",
    "decision": "transition@secret.example",
    "mail": "courriel@secret.example",
    "invitation": "invitee@secret.example",
    "revision": "revision@secret.example",
    "IP address": "203.0.113.77",
}


def plant() -> Scene:
    """An approved event and all that is stored around it; another one publishes a contact that it chose."""
    scene = Scene(State.APPROVED)
    application, event = scene.application, scene.application.event
    of = SECRETS
    User.objects.filter(pk=scene.owner.pk).update(email=of["account e-mail"], name=of["account name"])
    User.objects.filter(is_staff=True).update(email=of["examiner"])
    type(application).objects.filter(pk=application.pk).update(
        contact_name=of["person to contact"], contact_phone=of["telephone of that person"]
    )
    # Typed once, then another way of registering was chosen.
    Event.objects.filter(pk=event.pk).update(
        registration=Event.Registration.NONE,
        registration_email=of["e-mail not chosen"],
        registration_phone=of["telephone not chosen"],
    )
    Note.objects.create(application=application, text=of["note"])
    Transition.objects.filter(application=application).update(
        note=of["decision"], snapshot={"registration_email": of["decision"]}
    )
    waiting = {"changes": {"registration_email": of["revision"]}, "promised_on": timezone.localdate()}
    Revision.objects.create(application=application, **waiting)
    Invitation.objects.update(email=of["invitation"])
    outbox.post(key="secret", to=of["mail"], subject="Objet", text=of["mail"], about=application.reference)
    AuditEntry.objects.create(action="x", summary=of["examiner"], address=of["IP address"])
    return scene


def chosen() -> Event:
    """An event whose organiser takes registrations by e-mail, and says so in public."""
    event = factories.event(
        title="Sur inscription",
        edition=factories.edition(),
        slots=[(timezone.localdate() + timedelta(days=1), time(9), time(12))],
        registration=Event.Registration.EMAIL,
        registration_email=CHOSEN_EMAIL,
        registration_phone=CHOSEN_PHONE,
    )
    event.publish()
    return event


def told(response: Any) -> str:
    """A body as it is read, and once more without what parts the digits of a number."""
    text = html.unescape(content(response).decode(errors="replace"))
    text = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text).casefold()
    return text + re.sub(r"(?<=\d)[\s.-]+(?=\d)", "", text)


def forms(secret: str) -> list[str]:
    """How it could be written: a telephone without its spaces, or as it is dialled from abroad."""
    digits = re.sub(r"\D", "", secret)
    is_phone = re.fullmatch(r"0[\d ]+", secret)
    return [digits, digits.removeprefix("0")] if is_phone else [secret.casefold()]


def test_what_is_stored_of_people_is_in_no_public_output(client: Client) -> None:
    scene = plant()
    other = chosen()
    addresses = [scene.address(Case(address)) for address in PUBLIC]

    bodies = {address: told(client.get(address)) for address in addresses}

    leaks = {
        (address, secret)
        for address, body in bodies.items()
        for secret in (*SECRETS.values(), CHOSEN_EMAIL, CHOSEN_PHONE)
        if any(form in body for form in forms(secret))
    }
    # A class that goes out with the printed list must be able to register.
    assert leaks == {("/evenements/imprimer/", CHOSEN_EMAIL)}
    # The pages that hold events do hold these: the search looked where something could leak.
    holding = {address for address, body in bodies.items() if str(other.uid) in body}
    assert holding >= {*ADDRESSES.values(), "/", "/evenements/", "/carte/", "/sitemap-evenements.xml"}


def test_the_contact_that_was_chosen_is_on_the_page_of_its_event_and_in_no_document(client: Client) -> None:
    event = chosen()

    page = told(client.get(event.get_absolute_url()))
    documents = {name: told(client.get(address)) for name, address in ADDRESSES.items()}
    documents["calendar"] = told(client.get(f"/evenements/{event.uid}.ics"))

    assert CHOSEN_EMAIL in page
    assert forms(CHOSEN_PHONE)[0] not in page
    assert {name for name, body in documents.items() if "@choisi.example" in body or "235000001" in body} == set()
    assert {name for name, body in documents.items() if str(event.uid) in body} == documents.keys()


def test_the_search_for_secrets_finds_them_where_they_are(client: Client) -> None:
    scene = plant()
    client.force_login(factories.national())

    body = told(client.get(f"/admin/labels/application/{scene.application.pk}/change/"))

    seen = {name for name, secret in SECRETS.items() if any(form in body for form in forms(secret))}
    assert seen >= {"person to contact", "telephone of that person", "note", "account e-mail"}
