"""Who has an application in hand: taken, released, never from under a colleague."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.audit import AuditEntry
from accounts.models import Membership, User
from labels import assignment
from labels.assignment import release, take
from labels.models import Action, Application, State
from labels.moves import MoveRefused, StaleError
from labels.workflow import perform
from tests import factories
from tests.labels.admin.desk import QUEUE, Page, organisation_of, page_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(db: None) -> User:
    return factories.regional("28", name="Colette Collègue")


def post(client: Client, verb: str, application: Application, filters: str = "") -> Page:
    address = reverse(f"admin:labels_application_{verb}", args=[application.pk])
    return client.post(address, query_params={"_changelist_filters": filters} if filters else None)


def choose(client: Client, action: str, *applications: Application) -> Page:
    data = {"action": action, "_selected_action": [a.pk for a in applications], "index": 0, "select_across": 0}
    return client.post(f"{QUEUE}?etat=toutes", data, follow=True)


def hand(application: Application, holder: User | None) -> Application:
    Application.objects.filter(pk=application.pk).update(assigned_to=holder)
    application.refresh_from_db()
    return application


def holder_of(application: Application) -> User | None:
    return Application.objects.get(pk=application.pk).assigned_to


def log() -> list[tuple[Any, ...]]:
    entries = AuditEntry.objects.filter(action__in=["application.take", "application.release"]).order_by("pk")
    return list(entries.values_list("by_name", "action", "about"))


def test_an_application_is_taken_and_released_and_the_log_tells_it(examiner: User, here: Application) -> None:
    client = signed_in(examiner)

    taken = client.get(post(client, "take", here, filters="region=28").url)
    holder = holder_of(here)
    post(client, "release", here)

    assert "Prise en charge par vous" in text_of(taken)
    assert (holder, holder_of(here)) == (examiner, None)
    assert log() == [
        (examiner.email, "application.take", here.reference),
        (examiner.email, "application.release", here.reference),
    ]


def test_the_filters_of_the_queue_come_along(examiner: User, here: Application) -> None:
    response = post(signed_in(examiner), "take", here, filters="region=28")

    assert response.url == f"{page_of(here)}?_changelist_filters=region%3D28"


def test_taking_is_no_version_of_the_application(examiner: User, here: Application) -> None:
    before = Application.objects.values("version", "updated_at").get(pk=here.pk)

    post(signed_in(examiner), "take", here)

    assert Application.objects.values("version", "updated_at").get(pk=here.pk) == before


def test_what_a_colleague_has_is_refused_with_their_name(examiner: User, colleague: User, here: Application) -> None:
    hand(here, colleague)
    client = signed_in(examiner)

    taken = client.get(post(client, "take", here).url)
    released = client.get(post(client, "release", here).url)

    assert "Cette demande est prise en charge par Colette Collègue." in text_of(taken)
    assert "Cette demande est prise en charge par Colette Collègue." in text_of(released)
    assert (holder_of(here), log()) == (colleague, [])


def test_of_two_who_take_it_at_once_the_second_learns_who_has_it(
    examiner: User, colleague: User, here: Application
) -> None:
    read_before = Application.objects.get(pk=here.pk)
    take(here, colleague)

    with pytest.raises(StaleError, match="Colette Collègue"):
        take(read_before, examiner)

    assert holder_of(here) == colleague


def test_what_went_to_another_region_meanwhile_is_not_taken(
    examiner: User, here: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_before = Application.objects.get(pk=here.pk)
    factories.regional("84")
    perform(here, Action.MOVE, by=factories.national(), note="Elle est à eux.", changes={"region": "84"})

    # They were let in before it went.
    monkeypatch.setattr(assignment, "examines", lambda user, application: True)
    with pytest.raises(StaleError, match="changer de mains"):
        take(read_before, examiner)

    assert holder_of(here) is None


def test_what_was_decided_meanwhile_is_not_taken(examiner: User, here: Application) -> None:
    Application.objects.filter(pk=here.pk).update(due_on=None, state=State.APPROVED)

    with pytest.raises(StaleError):
        take(here, examiner)

    assert holder_of(here) is None


def test_what_waits_for_nobody_is_not_taken(examiner: User) -> None:
    refused = factories.application(state=State.REFUSED)

    with pytest.raises(MoveRefused, match="n’attend pas de décision"):
        take(refused, examiner)


def test_the_national_team_releases_what_anyone_has(colleague: User, here: Application) -> None:
    hand(here, colleague)

    assert release(here, factories.national())
    assert holder_of(here) is None


def test_what_a_closed_account_had_is_free(examiner: User, colleague: User, here: Application) -> None:
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    hand(here, colleague)

    page = signed_in(examiner).get(page_of(here))
    assert take(here, examiner)

    assert "Colette Collègue (compte fermé) Prendre en charge Rendre" in text_of(page)
    assert holder_of(here) == examiner


def test_nobody_takes_an_application_of_their_own_organisation(examiner: User, here: Application) -> None:
    Membership.objects.create(user=examiner, organisation=organisation_of(here))
    client = signed_in(examiner)

    response = post(client, "take", here)

    assert response.status_code == 403
    assert client.get(page_of(here)).context["assignment"]["may_take"] is False
    assert holder_of(here) is None


def test_nobody_takes_an_application_of_another_region(examiner: User, elsewhere: Application) -> None:
    client = signed_in(examiner)

    assert [post(client, verb, elsewhere).status_code for verb in ("take", "release")] == [404, 404]
    assert holder_of(elsewhere) is None


def test_who_only_reads_takes_and_releases_nothing(reader: User, colleague: User, here: Application) -> None:
    client = signed_in(reader)
    hand(here, colleague)

    assert [post(client, verb, here).status_code for verb in ("take", "release")] == [403, 403]
    assert holder_of(here) == colleague


def test_a_selection_is_taken_and_what_is_left_is_told(examiner: User, colleague: User, here: Application) -> None:
    theirs = hand(factories.application(state=State.SUBMITTED), colleague)
    refused = factories.application(state=State.REFUSED)
    mine = hand(factories.application(state=State.SUBMITTED), examiner)
    own = factories.application(state=State.SUBMITTED)
    Membership.objects.create(user=examiner, organisation=organisation_of(own))

    response = choose(signed_in(examiner), "take_selected", here, theirs, refused, mine, own)

    assert [holder_of(a) for a in (here, theirs, refused, mine, own)] == [examiner, colleague, None, examiner, None]
    text = text_of(response)
    assert "1 demande prise en charge." in text
    assert "1 demande laissée de côté : Cette demande est prise en charge par Colette Collègue." in text
    assert "1 demande laissée de côté : Cette demande n’attend pas de décision." in text
    assert "1 demande laissée de côté : rien à changer." in text
    assert "1 demande laissée de côté : de vous ou de votre organisation." in text


def test_a_selection_is_released(examiner: User, here: Application) -> None:
    other = hand(factories.application(state=State.SUBMITTED), examiner)
    hand(here, examiner)

    response = choose(signed_in(examiner), "release_selected", here, other)

    assert [holder_of(here), holder_of(other)] == [None, None]
    assert "2 demandes rendues." in text_of(response)


def test_a_selection_of_another_region_is_not_touched(
    examiner: User, here: Application, elsewhere: Application
) -> None:
    choose(signed_in(examiner), "take_selected", here, elsewhere)

    assert [holder_of(here), holder_of(elsewhere)] == [examiner, None]
