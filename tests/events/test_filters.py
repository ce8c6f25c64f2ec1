"""Each filter of the public contract, alone and together: which events it keeps, in which order, what it refuses."""

from datetime import date, time
from typing import Any

import pytest
import time_machine
from django.http import Http404, QueryDict

from events.distances import Place
from events.filters import EventFilter
from events.models import Event, Format, Level, Sector, Slot
from tests import factories

pytestmark = pytest.mark.django_db

DAY = (time(9), time(12))
ERRORS = [
    ("region=zz", {"region": ["« zz » n’est pas un code connu."]}),
    ("region=28&region=zz", {"region": ["« zz » n’est pas un code connu."]}),
    ("region=%00", {"region": ["Cette valeur n’est pas un code connu."]}),
    ("&".join(["region=28"] * 121), {"region": ["Choisissez au plus 120 valeurs."]}),
    ("format=visite%E2%80%AEentreprise", {"format": ["Cette valeur n’est pas un code connu."]}),
    ("q=%00", {"q": ["Ce texte contient un caractère de contrôle interdit. Retirez-le."]}),
    ("q=%3F!", {"q": ["Saisissez au moins une lettre ou un chiffre."]}),
    ("pres=Atlantis", {"pres": ["Aucune commune ne porte ce nom ou ce code INSEE."]}),
    ("pres=91,0", {"pres": ["Ce point n’est pas sur Terre : latitude, puis longitude."]}),
    ("bbox=1,2,3", {"bbox": ["Indiquez ouest,sud,est,nord en degrés."]}),
    ("bbox=nan,2,3,4", {"bbox": ["Indiquez ouest,sud,est,nord en degrés."]}),
    ("bbox=0,50,1,49", {"bbox": ["Cette zone n’est pas sur Terre : ouest,sud,est,nord."]}),
    ("du=2024-11-20&au=2024-11-18", {"au": ["Cette date précède celle du début."]}),
    ("du=18/11/2024", {"du": ["Saisissez une date valide."]}),
    ("tri=distance", {"tri": ["Pour trier par distance, indiquez d’abord une commune."]}),
]


@pytest.fixture
def catalogue() -> dict[str, Event]:
    """Five events of 2024 that differ in all that a filter reads, and three that no filter may show."""
    edition = factories.edition(2024)
    events = {
        "havre": factories.event(
            edition=edition,
            title="Fonderie à cœur ouvert",
            slots=[(date(2024, 11, 18), *DAY), (date(2024, 11, 25), *DAY)],
            group_size=20,
            minimum_age=12,
        ),
        "lyon": factories.event(
            edition=edition,
            title="Atelier de soierie",
            commune=factories.commune("69381"),
            format=Format.objects.get(slug="atelier"),
            audiences=["etudiants"],
            slots=[(date(2024, 11, 20), time(9), time(12)), (date(2024, 11, 20), time(14), time(17))],
            capacity=50,
        ),
        "reunion": factories.event(
            edition=edition,
            title="La canne et le sucre",
            commune=factories.commune("97411"),
            slots=[(date(2024, 11, 21), *DAY)],
            attendance=Event.Attendance.MIXED,
            is_full=True,
        ),
        "noumea": factories.event(
            edition=edition, title="Le nickel", commune=factories.commune("98818"), slots=[(date(2024, 11, 22), *DAY)]
        ),
        "online": factories.event(
            edition=edition,
            title="Webinaire : les métiers",
            attendance=Event.Attendance.ONLINE,
            slots=[(date(2024, 11, 19), *DAY)],
            minimum_age=18,
        ),
    }
    for event in events.values():
        event.publish()
    events["havre"].levels.add(Level.objects.get(slug="college"))
    events["lyon"].sectors.set([Sector.objects.get(slug="textile")])
    factories.event(edition=edition, title="Brouillon de fonderie")
    revoked = factories.event(edition=edition, title="Fonderie retirée")
    revoked.publish()
    revoked.revoke()
    factories.event(edition=factories.edition(2023), title="Fonderie de l’an passé").publish()
    return events


def names(catalogue: dict[str, Event], query: str) -> list[str]:
    by_pk = {event.pk: name for name, event in catalogue.items()}
    return [by_pk[event.pk] for event in EventFilter(QueryDict(f"edition=2024&{query}")).queryset()]


