"""« Suivante » and « Précédente »: the same filter and order, nothing skipped, from the other end at each end."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from labels.admin import changelist, neighbours
from labels.admin.application import ApplicationAdmin
from labels.models import Action, Application, State
from semaine.admin import Site
from tests import factories
from tests.labels.admin.desk import decide, owner_of, page_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(db: None) -> list[Application]:
    """Five in Normandie in the queue's order; the second and third are due on the same day."""
    applications = [factories.application(state=State.SUBMITTED, title=title) for title in "DBECA"]
    for application, days in zip(applications, (-1, 0, 0, 2, 5), strict=True):
        due = timezone.localdate() + timedelta(days=days)
        Application.objects.filter(pk=application.pk).update(due_on=due, promised_on=due)
        application.refresh_from_db()
    return applications


def walk(user: User, start: Application, filters: dict[str, str], *, backwards: bool = False) -> list[int]:
    """The keys met from ``start`` until it comes round again."""
    admin = ApplicationAdmin(Application, Site())
    request = RequestFactory().get("/", {"_changelist_filters": urlencode(filters)})
    request.user = user
    met: list[int] = []
    here = start
    while not met or here != start:
        around = admin.neighbours(request, here)
        key = around.before if backwards else around.after
        assert key is not None and len(met) < 20
        here = Application.objects.get(pk=key)
        met.append(key)
    return met


@pytest.mark.parametrize(
    ("filters", "order"),
    [
        ({}, [1, 2, 3, 4, 0]),
        ({"etat": "submitted"}, [1, 2, 3, 4, 0]),
        ({"etat": "toutes"}, [4, 3, 2, 1, 0]),
        ({"region": "28", "departement": "76"}, [1, 2, 3, 4, 0]),
        # By title.
        ({"o": "2"}, [2, 4, 1, 3, 0]),
        ({"o": "-2"}, [3, 1, 4, 2, 0]),
    ],
)
def test_the_whole_queue_is_met_in_its_order_both_ways(
    filters: dict[str, str], order: list[int], examiner: User, queue: list[Application]
) -> None:
    forwards = walk(examiner, queue[0], filters)
    backwards = walk(examiner, queue[0], filters, backwards=True)

    assert forwards == [queue[place].pk for place in order]
    assert backwards == [queue[place].pk for place in [*order[-2::-1], 0]]


def test_a_filter_by_examiner_is_kept_to(examiner: User, queue: list[Application]) -> None:
    Application.objects.filter(pk__in=[queue[1].pk, queue[3].pk]).update(assigned_to=examiner)

    assert walk(examiner, queue[1], {"examinateur": "moi"}) == [queue[3].pk, queue[1].pk]


def test_one_that_waits_no_more_leads_to_the_first(examiner: User, queue: list[Application]) -> None:
    Application.objects.filter(pk=queue[2].pk).update(due_on=None, state=State.APPROVED)

    page = signed_in(examiner).get(page_of(queue[2])).context

    assert page["next_url"] == page_of(queue[0])
    assert page["previous_url"] == page_of(queue[4])


def test_the_only_one_has_no_neighbour(examiner: User, here: Application) -> None:
    page = signed_in(examiner).get(page_of(here)).context

    assert (page["next_url"], page["previous_url"]) == ("", "")


def test_a_decision_leads_to_the_next_of_the_same_filter(examiner: User, queue: list[Application]) -> None:
    Application.objects.filter(pk__in=[queue[0].pk, queue[4].pk]).update(assigned_to=examiner)

    response = decide(signed_in(examiner), queue[0], Action.APPROVE, filters="examinateur%3Dmoi")

    assert response.url == f"{page_of(queue[4])}?_changelist_filters=examinateur%3Dmoi"


def test_a_change_that_waits_has_its_place(examiner: User, queue: list[Application]) -> None:
    from labels.workflow import perform

    first = queue[0]
    perform(first, Action.APPROVE, by=examiner)
    perform(first, Action.REVISE, by=owner_of(first), changes={"title": "Nuit de la fonderie"})
    Application.objects.filter(pk=first.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    first.refresh_from_db()

    assert walk(examiner, first, {}) == [queue[place].pk for place in (1, 2, 3, 4, 0)]


def test_nothing_of_another_region_is_met(examiner: User, elsewhere: Application, queue: list[Application]) -> None:
    assert elsewhere.pk not in walk(examiner, queue[0], {"etat": "toutes"})


def test_another_order_reads_no_more_than_the_list_shows(
    examiner: User, queue: list[Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "LISTED_AT_MOST", 3)

    around = neighbours.neighbours(Application.objects.order_by("event__title", "pk"), queue[0])

    assert changelist.LISTED_AT_MOST == 1000
    assert (around.before, around.after) == (queue[3].pk, queue[4].pk)


def test_the_next_is_found_in_two_queries_however_long_the_queue(
    queue: list[Application], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ordered = Application.objects.order_by("due_on", "pk")

    with django_assert_num_queries(2):
        around = neighbours.neighbours(ordered, queue[2])

    assert (around.before, around.after) == (queue[1].pk, queue[3].pk)
