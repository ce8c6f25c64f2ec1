"""Editions and lists in the admin: what is proposed, what is refused and where, and who may not see any of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.audit import AuditEntry
from accounts.models import User
from events import consequences, diffs
from events.admin import ListItemAdmin
from events.models import Audience, Edition, Format, Sector
from labels.models import Action, State
from labels.workflow import perform
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


def confirm(client: Client, address: str, data: dict[str, Any]) -> Any:
    """Both steps: the form is sent, its consequences are shown, and it is sent again as that page holds it."""
    preview = client.post(address, data)
    assert preview.status_code == 200
    return client.post(address, {**data, "_confirmed": preview.context["seal"]})


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    form = response.context["adminform"].form
    return {name: list(messages) for name, messages in form.errors.items()}


def test_an_empty_window_is_fifteen_days_around_the_week(national: Client) -> None:
    audience = Audience.objects.get(slug="jeunes")

    response = confirm(national, ADD, edition_2031(audiences=[audience.pk]))

    edition = Edition.objects.get(year=2031)
    assert response.status_code == 302
    assert (edition.window_starts_on, edition.window_ends_on) == (date(2031, 11, 2), date(2031, 12, 8))
    assert edition.applications_close_at.isoformat() == "2031-11-10T22:59:00+00:00"
    assert list(edition.audiences.all()) == [audience]


def test_a_window_of_its_own_is_kept(national: Client) -> None:
    confirm(national, ADD, edition_2031(window_starts_on="2031-11-03", window_ends_on="2031-12-07"))

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

    response = confirm(national, address, edition_2031(theme="Un autre thème"))

    before = edition.public_version
    edition.refresh_from_db()
    assert response.status_code == 302
    assert (edition.theme, edition.last_reference, edition.last_label_number) == ("Un autre thème", 41, 7)
    assert edition.public_version == before + 1


@pytest.mark.parametrize("counter", ["last_reference", "last_label_number"])
def test_the_year_that_references_and_labels_begin_with_no_longer_changes_and_says_why(
    counter: str, national: Client
) -> None:
    used, unused = factories.edition(2031), factories.edition(2035)
    Edition.objects.filter(pk=used.pk).update(**{counter: 1})
    address = reverse("admin:events_edition_change", args=[used.pk])
    week = {"week_starts_on": "2032-11-15", "week_ends_on": "2032-11-21"}
    opening = {"applications_open_at": "2032-09-01T09:00", "applications_close_at": "2032-11-10T23:59"}

    response = national.post(address, edition_2031(year=2032, **week, **opening))

    assert errors_of(response) == {"year": ["La semaine commence en 2032."]}
    assert "des demandes ou des labels de cette édition portent déjà cette année" in response.content.decode()
    not_counted = national.get(reverse("admin:events_edition_change", args=[unused.pk])).context["adminform"].form
    assert not not_counted.fields["year"].disabled


def test_what_is_changed_of_an_edition_is_on_the_home_page_at_once(national: Client) -> None:
    edition, visitor = factories.edition(2031), Client()
    before = visitor.get("/").content.decode()

    confirm(national, reverse("admin:events_edition_change", args=[edition.pk]), edition_2031(theme="Un autre thème"))

    assert "Un autre thème" not in before
    assert "Un autre thème" in visitor.get("/").content.decode()


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


def test_an_entry_chosen_while_it_was_being_deleted_stays_and_so_does_the_choice(
    superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = Sector.objects.create(slug="essai", label="Essai")
    event = factories.event()
    # Django logs between its check of the permission and the deletion.
    monkeypatch.setattr(ListItemAdmin, "log_deletions", lambda *args: event.sectors.add(entry))

    response = superuser.post(reverse("admin:events_sector_delete", args=[entry.pk]), {"post": "yes"}, follow=True)

    assert "vient d’être choisie pour un événement" in response.content.decode()
    assert Sector.objects.filter(pk=entry.pk).exists()
    assert not AuditEntry.objects.filter(action="sector.delete").exists()


def test_an_entry_that_a_change_waits_for_is_not_deleted(superuser: Client) -> None:
    entry = Audience.objects.create(slug="retraites", label="Retraités")
    owner = factories.organiser()
    application = factories.application(state=State.APPROVED, by=owner)
    perform(application, Action.REVISE, by=owner, changes={"audiences": ["grand-public", "retraites"]})

    response = superuser.post(reverse("admin:events_audience_delete", args=[entry.pk]), {"post": "yes"})

    assert response.status_code == 403
    assert Audience.objects.filter(pk=entry.pk).exists()


def test_what_is_done_to_an_entry_is_logged_before_and_after(superuser: Client) -> None:
    superuser.post(reverse("admin:events_sector_add"), {"label": "Hydrogène", "slug": "hydrogene", "position": 9})
    entry = Sector.objects.get(slug="hydrogene")
    superuser.post(reverse("admin:events_sector_change", args=[entry.pk]), {"label": "Hydrogène vert", "position": 9})
    superuser.post(reverse("admin:events_sector_delete", args=[entry.pk]), {"post": "yes"})

    was = {"slug": "hydrogene", "label": "Hydrogène", "position": 9, "is_active": False}
    now = {**was, "label": "Hydrogène vert"}
    assert [(entry.action, entry.about, entry.details) for entry in AuditEntry.objects.order_by("pk")] == [
        ("sector.add", "Hydrogène", {"before": {}, "after": was}),
        ("sector.change", "Hydrogène vert", {"before": was, "after": now}),
        ("sector.delete", "Hydrogène vert", {"before": now}),
    ]


def test_a_retired_entry_stays_in_the_filters_and_on_the_page_of_what_holds_it(national: Client) -> None:
    application = factories.application(state=State.APPROVED)
    entry = Format.objects.get(slug="visite-entreprise")
    national.post(
        reverse("admin:events_format_change", args=[entry.pk]), {"label": "Visite d’usine", "position": entry.position}
    )
    visitor = Client()

    found = visitor.get("/evenements/?format=visite-entreprise")
    page = visitor.get(application.event.get_absolute_url())

    assert "Visite d’usine" in found.content.decode() and application.event.title in found.content.decode()
    assert "Visite d’usine" in page.content.decode()


def test_the_history_names_an_entry_that_is_gone_by_its_code() -> None:
    (row,) = diffs.rows({"sectors": ["metallurgie"]}, {"sectors": ["metallurgie", "disparue"]})

    assert "".join(piece.text for piece in row.after) == "Mines et métallurgie\ndisparue\n"


# The two steps of an edition


def test_nothing_is_saved_before_the_confirmation_and_all_that_was_typed_goes_along(national: Client) -> None:
    audience = Audience.objects.get(slug="jeunes")
    typed = edition_2031(audiences=[audience.pk], theme="L’industrie de « demain »")

    preview = national.post(ADD, {**typed, "_continue": "x"})

    assert not Edition.objects.filter(year=2031).exists()
    sent = [(name, str(value)) for name, value in typed.items() if name != "audiences"]
    assert sorted(preview.context["typed"]) == sorted([*sent, ("audiences", str(audience.pk)), ("_continue", "x")])


def test_the_way_back_shows_the_form_as_it_was_typed_and_saves_nothing(national: Client) -> None:
    edition = factories.edition(2031)
    address = reverse("admin:events_edition_change", args=[edition.pk])
    typed = edition_2031(theme="Un autre thème", window_starts_on="2031-11-03")

    response = national.post(address, {**typed, "_back": "oui"})

    html = response.content.decode()
    assert 'value="Un autre thème"' in html and 'value="2031-11-03"' in html
    assert "errornote" not in html
    edition.refresh_from_db()
    assert edition.theme == "Agir pour une industrie d’avenir"


def test_a_confirmation_of_something_else_than_what_was_shown_shows_it_first(national: Client) -> None:
    preview = national.post(ADD, edition_2031())

    response = national.post(ADD, edition_2031(theme="Autre chose", _confirmed=preview.context["seal"]))

    assert response.status_code == 200
    assert "Rien n’est encore fait" in response.content.decode()
    assert not Edition.objects.filter(year=2031).exists()


@pytest.mark.parametrize("seal", ["", "oui", "é\0", "9" * 5000])
def test_a_confirmation_that_no_page_gave_changes_nothing(seal: str, national: Client) -> None:
    response = national.post(ADD, edition_2031(_confirmed=seal))

    assert response.status_code == 200
    assert not Edition.objects.filter(year=2031).exists()


def test_an_edition_changed_meanwhile_is_previewed_anew(national: Client) -> None:
    edition = factories.edition(2031)
    address = reverse("admin:events_edition_change", args=[edition.pk])
    preview = national.post(address, edition_2031(theme="Un thème"))
    Edition.objects.filter(pk=edition.pk).update(theme="Celui d’une collègue")

    response = national.post(address, edition_2031(theme="Un thème", _confirmed=preview.context["seal"]))

    assert response.status_code == 200
    assert ("Thème", "Celui d’une collègue", "Un thème") in response.context["rows"]
    edition.refresh_from_db()
    assert edition.theme == "Celui d’une collègue"
    again = national.post(address, edition_2031(theme="Un thème", _confirmed=response.context["seal"]))
    assert again.status_code == 302


def test_an_edition_that_came_meanwhile_and_overlaps_is_refused_beside_the_field(national: Client) -> None:
    data = edition_2031(window_starts_on="2031-10-01")
    preview = national.post(ADD, data)
    factories.edition(2030, window_ends_on=date(2031, 10, 2))

    response = national.post(ADD, {**data, "_confirmed": preview.context["seal"]})

    assert errors_of(response) == {"window_starts_on": ["Cette fenêtre chevauche celle de l’édition 2030."]}
    assert not Edition.objects.filter(year=2031).exists()


def test_a_change_is_logged_with_what_was_and_what_is(national: Client) -> None:
    edition = factories.edition(2031)

    confirm(national, reverse("admin:events_edition_change", args=[edition.pk]), edition_2031(theme="Un autre thème"))

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.about, entry.by_name) == (
        "edition.change",
        "Édition 2031",
        User.objects.get(name="Nadia Nationale").email,
    )
    before, after = entry.details["before"], entry.details["after"]
    assert {name for name in before if before[name] != after[name]} == {
        "theme",
        "applications_open_at",
        "applications_close_at",
    }
    assert (before["theme"], after["theme"]) == ("Agir pour une industrie d’avenir", "Un autre thème")


@pytest.mark.parametrize("client_of", [factories.regional, factories.organiser])
def test_nobody_else_is_shown_a_preview_or_confirms(client_of: Any, national: Client) -> None:
    edition = factories.edition(2031)
    address = reverse("admin:events_edition_change", args=[edition.pk])
    preview = national.post(address, edition_2031(theme="Un autre thème"))
    stranger = Client()
    stranger.force_login(client_of())

    answers = [
        stranger.post(address, edition_2031(theme="Un autre thème", _confirmed=preview.context["seal"])),
        stranger.post(ADD, edition_2031()),
    ]

    assert {answer.status_code for answer in answers} <= {302, 403}
    edition.refresh_from_db()
    assert edition.theme == "Agir pour une industrie d’avenir"


HIDDEN = (
    "L’édition 2031 n’est plus publique\u00a0: elle quitte les filtres de la liste et de la carte. "
    "Les pages de ses événements labellisés restent à leur adresse."
)
NARROWER = (
    "La fenêtre du label était du 2 novembre au 8 décembre 2031\u00a0; elle sera du 2 novembre au 7 décembre 2031."
)
BESIDE = (
    "Les demandes sont ouvertes en même temps que celles de l’édition 2030 (du 1er septembre 2030 au 1er janvier 2032)"
    "\u00a0: une nouvelle demande ira à celle dont la fenêtre vient la première."
)


@pytest.fixture
def in_october() -> Iterator[None]:
    with time_machine.travel(datetime(2031, 10, 1, 10, tzinfo=UTC), tick=False):
        yield


def sentences(response: Any) -> list[str]:
    return [sentence for item in response.context["consequences"] for sentence in item.sentences]


def now_2031(edition: Edition) -> dict[str, Any]:
    """The form as the stored edition fills it."""
    fields = ("number", "year", "theme", "week_starts_on", "week_ends_on", "window_starts_on", "window_ends_on")
    instants = ("applications_open_at", "applications_close_at")
    return {
        **{name: str(getattr(edition, name)) for name in fields},
        **{name: f"{timezone.localtime(getattr(edition, name)):%Y-%m-%dT%H:%M}" for name in instants},
        "audiences": [item.pk for item in edition.audiences.all()],
        "participants": "",
        "is_published": "on",
    }


def test_a_change_without_consequence_says_so(national: Client) -> None:
    edition = factories.edition(2031, theme="Un thème")

    response = national.post(
        reverse("admin:events_edition_change", args=[edition.pk]), {**now_2031(edition), "participants": "12"}
    )

    assert response.context["consequences"] == []
    assert response.context["rows"] == [("Participants déclarés", "Non renseigné", "12")]
    assert "Aucune, ni sur les demandes ni sur l’édition que montre le portail." in response.content.decode()


@pytest.mark.usefixtures("in_october")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"is_published": ""},
            [
                HIDDEN,
                "L’accueil, la liste et la carte montreront l’édition 2030 au lieu de l’édition 2031.",
                "Les demandes, ouvertes en ce moment, seront fermées aussitôt.",
            ],
        ),
        (
            {"applications_close_at": "2031-09-30T10:00"},
            ["Les demandes, ouvertes en ce moment, seront fermées aussitôt."],
        ),
        ({"theme": "Un autre"}, ["L’accueil montrera aussitôt le nouveau thème."]),
        (
            {"week_ends_on": "2031-11-24"},
            [
                "La semaine, annoncée du 17 au 23 novembre 2031, sera annoncée du 17 au 24 novembre 2031.",
            ],
        ),
        (
            {"window_ends_on": "2031-12-07"},
            [
                NARROWER,
            ],
        ),
    ],
)
def test_what_the_public_will_find_is_said(changes: dict[str, Any], said: list[str], national: Client) -> None:
    factories.edition(2030)
    edition = factories.edition(2031)

    response = national.post(
        reverse("admin:events_edition_change", args=[edition.pk]), {**now_2031(edition), **changes}
    )

    assert sentences(response) == said


@pytest.mark.usefixtures("in_october")
def test_a_new_edition_says_that_it_becomes_public_current_and_open_beside_another(national: Client) -> None:
    factories.edition(2030, applications_open_at=at(2030, 9), applications_close_at=at(2032, 1))

    response = national.post(ADD, edition_2031())

    assert sentences(response) == [
        "L’édition 2031 devient publique\xa0: elle entre dans les filtres de la liste et de la carte.",
        "L’accueil, la liste et la carte montreront l’édition 2031 au lieu de l’édition 2030.",
        "Les demandes, fermées en ce moment, seront ouvertes aussitôt.",
        BESIDE,
    ]


def at(year: int, month: int) -> datetime:
    return datetime(year, month, 1, tzinfo=timezone.get_current_timezone())


@pytest.mark.parametrize("today", [date(2029, 1, 1), date(2030, 11, 18), date(2031, 2, 1), date(2033, 1, 1)])
@pytest.mark.parametrize("hidden", [None, 2030, 2031])
def test_the_preview_chooses_the_current_edition_as_the_portal_does(today: date, hidden: int | None) -> None:
    for year in (2030, 2031, 2032):
        factories.edition(year, is_published=year != hidden)

    foreseen = consequences.current(consequences.stored(), today)

    current = Edition.objects.current(today)
    assert (foreseen and foreseen.year) == (current and current.year)


def test_the_preview_asks_as_few_queries_whatever_there_is(
    national: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    edition = factories.edition(2031)
    address = reverse("admin:events_edition_change", args=[edition.pk])
    with CaptureQueriesContext(connection) as first:
        national.post(address, edition_2031(theme="Un autre"))
    for year in (2028, 2029, 2030, 2032):
        factories.edition(year)

    with django_assert_num_queries(len(first)):
        national.post(address, edition_2031(theme="Un autre"))
