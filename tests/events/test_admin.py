"""Editions and lists in the admin: what is proposed, what is refused and where, and who may not see any of it."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from events.models import Audience, Edition, Format, Sector
from tests import factories

pytestmark = pytest.mark.django_db

ADD = reverse("admin:events_edition_add")
MODELS = ["edition", "format", "audience", "sector", "level"]


@pytest.fixture
def national() -> Client:
    client = Client()
    client.force_login(factories.national())
    return client


@pytest.fixture
def superuser() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("super@exemple.gouv.fr"))
    return client


def edition_2031(**changes: Any) -> dict[str, Any]:
    return {
        "number": 20,
        "year": 2031,
        "theme": "L’industrie de demain",
        "week_starts_on": "2031-11-17",
        "week_ends_on": "2031-11-23",
        "window_starts_on": "",
        "window_ends_on": "",
        "applications_open_at": "2031-09-01T09:00",
        "applications_close_at": "2031-11-10T23:59",
        "audiences": [],
        "participants": "",
        "is_published": "on",
        **changes,
    }


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    form = response.context["adminform"].form
    return {name: list(messages) for name, messages in form.errors.items()}


def test_an_empty_window_is_fifteen_days_around_the_week(national: Client) -> None:
    audience = Audience.objects.get(slug="jeunes")

    response = national.post(ADD, edition_2031(audiences=[audience.pk]))

    edition = Edition.objects.get(year=2031)
    assert response.status_code == 302
    assert (edition.window_starts_on, edition.window_ends_on) == (date(2031, 11, 2), date(2031, 12, 8))
    assert edition.applications_close_at.isoformat() == "2031-11-10T22:59:00+00:00"
    assert list(edition.audiences.all()) == [audience]


def test_a_window_of_its_own_is_kept(national: Client) -> None:
    national.post(ADD, edition_2031(window_starts_on="2031-11-03", window_ends_on="2031-12-07"))

    edition = Edition.objects.get(year=2031)
    assert (edition.window_starts_on, edition.window_ends_on) == (date(2031, 11, 3), date(2031, 12, 7))


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"week_ends_on": "2031-11-16"}, {"week_ends_on": ["La semaine finit avant de commencer."]}),
        (
            {"window_starts_on": "2031-11-18"},
            {"window_starts_on": ["La fenêtre doit s’ouvrir au plus tard avec la semaine."]},
        ),
        (
            {"window_ends_on": "2031-11-22"},
            {"window_ends_on": ["La fenêtre doit se fermer au plus tôt avec la semaine."]},
        ),
        (
            {"applications_close_at": "2031-09-01T09:00"},
            {"applications_close_at": ["La clôture des demandes doit suivre leur ouverture."]},
        ),
        ({"year": 2030}, {"year": ["La semaine commence en 2031."]}),
        (
            {"window_starts_on": "2029-12-01"},
            {"window_starts_on": ["Cette fenêtre chevauche celle de l’édition 2030."]},
        ),
        (
            {"applications_open_at": "0001-01-01T00:00"},
            {"applications_open_at": ["Vérifiez l’année : cette date précède la semaine de plus d’un an."]},
        ),
    ],
)
def test_dates_inverted_or_overlapping_are_refused_beside_their_field(
    changes: dict[str, Any], errors: dict[str, list[str]], national: Client
) -> None:
    factories.edition(2030)

    response = national.post(ADD, edition_2031(**changes))

    assert errors_of(response) == errors
    assert not Edition.objects.filter(year=2031).exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"week_starts_on": ""},
        {"week_starts_on": "pas une date"},
        {"week_starts_on": "0001-01-01", "week_ends_on": "0001-01-07"},
        {"week_starts_on": "9999-12-25", "week_ends_on": "9999-12-31"},
        {"year": "9" * 30},
        {"number": "-1"},
        {"theme": "a\x0bb"},
        {"theme": "a\0b"},
        {"theme": "x" * 151},
        {"participants": "9" * 30},
        {"audiences": ["abc"]},
    ],
)
def test_broken_values_are_refused_beside_their_field(changes: dict[str, Any], national: Client) -> None:
    response = national.post(ADD, edition_2031(**changes))

    assert errors_of(response)
    assert not Edition.objects.filter(theme="L’industrie de demain").exists()


def test_the_form_loads_what_proposes_the_window(national: Client) -> None:
    html = national.get(ADD).content.decode()

    assert '<script src="/static/js/admin-edition.js" type="module"></script>' in html
    assert html.count('data-tolerance="15"') == 2


def test_saving_an_edition_leaves_its_counters_and_moves_its_version(national: Client) -> None:
    edition = factories.edition(2031)
    address = reverse("admin:events_edition_change", args=[edition.pk])
    Edition.objects.filter(pk=edition.pk).update(last_reference=41, last_label_number=7)

    response = national.post(address, edition_2031(theme="Un autre thème"))

    before = edition.public_version
    edition.refresh_from_db()
    assert response.status_code == 302
    assert (edition.theme, edition.last_reference, edition.last_label_number) == ("Un autre thème", 41, 7)
    assert edition.public_version == before + 1


def test_an_edition_is_never_deleted(superuser: Client) -> None:
    edition = factories.edition(2031)

    response = superuser.post(reverse("admin:events_edition_delete", args=[edition.pk]), {"post": "yes"})

    assert response.status_code == 403
    assert Edition.objects.filter(pk=edition.pk).exists()


@pytest.mark.parametrize("model", MODELS)
def test_a_regional_examiner_sees_no_edition_and_no_list(model: str) -> None:
    client = Client()
    client.force_login(factories.regional())

    addresses = [reverse(f"admin:events_{model}_{name}") for name in ("changelist", "add")]

    assert [client.get(address).status_code for address in addresses] == [403, 403]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("query", ["q=%00", "label=%00", "p=999", "o=9", "e=1"])
def test_a_broken_query_string_is_no_failure(model: str, query: str, national: Client) -> None:
    response = national.get(f"{reverse(f'admin:events_{model}_changelist')}?{query}")

    assert response.status_code == (400 if query.startswith("label") else 200)


def test_an_entry_is_renamed_and_retired_but_keeps_its_code(national: Client) -> None:
    entry = Format.objects.get(slug="escape-game")
    edition = factories.edition(2031)
    address = reverse("admin:events_format_change", args=[entry.pk])

    national.post(address, {"label": "Jeu d’évasion", "slug": "autre-code", "position": entry.position})

    before = edition.public_version
    entry.refresh_from_db()
    edition.refresh_from_db()
    assert (entry.label, entry.slug, entry.is_active) == ("Jeu d’évasion", "escape-game", False)
    assert edition.public_version == before + 1


def test_an_entry_is_added(national: Client) -> None:
    response = national.post(
        reverse("admin:events_sector_add"), {"label": "Hydrogène", "slug": "hydrogene", "position": 9}
    )

    assert response.status_code == 302
    assert Sector.objects.get(slug="hydrogene").label == "Hydrogène"


@pytest.mark.parametrize(
    ("model", "slug"), [("format", "visite-entreprise"), ("audience", "scolaires"), ("sector", "metallurgie")]
)
def test_an_entry_in_use_is_not_deleted_and_says_why(model: str, slug: str, superuser: Client) -> None:
    event = factories.event()
    models: dict[str, Any] = {"format": Format, "audience": Audience, "sector": Sector}
    entry = models[model].objects.get(slug=slug)

    page = superuser.get(reverse(f"admin:events_{model}_change", args=[entry.pk]))
    response = superuser.post(reverse(f"admin:events_{model}_delete", args=[entry.pk]), {"post": "yes"})

    assert "retirez-la du formulaire" in page.content.decode()
    assert response.status_code == 403
    assert models[model].objects.filter(pk=entry.pk).exists()
    assert event.audiences.count() == 2


def test_an_audience_that_an_edition_targets_is_in_use(superuser: Client) -> None:
    audience = Audience.objects.get(slug="jeunes")
    factories.edition(2031).audiences.add(audience)

    response = superuser.post(reverse("admin:events_audience_delete", args=[audience.pk]), {"post": "yes"})

    assert response.status_code == 403
    assert Audience.objects.filter(pk=audience.pk).exists()


def test_an_entry_that_nothing_holds_is_deleted_by_a_superuser(superuser: Client) -> None:
    entry = Format.objects.create(slug="essai", label="Essai")

    superuser.post(reverse("admin:events_format_delete", args=[entry.pk]), {"post": "yes"})

    assert not Format.objects.filter(pk=entry.pk).exists()
