"""« Mes données » : told in full to their owner alone, and erased without breaking what others share."""

import json
from datetime import time
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import invitations
from accounts.models import Invitation, Membership, Organisation, User
from core import outbox
from core.outbox import Mail
from events.models import Event, Report
from labels.models import Action, Application, State, Transition
from labels.workflow import perform
from tests import factories

pytestmark = pytest.mark.django_db

ADDRESS = "camille@exemple.fr"


@pytest.fixture
def user() -> User:
    return factories.organiser(email=ADDRESS, name="Camille Martin")


@pytest.fixture
def client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def erase(client: Client) -> Any:
    return client.post("/mes-donnees/effacer/", {"is_certain": "on"})


def published(user: User, **fields: Any) -> Application:
    contact = {"registration": Event.Registration.EMAIL, "registration_email": ADDRESS}
    return factories.application(state=State.APPROVED, by=user, **{**contact, **fields})


def mentions(text: str) -> list[str]:
    """Where ``text`` is still stored, in any column of any table."""
    from django.apps import apps

    found = []
    for model in apps.get_models():
        for row in model._default_manager.all():
            values = [str(getattr(row, field.attname)) for field in model._meta.concrete_fields]
            found += [f"{model.__name__}: {value[:80]}" for value in values if text in value]
    return found


def test_the_file_holds_what_is_kept_on_its_owner(client: Client, user: User) -> None:
    application = factories.application(state=State.SUBMITTED, by=user, title="Visite de l’aciérie")
    outbox.post(key="code", to=ADDRESS, subject="Code", text="12345678", is_secret=True)

    answer = client.get("/mes-donnees/telecharger/")
    kept = json.loads(answer.content)

    assert answer["Content-Disposition"].startswith('attachment; filename="semaine-industrie-mes-donnees-')
    assert "no-store" in answer["Cache-Control"]
    assert (kept["account"]["email"], kept["account"]["name"]) == (ADDRESS, "Camille Martin")
    assert [item["organisation"]["name"] for item in kept["memberships"]] == [str(application.event.organisation)]
    (filed,) = kept["applications"]
    assert filed["reference"] == application.reference
    assert filed["event"]["title"] == "Visite de l’aciérie"
    assert filed["event"]["slots"][0]["start_time"] == "09:00"
    assert [item["action"] for item in kept["actions"]] == ["submit"]
    assert len(kept["mails"]) == 2
    assert "12345678" not in answer.content.decode()
    assert "password" not in answer.content.decode()


def test_the_file_holds_nothing_of_others(client: Client, user: User) -> None:
    organisation = factories.organisation(member=user)
    colleague = factories.organiser(email="colette@exemple.fr", name="Colette Autre")
    Membership.objects.create(user=colleague, organisation=organisation)
    factories.application(by=colleague, organisation=organisation, title="Secret de Colette")
    factories.application(state=State.SUBMITTED, title="Secret d’ailleurs")

    text = client.get("/mes-donnees/telecharger/").content.decode()

    assert [word for word in ("colette", "Colette", "Secret") if word in text] == []


def test_the_page_tells_it_in_words_and_changes_nothing(client: Client, user: User) -> None:
    factories.application(state=State.SUBMITTED, by=user)
    page = client.get("/mes-donnees/").content.decode()

    assert ADDRESS in page
    assert "1 demande de label" in page


def test_erasing_is_confirmed_by_a_box(client: Client, user: User) -> None:
    refused = client.post("/mes-donnees/effacer/")

    assert refused.status_code == 200
    assert refused.context["form"].errors == {"is_certain": ["Cochez la case pour effacer votre compte."]}
    assert User.objects.filter(pk=user.pk).exists()


def test_the_page_foresees_what_will_happen(client: Client, user: User) -> None:
    organisation = factories.organisation(member=user)
    for state in (State.DRAFT, State.SUBMITTED, State.RETURNED):
        factories.application(state=state, by=user, organisation=organisation)
    published(user, organisation=organisation)
    theirs = factories.organisation(member=factories.organiser())
    factories.application(by=user, organisation=theirs)

    fate = client.get("/mes-donnees/effacer/").context["fate"]

    assert fate == {"shared": 0, "drafts": 2, "withdrawn": 2, "published": 1}


