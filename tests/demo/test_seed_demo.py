"""The demonstration's data: the published figures to the unit, every state, and never in production."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from accounts.models import User
from demo import editions
from demo.events import FIGURES_2022
from demo.signins import SIGN_INS
from events.models import Edition, Event, Picture
from figures import report
from labels import copies
from labels.models import Application, State
from places.models import Commune, Departement, Region

pytestmark = pytest.mark.django_db


def seed() -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


def test_the_demonstration_holds_what_it_promises_and_loads_once(client: Client) -> None:
    seed()

    assert (Region.objects.count(), Departement.objects.count(), Commune.objects.count()) == (18, 101, 35014)
    assert sorted(Edition.objects.values_list("year", flat=True))[:5] == [2022, 2023, 2024, 2025, 2026]
    assert Edition.objects.open_to_applications().count() == 1
    assert not Edition.objects.filter(is_demonstration=False).exists()

    of_2022 = Event.objects.filter(edition__year=2022).held()
    by_region = dict(of_2022.filter(region__isnull=False).values_list("region").annotate(count=Count("pk")))
    assert by_region == FIGURES_2022
    assert (of_2022.located().count(), of_2022.count()) == (3462, 4737)
    assert of_2022.filter(cancelled_at__isnull=False).count() == 0
    assert of_2022.filter(region__isnull=True).exclude(latitude__isnull=True).count() == 0

    assert Event.objects.filter(edition__year=2024).published().count() == 8000
    open_edition = Edition.objects.open_to_applications().get()
    states = Application.objects.filter(event__edition=open_edition).values_list("state", flat=True)
    assert set(states) == set(State)
    assert {sign_in.email for sign_in in SIGN_INS} <= set(User.objects.values_list("email", flat=True))
    assert all(event.slots.count() for event in Event.objects.order_by("?")[:20])

    organisers = User.objects.filter(email__in=["entreprise@demo.example", "lycee@demo.example"])
    assert [copies.to_redo(user, open_edition).count() for user in organisers] == [3, 3]

    illustrated = Event.objects.held().filter(edition=open_edition, pictures__kind=Picture.Kind.IMAGE)
    assert illustrated.count() == 3
    assert Picture.objects.filter(kind=Picture.Kind.DOCUMENT).count() == 1

    figures = report.of(list(Edition.objects.published()), 2022)
    assert figures
    regions = {row.code: row.count for row in figures.tables["regions"].rows}
    apart = {"en-ligne": 1130, "sans-region": 145, "total": 4737}
    assert regions == {**FIGURES_2022, "94": 0, "06": 0, **apart}
    drawing = figures.drawing("regions")
    assert drawing is not None
    drawn = {path.findtext("title"): path.get("class") for path in drawing.findall("path")}
    assert drawn["Corse\xa0: 0"] == drawn["Mayotte\xa0: 0"] == "chart__step-0"
    page = client.get("/chiffres/2022/").content.decode().replace("\u202f", "\xa0").replace("\xa0", " ")
    assert "3 462 en région + 1 130 en ligne + 145 sans région = 4 737 événements" in page
    assert "3 462 événements situés sur la carte, sur 4 737." in page
    # One was read as from a file, the other filled day by day.
    assert figures.years_without_history == [2022]

    before = Event.objects.count()
    assert "déjà chargées" in seed()
    assert Event.objects.count() == before


def test_the_demonstration_refuses_a_production_configuration(settings: Any) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError):
        seed()

    assert Edition.objects.count() == 0


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2026, 11, 21), 2026),
        (date(2026, 12, 5), 2026),
        (date(2026, 12, 7), 2027),
        (date(2027, 3, 1), 2027),
        (date(2031, 1, 15), 2031),
        (date(2031, 12, 31), 2032),
    ],
)
def test_one_edition_is_open_whatever_the_day(today: date, year: int) -> None:
    edition = editions.load(today)

    assert edition.year == year
    assert edition.is_open(editions.noon(today))
    for each in Edition.objects.all():
        each.full_clean()


def test_the_open_edition_is_the_current_one_today() -> None:
    assert editions.load(timezone.localdate()) == Edition.objects.current()
