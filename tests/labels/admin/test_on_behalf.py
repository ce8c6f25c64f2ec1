"""Applications that the national team opens or makes again in an organiser's name."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.audit import AuditEntry
from accounts.models import User
from core import retention
from core.outbox import Mail
from events.models import Edition, Event
from labels.models import Action, Application, State
from labels.readiness import sending
from labels.workflow import MoveRefused, perform
from tests import factories
from tests.labels.admin.desk import QUEUE, Page, owner_of, page_of, signed_in, text_of
from tests.purging import purged

pytestmark = pytest.mark.django_db

ADD = reverse("admin:labels_application_add")
LATE = "Accord du cabinet du 4 novembre."


def opened(edition: Edition, **data: Any) -> Page:
    client = signed_in(User.objects.filter(email="nationale@exemple.gouv.fr").first() or national())
    return client.post(ADD, {"email": "fonderie@exemple.fr", "edition": edition.pk, **data})


def national() -> User:
    return factories.national(email="nationale@exemple.gouv.fr")


def closed(**fields: Any) -> Edition:
    """This year's edition, whose window holds today and which takes no more applications."""
    return factories.edition(applications_close_at=timezone.now() - timedelta(days=1), **fields)


def test_a_draft_is_opened_for_a_new_account_which_is_told_how_to_enter() -> None:
    response = opened(factories.edition(), email="Fonderie@Exemple.fr")

    draft = Application.objects.get()
    person = User.objects.get(email="fonderie@exemple.fr")
    mail = Mail.objects.get()
    assert response["Location"] == page_of(draft)
    assert (draft.state, draft.created_by, draft.late_reason) == (State.DRAFT, person, "")
    assert (person.is_staff, person.has_usable_password()) == (False, False)
    assert (mail.to, mail.about) == ("fonderie@exemple.fr", draft.reference)
    assert reverse("labels:application", args=[draft.reference]) in mail.text
    assert "Elle peut être déposée jusqu’au" in mail.text
    entry = AuditEntry.objects.get(action="application.open")
    assert (entry.about, entry.details["for"]) == (draft.reference, person.pk)


def test_a_known_organiser_keeps_their_account_and_organisation() -> None:
    person = factories.organiser(email="fonderie@exemple.fr")
    organisation = factories.organisation(member=person)

    opened(factories.edition())

    assert Application.objects.get().created_by == person
    assert Event.objects.get().organisation == organisation


def test_two_clicks_open_one_draft_and_send_one_mail() -> None:
    edition = factories.edition()

    opened(edition)
    opened(edition)

    assert (Application.objects.count(), Mail.objects.count()) == (1, 1)


def test_who_let_a_draft_go_by_is_told_that_it_may_now_come_late() -> None:
    edition = factories.edition()
    opened(edition)
    Edition.objects.update(applications_close_at=timezone.now() - timedelta(days=1))

    opened(edition, reason=LATE)
    opened(edition, reason=LATE)

    first, second = Mail.objects.order_by("pk")
    said = "la vôtre peut être déposée quand même"
    assert [said in " ".join(mail.text.split()) for mail in (first, second)] == [False, True]
    assert first.about == second.about == Application.objects.get().reference


def test_an_account_opened_so_is_not_purged_as_unused() -> None:
    opened(factories.edition())
    User.objects.filter(email="fonderie@exemple.fr").update(created_at=timezone.now() - timedelta(days=3))

    assert purged(retention.NEVER_USED) == 0

    assert User.objects.filter(email="fonderie@exemple.fr").exists()


def test_past_the_closing_a_reason_is_asked_for() -> None:
    response = opened(closed())

    assert "dites pourquoi celle-ci vient après" in text_of(response)
    assert 'value="fonderie@exemple.fr"' in response.content.decode()
    assert (Application.objects.count(), User.objects.filter(is_staff=False).count()) == (0, 0)


def test_what_is_opened_late_with_a_reason_may_be_filed() -> None:
    edition = closed()
    opened(edition, reason=LATE)
    late = Application.objects.get()
    plain = factories.application(edition=edition, by=owner_of(late))

    with pytest.raises(MoveRefused, match="date limite"):
        perform(plain, Action.SUBMIT, by=owner_of(plain))
    Application.objects.filter(pk=plain.pk).update(late_reason=late.late_reason)
    perform(Application.objects.get(pk=plain.pk), Action.SUBMIT, by=owner_of(plain))

    assert (late.late_reason, sending(late, State.DRAFT)) == (LATE, "open")
    assert Application.objects.get(pk=plain.pk).state == State.SUBMITTED
    assert AuditEntry.objects.get(action="application.open").details["reason"] == LATE
    assert "la vôtre peut être déposée quand même" in " ".join(Mail.objects.get(about=late.reference).text.split())