def test_drafts_go_what_waits_is_withdrawn_and_what_is_published_stays_without_a_name(
    client: Client, user: User
) -> None:
    organisation = factories.organisation(member=user, name="Fonderie Martin", siret="55208131766522")
    draft, waiting, returned = (
        factories.application(state=state, by=user, organisation=organisation)
        for state in (State.DRAFT, State.SUBMITTED, State.RETURNED)
    )
    to_come = (factories.edition().window_ends_on, time(9), time(12))
    labelled = published(user, organisation=organisation, slots=[to_come])
    before = labelled.event.sequence

    gone = erase(client)

    assert (gone.status_code, gone["Location"]) == (302, "/")
    assert "_auth_user_id" not in client.session
    assert not User.objects.filter(email=ADDRESS).exists()
    states = dict(Application.objects.values_list("pk", "state"))
    assert states == {waiting.pk: "withdrawn", returned.pk: "withdrawn", labelled.pk: "approved"}
    assert not Event.objects.filter(pk=draft.event_id).exists()
    event = Event.objects.get(pk=labelled.event_id)
    assert str(event.organisation) == "Organisateur supprimé"
    assert "organisateur supprime" in event.search_text and "martin" not in event.search_text
    assert event.sequence > before
    page = client.get(event.get_absolute_url()).content.decode()
    assert "Organisateur supprimé" in page and "L’organisateur ne prend plus d’inscription." in page


def test_nothing_of_the_person_is_left_anywhere(client: Client, user: User) -> None:
    organisation = factories.organisation(member=user, name="Fonderie Martin")
    labelled = published(user, organisation=organisation)
    changes = {"registration_email": "camille.bis@exemple.fr"}
    perform(Application.objects.get(pk=labelled.pk), Action.EDIT, by=user, changes=changes)
    invitations.send(organisation, "autre@exemple.fr", "member", user)
    Invitation.objects.create(organisation=factories.organisation(), email=ADDRESS)
    outbox.post(key="refused", to=ADDRESS, subject="Objet", text="Bonjour")
    Mail.objects.update(state=Mail.State.SENT)
    Mail.objects.filter(to=ADDRESS).update(last_error=f"SMTPRecipientsRefused: {ADDRESS}")
    LogEntry.objects.log_actions(factories.national().pk, [user], 2, "Nom")
    assert len(mentions("amille")) > 5

    erase(client)

    assert mentions("amille") == []
    assert Transition.objects.filter(application=labelled).count() == 3


def test_the_mails_of_an_address_that_ends_alike_stay(client: Client) -> None:
    for number, text in enumerate([f"Écrivez à anne.{ADDRESS}.", f"Écrivez à {ADDRESS}.com", f"Écrivez à {ADDRESS}."]):
        outbox.post(key=str(number), to="autre@exemple.fr", subject="Objet", text=text)
    Mail.objects.update(state=Mail.State.SENT)

    erase(client)

    assert [bool(mail.text) for mail in Mail.objects.order_by("pk")] == [True, True, False]


def test_the_address_goes_however_its_letters_were_typed(client: Client) -> None:
    typed = "Camille@Exemple.fr"
    event = factories.application(state=State.APPROVED).event
    Report.objects.create(event=event, reason=Report.Reason.NOT_FREE, text="Payant", email=typed)
    outbox.post(key="named", to="autre@exemple.fr", subject="Objet", text=f"Écrivez à {typed}.")
    Mail.objects.update(state=Mail.State.SENT)

    erase(client)

    assert mentions(typed) == []
    assert Report.objects.get().text == "Payant"


def test_every_device_is_signed_out_and_keeps_nothing(client: Client, user: User) -> None:
    elsewhere, other = Client(), Client()
    elsewhere.force_login(user)
    other.force_login(factories.organiser())

    erase(client)

    keys = [item.session.session_key for item in (elsewhere, other)]
    assert [Session.objects.filter(session_key=key).exists() for key in keys] == [False, True]


def test_a_change_that_waits_to_be_examined_waits_no_more(client: Client, user: User) -> None:
    labelled = published(user)
    labelled = Application.objects.for_verdict().get(pk=labelled.pk)
    perform(labelled, Action.REVISE, by=user, changes={"title": "Un autre titre"})
    waiting = Application.objects.waiting().count()

    erase(client)

    assert (waiting, Application.objects.waiting().count()) == (1, 0)
    assert [revision.state for revision in labelled.revisions.all()] == ["closed"]
    assert Application.objects.get().state == State.APPROVED


