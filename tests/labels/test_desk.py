"""The organiser's desk: what each person finds there, and what they may do with an application."""

from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, User
from core.outbox import Mail
from events.dates import spoken_day
from events.models import Edition
from labels.models import Action, Application, Condition, State
from labels.models.querysets import ApplicationQuerySet
from labels.workflow import perform
from tests import factories

pytestmark = pytest.mark.django_db

DESK = "/organisateurs/"
NEW = "/organisateurs/demandes/nouvelle/"


def address(application: Application, rest: str = "") -> str:
    return f"/organisateurs/demandes/{application.reference}/{rest}"


@pytest.fixture
def user(client: Client) -> User:
    user = factories.organiser(name="Élodie Müller")
    client.force_login(user)
    return user


def in_a_week() -> list[tuple[date, time, time]]:
    return [(timezone.localdate() + timedelta(days=7), time(9), time(12))]


# Who enters


ADDRESSES = ["", "demandes/nouvelle/", "demandes/SI2026-000001/", "demandes/SI2026-000001/evenement/"]


@pytest.mark.parametrize("rest", ADDRESSES)
def test_a_visitor_is_sent_to_sign_in_and_back(client: Client, rest: str) -> None:
    response = client.get(DESK + rest)

    assert (response.status_code, response.headers["Location"]) == (302, f"/connexion/?next={DESK}{rest}")


@pytest.mark.parametrize("rest", ["demandes/SI2026-000001/retirer/", "demandes/SI2026-000001/annuler/"])
def test_a_visitor_who_posts_is_sent_to_sign_in(client: Client, rest: str) -> None:
    response = client.post(DESK + rest)

    assert (response.status_code, response.headers["Location"]) == (302, f"/connexion/?next={DESK}{rest}")


@pytest.mark.parametrize("rest", ADDRESSES)
def test_staff_is_shown_the_way_to_the_admin(client: Client, rest: str) -> None:
    factories.application()
    client.force_login(factories.national())

    response = client.get(DESK + rest)

    assert response.status_code == 403
    assert 'href="/admin/"' in response.content.decode()


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("get", ""),
        ("get", "evenement/"),
        ("post", "evenement/"),
        ("get", "verification/"),
        ("post", "verification/"),
        ("post", "retirer/"),
        ("post", "annuler/"),
        ("post", "complet/"),
        ("get", "modifier/"),
        ("post", "modifier/evenement/"),
        ("post", "modifier/retirer/"),
    ],
)
def test_another_organisers_application_does_not_exist(client: Client, user: User, method: str, rest: str) -> None:
    application = factories.application(title="Le secret de la fonderie")

    response = getattr(client, method)(address(application, rest), {"title": "Pris", "version": "0"})

    assert response.status_code == 404
    assert "Le secret de la fonderie" not in response.content.decode()
    application.refresh_from_db()
    application.event.refresh_from_db()
    assert (application.state, application.event.title) == (State.DRAFT, "Le secret de la fonderie")


def test_a_colleague_of_the_organisation_sees_and_continues_the_application(client: Client, user: User) -> None:
    application = factories.application()
    assert application.event.organisation is not None
    Membership.objects.create(user=user, organisation=application.event.organisation, role=Membership.Role.MEMBER)

    assert application.reference in client.get(DESK).content.decode()
    assert client.get(address(application, "evenement/")).status_code == 200


@pytest.mark.parametrize("rest", ["a%00b/", "SI2026-999999/", "SI2026-999999/evenement/"])
def test_a_reference_that_is_none_is_not_found(client: Client, user: User, rest: str) -> None:
    assert client.get(f"{DESK}demandes/{rest}").status_code == 404


def test_an_unknown_step_is_not_found(client: Client, user: User) -> None:
    application = factories.application(by=user)

    assert client.get(address(application, "paiement/")).status_code == 404


# The desk


def test_an_empty_desk_leads_to_the_first_application(client: Client, user: User) -> None:
    factories.application()

    page = client.get(DESK).content.decode()

    assert f'href="{NEW}">Faire ma première demande</a>' in page
    assert "SI20" not in page


