"""An edition changed at the desk: whom it touches is told before, and the queue follows after."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from events.consequences import Facts
from events.models import Audience, Edition
from labels import consequences, rules, tasks
from labels.models import Action, Application, State
from labels.workflow import perform
from tests import factories
from tests.events.test_admin import confirm, now_2031, sentences
from tests.labels.admin.desk import Page, page_of, signed_in

pytestmark = pytest.mark.django_db

HOURS = (time(9), time(12))


@pytest.fixture
def client(db: None) -> Client:
    return signed_in(factories.national())


@pytest.fixture
def edition(db: None) -> Edition:
    """Its window holds today and a fortnight around, and it takes applications."""
    minute = timezone.now().replace(second=0, microsecond=0)
    return factories.edition(
        applications_open_at=minute - timedelta(days=30), applications_close_at=minute + timedelta(days=10)
    )


def on(day: date, *others: date, **fields: Any) -> Application:
    fields.setdefault("state", State.SUBMITTED)
    return factories.application(slots=[(day, *HOURS) for day in (day, *others)], **fields)


def change(edition: Edition) -> str:
    return reverse("admin:events_edition_change", args=[edition.pk])


def ask(client: Client, edition: Edition, **changes: Any) -> Page:
    return client.post(change(edition), {**now_2031(edition), **changes})


def test_whoever_has_a_slot_outside_the_new_window_is_counted_and_named(client: Client, edition: Edition) -> None:
    first, last = edition.window_starts_on, edition.window_ends_on
    waits = on(first, edition.week_starts_on, title="Visite de la forge")
    labelled = on(last, state=State.APPROVED, title="Atelier")
    on(last, state=State.DRAFT)
    on(first, state=State.RETURNED)
    for state in (State.REFUSED, State.WITHDRAWN, State.REVOKED, State.CANCELLED):
        on(first, state=state)
    on(edition.week_starts_on)
    on(first + timedelta(days=1), state=State.APPROVED)

    inside = {"window_starts_on": first + timedelta(days=1), "window_ends_on": last - timedelta(days=1)}
    response = ask(client, edition, **inside)

    (found,) = [item for item in response.context["consequences"] if item.title == "Dates hors de la fenêtre"]
    assert found.sentences[0].endswith(
        ": 1 demande à instruire, 1 événement labellisé, 1 demande à corriger, 1 brouillon."
    )
    assert [(row.reference, row.title, row.state, row.url) for row in found.rows] == [
        (waits.reference, "Visite de la forge", "À instruire", page_of(waits)),
        (labelled.reference, "Atelier", "Labellisée", page_of(labelled)),
    ]
    assert found.rows[1].dates == labelled.event.when
    html = response.content.decode()
    assert f'<a href="{page_of(waits)}">{waits.reference}</a>' in html


@pytest.mark.parametrize("zone", ["76351", "97411", "97502", "98818"])
@pytest.mark.parametrize("days", [-1, 0])
@pytest.mark.parametrize("side", ["first", "last"])
def test_outside_is_what_the_rules_call_outside_by_the_date_at_the_venue(
    zone: str, days: int, side: str, edition: Edition
) -> None:
    window = rules.Window(edition.window_starts_on, edition.window_ends_on)
    day = window.starts_on + timedelta(days=days) if side == "first" else window.ends_on - timedelta(days=days)
    application = on(edition.week_starts_on, day, state=State.DRAFT, commune=factories.commune(zone))

    found = consequences.outside(Application.objects.all(), window)

    finding = application.verdict[rules.Condition.DATES]
    assert (application in found) is (finding.outcome is rules.Outcome.NOT_MET) is (days < 0)


def test_fifty_are_named_and_the_others_counted(
    client: Client, edition: Edition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    on(edition.window_ends_on)
    earlier = edition.window_ends_on - timedelta(days=1)
    with CaptureQueriesContext(connection) as one:
        ask(client, edition, window_ends_on=earlier)
    template = Application.objects.get()
    for rank in range(2, 53):
        event = factories.event(slots=[(edition.window_ends_on, *HOURS)])
        row = Application(reference=f"SI2026-{rank:06d}", event=event, state=State.SUBMITTED)
        row.submitted_at, row.promised_on = template.submitted_at, template.promised_on
        row.save()

    with django_assert_num_queries(len(one)):
        response = ask(client, edition, window_ends_on=earlier)

    (found,) = [item for item in response.context["consequences"] if item.rows]
    assert (len(found.rows), found.others) == (50, 2)
    assert "Et 2 autres." in response.content.decode()


def test_those_already_outside_and_those_that_come_back_are_told_apart(client: Client, edition: Edition) -> None:
    last = edition.window_ends_on
    on(last)
    on(last + timedelta(days=1), state=State.DRAFT)

    narrower = ask(client, edition, window_ends_on=last - timedelta(days=1))
    wider = ask(client, edition, window_ends_on=last + timedelta(days=1))

    assert sentences(narrower)[-1].endswith(": 1 demande à instruire, 1 brouillon (dont 1 déjà).")
    assert sentences(wider)[-1] == "De nouveau dans la fenêtre\u00a0: 1."


def test_a_change_that_waits_for_a_day_outside_is_counted(client: Client, edition: Edition) -> None:
    owner = factories.organiser()
    application = on(edition.week_starts_on, state=State.APPROVED, by=owner)
    slot = {"date": edition.window_ends_on.isoformat(), "start_time": "09:00", "end_time": "12:00", "capacity": None}
    perform(application, Action.REVISE, by=owner, changes={"slots": [slot]})

    response = ask(client, edition, window_ends_on=edition.window_ends_on - timedelta(days=1))

    assert sentences(response)[-1] == "Modifications à examiner dont une date serait hors de la fenêtre\u00a0: 1."


def test_those_who_aim_only_at_an_audience_that_is_dropped_are_named(client: Client, edition: Edition) -> None:
    pupils, everyone = (Audience.objects.get(slug=slug) for slug in ("scolaires", "grand-public"))
    alone = on(edition.week_starts_on, audiences=["scolaires"])
    on(edition.week_starts_on, audiences=["scolaires", "grand-public"])

    response = ask(client, edition, audiences=[everyone.pk])

    (found,) = response.context["consequences"]
    assert list(found.sentences) == [
        "Ne visent que des publics qui ne seront plus ciblés\u00a0: 1 demande à instruire."
    ]
    assert [row.reference for row in found.rows] == [alone.reference]
    edition.audiences.set([everyone])
    back = ask(client, edition, audiences=[everyone.pk, pupils.pk])
    assert sentences(back) == ["Viseront de nouveau un public ciblé\u00a0: 1."]


def test_drafts_that_could_no_longer_be_sent_are_counted(client: Client, edition: Edition) -> None:
    on(edition.week_starts_on, state=State.DRAFT)
    on(edition.week_starts_on, state=State.RETURNED)
    minutes = "%Y-%m-%dT%H:%M"
    now = timezone.localtime()

    closed = ask(client, edition, applications_close_at=f"{now - timedelta(days=1):{minutes}}")
    sooner = ask(client, edition, applications_close_at=f"{now + timedelta(days=2):{minutes}}")
    later = ask(client, edition, applications_open_at=f"{now + timedelta(days=2):{minutes}}")

    assert sentences(closed) == [
        "Les demandes, ouvertes en ce moment, seront fermées aussitôt.",
        "Ne pourront plus être déposés\u00a0: 1 brouillon.",
    ]
    assert sentences(sooner)[0].startswith("À déposer plus tôt, avant le ")
    assert sentences(later)[1:] == [
        "Ne pourront plus être déposés\u00a0: 1 brouillon.",
        "Ne pourront revenir qu’à l’ouverture\u00a0: 1 demande à corriger.",
    ]


def test_an_edition_that_names_no_audience_is_for_those_that_the_dge_adds_too(edition: Edition) -> None:
    Audience.objects.create(slug="retraites", label="Retraités")

    application = factories.application(audiences=["retraites"])

    assert application.verdict[rules.Condition.AUDIENCES].outcome is rules.Outcome.MET


def test_a_retired_audience_still_counts_for_those_who_chose_it(edition: Edition) -> None:
    Audience.objects.filter(slug="scolaires").update(is_active=False, label="Élèves")

    application = factories.application(audiences=["scolaires"])

    assert application.verdict[rules.Condition.AUDIENCES].outcome is rules.Outcome.MET


# Once it is confirmed


def test_what_waits_is_read_anew_once_the_window_has_changed(
    client: Client, edition: Edition, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    outside = on(edition.window_ends_on)
    within = on(edition.week_starts_on)
    assert (outside.doubts, within.doubts) == ("", "")

    with django_capture_on_commit_callbacks(execute=True):
        earlier = edition.window_ends_on - timedelta(days=1)
        response = confirm(client, change(edition), {**now_2031(edition), "window_ends_on": earlier})

    assert response.status_code == 302
    for application in (outside, within):
        application.refresh_from_db()
    assert (outside.doubts, within.doubts) == ("dates:not_met", "")


def test_a_broker_that_is_down_does_not_undo_the_change_and_the_night_reads_anew(
    client: Client,
    edition: Edition,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    outside = on(edition.window_ends_on)
    settings.CELERY_TASK_ALWAYS_EAGER = False

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("nobody there")

    monkeypatch.setattr(tasks.reassess_waiting, "apply_async", refuse)
    earlier = edition.window_ends_on - timedelta(days=1)

    with django_capture_on_commit_callbacks(execute=True):
        response = confirm(client, change(edition), {**now_2031(edition), "window_ends_on": earlier})

    edition.refresh_from_db()
    outside.refresh_from_db()
    assert (response.status_code, edition.window_ends_on, outside.doubts) == (302, earlier, "")
    assert tasks.reassess_waiting() == 1
    outside.refresh_from_db()
    assert outside.doubts == "dates:not_met"


def test_a_change_of_theme_reads_nothing_anew(
    client: Client,
    edition: Edition,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(tasks, "reassess_waiting", None)

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        response = confirm(client, change(edition), {**now_2031(edition), "theme": "Un autre"})

    assert (response.status_code, callbacks) == (302, [])


def test_the_terms_are_the_window_and_the_audiences(edition: Edition) -> None:
    before = Facts.of(edition, [])
    edition.theme, edition.participants = "Un autre", 12
    same = Facts.of(edition, [])
    edition.window_ends_on += timedelta(days=1)

    assert [
        consequences.terms_changed(before, after)
        for after in (same, Facts.of(edition, []), Facts.of(edition, Audience.objects.all()))
    ] == [False, True, True]