def test_mails_that_wait_do_not_leave(client: Client, user: User) -> None:
    factories.application(state=State.SUBMITTED, by=user)
    Mail.objects.update(state=Mail.State.WAITING)

    erase(client)

    assert set(Mail.objects.filter(to__endswith=".invalid").values_list("state", flat=True)) == {"cancelled"}


def test_what_others_share_stays_as_it_was_with_somebody_to_answer_for_it(client: Client, user: User) -> None:
    organisation = factories.organisation(member=user, name="Fonderie du Port")
    colleague = factories.organiser()
    Membership.objects.create(user=colleague, organisation=organisation, role="member")
    draft = factories.application(by=user, organisation=organisation)
    labelled = published(user, organisation=organisation)
    Application.objects.update(contact_name="Camille Martin", contact_phone="0102030405")

    erase(client)

    assert set(Application.objects.values_list("contact_name", "contact_phone")) == {("", "")}
    kept = Application.objects.in_bulk()
    assert {kept[draft.pk].state, kept[labelled.pk].state} == {"draft", "approved"}
    assert {item.created_by for item in kept.values()} == {colleague}
    assert kept[labelled.pk].event.registration_email == ADDRESS
    assert Organisation.objects.get().name == "Fonderie du Port"
    assert [(item.user, item.role) for item in organisation.memberships.all()] == [(colleague, "owner")]


def test_what_was_filed_for_the_organisation_of_others_stays_theirs(client: Client, user: User) -> None:
    owner = factories.organiser()
    theirs = factories.organisation(member=owner, name="Celle d’en face")
    labelled = published(user, organisation=theirs)

    erase(client)

    labelled.refresh_from_db()
    assert labelled.created_by == owner
    assert str(labelled.event.organisation) == "Celle d’en face"


def test_who_filed_for_an_organisation_keeps_their_own_event_and_gets_none_of_its_last_members(
    client: Client, user: User
) -> None:
    organisation = factories.organisation(member=user, name="Fonderie du Port")
    applicant = factories.organiser()
    theirs = factories.application(by=applicant, organisation=organisation)
    labelled = published(user, organisation=organisation)

    erase(client)

    apart = applicant.organisations.get()
    theirs.event.refresh_from_db()
    assert (theirs.event.organisation, apart.name, roles(apart)) == (apart, "Fonderie du Port", {applicant: "owner"})
    assert set(Application.objects.of(applicant)) == {theirs}
    labelled.refresh_from_db()
    assert str(labelled.event.organisation) == "Organisateur supprimé"


def roles(organisation: Organisation) -> dict[User, str]:
    return {item.user: item.role for item in organisation.memberships.all()}


def test_an_organisation_without_events_goes_with_its_last_member(client: Client, user: User) -> None:
    factories.organisation(member=user)
    erase(client)

    assert not Organisation.objects.exists()


def test_a_decision_taken_at_the_same_time_stops_the_erasure(
    client: Client, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from labels import erasure
    from labels.workflow import StaleError

    def stale(*_: Any, **__: Any) -> None:
        raise StaleError("Une autre personne vient de traiter cette demande.")

    waiting = factories.application(state=State.SUBMITTED, by=user)
    monkeypatch.setattr(erasure, "perform", stale)
    stopped = erase(client)

    assert (stopped.status_code, stopped["Location"]) == (302, "/mes-donnees/effacer/")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.created_by) == ("submitted", user)


def test_the_file_is_not_asked_for_without_end(client: Client) -> None:
    statuses = [client.get("/mes-donnees/telecharger/").status_code for _ in range(21)]

    assert statuses == [200] * 20 + [302]


@pytest.mark.parametrize("address", ["/mes-donnees/", "/mes-donnees/telecharger/", "/mes-donnees/effacer/"])
def test_staff_are_led_to_the_data_protection_officer(address: str) -> None:
    client = Client()
    client.force_login(factories.national())
    response = client.get(address)

    assert response.status_code == 403
    assert "délégué à la protection des données" in response.content.decode()
