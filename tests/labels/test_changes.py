"""An organiser changes a labelled event: the form's pages, what is at once, what is examined, and who was faster."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core.outbox import Mail
from events.models import Event
from labels.models import Action, Application, Revision, State
from labels.workflow import perform
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client: Client) -> User:
    user = factories.organiser(name="Élodie Müller")
    client.force_login(user)
    return user


@pytest.fixture
def approved(user: User) -> Application:
    return factories.application(state=State.APPROVED, by=user)


def address(application: Application, rest: str = "") -> str:
    return f"/organisateurs/demandes/{application.reference}/{rest}"


def version(application: Application) -> int:
    return Application.objects.get(pk=application.pk).version


def event_page(application: Application, **answers: Any) -> dict[str, Any]:
    event = application.event
    return {
        "version": version(application),
        "action": "confirm",
        "title": event.title,
        "format": "visite-entreprise",
        "description": event.description,
        "purpose": event.purpose,
        "sectors": ["metallurgie"],
        **answers,
    }


def place_page(application: Application, *slots: tuple[int, str, str], **answers: Any) -> dict[str, Any]:
    monday = application.event.edition.week_starts_on
    rows: dict[str, Any] = {"slots-TOTAL_FORMS": str(len(slots)), "slots-INITIAL_FORMS": "0"}
    for index, (days, start, end) in enumerate(slots):
        date = (monday + timedelta(days=days)).isoformat()
        rows |= {f"slots-{index}-date": date, f"slots-{index}-start_time": start, f"slots-{index}-end_time": end}
    return {
        "version": version(application),
        "action": "confirm",
        "attendance": "sur-place",
        "venue": "Fonderie du Port",
        "address": "12 rue des Docks",
        "commune": "Le Havre (76600)",
        "latitude": "49,4938",
        "longitude": "0,1077",
        **rows,
        **answers,
    }


def publics_page(application: Application, **answers: Any) -> dict[str, Any]:
    return {
        "version": version(application),
        "action": "confirm",
        "audiences": ["scolaires", "grand-public"],
        "price": "0",
        "registration": "aucune",
        **answers,
    }


def logged(application: Application) -> list[str]:
    return list(application.transitions.filter(action__in=["edit", "revise", "drop"]).values_list("action", flat=True))


# What changes at once, what is examined


def test_the_description_changes_at_once_and_the_title_waits(client: Client, approved: Application) -> None:
    data = event_page(approved, title="Visite de nuit", description="Entrée libre. Les fours, la nuit.")

    response = client.post(address(approved, "modifier/evenement/"), data, follow=True)

    event = Event.objects.published().get()
    assert (event.title, event.description) == ("Visite de la fonderie", "Entrée libre. Les fours, la nuit.")
    assert Revision.objects.get().changes == {"title": "Visite de nuit"}
    assert logged(approved) == ["edit", "revise"]
    assert response.redirect_chain == [(address(approved), 303)]
    page = response.content.decode()
    assert "Vos changements sont publiés. Votre modification est transmise" in page
    assert "Visite de <del>la fonderie</del>" in page and "Visite de <ins>nuit</ins>" in page


def test_before_anything_is_sent_the_page_says_what_will_be_published_and_what_examined(
    client: Client, approved: Application
) -> None:
    data = event_page(approved, title="Visite de nuit", description="Entrée libre. Les fours.", action="review")

    response = client.post(address(approved, "modifier/evenement/"), data)

    assert [row.name for row in response.context["at_once"]] == ["description"]
    assert [row.name for row in response.context["waits"]] == ["title"]
    assert ("title", "Visite de nuit") in response.context["typed"]
    assert len(response.context["findings"]) == 4
    assert logged(approved) == []
    again = client.post(address(approved, "modifier/evenement/"), data | {"action": "back"})
    assert (again.status_code, again.context["form"]["title"].value()) == (200, "Visite de nuit")


def test_hours_change_at_once_and_another_day_waits(client: Client, approved: Application) -> None:
    client.post(address(approved, "modifier/dates-et-lieu/"), place_page(approved, (0, "10:00", "11:30")))
    assert [str(slot)[-11:] for slot in Event.objects.get().slots.all()] == ["10:00–11:30"]

    client.post(address(approved, "modifier/dates-et-lieu/"), place_page(approved, (1, "10:00", "11:30")))

    monday = approved.event.edition.week_starts_on
    assert [slot.date for slot in Event.objects.get().slots.all()] == [monday]
    assert [slot["date"] for slot in Revision.objects.get().changes["slots"]] == [
        (monday + timedelta(days=1)).isoformat()
    ]
    assert logged(approved) == ["edit", "revise"]


def test_a_point_that_moves_a_little_is_at_once_and_travels_with_a_new_place(
    client: Client, approved: Application
) -> None:
    slots = (0, "09:00", "12:00")
    moved = place_page(approved, slots, latitude="49,4950", is_point_confirmed="on")
    client.post(address(approved, "modifier/dates-et-lieu/"), moved)
    assert (Event.objects.get().latitude, Revision.objects.count()) == (49.495, 0)

    lyon = factories.commune("69381")
    data = place_page(approved, slots, commune=str(lyon), latitude="45,77", longitude="4,83", point_of="69381")
    client.post(address(approved, "modifier/dates-et-lieu/"), data)

    assert Revision.objects.get().changes == {"commune": "69381", "point": [45.77, 4.83, False]}
    event = Event.objects.get()
    assert (event.commune_id, event.latitude, event.region_id) == ("76351", 49.495, "28")


def test_the_contact_changes_at_once_and_the_audiences_wait_with_their_levels(
    client: Client, approved: Application
) -> None:
    data = publics_page(
        approved, audiences=["grand-public"], registration="courriel", registration_email="visites@exemple.fr"
    )

    client.post(address(approved, "modifier/publics/"), data)

    event = Event.objects.get()
    assert (event.registration_email, event.audiences.count()) == ("visites@exemple.fr", 2)
    assert Revision.objects.get().changes == {"audiences": ["grand-public"]}


def test_a_page_without_any_difference_changes_nothing(client: Client, approved: Application) -> None:
    before = version(approved)

    for step, data in [
        ("evenement", event_page(approved)),
        ("dates-et-lieu", place_page(approved, (0, "09:00", "12:00"))),
        ("publics", publics_page(approved)),
    ]:
        response = client.post(address(approved, f"modifier/{step}/"), data, follow=True)
        assert [str(message) for message in response.context["messages"]] == ["Rien n’a changé sur cette page."]

    assert (version(approved), Revision.objects.count()) == (before, 0)


# A change that waits


def test_the_latest_wish_adds_to_the_one_that_waits(client: Client, approved: Application) -> None:
    client.post(address(approved, "modifier/evenement/"), event_page(approved, title="Visite de nuit"))
    shown = client.get(address(approved, "modifier/evenement/")).context["form"]
    assert shown["title"].value() == "Visite de nuit"

    client.post(address(approved, "modifier/dates-et-lieu/"), place_page(approved, (1, "09:00", "12:00")))

    pending = approved.pending_revision
    assert pending is not None and set(pending.changes) == {"title", "slots"}
    assert [revision.state for revision in Revision.objects.all()] == ["closed", "pending"]


def test_a_wish_given_up_field_by_field_is_taken_back(client: Client, approved: Application) -> None:
    client.post(address(approved, "modifier/evenement/"), event_page(approved, title="Visite de nuit"))

    client.post(address(approved, "modifier/evenement/"), event_page(approved))

    assert (approved.pending_revision, logged(approved)) == (None, ["revise", "drop"])


def test_a_change_at_once_does_not_ask_again_for_what_waits(client: Client, approved: Application) -> None:
    client.post(address(approved, "modifier/evenement/"), event_page(approved, title="Visite de nuit"))
    filed = Revision.objects.get()
    mails = Mail.objects.count()

    client.post(address(approved, "modifier/publics/"), publics_page(approved, minimum_age="12"))

    assert (Event.objects.get().minimum_age, list(Revision.objects.all())) == (12, [filed])
    assert Mail.objects.count() == mails


def test_the_change_that_waits_is_shown_and_taken_back(client: Client, approved: Application) -> None:
    client.post(address(approved, "modifier/evenement/"), event_page(approved, title="Visite de nuit"))
    assert "Modification en attente" in client.get(address(approved)).content.decode()

    stale = client.post(address(approved, "modifier/retirer/"), {"version": version(approved) - 1})
    assert (stale.status_code, approved.pending_revision is None) == (303, False)
    client.post(address(approved, "modifier/retirer/"), {"version": version(approved)})

    assert approved.pending_revision is None
    assert "Modification en attente" not in client.get(address(approved)).content.decode()


# What is refused


@pytest.mark.parametrize(
    ("step", "answers", "field"),
    [
        ("publics", {"price": "5"}, "price"),
        ("publics", {"audiences": []}, "audiences"),
        ("evenement", {"title": ""}, "title"),
        ("evenement", {"format": "a\0b"}, "format"),
    ],
)
def test_what_would_miss_a_condition_is_refused_beside_its_field(
    step: str, answers: dict[str, Any], field: str, client: Client, approved: Application
) -> None:
    page = publics_page if step == "publics" else event_page
    before = version(approved)

    response = client.post(address(approved, f"modifier/{step}/"), page(approved, **answers))

    assert (response.status_code, field in response.context["form"].errors) == (200, True)
    assert (version(approved), Revision.objects.count()) == (before, 0)


def test_a_date_outside_the_window_is_refused_beside_its_slot(client: Client, approved: Application) -> None:
    data = place_page(approved, (0, "09:00", "12:00"), (60, "09:00", "12:00"))

    response = client.post(address(approved, "modifier/dates-et-lieu/"), data)

    assert [list(errors) for errors in response.context["form"].slots.errors] == [[], ["date"]]
    assert Revision.objects.count() == 0


def test_a_text_that_turns_away_from_industry_is_refused_with_the_reason(client: Client, user: User) -> None:
    approved = factories.application(state=State.APPROVED, by=user, title="Une journée pour tous")
    data = event_page(approved, description="Séance de yoga et concert de jazz.", purpose="Se détendre.", sectors=[])

    response = client.post(address(approved, "modifier/evenement/"), data)

    page = response.content.decode()
    assert (response.status_code, "autre chose que d’industrie" in page, logged(approved)) == (200, True, [])


@pytest.mark.parametrize("state", [state for state in State if state != State.APPROVED])
def test_only_a_labelled_event_is_changed_so(state: State, client: Client, user: User) -> None:
    application = factories.application(state=state, by=user)

    for rest in ("modifier/", "modifier/evenement/"):
        assert client.get(address(application, rest)).status_code == 303
    for rest in ("modifier/evenement/", "complet/", "modifier/retirer/"):
        data = event_page(application, title="Autre", full="oui")
        assert client.post(address(application, rest), data).status_code == 303

    event = Event.objects.get()
    assert (event.title, event.is_full) == ("Visite de la fonderie", False)


@pytest.mark.parametrize("rest", ["organisme/", "verification/", "inconnue/"])
def test_no_other_page_changes_a_labelled_event(rest: str, client: Client, approved: Application) -> None:
    assert client.get(address(approved, f"modifier/{rest}")).status_code == 404


def test_a_slot_is_added_without_any_script_and_nothing_is_sent(client: Client, approved: Application) -> None:
    data = place_page(approved, (0, "09:00", "12:00"), action="add-slot")

    response = client.post(address(approved, "modifier/dates-et-lieu/"), data)

    assert (response.status_code, len(response.context["form"].slots.forms), logged(approved)) == (200, 2, [])


# Who was faster


def test_the_later_of_two_tabs_is_told_and_keeps_what_it_typed(client: Client, approved: Application) -> None:
    late = event_page(approved, title="Titre du second onglet")
    client.post(address(approved, "modifier/evenement/"), event_page(approved, description="Entrée libre. Autre."))

    response = client.post(address(approved, "modifier/evenement/"), late)

    assert response.status_code == 409
    assert response.context["form"]["title"].value() == "Titre du second onglet"
    assert "La demande a changé depuis que vous avez ouvert cette page" in response.content.decode()
    assert (Revision.objects.count(), Event.objects.get().description) == (0, "Entrée libre. Autre.")
    again = client.post(address(approved, "modifier/evenement/"), late | {"version": version(approved)})
    assert (again.status_code, Revision.objects.get().changes) == (303, {"title": "Titre du second onglet"})


def test_a_wish_filed_while_the_last_one_was_decided_asks_to_read_again(client: Client, approved: Application) -> None:
    client.post(address(approved, "modifier/evenement/"), event_page(approved, title="Visite de nuit"))
    late = place_page(approved, (2, "09:00", "12:00"))
    perform(Application.objects.get(), Action.ACCEPT, by=factories.national())

    response = client.post(address(approved, "modifier/dates-et-lieu/"), late)

    assert (response.status_code, Event.objects.get().title) == (409, "Visite de nuit")
    assert "Modification acceptée" in response.content.decode()
    assert approved.pending_revision is None


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30])
def test_a_version_that_is_none_asks_to_read_again(seen: str, client: Client, approved: Application) -> None:
    data = event_page(approved, title="Autre", version=seen)

    assert client.post(address(approved, "modifier/evenement/"), data).status_code == 409


def test_two_confirmations_of_one_page_make_one_revision(client: Client, approved: Application) -> None:
    data = event_page(approved, title="Visite de nuit")

    statuses = [client.post(address(approved, "modifier/evenement/"), data).status_code for _ in range(2)]

    assert (statuses, Revision.objects.count()) == ([303, 409], 1)


def test_a_page_that_comes_back_for_its_slots_is_still_of_the_version_it_was_opened_on(
    client: Client, approved: Application
) -> None:
    opened = place_page(approved, (0, "09:00", "12:00"), action="add-slot")
    perform(Application.objects.get(), Action.EDIT, by=approved.created_by, changes={"is_full": True})  # type: ignore[arg-type]

    for action in ("add-slot", "back"):
        page = client.post(address(approved, "modifier/dates-et-lieu/"), opened | {"action": action})
        assert (page.status_code, page.context["version"]) == (200, str(opened["version"]))


def test_what_is_sent_but_may_not_be_meant_is_said_before_it_is_confirmed(
    client: Client, approved: Application
) -> None:
    data = event_page(approved, description="Entrée libre. Écrire à camille@exemple.fr", action="review")

    warnings = client.post(address(approved, "modifier/evenement/"), data).context["warnings"]

    assert [warning[:40] for warning in warnings] == ["La description contient une adresse élec"]


def test_a_long_history_costs_what_a_short_one_does(
    client: Client, approved: Application, django_assert_max_num_queries: Any
) -> None:
    for sectors in (["chimie"], ["textile"], ["metallurgie"]):
        levels = ["college"] if sectors == ["textile"] else []
        edited = {"sectors": sectors, "levels": levels, "format": "atelier"}
        perform(Application.objects.get(), Action.EDIT, by=approved.created_by, changes=edited)  # type: ignore[arg-type]

    with django_assert_max_num_queries(21):
        history = client.get(address(approved)).context["history"]

    assert [len(step.changes) for step in history] == [0, 0, 2, 2, 2]


# Complet


def test_an_event_is_full_in_one_click_and_open_again_in_another(client: Client, approved: Application) -> None:
    for value, is_full in [("oui", True), ("oui", True), ("non", False)]:
        response = client.post(address(approved, "complet/"), {"full": value})
        event = Event.objects.get()
        assert (response.status_code, response["Location"], event.is_full) == (303, address(approved), is_full)

    assert [(t.action, t.changes) for t in approved.transitions.all()[2:]] == [
        ("edit", {"is_full": True}),
        ("edit", {"is_full": False}),
    ]


@pytest.mark.parametrize("query", ["", "edition=2026&etat=approved&page=2", "\0", "q=" + "x" * 500, "//ailleurs.fr"])
def test_a_click_on_the_desk_comes_back_to_the_desk_as_it_was(
    query: str, client: Client, approved: Application
) -> None:
    response = client.post(address(approved, "complet/"), {"full": "oui", "desk": query})

    assert response["Location"].split("?")[0] == "/organisateurs/"
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("value", ["", "peut-être", "\0"])
def test_a_click_that_says_nothing_changes_nothing(value: str, client: Client, approved: Application) -> None:
    assert client.post(address(approved, "complet/"), {"full": value}).status_code == 303
    assert (Event.objects.get().is_full, logged(approved)) == (False, [])
