"""What nobody but staff may read of people stands in no public output: each address that answers anybody is searched.

The addresses are those of the table of accesses, which holds every address of the URL configuration or fails; what is
looked for is every mailbox, telephone and address of a caller that stands anywhere in the database, and names.
"""

import html
import re
from datetime import time, timedelta
from io import BytesIO
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.test import Client
from django.utils import timezone
from PIL import ExifTags, Image

from accounts.audit import AuditEntry
from accounts.models import Invitation, User
from core import outbox
from events.images import draw
from events.models import Event, Report
from events.pictures import attach
from labels.models import Note, Revision, State, Transition
from pages.sitemaps import SITEMAPS
from tests import factories, pictures
from tests.events.reading import ADDRESSES, content
from tests.scenes import Case, Scene
from tests.test_access import PAGES

pytestmark = pytest.mark.django_db

# For whoever holds the signed link that opens them: their person's own data are theirs to read.
HELD = {"labels:preview", "labels:follow", "labels:reminders", "labels:proposal"}
# What anybody gets something from, be it a refusal; to be led elsewhere is nothing.
PUBLIC = [Case(key) for key, row in PAGES.items() if row.split()[0].isdigit() and Case(key).name not in HELD]
CHOSEN_EMAIL, CHOSEN_PHONE = "inscriptions@choisi.example", "02 35 00 00 01"
SECRETS = {
    "account e-mail": "compte@secret.example",
    "account name": "Apolline Secrète",
    "person to contact": "Barnabé Secret",
    "telephone of that person": "06 11 22 33 44",
    "e-mail not chosen": "autre@secret.example",
    "telephone not chosen": "06 22 33 44 55",
    "note": "note@secret.example",
    "report": "signalement@secret.example",
    "examiner": "agent@secret.example",
    "decision": "transition@secret.example",
    "mail": "courriel@secret.example",
    "invitation": "invitee@secret.example",
    "revision": "revision@secret.example",
    "picture": "photographe@secret.example",
    "IP address": "203.0.113.77",
}


def plant(state: State = State.APPROVED) -> Scene:
    """An event in ``state`` and all that is stored around it; another one publishes a contact that it chose."""
    scene = Scene(state)
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
    Report.objects.create(event=event, reason=Report.Reason.OTHER, text=of["report"], email=of["report"])
    Transition.objects.filter(application=application).update(
        note=of["decision"], snapshot={"registration_email": of["decision"]}
    )
    waiting = {"changes": {"registration_email": of["revision"]}, "promised_on": timezone.localdate()}
    Revision.objects.create(application=application, **waiting)
    Invitation.objects.update(email=of["invitation"])
    outbox.post(key="secret", to=of["mail"], subject="Objet", text=of["mail"], about=application.reference)
    AuditEntry.objects.create(action="x", summary=of["examiner"], address=of["IP address"])
    AccessAttempt.objects.create(
        username=of["examiner"], ip_address=of["IP address"], path_info="/", failures_since_start=1
    )
    attach(event, draw(BytesIO(photographed())), kind="document", alt="La coulée du métal")
    return scene


def photographed() -> bytes:
    """A picture as a telephone makes it: it says who took it, and where."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = SECRETS["picture"]
    exif[ExifTags.Base.ImageDescription] = SECRETS["picture"]
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (49.0, 29.0, 37.0)
    return pictures.image("JPEG", exif=exif, comment=SECRETS["picture"].encode())


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
    """A body as it is read, with its headers, and once more without what parts the digits of a number."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    text = html.unescape(f"{headers}\n{content(response).decode(errors='replace')}")
    text = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text).casefold()
    return text + re.sub(r"(?<=\d)[\s.-]+(?=\d)", "", text)


def forms(secret: str) -> list[str]:
    """How it could be written: a telephone without its spaces, or as it is dialled from abroad."""
    digits = re.sub(r"\D", "", secret)
    is_phone = re.fullmatch(r"0[\d ]+", secret)
    return [digits, digits.removeprefix("0")] if is_phone else [secret.casefold()]


_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w|\+33[\d ]{9,}|\b0[1-9](?:[ .]?\d\d){4}\b|\b203\.0\.113\.\d+")


def stored_of_people() -> set[str]:
    """Every mailbox, telephone and caller's address in any column of any table, and the names that were planted."""
    values = (
        str(value)
        for model in apps.get_models()
        for row in model._default_manager.values()
        for value in row.values()
        if value is not None
    )
    return {found for value in values for found in _PERSONAL.findall(value)} | set(SECRETS.values())


def addresses_of(scene: Scene, state: State) -> list[str]:
    """Those about an event in this state, and with the public one all that are about none."""
    states = {None, state} if state == State.APPROVED else {state}
    chosen_ = [scene.address(case) for case in PUBLIC if case.state in states]
    sections = [f"/sitemap-{section}.xml" for section in SITEMAPS]
    return [*chosen_, *sections, *(picture.url for picture in scene.application.event.pictures.all())]


@pytest.mark.parametrize("state", [state for state in State if any(case.state == state for case in PUBLIC)])
def test_what_is_stored_of_people_is_in_no_public_output(client: Client, state: State) -> None:
    scene = plant(state)
    other = chosen()
    addresses = addresses_of(scene, state)
    secrets = stored_of_people()

    bodies = {address: told(client.get(address)) for address in addresses}

    assert secrets >= {*SECRETS.values(), CHOSEN_EMAIL} - {SECRETS["picture"]}
    leaks = {
        (address, secret)
        for address, body in bodies.items()
        for secret in (*secrets, CHOSEN_PHONE)
        if any(form in body for form in forms(secret))
    }
    # A class that goes out with the printed list must be able to register.
    is_printed = "/evenements/imprimer/" in bodies
    assert leaks == ({("/evenements/imprimer/", CHOSEN_EMAIL)} if is_printed else set())
    # The pages that hold events do hold these: the search looked where something could leak.
    holding = {address for address, body in bodies.items() if str(other.uid) in body}
    if state == State.APPROVED:
        assert holding >= {*ADDRESSES.values(), "/", "/evenements/", "/carte/", "/sitemap-evenements.xml"}


def test_a_picture_says_neither_who_took_it_nor_where(client: Client) -> None:
    scene = plant()
    raw = photographed()
    assert SECRETS["picture"].encode() in raw

    (picture,) = scene.application.event.pictures.all()
    served = content(client.get(picture.url))

    assert not Image.open(BytesIO(served)).getexif()
    assert b"secret.example" not in served and b"Exif" not in served


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
