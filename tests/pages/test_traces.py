"""Every column of every table, searched for one person: told in their file, gone with their account or at their time.

What to search is read from the models: a model added tomorrow fails here until somebody plants a trace in it, or says
why nobody's can be there.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Field, Model
from django.test import Client
from django.utils import timezone

from accounts import audit, staff
from accounts.models import Invitation, Membership, Organisation, User
from core import outbox, retention
from core.outbox import Mail
from events.models import Event, Picture, Report
from labels.models import Action, Application, Note, Revision, State
from labels.workflow import perform
from tests import factories
from tests.purging import purged

pytestmark = pytest.mark.django_db

# Of the person, in whatever is stored: their name and addresses, their telephones, where they were.
MARKS = ("camil", "0612345", "203.0.113.77")
EMAIL, NAME, ADDRESS = "camille@secrete.example", "Camille Secrète", "203.0.113.77"

TEXTS = {
    "CharField",
    "EmailField",
    "FileField",
    "GenericIPAddressField",
    "JSONField",
    "SlugField",
    "TextField",
    "URLField",
}
# Where no person can be: lists of the State, words of rules and presets, what the DGE's team publishes, plumbing.
NOBODY = {
    "account.EmailConfirmation",
    "accounts.Membership",
    "auth.Group",
    "auth.Permission",
    "axes.AccessAttemptExpiration",
    "contenttypes.ContentType",
    "dsfr.DsfrConfig",
    "dsfr.DsfrSocialMedia",
    "editorial.Correspondent",
    "editorial.Partner",
    "editorial.Resource",
    "events.Audience",
    "events.Edition",
    "events.Format",
    "events.Level",
    "events.Sector",
    "events.Slot",
    "labels.Preset",
    "mfa.Authenticator",
    "places.Commune",
    "places.Departement",
    "places.Region",
}
# What the person wrote to be published stays with the event, as open data; so do the words that find it, and the
# decisions taken of it, which are the State's.
PUBLIC = {
    *(f"events.Event.{name}" for name in ("title", "description", "purpose", "venue", "address", "directions")),
    *(f"events.Event.{name}" for name in ("online_url", "registration_url", "accessibility", "safety_equipment")),
    *(f"events.Event.{name}" for name in ("search_text", "cancellation_message")),
    "events.Picture.alt",
    "events.SearchEntry.stems",
    "events.SearchWord.folded",
    "events.SearchWord.spelling",
    "labels.Transition.note",
    "labels.Transition.snapshot",
    "core.Mail.subject",
}
# Kept by right once an account is erased, each for its time: where a deed came from, who tried the staff's door, and
# what was reported, without the address to answer to.
FOR_A_TIME = {
    "accounts.AuditEntry.address": retention.LOG,
    "axes.AccessAttempt.ip_address": retention.ATTEMPT,
    "axes.AccessAttempt.username": retention.ATTEMPT,
    "axes.AccessFailureLog.ip_address": retention.ATTEMPT,
    "axes.AccessFailureLog.username": retention.ATTEMPT,
    "axes.AccessLog.ip_address": retention.ATTEMPT,
    "axes.AccessLog.username": retention.ATTEMPT,
    "events.Report.text": retention.REPORT,
}
# Not in the file: what others wrote or are called, what staff's door counts, and what only repeats the rest.
NOT_TOLD = {
    "account.EmailAddress.email": "the account's own address, repeated",
    "accounts.Invitation.email": "the account's own address, repeated",
    "admin.LogEntry.object_repr": "the account's own name, repeated",
    "core.Mail.html": "the mail's text again",
    "core.Mail.last_error": "the answer of a server, with the account's own address",
    "core.Mail.unsubscribe_url": "a link that acts for whoever holds it",
    "events.Event.search_text": "the event's texts, folded",
    "events.SearchEntry.stems": "the event's texts, as words",
    "events.SearchWord.folded": "the event's texts, as words",
    "events.SearchWord.spelling": "the event's texts, as words",
    "labels.Note.text": "what examiners tell one another: the data protection officer gives it",
    "sessions.Session.session_data": "what was typed in a page and waits for its author to sign in",
    **dict.fromkeys([name for name in FOR_A_TIME if name.startswith("axes.")], "staff's door, a day"),
}


def leaves(value: Any) -> Iterator[str]:
    """The texts within JSON's values."""
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from leaves(item)
    elif value is not None:
        yield str(value)