def test_the_desk_groups_applications_with_what_waits_for_the_organiser_first(client: Client, user: User) -> None:
    for state in State:
        factories.application(state=state, by=user)

    groups = client.get(DESK).context["groups"]

    assert [(group.label, [item.state for item in group.applications]) for group in groups] == [
        ("À corriger", ["returned"]),
        ("Brouillons", ["draft"]),
        ("En cours d’instruction", ["submitted"]),
        ("Événements labellisés", ["approved"]),
        ("Événements annulés", ["cancelled"]),
        ("Demandes refusées", ["refused"]),
        ("Labels retirés", ["revoked"]),
        ("Demandes retirées", ["withdrawn"]),
    ]


def test_the_desk_says_by_when_an_answer_is_promised(client: Client, user: User) -> None:
    application = factories.application(state=State.SUBMITTED, by=user)
    Application.objects.filter(pk=application.pk).update(promised_on="2026-12-01")

    assert "Réponse promise au plus tard le mardi 1er décembre 2026" in client.get(DESK).content.decode()


@pytest.mark.parametrize("count", [1, 5])
def test_the_desk_costs_the_same_for_one_and_five_of_each(
    client: Client, user: User, count: int, django_assert_max_num_queries: Any
) -> None:
    for state in (State.SUBMITTED, State.RETURNED, State.APPROVED):
        for _ in range(count):
            application = factories.application(by=user, state=state)
    for application in Application.objects.in_state(State.APPROVED):
        perform(application, Action.REVISE, by=user, changes={"title": "Visite de nuit"})

    with django_assert_max_num_queries(13):
        groups = client.get(DESK).context["groups"]

    assert [len(group.applications) for group in groups] == [count] * 3


def test_the_desk_shows_what_is_asked_the_next_slot_what_waits_and_what_is_full(client: Client, user: User) -> None:
    factories.application(by=user, state=State.RETURNED)
    approved = factories.application(by=user, state=State.APPROVED, slots=in_a_week(), is_full=True)
    perform(approved, Action.REVISE, by=user, changes={"title": "Visite de nuit"})

    page = client.get(DESK).content.decode().replace("\xa0", " ")

    assert "<strong>Demandé (dates) :</strong>" in page and "Précisez les dates." in page
    assert f"Prochain créneau : {spoken_day(in_a_week()[0][0], with_weekday=True)}, de 9 h à 12 h" in page
    assert "Modification en attente</span>" in page and "Complet</span>" in page
    assert page.count("Réponse promise au plus tard le") == 1


