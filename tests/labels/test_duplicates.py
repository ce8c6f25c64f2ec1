"""What is called a duplicate, what is only similar, and what is left alone."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from events.models import Edition
from labels import copies
from labels.duplicates import LOOKED_AT, SHOWN, Sketch, compare, find
from labels.models import Action, Application, State
from labels.workflow import perform
from places.points import Point
from tests import factories

pytestmark = pytest.mark.pure

DAY, MORNING, AFTERNOON = date(2024, 11, 18), (time(9), time(12)), (time(14), time(17))
OTHER_DAY = date(2024, 11, 21)
HAVRE: dict[str, Any] = {"commune": "76351", "address": "12 rue des docks", "point": Point(49.4938, 0.1077)}
HAVRE_ELSEWHERE: dict[str, Any] = {"commune": "76351", "address": "3 quai colbert", "point": Point(49.4901, 0.1302)}
CAEN: dict[str, Any] = {"commune": "14118", "address": "1 rue de la forge", "point": Point(49.1829, -0.3707)}
ONE: dict[str, Any] = {"organisation": 1, "author": 1}
OTHER: dict[str, Any] = {"organisation": 2, "author": 2}


def made(title: str, day: date = DAY, hours: tuple[time, time] = MORNING, **fields: Any) -> Sketch:
    return Sketch(title, slots=((day, *hours),), **{**ONE, **HAVRE, **fields})


DUPLICATES = {
    "sent twice": (made("visite fonderie"), made("visite fonderie")),
    "a word more": (made("visite fonderie"), made("visite fonderie port")),
    "a slip of the pen": (made("visite fonderie havre"), made("visite fondrie havre")),
    "hours that overlap": (made("visite fonderie"), made("visite fonderie", hours=(time(10), time(11)))),
    "by the school and by the company": (made("visite fonderie"), made("visite fonderie", **OTHER)),
    "by a colleague without organisation": (
        made("visite fonderie", organisation=None),
        made("visite fonderie", organisation=None),
    ),
    "another address for the same pin": (made("visite fonderie"), made("visite fonderie", address="docks")),
    "a webinar twice": (
        made("webinaire metiers", commune=None, address="", point=None, is_online=True),
        made("webinaire metiers", commune=None, address="", point=None, is_online=True),
    ),
}
SIMILAR = {
    "one visit at two sites on two days": (made("visite usine"), made("visite usine", day=OTHER_DAY, **CAEN)),
    "one visit at two sites on one day": (made("visite usine"), made("visite usine", **CAEN)),
    "two sites of one town": (made("visite usine"), made("visite usine", **HAVRE_ELSEWHERE)),
    "one visit on two days": (made("visite usine"), made("visite usine", day=OTHER_DAY)),
    "morning and afternoon": (made("visite usine"), made("visite usine", hours=AFTERNOON)),
    "two workshops side by side": (made("visite atelier moulage"), made("visite atelier usinage")),
    "two companies of one site on two days": (made("portes ouvertes"), made("portes ouvertes", OTHER_DAY, **OTHER)),
}
UNLIKE = {
    "another event of the company": (made("visite fonderie"), made("conference alternance")),
    "two companies of one town": (made("portes ouvertes"), made("portes ouvertes", **HAVRE_ELSEWHERE, **OTHER)),
    "two companies of two towns": (made("portes ouvertes"), made("portes ouvertes", **CAEN, **OTHER)),
    "two webinars": (
        made("webinaire metiers", commune=None, address="", point=None, is_online=True),
        made("atelier soudure", commune=None, address="", point=None, is_online=True, **OTHER),
    ),
    "no title yet": (made(""), made("")),
}


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        pytest.param(pair, said, id=name)
        for pairs, said in ((DUPLICATES, "Doublon probable"), (SIMILAR, "Semblable"), (UNLIKE, ""))
        for name, pair in pairs.items()
    ],
)
def test_pairs_are_told_apart_whichever_comes_first(pair: tuple[Sketch, Sketch], expected: str) -> None:
    likenesses = [compare(*pair), compare(*reversed(pair))]

    assert [likeness.label if likeness.score >= 40 else "" for likeness in likenesses] == [expected] * 2


def test_the_reasons_are_said() -> None:
    slip = compare(made("visite fonderie havre"), made("visite fondrie havre"))
    spread = compare(made("visite usine"), made("visite usine", hours=AFTERNOON, **HAVRE_ELSEWHERE))

    assert slip.reasons == ["même organisation", "titres proches à 97 %", "même jour, mêmes heures", "même lieu"]
    assert spread.reasons == ["même organisation", "même titre", "même jour, à d’autres heures", "même commune"]


@pytest.fixture
def examiner(db: None) -> User:
    return factories.regional("28")


def an_open_one(year: int) -> Edition:
    now = timezone.now()
    return factories.edition(
        year, applications_open_at=now - timedelta(days=9), applications_close_at=now + timedelta(days=9)
    )


def found(application: Application, user: User) -> list[Application]:
    return [match.application for match in find(Application.objects.for_verdict().get(pk=application.pk), user)]


def test_what_was_filed_twice_is_found_and_what_was_taken_back_is_not(examiner: User) -> None:
    owner = factories.organiser()
    shared: dict[str, Any] = {"by": owner, "organisation": factories.organisation(member=owner)}
    one = factories.application(state=State.SUBMITTED, **shared)
    twin = factories.application(state=State.SUBMITTED, title="Visite de la Fonderie !", **shared)
    by_another = factories.application(state=State.REFUSED)
    for state in (State.DRAFT, State.WITHDRAWN):
        factories.application(state=state, **shared)
    factories.application(state=State.SUBMITTED, title="Conférence sur l’alternance", **shared)

    assert found(one, examiner) == [twin, by_another]


def test_nothing_of_another_region_is_told(examiner: User) -> None:
    owner = factories.organiser()
    shared: dict[str, Any] = {"by": owner, "organisation": factories.organisation(member=owner)}
    one = factories.application(state=State.SUBMITTED, **shared)
    away = factories.application(state=State.SUBMITTED, commune=factories.commune("69381"), **shared)

    assert found(one, examiner) == []
    assert found(one, factories.national()) == [away]


def test_an_event_of_the_edition_before_is_no_duplicate(examiner: User) -> None:
    owner = factories.organiser()
    earlier = factories.application(state=State.APPROVED, by=owner, edition=an_open_one(2024))
    again = copies.copy(earlier, factories.edition(), owner)
    copies.confirm_dates(again)
    perform(again, Action.SUBMIT, by=owner)

    assert found(again, examiner) == []


def test_the_closest_few_are_shown_in_as_many_queries(
    examiner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner = factories.organiser()
    shared: dict[str, Any] = {"by": owner, "organisation": factories.organisation(member=owner)}
    monday = factories.edition().week_starts_on
    one = factories.application(state=State.SUBMITTED, **shared)
    for days in range(SHOWN + 2):
        factories.application(
            state=State.SUBMITTED, slots=[(monday + timedelta(days=days), time(9), time(12))], **shared
        )
    subject = Application.objects.for_verdict().get(pk=one.pk)
    find(subject, examiner)

    with django_assert_num_queries(5):
        matches = find(subject, examiner)

    assert len(matches) == SHOWN
    assert [match.likeness.is_duplicate for match in matches] == [True, False, False, False, False]
    assert LOOKED_AT == 200
