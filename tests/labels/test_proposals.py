"""A correction that an examiner proposes with a return: what is mailed, how it is accepted, until when."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.audit import AuditEntry
from accounts.models import User
from core.outbox import Mail
from events.models import Event
from labels import corrections
from labels.links import Link
from labels.models import Action, Application, Condition, State, Transition
from labels.workflow import MoveRefused, StaleError, available, perform
from tests import factories

pytestmark = pytest.mark.django_db

CHANGES = {"title": "Visite guidée de la fonderie", "price": "0"}


def proposed(changes: dict[str, Any] | None = None, **fields: Any) -> tuple[Application, Transition]:
    """A paying visit sent back with a title and a price that would do."""
    owner = fields.pop("by", None) or factories.organiser(email="camille@exemple.fr")
    application = factories.application(state=State.SUBMITTED, by=owner, **fields)
    # Filed before the rule knew that price: what the return is for.
    Event.objects.filter(pk=application.event_id).update(price=12)
    application.refresh_from_db()
    note, conditions = "La visite doit être gratuite.", [Condition.FREE]
    given = CHANGES if changes is None else changes
    transition = perform(
        application, Action.RETURN, by=factories.national(), note=note, conditions=conditions, changes=given
    )
    return application, transition


def owner_of(application: Application) -> User:
    assert application.created_by
    return application.created_by


def link_of(transition: Transition, person: User | None = None) -> str:
    person = person or owner_of(transition.application)
    return reverse("labels:proposal", args=[Link.PROPOSAL.sign(f"{transition.pk}-{person.pk}")])


def sworn(application: Application) -> dict[str, Any]:
    return {"version": Application.objects.get(pk=application.pk).version, "is_sworn": "on"}


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# What is proposed


def test_a_return_keeps_what_it_proposes_beside_what_it_was_made_from() -> None:
    application, transition = proposed()

    assert transition.changes == CHANGES
    assert transition.before == {"title": "Visite de la fonderie", "price": "12"}
    assert Event.objects.get(pk=application.event_id).title == "Visite de la fonderie"


@pytest.mark.parametrize(
    "changes",
    [{"title": "Visite de la fonderie"}, {"price": "5"}, {"label_number": "2024-00001"}, {"slots": []}],
    ids=["changes nothing", "misses the condition still", "no field of an event", "without a date"],
)
def test_what_its_organiser_could_not_accept_is_not_proposed(changes: dict[str, Any]) -> None:
    with pytest.raises(MoveRefused):
        proposed(changes)

    assert Application.objects.get().state == State.SUBMITTED


def test_the_mail_tells_each_value_before_and_after_and_leads_to_the_acceptance() -> None:
    _, transition = proposed()

    mail = Mail.objects.get(key=transition.mail_key)

    words = " ".join(mail.text.split())
    assert "Prix - Aujourd’hui : 12,00 € - Proposé : Gratuit" in words
    assert "Titre - Aujourd’hui : Visite de la fonderie - Proposé : Visite guidée de la fonderie" in words
    (address,) = re.findall(r"http\S+/correction/(\S+)/\n", mail.text)
    assert Link.PROPOSAL.read(address) == f"{transition.pk}-{owner_of(transition.application).pk}"
    assert mail.html.count(address) == 1


def test_a_return_without_a_correction_offers_none() -> None:
    application = factories.application(state=State.RETURNED)

    mail = Mail.objects.get(key=application.transitions.latest("pk").mail_key)

    assert "/correction/" not in mail.text + mail.html
    assert Action.AGREE not in available(application, owner_of(application))


# Accepting


def test_the_link_shows_the_correction_without_signing_in_and_changes_nothing(client: Client) -> None:
    _, transition = proposed()

    response = client.get(link_of(transition))

    page = text_of(response)
    assert response.status_code == 200
    assert "Visite guidée de la fonderie" in page
    assert "La visite doit être gratuite." in page
    assert "Camille" not in page and "camille@exemple.fr" not in page
    headers = [response.headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")]
    assert headers == ["no-store", "same-origin", "noindex, nofollow"]
    assert Application.objects.get().state == State.RETURNED


def test_accepting_by_the_link_corrects_and_files_again_in_the_name_of_who_was_told(client: Client) -> None:
    application, transition = proposed()

    response = client.post(link_of(transition), sworn(application), follow=True)

    application.refresh_from_db()
    done = application.transitions.latest("pk")
    assert "La correction a été acceptée" in text_of(response)
    assert application.state == State.SUBMITTED
    assert (application.event.title, application.event.price) == (CHANGES["title"], Decimal(0))
    assert application.promised_on is not None and application.due_on is not None and application.decided_at is None
    assert (done.action, done.by, done.changes) == (Action.AGREE, owner_of(application), CHANGES)
    assert done.before == transition.before
    assert done.note == "Acceptée par le lien du courriel, sans connexion."
    assert AuditEntry.objects.filter(action="application.agree", about=application.reference).count() == 1
    told = Mail.objects.get(key=done.mail_key)
    assert told.to == "camille@exemple.fr"
    assert "Prix - Avant : 12,00 € - Désormais : Gratuit" in " ".join(told.text.split())
    assert Event.objects.get(pk=application.event_id).published_at is None


def test_what_the_public_sees_does_not_move_for_an_event_that_it_does_not_see(client: Client) -> None:
    application, transition = proposed()
    before = application.event.edition.public_version

    client.post(link_of(transition), sworn(application))

    application.event.edition.refresh_from_db()
    assert application.event.edition.public_version == before


def test_the_box_must_be_ticked(client: Client) -> None:
    application, transition = proposed()

    response = client.post(link_of(transition), {"version": application.version})

    assert "Cochez cette case pour déposer la demande." in text_of(response)
    assert Application.objects.get().state == State.RETURNED


@pytest.mark.parametrize("version", ["", "abc", "\0", "9" * 30, "-1"])
def test_a_version_that_is_none_accepts_nothing(client: Client, version: str) -> None:
    _, transition = proposed()

    response = client.post(link_of(transition), {"version": version, "is_sworn": "on"})

    assert (response.status_code, Application.objects.get().state) == (200, State.RETURNED)


def test_a_second_click_lands_where_the_first_did(client: Client) -> None:
    application, transition = proposed()
    data = sworn(application)
    client.post(link_of(transition), data)

    response = client.post(link_of(transition), data)

    assert response.status_code == 303
    assert "La correction a été acceptée" in text_of(client.get(link_of(transition)))
    assert application.transitions.filter(action=Action.AGREE).count() == 1


def test_the_owner_accepts_on_their_page_once_signed_in(client: Client) -> None:
    application, _ = proposed()
    client.force_login(owner_of(application))
    page = text_of(client.get(reverse("labels:application", args=[application.reference])))

    response = client.post(reverse("labels:agree", args=[application.reference]), sworn(application), follow=True)

    assert "Accepter la correction et déposer de nouveau" in page
    assert "La correction est acceptée et la demande déposée de nouveau." in text_of(response)
    assert Application.objects.get().state == State.SUBMITTED


def test_a_faulty_acceptance_comes_back_signed_in_too(client: Client) -> None:
    application, _ = proposed()
    client.force_login(owner_of(application))

    response = client.post(reverse("labels:agree", args=[application.reference]), {"version": application.version})

    assert "Cochez cette case" in text_of(response)


def test_the_correction_comes_past_the_deadline(client: Client) -> None:
    application, transition = proposed()
    application.event.edition.applications_close_at = timezone.now() - timedelta(minutes=1)
    application.event.edition.save()

    client.post(link_of(transition), sworn(application))

    assert Application.objects.get().state == State.SUBMITTED


# No longer to be accepted


def test_what_was_changed_since_is_named_and_keeps_from_accepting(client: Client) -> None:
    application, transition = proposed()
    Event.objects.filter(pk=application.event_id).update(title="Portes ouvertes")

    page = text_of(client.get(link_of(transition)))
    response = client.post(link_of(transition), sworn(application))

    assert "Vous avez modifié « titre » depuis" in page
    assert response.status_code == 409
    assert "Vous avez modifié « titre » depuis" in text_of(response)
    assert Event.objects.get(pk=application.event_id).title == "Portes ouvertes"
    assert Application.objects.get().state == State.RETURNED


def test_what_was_changed_beside_the_correction_asks_to_read_again(client: Client) -> None:
    application, transition = proposed()
    data = sworn(application)
    assert Application.objects.get().hold()

    first = client.post(link_of(transition), data)
    second = client.post(link_of(transition), sworn(application))

    assert (first.status_code, second.status_code) == (409, 303)
    assert "relisez-la" in text_of(first)


def withdrawn(application: Application) -> None:
    perform(application, Action.WITHDRAW, by=owner_of(application))


def corrected_by_hand(application: Application) -> None:
    Event.objects.filter(pk=application.event_id).update(price=0)
    perform(Application.objects.get(pk=application.pk), Action.SUBMIT, by=owner_of(application))


def reversed_(application: Application) -> None:
    perform(application, Action.REVERSE, by=factories.national(email="chef@exemple.gouv.fr"), note="Erreur.")


def returned_again(application: Application) -> None:
    reversed_(application)
    perform(application, Action.RETURN, by=factories.national(), note="Autre.", conditions=[Condition.FREE])


@pytest.mark.parametrize(
    ("since", "told"),
    [
        (withdrawn, "La demande a été retirée"),
        (corrected_by_hand, "La demande a été corrigée autrement"),
        (reversed_, "est revenu sur sa décision"),
        (returned_again, "est revenu sur sa décision"),
    ],
)
def test_another_decision_is_told_instead(client: Client, since: Callable[[Application], None], told: str) -> None:
    application, transition = proposed()
    data = sworn(application)
    since(application)
    state = Application.objects.get().state

    shown, refused = client.get(link_of(transition)), client.post(link_of(transition), data)

    assert (shown.status_code, refused.status_code) == (200, 409)
    assert told in text_of(shown) and told in text_of(refused)
    assert Application.objects.get().state == state


def gone(person: User) -> None:
    person.delete()


def disabled(person: User) -> None:
    person.is_active = False
    person.save()


@pytest.mark.parametrize("leave", [gone, disabled])
def test_who_no_longer_answers_for_it_accepts_nothing(client: Client, leave: Callable[[User], None]) -> None:
    application, transition = proposed()
    address, data = link_of(transition), sworn(application)
    leave(owner_of(application))

    shown, refused = client.get(address), client.post(address, data)

    assert (shown.status_code, refused.status_code) == (200, 409)
    assert "ne répond plus de cette demande" in text_of(refused)
    assert Application.objects.get().state == State.RETURNED


def test_a_link_made_for_somebody_else_accepts_nothing(client: Client) -> None:
    application, transition = proposed()

    response = client.post(link_of(transition, factories.organiser()), sworn(application))

    assert (response.status_code, Application.objects.get().state) == (409, State.RETURNED)


def test_the_link_is_good_for_thirty_days(client: Client) -> None:
    application, transition = proposed()
    address = link_of(transition)

    with time_machine.travel(timezone.now() + timedelta(days=30, minutes=1)):
        response = client.post(address, sworn(application))

    assert (response.status_code, Application.objects.get().state) == (410, State.RETURNED)


@pytest.mark.parametrize("subject", ["SI2024-000001", "1", "0-0", "x-y", "999999999-1"])
def test_a_link_to_no_proposal_opens_nothing(client: Client, subject: str) -> None:
    assert client.get(reverse("labels:proposal", args=[Link.PROPOSAL.sign(subject)])).status_code == 404


def test_undoing_the_return_takes_the_proposal_back_with_its_mail(settings: Any) -> None:
    settings.DECISION_MAIL_DELAY = 300
    application, transition = proposed()
    assert transition.by

    perform(application, Action.UNDO, by=transition.by)

    assert Mail.objects.get(key=transition.mail_key).state == Mail.State.CANCELLED
    assert corrections.proposal_of(application) is None


def test_a_stranger_and_an_examiner_do_not_agree_in_its_organisers_place() -> None:
    application, _ = proposed()

    for person in (factories.organiser(), factories.national(email="autre@exemple.gouv.fr")):
        with pytest.raises(PermissionDenied):
            perform(application, Action.AGREE, by=person, changes=CHANGES)


def test_a_correction_is_not_agreed_to_once_its_edition_is_over() -> None:
    application, _ = proposed()
    day = application.event.edition.window_ends_on + timedelta(days=1)

    with time_machine.travel(day), pytest.raises(MoveRefused, match="Cette édition est terminée"):
        perform(application, Action.AGREE, by=owner_of(application), changes=CHANGES)

    assert Application.objects.get().state == State.RETURNED


def test_what_was_not_proposed_is_not_agreed_to() -> None:
    application, _ = proposed()

    with pytest.raises(StaleError):
        perform(application, Action.AGREE, by=owner_of(application), changes={"title": "Autre", "price": "0"})