def test_an_application_that_moves_while_the_desk_is_read_is_shown_where_it_stands(
    client: Client, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = factories.application(by=user)
    count_by_group = ApplicationQuerySet.count_by_group

    def counted_before_it_moves(found: ApplicationQuerySet) -> dict[tuple[int, str], int]:
        counts = count_by_group(found)
        perform(draft, Action.SUBMIT, by=user)
        return counts

    monkeypatch.setattr(ApplicationQuerySet, "count_by_group", counted_before_it_moves)

    (group,) = client.get(DESK).context["groups"]

    assert (group.applications, group.count) == ([draft], 1)


def test_an_answer_that_is_late_is_said_to_be(client: Client, user: User) -> None:
    application = factories.application(state=State.SUBMITTED, by=user)
    Application.objects.filter(pk=application.pk).update(promised_on="2020-12-01")

    for page in (client.get(DESK), client.get(address(application))):
        assert "La réponse a du retard : elle était promise pour le" in page.content.decode()


def test_editions_stand_apart_the_current_one_first(client: Client, user: User) -> None:
    current = factories.application(by=user)
    past = factories.application(by=user, edition=factories.edition(2019))
    future = factories.application(by=user, edition=factories.edition(2031, is_published=False))

    groups = client.get(DESK).context["groups"]

    assert [(group.applications, group.opens_edition) for group in groups] == [
        ([current], True),
        ([future], True),
        ([past], True),
    ]


def test_many_applications_come_by_pages_and_are_found_by_word_state_and_edition(client: Client, user: User) -> None:
    others = [factories.application(by=user, title=f"Atelier {rank}") for rank in range(26)]
    sought = factories.application(by=user, title="Nuit de l’Aciérie", state=State.APPROVED)
    stranger = factories.application(title="Nuit de l’Aciérie")

    def found(**query: str) -> list[Application]:
        groups = client.get(DESK, query).context["groups"]
        return [application for group in groups for application in group.applications]

    assert (len(found()), found(page="2")[-1], found(page="999")[-1]) == (25, sought, sought)
    assert client.get(DESK).context["groups"][0].count == 26
    assert found(q="acierie NUIT") == found(q=sought.reference.lower()) == found(etat="approved") == [sought]
    assert (found(q="introuvable"), stranger in found(q="nuit")) == ([], False)
    year = sought.event.edition.year
    assert (len(found(edition=str(year))), others[0] in found(edition=str(year), etat="draft", page="2")) == (25, True)
    perform(sought, Action.REVISE, by=user, changes={"title": "Jour"})
    assert found(etat="modification") == [sought]


@pytest.mark.parametrize("query", ["etat=inconnu", "edition=1999", "edition=%00", "q=%00", "q=" + "x" * 300, "page=x"])
def test_a_broken_search_is_said_and_the_rest_is_shown(client: Client, user: User, query: str) -> None:
    application = factories.application(by=user)

    response = client.get(f"{DESK}?{query}")

    assert response.status_code == 200
    assert query.startswith("q=%00") or query == "page=x" or response.context["form"].errors
    assert [item for group in response.context["groups"] for item in group.applications] == [application]


# A new application


def test_a_draft_is_begun_for_the_open_edition_and_leads_to_the_first_step(client: Client, user: User) -> None:
    edition = factories.edition()
    organisation = factories.organisation(member=user)

    explained = client.get(NEW)
    assert (explained.status_code, Application.objects.count()) == (200, 0)
    response = client.post(NEW)

    application = Application.objects.get()
    assert (response.status_code, response.headers["Location"]) == (303, address(application, "organisme/"))
    assert (application.event.edition, application.created_by, application.state) == (edition, user, State.DRAFT)
    assert application.event.organisation == organisation


def test_who_acts_for_two_organisations_is_asked_which(client: Client, user: User) -> None:
    factories.edition()
    factories.organisation(member=user)
    factories.organisation(member=user)

    client.post(NEW)

    assert Application.objects.get().event.organisation is None


def test_no_draft_begins_while_no_edition_is_open_and_the_next_dates_are_told(client: Client, user: User) -> None:
    later = timezone.now() + timedelta(days=40)
    edition = factories.edition(applications_open_at=later, applications_close_at=later + timedelta(days=30))

    response = client.post(NEW)

    assert (response.status_code, Application.objects.count()) == (200, 0)
    assert response.context["next_edition"] == edition
    assert "Les demandes ne sont pas ouvertes en ce moment" in response.content.decode()


def test_no_date_is_invented_where_none_is_known(client: Client, user: User) -> None:
    Edition.objects.all().delete()

    assert "ne sont pas encore connues" in client.get(NEW).content.decode()


# One application


def test_the_history_tells_what_happened_without_naming_the_staff(client: Client, user: User) -> None:
    application = factories.application(state=State.SUBMITTED, by=user)
    examiner = factories.regional("28", name="Rachida Régionale")
    perform(
        application, Action.RETURN, by=examiner, note="Dites où se garer.", conditions=[Condition.DATES, Condition.FREE]
    )

    response = client.get(address(application))

    page = response.content.decode()
    assert [(step.label, step.by) for step in response.context["history"]] == [
        ("Demande déposée", "par vous"),
        ("Demande renvoyée pour correction", "par les services de l’État"),
    ]
    assert "Dites où se garer." in page and "Dates, Gratuité" in page
    assert "Rachida" not in page and examiner.email not in page


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (State.DRAFT, {"submit", "withdraw"}),
        (State.SUBMITTED, {"withdraw"}),
        (State.RETURNED, {"submit", "withdraw"}),
        (State.REFUSED, set()),
        (State.WITHDRAWN, set()),
        (State.CANCELLED, set()),
    ],
)
def test_what_may_be_done_depends_on_the_state(client: Client, user: User, state: State, offered: set[str]) -> None:
    application = factories.application(state=state, by=user)

    response = client.get(address(application))

    page = response.content.decode()
    assert response.context["actions"] == offered
    assert (address(application, "retirer/") in page) == ("withdraw" in offered)
    assert address(application, "annuler/") not in page


