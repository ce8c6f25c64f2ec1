"""Home and the pages that belong to no other app: what they say, what they cost, and what they never leak."""

import re
from base64 import b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Invitation, User
from accounts.sessions import STAFF_SESSION
from core import retention
from labels.models import State
from semaine import theme
from tests import factories
from tests.headers import policy

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db

PAGES = {
    "/": "Semaine de l’industrie",
    "/aide/": "Aide",
    "/contact/": "Contact",
    "/ressources/": "Ressources",
    "/ressources/enseignants/": "Espace enseignants",
    "/ressources/entreprises/": "Espace entreprises",
    "/ressources/visiteurs/": "Espace visiteurs",
    "/presse/": "Espace presse",
    "/partenaires/": "Partenaires",
    "/plan-du-site/": "Plan du site",
    "/accessibilite/": "Déclaration d’accessibilité",
    "/mentions-legales/": "Mentions légales",
    "/donnees-personnelles/": "Données personnelles",
    "/cookies/": "Gestion des cookies",
}
LEGAL = ["/plan-du-site/", "/accessibilite/", "/mentions-legales/", "/donnees-personnelles/", "/cookies/"]
HOME_QUERIES = 10


def _text(response: "Response") -> str:
    """The page as read, with ordinary spaces."""
    text = re.sub(r"</?(strong|a|span)\b[^>]*>", "", response.content.decode())
    text = re.sub(r"<[^>]+>", " ", text)
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


def _tomorrow() -> list[tuple[object, object, object]]:
    day = timezone.localdate() + timedelta(days=1)
    return [(day, datetime(2026, 1, 1, 9).time(), datetime(2026, 1, 1, 12).time())]


@pytest.mark.parametrize(("address", "heading"), PAGES.items())
def test_every_page_has_one_heading_that_names_it(client: Client, address: str, heading: str) -> None:
    page = client.get(address)

    assert page.status_code == 200
    assert re.findall(r"<h1[^>]*>\s*(.*?)\s*</h1>", page.content.decode(), re.DOTALL) == [heading]


@pytest.mark.parametrize("address", PAGES)
def test_headings_leave_out_no_level(client: Client, address: str) -> None:
    factories.application(state=State.APPROVED, slots=_tomorrow())

    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", client.get(address).content.decode())]

    assert levels[0] == 1
    assert [(before, level) for before, level in pairwise(levels) if level > before + 1] == []


@pytest.mark.parametrize("address", PAGES)
def test_every_page_links_the_legal_ones_in_their_order(client: Client, address: str) -> None:
    footer = client.get(address).content.decode().partition("<footer")[2]

    assert [link for link in re.findall(r'href="([^"]+)"', footer) if link in LEGAL] == LEGAL