def test_the_organisers_page_lets_what_was_opened_late_be_filed() -> None:
    opened(closed(), reason=LATE)
    draft = Application.objects.get()

    page = text_of(signed_in(owner_of(draft)).get(reverse("labels:application", args=[draft.reference])))

    assert "La date limite de dépôt est passée" not in page
    assert "vous pouvez encore le déposer jusqu’au" in page and "Vérifier et déposer" in page


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("email", "", "Saisissez l’adresse électronique de l’organisateur."),
        ("email", "fonderie", "adresse"),
        ("email", "a\0@exemple.fr", "caractère"),
        ("email", "x" * 300 + "@exemple.fr", "254"),
        ("email", "nationale@exemple.gouv.fr", "celle d’un agent de l’État"),
        ("email", "parti@exemple.fr", "désactivé"),
        ("edition", "", "Choisissez une édition."),
        ("edition", "9" * 40, "Cette édition ne prend pas de demande"),
        ("edition", "\0", "Le caractère nul n’est pas autorisé."),
        ("reason", "x" * 501, "500"),
        ("reason", "a\0b", "caractère"),
    ],
)
def test_a_fault_is_told_beside_its_field_and_opens_nothing(field: str, value: str, told: str) -> None:
    factories.organiser(email="parti@exemple.fr", is_active=False)

    edition = factories.edition()
    national()

    data = {"email": "fonderie@exemple.fr", "edition": edition.pk, field: value}
    response = signed_in(User.objects.get(email="nationale@exemple.gouv.fr")).post(ADD, data)

    assert (response.status_code, Application.objects.count(), Mail.objects.count()) == (200, 0, 0)
    assert told in text_of(response)


def test_neither_an_edition_that_is_over_nor_one_to_come_takes_a_draft() -> None:
    year = timezone.localdate().year
    over = factories.edition(year - 2)
    to_come = factories.edition(year + 2)

    for edition in (over, to_come):
        assert "Cette édition ne prend pas de demande" in text_of(opened(edition, reason=LATE))
    assert Application.objects.count() == 0


def test_only_the_national_team_opens_one_and_finds_the_way_to_it() -> None:
    factories.edition()
    regional, client = signed_in(factories.regional("28")), signed_in(national())

    assert (regional.get(ADD).status_code, regional.post(ADD, {}).status_code) == (403, 403)
    assert "Ouvrir une demande pour un organisateur" not in text_of(regional.get(QUEUE))
    assert "Ouvrir une demande pour un organisateur" in text_of(client.get(QUEUE))


# Made again


@pytest.fixture
def last_year() -> Application:
    """Labelled last year, while this year's edition takes applications."""
    factories.edition()
    edition = factories.edition(timezone.localdate().year - 1)
    return factories.application(
        edition=edition, title="Visite de l’an passé", by=factories.organiser(email="an@exemple.fr")
    )


def redone(source: Application, user: User | None = None) -> Page:
    url = reverse("admin:labels_application_redo", args=[source.pk])
    return signed_in(user or User.objects.filter(email="nationale@exemple.gouv.fr").first() or national()).post(url)


def test_an_event_is_made_again_in_its_organisers_name(last_year: Application) -> None:
    response = redone(last_year)

    draft = Application.objects.latest("pk")
    assert response["Location"] == page_of(draft)
    assert (draft.copied_from, draft.created_by, draft.state) == (last_year, last_year.created_by, State.DRAFT)
    assert (draft.event.title, draft.are_dates_proposed) == ("Visite de l’an passé", True)
    assert Mail.objects.get(about=draft.reference).to == "an@exemple.fr"
    assert AuditEntry.objects.get(action="application.copy").details["from"] == last_year.reference


def test_twice_gives_one_draft_and_one_mail(last_year: Application) -> None:
    redone(last_year)
    redone(last_year)

    assert (Application.objects.count(), Mail.objects.count()) == (2, 1)


def test_what_nobody_answers_for_any_more_is_not_made_again(last_year: Application) -> None:
    organisation = last_year.event.organisation
    assert organisation
    organisation.memberships.all().delete()
    owner_of(last_year).delete()

    response = redone(Application.objects.get())

    assert response.status_code == 302
    assert Application.objects.count() == 1


def test_without_another_edition_nothing_is_made_again() -> None:
    source = factories.application(state=State.APPROVED)

    redone(source)

    assert Application.objects.count() == 1


def test_a_regional_examiner_makes_nothing_again(last_year: Application) -> None:
    assert redone(last_year, factories.regional("28")).status_code == 403
    assert redone(last_year, factories.regional("84")).status_code == 404
    assert Application.objects.count() == 1


def test_the_page_of_an_application_offers_it_to_the_national_team(last_year: Application) -> None:
    Application.objects.filter(pk=last_year.pk).update(state=State.APPROVED)
    offer = f"Refaire pour l’édition {timezone.localdate().year} au nom de l’organisateur"

    pages = [text_of(signed_in(user).get(page_of(last_year))) for user in (national(), factories.regional("28"))]

    assert [offer in page for page in pages] == [True, False]
