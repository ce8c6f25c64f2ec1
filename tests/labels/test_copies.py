"""An event asked for again: what a copy takes over, which dates it proposes, and that nothing leaves without a word."""

from datetime import date, time, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, User
from events.models import Edition, Event, Format, Level, Sector, Slot
from labels import copies
from labels.models import Action, Application, State
from labels.workflow import MoveRefused, perform
from tests import factories
from tests.labels.answers import edition_of_2026

pytestmark = pytest.mark.django_db

TUESDAY = (date(2025, 11, 18), time(9), time(12))
# What one year's event does not give to the next.
ITS_OWN = {
    "id", "uid", "edition", "is_full", "label_number", "published_at", "cancelled_at", "cancellation_message",
    "revoked_at", "created_at", "updated_at", "sequence", "starts_on", "ends_on", "search_text",
}  # fmt: skip


@pytest.fixture
def user(client: Client) -> User:
    user = factories.organiser(name="Élodie Müller")
    client.force_login(user)
    return user


@pytest.fixture
def edition() -> Edition:
    return edition_of_2026()


def edition_of_2025() -> Edition:
    now = timezone.now()
    return factories.edition(
        2025, applications_open_at=now - timedelta(days=400), applications_close_at=now + timedelta(days=1)
    )


def last_year(user: User, *, state: State = State.APPROVED, **fields: Any) -> Application:
    """An application of ``user`` for the edition of 2025, which is over."""
    edition = edition_of_2025()
    Edition.objects.filter(pk=edition.pk).update(applications_close_at=timezone.now() + timedelta(days=1))
    edition.refresh_from_db()
    application = factories.application(
        state=state, by=user, edition=edition, **{"slots": [TUESDAY], "is_point_confirmed": True, **fields}
    )
    Edition.objects.filter(pk=edition.pk).update(applications_close_at=timezone.now() - timedelta(days=300))
    application.event.edition.refresh_from_db()
    return application


def redo(client: Client, application: Application) -> Any:
    return client.post(f"/organisateurs/demandes/{application.reference}/refaire/")


# The dates


@pytest.mark.parametrize(
    ("day", "proposed"),
    [
        (date(2025, 11, 17), date(2026, 11, 16)),  # the Monday of the week
        (date(2025, 11, 23), date(2026, 11, 22)),
        (date(2025, 11, 2), date(2026, 11, 1)),  # a Sunday, the first day of both windows
        (date(2025, 12, 8), date(2026, 12, 7)),  # a Monday, the last one
        (date(2025, 12, 9), date(2026, 12, 1)),  # past the new window: the nearest Tuesday inside
        (date(2025, 10, 31), date(2026, 11, 6)),  # before it: the nearest Friday inside
    ],
)
def test_a_date_is_proposed_on_the_same_weekday_of_the_new_week(day: date, proposed: date, edition: Edition) -> None:
    assert copies.same_weekday(day, edition_of_2025(), edition) == proposed
    assert proposed.weekday() == day.weekday()


def test_a_weekday_that_the_new_window_lacks_keeps_its_distance_for_a_person_to_mend() -> None:
    days = {"week_ends_on": date(2026, 11, 20), "window_ends_on": date(2026, 11, 20)}
    week = factories.edition(2026, window_starts_on=date(2026, 11, 16), **days)

    assert copies.same_weekday(date(2025, 11, 22), edition_of_2025(), week) == date(2026, 11, 21)


# The copy


def test_all_is_copied_but_what_belongs_to_its_year(user: User, edition: Edition) -> None:
    source = last_year(
        user,
        minimum_age=12,
        group_size=30,
        registration="lien",
        registration_url="https://www.exemple.fr/inscription",
        capacity=120,
        is_full=True,
        is_accessible=True,
        accessibility="Ascenseur.",
        safety_equipment="Casque prêté.",
        directions="Tramway A, arrêt Docks.",
        latitude=49.5,
        longitude=0.12,
    )
    Application.objects.filter(pk=source.pk).update(contact_phone="+33235000000")
    source.event.levels.set(Level.objects.filter(slug="college"))
    source.refresh_from_db()

    made = copies.copy(source, edition, user)

    old, new = source.event, Event.objects.get(pk=made.event_id)
    shared = {field.name for field in Event._meta.concrete_fields} - ITS_OWN
    assert {name: getattr(new, name) for name in shared} == {name: getattr(old, name) for name in shared}
    assert [list(getattr(new, f.name).all()) for f in Event._meta.many_to_many] == [
        list(getattr(old, f.name).all()) for f in Event._meta.many_to_many
    ]
    assert (new.edition, new.is_full, new.label_number, new.published_at) == (edition, False, None, None)
    assert (new.starts_on, new.search_text) == (date(2026, 11, 17), old.search_text)
    assert (made.contact_name, made.contact_phone) == ("Camille Martin", "+33235000000")
    assert (made.created_by, made.copied_from, made.state, made.version) == (user, source, State.DRAFT, 0)
    assert made.reference.startswith("SI2026-")
    assert made.are_dates_proposed


