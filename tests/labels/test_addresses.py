"""The address of an event and its pin, with the geocoder that answers, dawdles, refuses or talks nonsense."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from events.models import Event
from labels.forms.slots import SlotFormSet
from labels.models import Application, State
from places import geocoding
from places.models import Commune
from tests import factories
from tests.labels import answers
from tests.outside import OutsideService

pytestmark = pytest.mark.django_db

DOCKS = [0.1312, 49.4876]
QUAY = [0.1020, 49.4850]
UNPLACED = (
    "L’adresse n’a pas pu être située\u00a0: le repère est au centre de la commune. "
    "Placez-le sur la carte, à la page «\u00a0Dates et lieu\u00a0»."
)
PLACED = "Le repère est placé à l’adresse\u00a0: confirmez-le sur la carte, à la page «\u00a0Dates et lieu\u00a0»."


def feature(point: list[float], **properties: Any) -> dict[str, Any]:
    found = {"score": 0.97, "name": "12 Rue des Docks", "citycode": "76351", "type": "housenumber", **properties}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": point}, "properties": found}


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


@pytest.fixture(autouse=True)
def _awake() -> None:
    geocoding.SERVICE.forgive()


@pytest.fixture
def geocoder(outside_service: OutsideService, settings: Settings) -> OutsideService:
    """It knows two addresses of Le Havre."""
    settings.GEOCODER_URL = outside_service.url.removesuffix("/search")
    outside_service.answer = lambda query: collection(feature(QUAY if "quai" in query["q"] else DOCKS))
    return outside_service


@pytest.fixture
def user() -> User:
    return factories.organiser()


@pytest.fixture
def draft(client: Client, user: User) -> Application:
    return answers.begun(client, user)


def save(client: Client, draft: Application, **changes: Any) -> list[str]:
    """Sends the page as it is shown, with ``changes``; what is told after it."""
    address = f"/organisateurs/demandes/{draft.reference}/dates-et-lieu/"
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in ("latitude", "longitude", "point_of")}
    if form["is_point_confirmed"].value():
        shown["is_point_confirmed"] = "on"
    typed = {**answers.PLACE, **{name: value or "" for name, value in shown.items()}, **changes, "action": "quit"}
    data = {name: value for name, value in typed.items() if value is not None}
    assert client.post(address, data).status_code == 303
    return [str(message) for message in client.get("/organisateurs/").context["messages"]][:-1]


def pin(draft: Application) -> tuple[list[float | None], bool]:
    event = Event.objects.get(application=draft)
    return [event.longitude, event.latitude], event.is_point_confirmed


CENTRE = [0.1077, 49.4938]


def test_the_pin_is_placed_at_the_address_to_be_confirmed(
    client: Client, draft: Application, geocoder: OutsideService
) -> None:
    assert save(client, draft) == [PLACED]

    assert pin(draft) == (DOCKS, False)
    assert geocoder.queries == [{"q": "12 rue des Docks 76600 Le Havre", "limit": "5"}]


def test_the_pin_follows_an_address_that_changes_even_once_confirmed(
    client: Client, draft: Application, geocoder: OutsideService
) -> None:
    save(client, draft)
    assert save(client, draft, is_point_confirmed="on") == []
    assert pin(draft) == (DOCKS, True)

    assert save(client, draft, address="3 quai de l’Île") == [PLACED]

    assert pin(draft) == (QUAY, False)


def test_a_pin_moved_by_hand_stays_while_the_address_does(
    client: Client, draft: Application, geocoder: OutsideService
) -> None:
    save(client, draft, latitude="49,49", longitude="0,12", is_point_confirmed="on")
    save(client, draft, venue="Atelier B")
    assert pin(draft) == ([0.12, 49.49], True)

    # Another address with other figures: the figures are meant.
    save(client, draft, address="3 quai de l’Île", latitude="49,486", longitude="0,103")
    assert pin(draft) == ([0.103, 49.486], True)


def test_a_page_that_is_behind_does_not_take_the_pin_back(
    client: Client, draft: Application, geocoder: OutsideService
) -> None:
    save(client, draft, address="3 quai de l’Île")
    assert pin(draft) == (QUAY, False)
    behind = {"latitude": "49,4938", "longitude": "0,1077", "point_of": "49,4938;0,1077;76351;12 rue des Docks"}

    assert save(client, draft, address="3 quai de l’Île", **behind) == []

    assert pin(draft) == (QUAY, False)


def test_an_address_in_another_commune_is_asked_about(
    client: Client, draft: Application, geocoder: OutsideService
) -> None:
    factories.commune("69381")
    geocoder.answer = collection(feature([4.83, 45.77], citycode="69381"))

    told = save(client, draft)

    assert told == [
        "Cette adresse semble être dans une autre commune, Lyon 1er Arrondissement (69001)\u00a0: vérifiez la commune."
    ]
    assert pin(draft) == (CENTRE, False)


def test_an_arrondissement_is_in_its_town(client: Client, draft: Application, geocoder: OutsideService) -> None:
    factories.commune("69381")
    Commune.objects.create(code="69123", name="Lyon", postcodes=" 69001", latitude=45.758, longitude=4.8351)
    geocoder.answer = collection(feature([4.83, 45.77], citycode="69381"))

    assert save(client, draft, commune="Lyon", commune_code="69123") == [PLACED]

    assert pin(draft) == ([4.83, 45.77], False)


@pytest.mark.parametrize("code", ["97302", "97411", "98818"])
def test_an_address_overseas_is_placed_too(
    client: Client, draft: Application, geocoder: OutsideService, code: str
) -> None:
    commune = factories.commune(code)
    assert commune.centre
    point = [round(commune.centre.longitude + 0.01, 6), round(commune.centre.latitude + 0.01, 6)]
    geocoder.answer = collection(feature(point, citycode=code))

    assert save(client, draft, commune=commune.name) == [PLACED]

    assert pin(draft) == (point, False)


BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("an empty list", {"answer": collection()}),
    ("a low score", {"answer": collection(feature(DOCKS, score=0.49))}),
    ("a town", {"answer": collection(feature(DOCKS, type="municipality"))}),
    ("an unknown commune", {"answer": collection(feature(DOCKS, citycode="00000"))}),
    ("the other end of the world", {"answer": collection(feature([166.4, -22.2]))}),
    ("no numbers", {"answer": collection(feature(["a", None]))}),  # type: ignore[list-item]
    (
        "not a number",
        {"body": b'{"features": [{"geometry": {"coordinates": [NaN, 1e999]}, "properties": {"score": 1}}]}'},
    ),
    ("no properties", {"answer": collection({"geometry": None}, None, 3, [])}),
    ("another shape", {"answer": ["features"]}),
    ("a text for a list", {"answer": {"features": "beaucoup"}}),
    ("HTML", {"body": b"<html>Maintenance</html>"}),
    ("429", {"status": 429, "headers": {"Retry-After": "60"}}),
    ("500", {"status": 500}),
    ("404", {"status": 404}),
    ("a redirection", {"status": 302, "headers": {"Location": "http://127.0.0.1:1/"}}),
    ("silence", {"delay": 30.0}),
    ("a byte at a time", {"drip": 0.3}),
]


@pytest.mark.fault
@pytest.mark.parametrize("fault", [fault for _, fault in BROKEN], ids=[name for name, _ in BROKEN])
def test_the_step_is_saved_in_time_whatever_the_geocoder_does(
    client: Client, draft: Application, geocoder: OutsideService, fault: dict[str, Any]
) -> None:
    for name, value in fault.items():
        setattr(geocoder, name, value)

    assert save(client, draft) == [UNPLACED]

    # One question, of two seconds at most (tests/core/test_calls.py), whose answer is not waited for when it dawdles.
    dawdles = fault.keys() & {"delay", "drip"}
    assert (len(geocoder.queries), geocoder.answered) == (1, 0 if dawdles else 1)
    assert pin(draft) == (CENTRE, False)
    event = Event.objects.get(application=draft)
    assert (event.address, event.commune_id, event.slots.count()) == ("12 rue des Docks", "76351", 1)


@pytest.mark.fault
def test_a_silent_geocoder_does_not_delay_the_submission(client: Client, user: User, geocoder: OutsideService) -> None:
    geocoder.delay = 30.0
    draft = answers.filled(client, user)
    data = {"version": draft.version, "is_sworn": "on"}

    client.post(f"/organisateurs/demandes/{draft.reference}/verification/", data)

    assert Application.objects.get().state == State.SUBMITTED
    # That of the step before, whose answer still does not come.
    assert (len(geocoder.queries), geocoder.answered) == (1, 0)


def test_an_address_that_was_not_placed_is_looked_for_again(
    client: Client, draft: Application, geocoder: OutsideService
) -> None:
    geocoder.status = 500
    assert save(client, draft) == [UNPLACED]
    geocoder.status = 200

    assert save(client, draft) == [PLACED]

    assert pin(draft) == (DOCKS, False)
    assert save(client, draft) == []


def test_the_address_of_a_labelled_event_is_looked_for_too(
    client: Client, user: User, geocoder: OutsideService
) -> None:
    approved = factories.application(state=State.APPROVED, by=user)
    client.force_login(user)
    where = f"/organisateurs/demandes/{approved.reference}/modifier/dates-et-lieu/"
    form = client.get(where).context["form"]
    shown = {name: form[name].value() or "" for name in ("latitude", "longitude", "point_of", "attendance", "commune")}
    slots = {key: "" if value is None else str(value) for key, value in SlotFormSet.as_posted(approved.event).items()}
    typed = {**shown, **slots, "address": "3 quai Colbert", "version": form.application.version}

    response = client.post(where, typed)

    assert (len(geocoder.queries), PLACED in response.context["warnings"]) == (1, True)


def test_an_online_event_asks_nobody(client: Client, draft: Application, geocoder: OutsideService) -> None:
    assert save(client, draft, attendance="en-ligne") == []

    assert (geocoder.queries, pin(draft)) == ([], ([None, None], False))


def test_the_page_of_an_event_says_that_its_position_waits_to_be_confirmed(client: Client, user: User) -> None:
    event = factories.application(state=State.APPROVED, by=user).event

    page = client.get(event.get_absolute_url()).content.decode()
    assert "Position à confirmer" in page
    event.is_point_confirmed = True
    event.save()
    assert "Position à confirmer" not in client.get(event.get_absolute_url()).content.decode()