@pytest.mark.parametrize("address", PAGES)
def test_a_page_leads_only_to_pages_that_are_there(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    links = {link.partition("#")[0] for link in re.findall(r'<a [^>]*href="(/[^"]*)"', page)}

    statuses = {link: client.get(link).status_code for link in links if link}

    assert {link: status for link, status in statuses.items() if status not in (200, 302)} == {}


@pytest.mark.parametrize("address", PAGES)
def test_the_anchors_of_a_page_lead_somewhere(client: Client, address: str) -> None:
    page = client.get(address).content.decode()

    assert set(re.findall(r'href="#([^"]+)"', page)) - set(re.findall(r' id="([^"]+)"', page)) == set()


@pytest.mark.parametrize("address", PAGES)
def test_nothing_runs_or_is_styled_inline(client: Client, address: str) -> None:
    page = client.get(address).content.decode().replace(f"<script>{theme.SCRIPT}</script>", "", 1)

    assert re.findall(r"<style|<script(?![^>]*\bsrc=)|\bstyle=|\son\w+=", page) == []


def test_the_one_script_that_stands_in_a_page_is_the_one_that_its_policy_allows(client: Client) -> None:
    response = client.get("/")

    (script,) = re.findall(r"<script>(.+?)</script>", response.content.decode(), re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert policy(response)["script-src"] == f"'self' 'sha256-{digest}'"


@pytest.mark.parametrize("address", PAGES)
def test_who_only_reads_gets_no_cookie(client: Client, address: str) -> None:
    assert client.get(address).cookies == {}


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_read_never_posted_to(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


# Frame ----------------------------------------------------------------------------------------------------------------


def test_a_stranger_is_offered_to_sign_in(client: Client) -> None:
    page = client.get("/aide/").content.decode()

    assert 'href="/connexion/"' in page
    assert "Se déconnecter" not in page


def test_an_organiser_finds_their_desk_and_the_way_out(client: Client) -> None:
    client.force_login(factories.organiser(), "django.contrib.auth.backends.ModelBackend")
    page = client.get("/aide/").content.decode()

    assert '<a class="fr-btn fr-icon-account-circle-line" href="/organisateurs/">Mes demandes</a>' in page
    assert '<form method="post" action="/deconnexion/">' in page
    assert 'href="/connexion/"' not in page
    assert "Instruction des demandes" not in page


def test_staff_find_the_examination(client: Client) -> None:
    client.force_login(factories.national(), "django.contrib.auth.backends.ModelBackend")
    page = client.get("/aide/").content.decode()

    assert 'href="/admin/">Instruction des demandes</a>' in page
    assert "Mes demandes" not in page


@pytest.mark.parametrize("user", [None, factories.organiser, factories.national])
def test_the_frame_asks_the_database_for_nothing_but_who_is_there(
    client: Client, user: type | None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    if user:
        client.force_login(user(), "django.contrib.auth.backends.ModelBackend")

    with django_assert_num_queries(2 if user else 0):
        client.get("/accessibilite/")


def test_the_mark_of_the_state_shows_only_where_it_is_granted(client: Client, settings: Settings) -> None:
    without = client.get("/aide/").content.decode()
    settings.STATE_BRAND = True
    with_it = client.get("/aide/").content.decode()

    assert (without.count("fr-logo"), with_it.count("fr-logo")) == (0, 2)


def test_a_demonstration_says_so_and_a_real_site_does_not(client: Client, settings: Settings) -> None:
    demonstration = _text(client.get("/aide/"))
    settings.DEMO = False
    real = _text(client.get("/aide/"))

    assert "Site de démonstration : les événements sont fictifs" in demonstration
    assert "émonstration" not in real


def test_the_menu_marks_the_page_one_is_on(client: Client) -> None:
    page = client.get("/aide/").content.decode()

    assert re.findall(r'<a class="fr-nav__link" href="([^"]+)" aria-current="page"', page) == ["/aide/"]


# Home -----------------------------------------------------------------------------------------------------------------


def test_home_announces_the_edition(client: Client) -> None:
    factories.edition(2030, theme="Avec l’industrie, fabrique ton avenir")
    with time_machine.travel(datetime(2030, 10, 1, tzinfo=ZoneInfo("Europe/Paris"))):
        text = _text(client.get("/"))

    assert "« Avec l’industrie, fabrique ton avenir »" in text
    assert "Du 18 au 24 novembre 2030" in text
    assert "du 3 novembre au 9 décembre 2030" in text
    assert "Les demandes sont ouvertes jusqu’au 12 novembre 2030 à 0 h (heure de Paris)." in text


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ((2030, 9, 15), "Les demandes ouvriront le lundi 16 septembre 2030."),
        ((2030, 11, 13), "Les demandes pour l’édition 2030 sont closes."),
    ],
)
def test_home_says_when_it_is_too_early_or_too_late(client: Client, day: tuple[int, int, int], sentence: str) -> None:
    factories.edition(2030)
    with time_machine.travel(datetime(*day, 12, tzinfo=ZoneInfo("Europe/Paris"))):
        assert sentence in _text(client.get("/"))


def test_home_stands_without_any_edition(client: Client) -> None:
    text = _text(client.get("/"))

    assert "Quatre conditions" in text
    assert "en chiffres" not in text


def test_the_search_box_leads_to_the_list(client: Client) -> None:
    page = client.get("/").content.decode()

    assert '<form action="/evenements/" method="get" role="search"' in page
    assert 'name="q"' in page


def test_figures_count_what_is_held_and_nothing_else(client: Client) -> None:
    factories.application(state=State.APPROVED)
    factories.application(state=State.APPROVED, commune=factories.commune("97411"))
    for state in (State.DRAFT, State.SUBMITTED, State.REFUSED, State.CANCELLED, State.REVOKED):
        factories.application(state=state, commune=factories.commune("97302"))
    last_year = factories.edition(timezone.localdate().year - 1)
    factories.event(edition=last_year, published_at=timezone.now(), label_number="x")

    text = _text(client.get("/"))

    assert "Événements labellisés 2 Régions où ils ont lieu 2 Événements en ligne 0" in text


def test_a_figure_nobody_gave_is_said_to_be_missing(client: Client) -> None:
    edition = factories.edition()
    missing = _text(client.get("/"))
    edition.participants = 2_200_000
    edition.save()
    edition.touch()
    given = _text(client.get("/"))

    assert "Participants déclarés non renseigné" in missing
    assert "Participants déclarés 2 200 000" in given


def test_home_shows_the_six_next_events_and_no_other(client: Client) -> None:
    next_ones = [factories.application(state=State.APPROVED, slots=_tomorrow()).event for _ in range(7)]
    for state in (State.SUBMITTED, State.CANCELLED, State.REVOKED):
        factories.application(state=state, slots=_tomorrow(), title="À ne pas montrer")
    yesterday = timezone.localdate() - timedelta(days=1)
    past = [(yesterday, _tomorrow()[0][1], _tomorrow()[0][2])]
    factories.application(state=State.APPROVED, slots=past, title="Déjà passé")

    page = client.get("/")

    assert list(page.context["next_events"]) == next_ones[:6]
    assert "À ne pas montrer" not in _text(page)
    assert "Déjà passé" not in _text(page)


def test_home_says_that_nothing_is_to_come(client: Client) -> None:
    factories.edition()

    assert "Aucun événement à venir n’est labellisé pour le moment." in _text(client.get("/"))


def test_a_hostile_title_is_inert_on_the_home_page(client: Client) -> None:
    factories.application(state=State.APPROVED, slots=_tomorrow(), title="<script>alert(1)</script>")
    page = client.get("/").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("count", [1, 3, 6])
def test_home_costs_the_same_however_many_events(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        factories.application(state=State.APPROVED, slots=_tomorrow())

    with django_assert_num_queries(HOME_QUERIES):
        page = client.get("/")
    with django_assert_num_queries(1):
        client.get("/")

    assert len(page.context["next_events"]) == count


@pytest.mark.parametrize("address", ["/", "/chiffres/"])
def test_who_is_signed_in_neither_gets_nor_leaves_a_page_that_is_kept_for_all(client: Client, address: str) -> None:
    factories.edition()
    known = Client()
    known.force_login(factories.organiser(), "django.contrib.auth.backends.ModelBackend")

    first, theirs, second = known.get(address), client.get(address), known.get(address)

    assert ["Se déconnecter" in _text(page) for page in (first, theirs, second)] == [True, False, True]


@pytest.mark.parametrize("address", ["/", "/chiffres/"])
def test_what_happens_to_an_event_is_on_the_pages_kept_for_all_at_once(client: Client, address: str) -> None:
    event = factories.application(state=State.APPROVED, slots=_tomorrow()).event
    before = _text(client.get(address))
    event.cancel("L’atelier est fermé.")

    assert "Événements labellisés 1 " in before
    assert "Événements labellisés 0 " in _text(client.get(address))


# The rest -------------------------------------------------------------------------------------------------------------


def test_every_region_has_its_correspondent_under_its_right_name(client: Client) -> None:
    call_command("load_places", verbosity=0)
    call_command("load_editorial", verbosity=0)

    correspondents = {
        region: [service.service for service in services]
        for region, services in client.get("/contact/").context["correspondents"]
    }

    assert len(correspondents) == 18
    assert correspondents["Normandie"] == ["DREETS Normandie"]
    assert correspondents["Île-de-France"] == ["DRIEETS d’Île-de-France"]
    assert correspondents["Guyane"] == ["DGCOPOP de Guyane"]
    assert correspondents["Mayotte"] == ["DEETS de Mayotte"]


def test_contact_and_legal_notice_name_what_the_deployment_tells_them(client: Client, settings: Settings) -> None:
    settings.CONTACT_EMAIL = "contact@semaine.example"
    settings.HOSTING = "Hébergeur exemplaire, 1 rue du Test, 75000 Paris"
    settings.PUBLISHER_ADDRESS = "2 rue du Test, 75000 Paris, 01 23 45 67 89"
    settings.PUBLICATION_DIRECTOR = "Le directeur général des Entreprises"
    settings.DPO_CONTACT = "dpo@semaine.example"
    notice = _text(client.get("/mentions-legales/"))

    assert 'href="mailto:contact@semaine.example"' in client.get("/contact/").content.decode()
    assert 'href="mailto:contact@semaine.example"' in client.get("/accessibilite/").content.decode()
    assert 'href="mailto:dpo@semaine.example"' in client.get("/donnees-personnelles/").content.decode()
    assert settings.HOSTING in notice
    assert settings.PUBLISHER_ADDRESS in notice
    assert settings.PUBLICATION_DIRECTOR in notice


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        (
            "/accessibilite/",
            ["État de conformité", "Résultats des tests", "Contenus non accessibles", "Non-conformités",
             "Dérogations pour charge disproportionnée", "Contenus non soumis à l’obligation d’accessibilité",
             "Établissement de cette déclaration", "Technologies utilisées", "Retour d’information et contact",
             "Voies de recours", "Défenseur des droits"],
        ),
        ("/mentions-legales/", ["Éditeur", "Direction de la publication", "Hébergement"]),
        (
            "/donnees-personnelles/",
            ["Qui en est responsable", "Pour quoi faire, et qui les voit", "Combien de temps", "Sur quel fondement",
             "À qui elles sont transmises", "Vos droits", "délégué à la protection des données", "CNIL"],
        ),
    ],
)  # fmt: skip
def test_a_legal_page_has_the_parts_that_the_law_asks_for(client: Client, address: str, parts: list[str]) -> None:
    text = _text(client.get(address))

    assert [part for part in parts if part not in text] == []


def test_the_times_told_of_are_those_kept(client: Client, settings: Settings) -> None:
    text = _text(client.get("/donnees-personnelles/"))

    assert (timedelta(days=365), timedelta(days=14)) == (retention.LOG.kept, Invitation.OPEN_FOR)
    assert (14 * 24 * 3600, timedelta(hours=12)) == (settings.SESSION_COOKIE_AGE, STAFF_SESSION)
    assert "Un an après l’acte, sans que personne puisse modifier ni effacer une entrée" in text
    assert "quatorze jours sans visite ; celle d’un agent, douze heures" in text


def test_a_real_site_never_calls_itself_a_demonstration(client: Client, settings: Settings) -> None:
    settings.DEMO = False

    for address in PAGES:
        assert "émonstration" not in _text(client.get(address))


def test_the_cookies_named_are_those_set(client: Client, settings: Settings) -> None:
    text = _text(client.get("/cookies/"))
    client.post("/connexion/", {"email": "camille@exemple.fr"})
    client.get("/connexion/code/")

    assert User.objects.count() == 1
    assert [name for name in client.cookies if name not in text] == []
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= set(client.cookies)


def test_robots_are_kept_out_of_a_demonstration_and_of_private_pages(client: Client, settings: Settings) -> None:
    demonstration = client.get("/robots.txt").content.decode().splitlines()
    settings.DEMO = False
    real = client.get("/robots.txt").content.decode().splitlines()

    assert demonstration == ["User-agent: *", "Disallow: /", f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    assert "Disallow: /" not in real
    assert {"Disallow: /admin/", "Disallow: /organisateurs/", "Disallow: /connexion/"} <= set(real)