ALL = ["havre", "online", "lyon", "reunion", "noumea"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ALL),
        ("couleur=rouge", ALL),
        ("q=&region=&du=", ALL),
        ("q=coeur", ["havre"]),
        ("q=FONDERIE+C%C5%92UR", ["havre"]),
        ("q=st+denis", ["reunion"]),
        ("q=fonderie+soierie", ["lyon"]),
        ("q=soierie+nickel", []),
        ("region=28", ["havre"]),
        ("region=28&region=84", ["havre", "lyon"]),
        ("departement=69", ["lyon"]),
        ("commune=97411", ["reunion"]),
        ("format=atelier", ["lyon"]),
        ("public=etudiants", ["lyon"]),
        ("public=scolaires&public=grand-public", ["havre", "online", "reunion", "noumea"]),
        ("filiere=textile", ["lyon"]),
        ("niveau=college", ["havre"]),
        ("du=2024-11-20", ["havre", "lyon", "reunion", "noumea"]),
        ("au=2024-11-19", ["havre", "online"]),
        ("du=2024-11-19&au=2024-11-20", ["online", "lyon"]),
        ("lieu=en-ligne", ["online", "reunion"]),
        ("lieu=sur-place", ["havre", "lyon", "reunion", "noumea"]),
        ("groupe=30", ["online", "lyon", "noumea"]),
        ("groupe=20", ["havre", "online", "lyon", "noumea"]),
        ("groupe=51", ["online", "noumea"]),
        ("age=12", ["havre", "lyon", "reunion", "noumea"]),
        ("age=11", ["lyon", "reunion", "noumea"]),
        ("pres=76351", ["havre"]),
        ("pres=le+havre", ["havre"]),
        ("pres=49.5,0.1&rayon=1", ["havre"]),
        ("pres=49.6,0.1&rayon=11", []),
        ("pres=49.6,0.1&rayon=12", ["havre"]),
        ("rayon=12", ALL),
        ("bbox=-5,41,10,51", ["havre", "lyon"]),
        ("bbox=150,-30,-150,0", ["noumea"]),
        ("region=28&format=atelier", []),
        ("tri=date", ALL),
    ],
)
def test_a_filter_keeps_the_published_events_of_the_edition_that_match(
    catalogue: dict[str, Event], query: str, expected: list[str]
) -> None:
    assert names(catalogue, query) == expected


@pytest.mark.parametrize(("query", "errors"), ERRORS)
def test_a_broken_value_is_said_and_left_out(
    catalogue: dict[str, Event], query: str, errors: dict[str, list[str]]
) -> None:
    form = EventFilter(QueryDict(f"edition=2024&lieu=sur-place&{query}"))

    assert form.errors == errors
    assert set(names(catalogue, f"lieu=sur-place&{query}")) <= {"havre", "lyon", "reunion", "noumea"}
    assert "lieu=sur-place" in form.search.split("&")
    assert set(QueryDict(form.search)).isdisjoint(errors)


@pytest.mark.parametrize("pres", ["pres=zzzz", "pres=95,4", "pres="])
def test_a_place_that_is_emptied_or_mistyped_takes_its_order_along(catalogue: dict[str, Event], pres: str) -> None:
    form = EventFilter(QueryDict(f"edition=2024&{pres}&tri=distance&region=28"))

    assert ("tri" in form.errors, [event.title for event in form.queryset()]) == (False, ["Fonderie à cœur ouvert"])
    assert (form.search, form.choice) == ("region=28&edition=2024", "region=28")
    assert [sort.label for sort in form.sorts if sort.is_current] == ["prochains événements"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [("groupe=40", ["lyon"]), ("groupe=40&du=2024-11-20&au=2024-11-20", []), ("groupe=40&du=2024-11-21", ["lyon"])],
)
def test_a_group_is_welcome_on_the_days_that_have_room_for_it(
    catalogue: dict[str, Event], query: str, expected: list[str]
) -> None:
    Event.objects.exclude(pk=catalogue["lyon"].pk).update(is_full=True)
    Slot.objects.filter(event=catalogue["lyon"]).update(capacity=10)
    Slot.objects.create(
        event=catalogue["lyon"], date=date(2024, 11, 22), start_time=time(9), end_time=time(12), capacity=40
    )

    assert names(catalogue, query) == expected


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Le Havre", "du Havre"),
        ("Les Ulis", "des Ulis"),
        ("La Rochelle", "de La Rochelle"),
        ("Angers", "d’Angers"),
        ("Évreux", "d’Évreux"),
        ("Hyères", "d’Hyères"),
        ("Hérouville-Saint-Clair", "d’Hérouville-Saint-Clair"),
        ("Haguenau", "de Haguenau"),
        ("Yvetot", "d’Yvetot"),
        ("Yutz", "de Yutz"),
    ],
)
def test_the_name_of_a_town_is_said_as_people_say_it(name: str, told: str) -> None:
    assert Place(name, 0, 0).after_de == told