def texts(row: Model, field: "Field[Any, Any]") -> Iterator[str]:
    is_session = isinstance(row, Session) and field.name == "session_data"
    yield from leaves(row.get_decoded() if is_session else getattr(row, field.attname))  # type: ignore[attr-defined]


def holds_text(field: "Field[Any, Any]") -> bool:
    return not field.is_relation and field.get_internal_type() in TEXTS


def traces() -> dict[str, set[str]]:
    """Each column that names the person, with what it says."""
    found: dict[str, set[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        fields = [field for field in model._meta.concrete_fields if holds_text(field)]
        for row in model._base_manager.all():
            for field in fields:
                said = {text for text in texts(row, field) if any(mark in text.casefold() for mark in MARKS)}
                if said:
                    found.setdefault(f"{model._meta.label}.{field.name}", set()).update(said)
    return found


def plant() -> User:
    """Somebody who left a trace wherever a person can."""
    user = factories.organiser(email=EMAIL, name=NAME, last_login=timezone.now())
    mine = factories.organisation(
        member=user, name="Camille Secrète EI", website="https://camille-organisme.example/", address="1 rue Camille"
    )
    labelled = labelled_event(user, mine)
    factories.application(by=user, organisation=mine, title="Brouillon de Camille")
    factories.application(state=State.REFUSED, by=user, organisation=mine, title="Refus de Camille")
    Application.objects.update(contact_name="Camille à joindre", contact_phone="0612345001")
    Application.objects.filter(pk=labelled.pk).update(late_reason="Camille était absente")
    Note.objects.create(application=labelled, by=factories.national(), text="Camille rappellera.")
    share(user, mine)
    write(user, labelled)
    sign_in(user)
    return user


def labelled_event(user: User, mine: Organisation) -> Application:
    public = {
        name: f"Camille {name}"
        for name in ("title", "description", "purpose", "venue", "address", "directions", "accessibility")
    }
    application = factories.application(
        state=State.APPROVED,
        by=user,
        organisation=mine,
        safety_equipment="Camille prête des casques",
        online_url="https://camille.example/direct",
        registration_url="https://camille.example/inscription",
        registration=Event.Registration.EMAIL,
        registration_email="camille.inscription@secrete.example",
        registration_phone="0612345002",
        **public,
    )
    changes = {"registration_email": "camille.ensuite@secrete.example", "registration_phone": "0612345003"}
    perform(Application.objects.get(pk=application.pk), Action.EDIT, by=user, changes=changes)
    waiting = {"changes": {"registration_email": "camille.attend@secrete.example"}, "state": "closed"}
    Revision.objects.create(application=application, promised_on=timezone.localdate(), **waiting)
    Picture.objects.create(
        event=application.event, kind="image", alt="Camille à l’atelier", file="a.png", width=1, height=1, size=1,
        digest="a",
    )  # fmt: skip
    cancelled = Application.objects.get(pk=application.pk)
    perform(cancelled, Action.CANCEL, by=user, note="Camille est souffrante.")
    return application


def share(user: User, mine: Organisation) -> None:
    theirs = factories.organisation(member=factories.organiser(name="Dominique"))
    Invitation.objects.create(organisation=theirs, email=EMAIL, sent_at=timezone.now())
    Invitation.objects.create(organisation=mine, email="dominique@autre.example", invited_by=user)


def write(user: User, labelled: Application) -> None:
    outbox.post(key="to", to=EMAIL, subject="Bonjour Camille", text="Camille, votre demande…", html="<p>Camille</p>")
    outbox.post(key="code", to=EMAIL, subject="Votre code", text="Camille : 12345678", is_secret=True)
    outbox.post(key="about", to="dominique@autre.example", subject="Invitation", text=f"{EMAIL} vous invite.")
    Mail.objects.update(state=Mail.State.SENT, sent_at=timezone.now())
    outbox.post(key="refused", to=EMAIL, subject="Objet", text="Camille…", unsubscribe_url="https://x.example/camille")
    refused = {"state": Mail.State.FAILED, "last_error": f"SMTPRecipientsRefused: {EMAIL}"}
    Mail.objects.filter(key="refused").update(**refused)
    Report.objects.create(event=labelled.event, reason="autre", text="Camille s’étonne.", email=EMAIL)


def sign_in(user: User) -> None:
    entry = audit.AuditEntry(by=user, action="application.submit", summary="Demande déposée", address=ADDRESS)
    entry.save()
    audit.record(factories.national(), "account.change", "Compte d’un organisateur : nom", about=staff.about(user))
    LogEntry.objects.log_actions(factories.national().pk, [user], 2, "Nom")
    EmailAddress.objects.create(user=user, email=EMAIL)
    attempt = {"username": EMAIL, "ip_address": ADDRESS, "path_info": "/admin/login/"}
    AccessAttempt.objects.create(**attempt, failures_since_start=1)
    AccessFailureLog.objects.create(**attempt)
    AccessLog.objects.create(**attempt)
    session = SessionStore()
    session.update({"_auth_user_id": str(user.pk), "kept-pages": {"/": "contact_name=Camille"}})
    session.create()


def test_every_model_that_holds_text_is_planted_in_or_can_hold_nobody() -> None:
    plant()
    planted = {name.rpartition(".")[0] for name in traces()}
    with_text = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if any(holds_text(field) for field in model._meta.concrete_fields)
    }

    assert planted & NOBODY == set()
    assert planted | NOBODY >= with_text


def test_the_file_tells_all_that_is_stored_of_its_owner() -> None:
    user = plant()
    client = Client()
    client.force_login(user)

    told = set(leaves(json.loads(client.get("/mes-donnees/telecharger/").content)))
    everything = "\n".join(told)

    # A mail to somebody else is theirs; a code is nobody's to read.
    to_others = Mail.objects.exclude(to=EMAIL, is_secret=False).values_list("subject", "text")
    others = {text for mail in to_others for text in mail}
    missing = {
        (column, text)
        for column, said in traces().items()
        for text in said - others
        if column not in NOT_TOLD and text not in everything
    }
    assert missing == set()
    assert "12345678" not in everything and "Dominique" not in everything and "dominique" not in everything
    assert NOT_TOLD.keys() <= traces().keys()


def test_an_account_erased_leaves_nothing_but_what_was_published_and_what_the_law_keeps_for_a_time() -> None:
    user = plant()
    client = Client()
    client.force_login(user)
    Membership.objects.exclude(user=user).delete()

    client.post("/mes-donnees/effacer/", {"is_certain": "on"})

    assert not User.objects.filter(email=EMAIL).exists()
    left = traces()
    assert left.keys() - PUBLIC == set(FOR_A_TIME)
    assert {text for said in left.values() for text in said if "@" in text} == {EMAIL}  # of the staff's door, for a day
    assert [text for said in left.values() for text in said if "0612345" in text] == []
    assert [text for said in left.values() for text in said if "secr" in text.casefold()] == [EMAIL] * 3


@pytest.mark.parametrize("years", [3])
def test_years_later_the_purge_leaves_nothing_but_what_was_published(years: int) -> None:
    long_ago = timezone.now() - timedelta(days=365 * years)
    with time_machine.travel(long_ago):
        plant()
    assert len(traces()) > 30

    assert purged(retention.WARNED) == 2
    warned = traces()
    assert warned.keys() - PUBLIC > {"accounts.User.email", "accounts.User.name", "core.Mail.to"}
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert purged(retention.ACCOUNT) == 2

    left = traces()
    assert left.keys() - PUBLIC == set()
    assert [text for said in left.values() for text in said if "@" in text or "0612345" in text] == []