def test_slots_keep_their_hours_and_zone_and_none_comes_twice(user: User, edition: Edition) -> None:
    source = last_year(user, commune=factories.commune("97411"), slots=[TUESDAY])
    for day in (date(2025, 12, 2), date(2025, 12, 9)):  # the second is brought back to the first's day
        Slot.objects.create(
            event=source.event, date=day, start_time=time(14), end_time=time(16), time_zone="Indian/Reunion"
        )

    made = copies.copy(source, edition, user)

    assert list(made.event.slots.values_list("date", "start_time", "end_time", "time_zone")) == [
        (date(2026, 11, 17), time(9), time(12), "Indian/Reunion"),
        (date(2026, 12, 1), time(14), time(16), "Indian/Reunion"),
    ]


def test_what_a_list_no_longer_proposes_is_left_out(user: User, edition: Edition) -> None:
    source = last_year(user)
    Format.objects.filter(slug="visite-entreprise").update(is_active=False)
    Sector.objects.filter(slug="metallurgie").update(is_active=False)
    source = Application.objects.get(pk=source.pk)

    made = copies.copy(source, edition, user)

    assert (made.event.format, list(made.event.sectors.all())) == (None, [])


def test_a_slot_moved_inside_the_window_is_told_from_one_that_kept_its_place(user: User, edition: Edition) -> None:
    source = last_year(user)
    Slot.objects.create(event=source.event, date=date(2025, 12, 10), start_time=time(9), end_time=time(10))

    made = copies.copy(source, edition, user)

    moved = made.event.slots.get(date=date(2026, 12, 2))
    assert copies.moved_slots(made) == {moved.pk}


def test_two_clicks_make_one_copy_and_a_copy_begun_is_left_alone(client: Client, user: User, edition: Edition) -> None:
    source = last_year(user)

    first, second = redo(client, source), redo(client, source)
    assert first.headers["Location"] == second.headers["Location"]
    made = source.copies.get()
    made.hold()
    redo(client, source)

    assert source.copies.count() == 2


def _copy(source: Application, edition: Edition, by: User, gate: Barrier, made: list[int]) -> None:
    try:
        gate.wait(timeout=10)
        made.append(copies.copy(source, edition, by).pk)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_make_one_copy(user: User, edition: Edition) -> None:
    for round_ in range(10):
        source = last_year(user, title=f"Visite {round_}")
        gate, made = Barrier(2), list[int]()
        threads = [Thread(target=_copy, args=(source, edition, user, gate, made)) for _ in range(2)]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)

        assert (len(made), set(made)) == (2, {source.copies.get().pk})


# The page that copies


def test_last_years_event_leads_to_the_verification_with_its_dates_shown(
    client: Client, user: User, edition: Edition
) -> None:
    source = last_year(user)

    response = redo(client, source)

    made = source.copies.get()
    assert (response.status_code, response.headers["Location"]) == (
        303,
        f"/organisateurs/demandes/{made.reference}/verification/",
    )
    page = client.get(response.headers["Location"]).content.decode()
    assert "<strong>Mardi 17 novembre 2026</strong>, de 9\u00a0h à 12\u00a0h" in page
    assert "qu’en 2025" in page
    assert "Je confirme les dates proposées et je certifie" in page
    assert "Il manque encore" not in page


def test_an_event_of_this_year_is_duplicated_and_leads_to_what_should_differ(
    client: Client, user: User, edition: Edition
) -> None:
    source = factories.application(by=user, edition=edition)

    response = redo(client, source)

    made = source.copies.get()
    assert response.headers["Location"] == f"/organisateurs/demandes/{made.reference}/evenement/"
    assert made.event.starts_on == source.event.starts_on
    assert made.are_dates_proposed


def test_a_strangers_event_is_not_copied(client: Client, user: User, edition: Edition) -> None:
    source = factories.application(edition=edition)

    assert redo(client, source).status_code == 404
    assert Application.objects.count() == 1


def test_a_colleague_copies_an_event_of_their_organisation(client: Client, user: User, edition: Edition) -> None:
    source = last_year(factories.organiser())
    assert source.event.organisation
    Membership.objects.create(user=user, organisation=source.event.organisation)

    redo(client, source)

    assert (source.copies.get().created_by, source.copies.get().event.organisation) == (user, source.event.organisation)


def test_while_no_edition_is_open_the_next_dates_are_told_and_nothing_is_copied(client: Client, user: User) -> None:
    source = last_year(user)
    opens = timezone.now() + timedelta(days=40)
    factories.edition(2027, applications_open_at=opens, applications_close_at=opens + timedelta(days=30))

    response = client.post(f"/organisateurs/demandes/{source.reference}/refaire/", follow=True)

    page = response.content.decode()
    assert "Les demandes ne sont pas ouvertes en ce moment" in page and "Pour l’édition 2027" in page
    assert Application.objects.count() == 1