def test_the_page_of_an_application_costs_the_same_for_a_long_history(
    client: Client, user: User, django_assert_max_num_queries: Any
) -> None:
    application = factories.application(state=State.SUBMITTED, by=user)
    examiner = factories.national()
    for _ in range(3):
        perform(application, Action.RETURN, by=examiner, note="Encore.", conditions=[Condition.DATES])
        perform(application, Action.SUBMIT, by=user)

    with django_assert_max_num_queries(16):
        assert len(client.get(address(application)).context["history"]) == 7


def test_a_draft_past_the_deadline_says_that_it_can_no_longer_leave(client: Client, user: User) -> None:
    application = factories.application(by=user)

    with time_machine.travel(timezone.now() + timedelta(days=11)):
        client.force_login(user)
        page = client.get(address(application)).content.decode()

    assert "il ne peut plus être déposé" in page


# Withdraw and cancel


def test_withdrawing_is_asked_to_be_confirmed_then_done(client: Client, user: User) -> None:
    application = factories.application(state=State.SUBMITTED, by=user)

    asked = client.post(address(application, "retirer/"))
    application.refresh_from_db()
    assert (asked.status_code, application.state) == (200, State.SUBMITTED)
    version = asked.context["form"].initial["version"]
    done = client.post(address(application, "retirer/"), {"version": version})

    application.refresh_from_db()
    assert (done.status_code, done.headers["Location"]) == (303, address(application))
    assert application.state == State.WITHDRAWN
    assert f"La demande {application.reference} est retirée." in client.get(address(application)).content.decode()


def test_an_event_is_cancelled_with_a_public_message(client: Client, user: User) -> None:
    application = factories.application(state=State.APPROVED, by=user)
    version = client.post(address(application, "annuler/")).context["form"].initial["version"]

    empty = client.post(address(application, "annuler/"), {"version": version, "message": "\u200b"})
    assert empty.context["form"].errors == {
        "message": ["Écrivez un message\u00a0: il est affiché sur la page de l’événement."]
    }
    done = client.post(address(application, "annuler/"), {"version": version, "message": "L’atelier est fermé."})

    application = Application.objects.get(pk=application.pk)
    assert (done.status_code, application.state) == (303, State.CANCELLED)
    assert application.event.cancellation_message == "L’atelier est fermé."


def test_what_was_decided_meanwhile_is_not_undone_by_an_old_page(client: Client, user: User) -> None:
    application = factories.application(state=State.SUBMITTED, by=user)
    version = client.post(address(application, "retirer/")).context["form"].initial["version"]
    perform(application, Action.APPROVE, by=factories.national())
    mails = Mail.objects.count()

    response = client.post(address(application, "retirer/"), {"version": version}, follow=True)

    application.refresh_from_db()
    assert (application.state, Mail.objects.count()) == (State.APPROVED, mails)
    assert [str(message) for message in response.context["messages"]] == [
        "Cette demande a changé d’état depuis que vous l’avez ouverte. Voici où elle en est."
    ]


@pytest.mark.parametrize("rest", ["retirer/", "annuler/"])
def test_reading_an_address_changes_nothing(client: Client, user: User, rest: str) -> None:
    application = factories.application(by=user)

    assert client.get(address(application, rest)).status_code == 405
    application.refresh_from_db()
    assert application.state == State.DRAFT


def test_a_version_that_is_no_number_asks_again(client: Client, user: User) -> None:
    application = factories.application(by=user)

    for version in ("", "x", "-1", "9" * 30):
        response = client.post(address(application, "retirer/"), {"version": version})
        application.refresh_from_db()
        assert (response.status_code in {200, 303}, application.state) == (True, State.DRAFT)


def test_why_an_application_went_to_other_examiners_is_not_told_to_its_organiser(client: Client, user: User) -> None:
    application = factories.application(state=State.SUBMITTED, by=user)
    perform(application, Action.MOVE, by=factories.national(), note="Trop liée à nous.", changes={"region": None})

    page = client.get(address(application)).content.decode()

    assert "Demande confiée à une autre région" in page
    assert "Trop liée à nous" not in page
