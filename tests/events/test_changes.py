"""What of a change may be published at once, how it is written, and how it reads."""

from datetime import time, timedelta
from typing import Any

import pytest

from events.changes import apply, difference, examined, snapshot, tried
from events.diffs import NOTHING, in_words, rows
from events.models import Event
from tests import factories

pytestmark = pytest.mark.django_db

HERE = [49.4938, 0.1077, True]


@pytest.fixture
def event() -> Event:
    event = factories.event(slots=[(factories.edition().week_starts_on, time(9), time(12))])
    event.latitude, event.longitude, event.is_point_confirmed = HERE  # type: ignore[assignment]
    event.save()
    return event


def slots(event: Event, start: str = "09:00", end: str = "12:00", days: int = 0) -> list[dict[str, Any]]:
    day = event.edition.week_starts_on + timedelta(days=days)
    return [{"date": day.isoformat(), "start_time": start, "end_time": end, "capacity": None}]


@pytest.mark.parametrize(
    ("changes", "waits"),
    [
        ({"title": "Autre", "is_full": True}, {"title"}),
        ({"description": "Autre", "purpose": "Autre", "format": "atelier", "sectors": []}, set()),
        ({"levels": ["college"], "group_size": 20, "minimum_age": 12}, set()),
        (
            {"levels": [], "group_size": None, "minimum_age": 12, "audiences": ["jeunes"]},
            {"levels", "group_size", "audiences"},
        ),
        ({"safety_equipment": "Casque prêté.", "directions": "Tramway A, arrêt Docks."}, set()),
        ({"directions": "Métro A.", "commune": "69381"}, {"directions", "commune"}),
        ({"online_url": "https://exemple.fr/"}, set()),
        ({"online_url": "https://exemple.fr/", "attendance": "hybride"}, {"online_url", "attendance"}),
        ({"point": [49.4940, 0.1080, True]}, set()),
        ({"point": [49.60, 0.1077, True]}, {"point"}),
        ({"point": [49.4940, 0.1080, True], "address": "3 quai de l’Île"}, {"point", "address"}),
        ({"point": None}, set()),
        ({"price": "0", "venue": "Halle"}, {"price", "venue"}),
    ],
)
def test_what_the_label_was_given_for_waits_with_what_follows_it(
    changes: dict[str, Any], waits: set[str], event: Event
) -> None:
    assert set(examined(event, changes)) == waits


def test_hours_change_at_once_while_the_days_stay(event: Event) -> None:
    day = slots(event, "14:00", "16:00")

    assert examined(event, {"slots": day}) == {}
    assert examined(event, {"slots": slots(event) + day}) == {}
    for others in (slots(event, days=1), slots(event) + slots(event, days=1), []):
        assert examined(event, {"slots": others}) == {"slots": others}


def test_a_point_never_confirmed_may_be_placed_anywhere_in_its_commune(event: Event) -> None:
    event.is_point_confirmed = False

    assert examined(event, {"point": [49.60, 0.1077, True]}) == {}
    assert set(examined(event, {"point": [50.60, 0.1077, True]})) == {"point"}


def test_a_new_commune_never_leaves_the_point_behind_and_keeps_one_that_is_meant(event: Event) -> None:
    lyon = factories.commune("69381")

    apply(event, difference(event, {"commune": lyon.code}))
    assert [event.latitude, event.is_point_confirmed] == [lyon.latitude, False]

    apply(event, {"point": HERE})
    changes = difference(event, {**snapshot(event), "commune": "76351", "point": HERE})
    apply(event, dict(reversed(changes.items())))
    assert (snapshot(event)["point"], event.region_id) == (HERE, "28")


def test_what_is_tried_leaves_no_trace(event: Event) -> None:
    before = snapshot(event)
    wanted = {"title": "Autre", "slots": slots(event, days=1), "audiences": ["jeunes"], "commune": None, "point": None}

    with tried(Event.objects.get(), wanted):
        assert difference(Event.objects.get(), wanted) == {}

    stored = Event.objects.get()
    assert (snapshot(stored), stored.sequence, stored.updated_at) == (before, event.sequence, event.updated_at)


def test_every_value_reads_as_words(event: Event) -> None:
    monday = event.edition.week_starts_on
    words = {name: in_words(name, value).replace("\xa0", " ") for name, value in snapshot(event).items()}

    assert words == {
        "title": "Visite de la fonderie",
        "price": "Gratuit",
        "audiences": "Scolaires\nGrand public",
        "attendance": "Sur place",
        "venue": "Fonderie du Port",
        "address": "12 rue des Docks",
        "commune": "Le Havre (76600)",
        "slots": in_words("slots", slots(event)).replace("\xa0", " "),
        "description": event.description,
        "purpose": event.purpose,
        "format": "Visite d’entreprise",
        "sectors": "Mines et métallurgie",
        "levels": NOTHING,
        "minimum_age": NOTHING,
        "group_size": NOTHING,
        "is_full": "Non",
        "is_accessible": "Non",
        "accessibility": NOTHING,
        "directions": NOTHING,
        "safety_equipment": NOTHING,
        "online_url": NOTHING,
        "registration": "Sans inscription",
        "registration_url": NOTHING,
        "registration_email": NOTHING,
        "registration_phone": NOTHING,
        "pictures": NOTHING,
        "point": "49,49380 ; 0,10770 (confirmée)",
    }
    assert f"{monday.day}" in words["slots"] and words["slots"].endswith("de 9 h à 12 h")


def test_a_change_shows_the_words_that_differ(event: Event) -> None:
    (title, place) = rows(snapshot(event), {"title": "Visite du port", "venue": "", "price": "0"})

    assert [(p.text, p.is_changed) for p in title.before] == [("Visite ", False), ("de la fonderie", True)]
    assert [(p.text, p.is_changed) for p in title.after] == [("Visite ", False), ("du port", True)]
    assert (place.label, [p.text for p in place.after]) == ("Nom du lieu", [NOTHING])


def test_a_word_added_at_the_end_is_the_only_one_marked(event: Event) -> None:
    (row,) = rows(snapshot(event), {"title": f"{event.title} de nuit"})

    assert [piece.is_changed for piece in row.before] == [False]
    assert [(piece.text, piece.is_changed) for piece in row.after][-1] == ("de nuit", True)


def test_of_the_slots_those_that_stay_are_not_marked(event: Event) -> None:
    (row,) = rows(snapshot(event), {"slots": slots(event) + slots(event, days=1)})

    assert [piece.is_changed for piece in row.before] == [False]
    assert [piece.is_changed for piece in row.after] == [False, True]
