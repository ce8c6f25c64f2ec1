"""The shipped gazetteer: all of France, loaded as often as one likes, each place in its own time."""

import pytest
from pytest_django import DjangoAssertNumQueries

from places.gazetteer import load, time_zone_of
from places.models import Commune, Departement, Region

pytestmark = pytest.mark.django_db


def test_the_whole_of_france_loads_twice_into_the_same_rows_by_a_few_statements(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    first = load()
    Commune.objects.filter(code="76351").update(name="Ailleurs")
    with django_assert_max_num_queries(500):
        second = load()

    assert first == second
    assert (Region.objects.count(), Departement.objects.count()) == (18, 101)
    assert Commune.objects.count() == first["communes"] > 34_900
    havre = Commune.objects.get(code="76351")
    assert (havre.name, havre.postcode[:3], havre.region_id, havre.departement_id) == ("Le Havre", "766", "28", "76")
    names = {commune.name for commune in Commune.objects.matching("st etienne du rouvray")}
    assert names == {"Saint-Étienne-du-Rouvray"}
    assert [item.code for item in Commune.objects.matching("75011")][:1] == ["75111"]
    overseas = Commune.objects.get(code="98818")
    assert (overseas.region, overseas.departement, overseas.time_zone) == (None, None, "Pacific/Noumea")


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("75056", "Europe/Paris"),
        ("2A004", "Europe/Paris"),
        ("97105", "America/Guadeloupe"),
        ("97209", "America/Martinique"),
        ("97302", "America/Cayenne"),
        ("97411", "Indian/Reunion"),
        ("97502", "America/Miquelon"),
        ("97608", "Indian/Mayotte"),
        ("97701", "America/St_Barthelemy"),
        ("97801", "America/Marigot"),
        ("98611", "Pacific/Wallis"),
        ("98735", "Pacific/Tahiti"),
        ("98731", "Pacific/Marquesas"),
        ("98719", "Pacific/Gambier"),
        ("98818", "Pacific/Noumea"),
    ],
)
def test_a_commune_has_the_time_of_its_place(code: str, zone: str) -> None:
    assert time_zone_of(code) == zone