def test_copies_are_begun_no_faster_than_a_person_clicks(client: Client, user: User, edition: Edition) -> None:
    source = last_year(user)

    answers = [redo(client, source).status_code for _ in range(31)]

    assert answers == [303] * 30 + [429]


# The word of a person


@pytest.fixture
def proposed(client: Client, user: User, edition: Edition) -> Application:
    return copies.copy(last_year(user), edition, user)


def file(client: Client, application: Application, **data: Any) -> Any:
    address = f"/organisateurs/demandes/{application.reference}/verification/"
    return client.post(address, {"version": application.version, "is_sworn": "on", **data})


def test_the_box_ticked_under_the_dates_confirms_them_and_files(client: Client, proposed: Application) -> None:
    response = file(client, proposed, are_dates_confirmed="True")

    proposed.refresh_from_db()
    assert (response.status_code, proposed.state, proposed.are_dates_proposed) == (303, State.SUBMITTED, False)


def test_a_box_that_said_nothing_of_the_dates_files_nothing(client: Client, proposed: Application) -> None:
    response = file(client, proposed)

    proposed.refresh_from_db()
    assert (response.status_code, proposed.state, proposed.are_dates_proposed) == (200, State.DRAFT, True)
    assert "Les dates sont proposées\u00a0: lisez-les" in response.content.decode()


def test_the_workflow_itself_refuses_dates_that_nobody_confirmed(user: User, proposed: Application) -> None:
    with pytest.raises(MoveRefused, match="Confirmez les dates proposées"):
        perform(proposed, Action.SUBMIT, by=user)

    proposed.refresh_from_db()
    assert (proposed.state, proposed.version) == (State.DRAFT, 0)


@pytest.mark.parametrize(("hours", "is_still_proposed"), [("12:00", False), ("08:00", True)])
def test_the_dates_are_a_persons_once_their_page_is_saved_whole(
    client: Client, proposed: Application, hours: str, is_still_proposed: bool
) -> None:
    data = {
        "attendance": "sur-place",
        "slots-TOTAL_FORMS": "1",
        "slots-INITIAL_FORMS": "0",
        "slots-0-date": "2026-11-18",
        "slots-0-start_time": "09:00",
        "slots-0-end_time": hours,
        "address": "12 rue des Docks",
        "commune": "le havre",
        "action": "continue",
    }

    client.post(f"/organisateurs/demandes/{proposed.reference}/dates-et-lieu/", data)

    proposed.refresh_from_db()
    assert proposed.are_dates_proposed is is_still_proposed
    page = client.get(f"/organisateurs/demandes/{proposed.reference}/verification/").content.decode()
    assert ("Les dates que nous vous proposons" in page) is is_still_proposed


# What is offered to be done again


def test_the_events_of_the_last_edition_are_offered_until_they_are_redone(user: User, edition: Edition) -> None:
    again = last_year(user, title="B")
    cancelled = last_year(user, title="A", state=State.CANCELLED)
    last_year(user, state=State.REFUSED, title="Refusé")
    last_year(user, state=State.DRAFT, title="Brouillon")
    last_year(factories.organiser(), title="D’un autre")
    factories.application(by=user, edition=edition, title="De cette année")

    assert list(copies.to_redo(user, edition)) == [cancelled, again]
    made = copies.copy(again, edition, user)
    assert list(copies.to_redo(user, edition)) == [cancelled]
    perform(made, Action.WITHDRAW, by=user)
    assert list(copies.to_redo(user, edition)) == [cancelled, again]


def test_an_event_typed_again_by_hand_is_not_offered(user: User, edition: Edition) -> None:
    source = last_year(user)
    factories.application(by=user, edition=edition, title=source.event.title, organisation=source.event.organisation)

    assert list(copies.to_redo(user, edition)) == []


def test_only_the_last_edition_that_a_person_took_part_in_is_offered(user: User, edition: Edition) -> None:
    source = last_year(user)
    now = timezone.now()
    before = factories.edition(
        2024, applications_open_at=now - timedelta(days=800), applications_close_at=now + timedelta(days=1)
    )
    factories.application(
        state=State.APPROVED, by=user, edition=before, slots=[(date(2024, 11, 19), time(9), time(12))]
    )

    assert list(copies.to_redo(user, edition)) == [source]


def test_offering_costs_one_query(
    user: User, edition: Edition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for title in ("A", "B", "C"):
        last_year(user, title=title)

    with django_assert_num_queries(1):
        offered = copies.to_redo(user, edition)
        assert [str(item.event.commune) and str(item.event.organisation) for item in offered].count("") == 0