def test_a_format_named_in_the_admin_with_a_low_line_is_found(catalogue: dict[str, Event]) -> None:
    tour = Format.objects.create(slug="Visite_2", label="Visite de nuit")
    Event.objects.filter(pk=catalogue["lyon"].pk).update(format=tour)

    form = EventFilter(QueryDict("edition=2024&format=Visite_2"))

    assert (form.errors, list(form.queryset())) == ({}, [catalogue["lyon"]])


def test_distance_is_told_in_kilometres_and_sorts(catalogue: dict[str, Event]) -> None:
    Event.objects.filter(pk=catalogue["lyon"].pk).update(latitude=49.4431, longitude=1.0993)  # Rouen

    found: Any = EventFilter(QueryDict("edition=2024&pres=49.4431,1.0993&rayon=200&tri=distance")).queryset()

    assert [(event.title, round(event.distance, 1)) for event in found] == [
        ("Atelier de soierie", 0.0),
        ("Fonderie à cœur ouvert", 71.9),
    ]


@pytest.mark.parametrize("point", ["90,0", "-90,12", "0,180", "0,-180", "-22.27,-179.9"])
def test_places_at_the_ends_of_the_globe_are_looked_around(catalogue: dict[str, Event], point: str) -> None:
    assert names(catalogue, f"pres={point}&rayon=200") == []


def test_a_circle_across_the_antimeridian_holds_both_sides(catalogue: dict[str, Event]) -> None:
    Event.objects.filter(pk=catalogue["noumea"].pk).update(latitude=-14.3, longitude=179.9)

    assert names(catalogue, "pres=-14.3,-179.9&rayon=30") == ["noumea"]


def test_the_whole_of_paris_lyon_or_marseille_holds_its_arrondissements(catalogue: dict[str, Event]) -> None:
    commune = factories.commune("69381")
    type(commune).objects.create(code="69123", name="Lyon", departement_id="69", region_id="84")

    assert names(catalogue, "commune=69123") == ["lyon"]


def test_events_to_come_are_before_those_that_are_over_unless_dates_are_asked_for(catalogue: dict[str, Event]) -> None:
    with time_machine.travel("2024-11-21T12:00:00Z", tick=False):
        assert names(catalogue, "") == ["havre", "reunion", "noumea", "online", "lyon"]
        assert names(catalogue, "tri=date") == ALL


def test_without_a_year_the_current_edition_is_shown(catalogue: dict[str, Event]) -> None:
    with time_machine.travel("2024-11-21T12:00:00Z", tick=False):
        assert EventFilter(QueryDict("")).edition_shown == catalogue["havre"].edition


@pytest.mark.parametrize("year", ["1999", "2031"])
def test_a_year_without_a_published_edition_is_not_found(year: str) -> None:
    factories.edition(2024)
    factories.edition(2031, is_published=False)

    with pytest.raises(Http404):
        EventFilter(QueryDict(f"edition={year}")).queryset()


def test_a_portal_without_any_edition_shows_nothing() -> None:
    assert list(EventFilter(QueryDict("")).queryset()) == []


def test_each_tag_removes_its_own_filter_alone(catalogue: dict[str, Event]) -> None:
    query = "q=fonderie&region=28&region=84&du=2024-12-01&edition=2024&pres=76351&rayon=10&tri=distance&page=3"

    tags = {tag.label: tag.query for tag in EventFilter(QueryDict(query)).tags}

    whole = "q=fonderie&pres=76351&rayon=10&du=2024-12-01&region=28&region=84&edition=2024&tri=distance"
    assert tags == {
        "« fonderie »": whole.removeprefix("q=fonderie&"),
        "Édition 2024": whole.replace("&edition=2024", ""),
        "À partir du 1er décembre 2024": whole.replace("&du=2024-12-01", ""),
        "À moins de 10 km du Havre (76600)": "q=fonderie&du=2024-12-01&region=28&region=84&edition=2024",
        "Normandie": whole.replace("&region=28", ""),
        "Auvergne-Rhône-Alpes": whole.replace("&region=84", ""),
    }


def test_a_search_copies_the_fields_that_it_names_and_no_other_search_sees_what_becomes_of_them() -> None:
    ours = EventFilter.base_fields
    form = EventFilter(QueryDict("groupe=25"))
    before = dict(form.fields.data)  # type: ignore[attr-defined]
    form["q"].field.widget.attrs["class"] = "fr-input--error"

    assert [name for name, field in before.items() if field is not ours[name]] == ["groupe"]
    assert EventFilter(QueryDict())["q"].field.widget.attrs["class"] == "fr-input"
