"""The spaces as the public reads them: what is shown and when, what it costs, what never leaves."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core import ready
from editorial.documents import keep
from editorial.models import Correspondent, Partner, Resource
from tests import factories, pictures
from tests.editorial import files
from tests.headers import policy

pytestmark = pytest.mark.django_db

SPACES = {
    "/ressources/enseignants/": "for_teachers",
    "/ressources/entreprises/": "for_companies",
    "/ressources/visiteurs/": "for_visitors",
    "/presse/": "for_press",
}
PARIS = ZoneInfo("Europe/Paris")


def _with_file(**fields: object) -> Resource:
    name = keep(files.pdf(), "pdf")
    return factories.resource(kind=Resource.Kind.DOCUMENT, file=name, file_size=2_300_000, **fields)


@pytest.mark.parametrize(("address", "column"), SPACES.items())
def test_a_space_shows_what_is_for_it_and_nothing_else(client: Client, address: str, column: str) -> None:
    columns = dict.fromkeys(SPACES.values(), False)
    factories.resource(title="Pour eux", **{**columns, column: True})
    factories.resource(title="Pour les autres", **{**dict.fromkeys(columns, True), column: False})

    page = client.get(address).content.decode()

    assert "Pour eux" in page
    assert "Pour les autres" not in page


@pytest.mark.parametrize("address", [*SPACES, "/partenaires/"])
def test_an_empty_page_says_so_and_leads_on(client: Client, address: str) -> None:
    page = client.get(address)

    assert page.status_code == 200
    assert page.context["sections"] == []
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    assert re.findall(r'<a [^>]*href="/(?:evenements|carte|organisateurs|contact)', main)


@pytest.mark.parametrize(("address", "param"), [
    ("/ressources/enseignants/", "/evenements/?public=scolaires"),
    ("/ressources/entreprises/", "/organisateurs/demandes/nouvelle/"),
    ("/ressources/entreprises/", "/aide/organisateurs/"),
    ("/ressources/visiteurs/", "/carte/"),
])  # fmt: skip
def test_each_space_leads_to_what_its_readers_come_for(client: Client, address: str, param: str) -> None:
    assert f'class="fr-btn" href="{param}"' in client.get(address).content.decode().replace(" fr-btn--secondary", "")


def test_the_old_anchors_are_still_on_the_page_of_resources(client: Client) -> None:
    page = client.get("/ressources/").content.decode()

    assert [name for name in ("enseignants", "entreprises", "visiteurs") if f'id="{name}"' in page] == [
        "enseignants",
        "entreprises",
        "visiteurs",
    ]


# When ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hour", "status"), [((8, 59), 404), ((9, 0), 200), ((17, 59), 200), ((18, 0), 410)], ids=str)
def test_a_resource_is_there_from_its_hour_to_its_end(client: Client, hour: tuple[int, int], status: int) -> None:
    day = (2030, 11, 18)
    bounds = {"published_from": datetime(*day, 9, tzinfo=PARIS), "published_until": datetime(*day, 18, tzinfo=PARIS)}
    text = factories.resource(title="Le communiqué", **bounds)
    document = _with_file(title="Le dossier", **bounds)

    with time_machine.travel(datetime(*day, *hour, tzinfo=PARIS)):
        page = client.get(text.get_absolute_url())
        file = client.get(document.get_absolute_url())
        space = client.get("/ressources/enseignants/").content.decode()
        index = client.get("/sitemap-ressources.xml").content.decode()

    assert (page.status_code, file.status_code) == (status, status)
    assert ("Le communiqué" in space, "Le dossier" in space) == (status == 200, status == 200)
    assert (text.slug in index) is (status == 200)
    assert status == 200 or b"/Catalog" not in file.content


def test_what_is_being_prepared_is_nowhere_not_even_for_staff(client: Client) -> None:
    name = keep(pictures.image(), "png")
    shown = factories.resource(title="En préparation", published_from=None, image=name, image_alt="Un tour")
    factories.partner(name="Pas encore", published_from=None)
    client.force_login(factories.national(), "django.contrib.auth.backends.ModelBackend")

    assert client.get(shown.get_absolute_url()).status_code == 404
    assert client.get(shown.image_url).status_code == 404
    assert "En préparation" not in client.get("/ressources/enseignants/").content.decode()
    assert "Pas encore" not in client.get("/partenaires/").content.decode()


# How -----------------------------------------------------------------------------------------------------------------


def test_sections_come_by_nature_and_resources_in_the_editors_order(client: Client) -> None:
    factories.resource(title="Lien", kind=Resource.Kind.LINK, address="https://www.exemple.fr/")
    factories.resource(title="Second", position=2)
    factories.resource(title="Premier", position=1)

    sections = client.get("/ressources/enseignants/").context["sections"]

    assert [(s.heading, [str(row) for row in s.rows]) for s in sections] == [
        ("Conseils", ["Premier", "Second"]),
        ("Liens utiles", ["Lien"]),
    ]


def test_the_press_reads_the_newest_release_first(client: Client) -> None:
    for days in (300, 1, 20):
        at = timezone.now() - timedelta(days=days)
        factories.resource(title=f"Il y a {days}", kind=Resource.Kind.RELEASE, for_press=True, published_from=at)

    (section,) = client.get("/presse/").context["sections"]

    assert [str(row) for row in section.rows] == ["Il y a 1", "Il y a 20", "Il y a 300"]


def test_a_video_is_a_link_and_nothing_of_it_is_loaded(client: Client) -> None:
    address = "https://www.youtube.com/watch?v=abc"
    factories.resource(kind=Resource.Kind.VIDEO, address=address, duration=timedelta(minutes=3, seconds=45))

    page = client.get("/ressources/enseignants/")
    html = page.content.decode()

    assert re.findall(r'(\w+)="[^"]*youtube', html) == ["href"]
    assert "<iframe" not in html
    assert "Durée\u00a0: 3\u00a0min 45\u00a0s – sur le site youtube.com" in html
    assert "youtube" not in page["Content-Security-Policy"]


def test_a_document_is_only_ever_saved(client: Client) -> None:
    found = _with_file(slug="dossier-de-presse")
    answer = client.get(found.get_absolute_url())

    assert answer.content == files.pdf()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="dossier-de-presse.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert policy(answer) == {"default-src": "'none'", "sandbox": ""}
    assert "PDF – 2,3\u00a0Mo" in client.get("/ressources/enseignants/").content.decode()


def test_a_published_image_is_served_by_its_name_and_no_other_file_is(client: Client) -> None:
    image, document = keep(pictures.image(), "png"), keep(files.pdf(), "pdf")
    row = factories.partner(image=image, image_alt="UIMM")
    factories.resource(kind=Resource.Kind.DOCUMENT, file=document, file_size=1)

    answer = client.get(row.image_url)

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert policy(answer) == {"default-src": "'none'", "sandbox": ""}
    for name in (document.rpartition("/")[2], "0" * 32 + ".png", "..%2f..%2fdb.sqlite3", "%00.png"):
        assert client.get(f"/ressources/images/{name}").status_code == 404


def test_a_file_that_the_disk_lost_is_not_found(client: Client) -> None:
    lost = factories.resource(kind=Resource.Kind.DOCUMENT, file="editorial/" + "0" * 32 + ".pdf", file_size=1)

    assert client.get(lost.get_absolute_url()).status_code == 404


def test_hostile_words_are_inert_wherever_they_are_shown(client: Client) -> None:
    words = '<script>alert(1)</script>"onclick="x'
    for address in SPACES.values():
        factories.resource(title=words, summary=words, text=words, **{address: True})
    found = Resource.objects.earliest("pk")
    name = keep(pictures.image(), "png")
    factories.partner(name=words, image=name, image_alt=words)
    factories.correspondent(role=Correspondent.Role.PRESS, service=words)

    for address in (*SPACES, found.get_absolute_url(), "/partenaires/", "/contact/"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert re.findall(r"<\w[^>]*\son\w+=", page) == []


def test_a_resource_says_its_date_only_where_it_is_news(client: Client) -> None:
    at = datetime(2024, 9, 16, 9, tzinfo=PARIS)
    release = factories.resource(kind=Resource.Kind.RELEASE, published_from=at)
    advice = factories.resource(published_from=at)

    assert "16 septembre 2024" in client.get(release.get_absolute_url()).content.decode()
    assert "16 septembre 2024" not in client.get(advice.get_absolute_url()).content.decode()


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(("address", "queries"), [*((space, 2) for space in [*SPACES][:3]), ("/presse/", 2)])
def test_a_space_costs_the_same_however_much_it_holds(
    client: Client, address: str, queries: int, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        factories.resource(**{SPACES[address]: True})
        factories.correspondent(role=Correspondent.Role.PRESS)

    with django_assert_num_queries(queries):
        page = client.get(address)

    assert len(page.context["sections"][0].rows) == count


def test_what_is_changed_begins_or_ends_is_in_the_space_kept_for_all_from_that_instant(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "KEPT_FOR", 1000 * 24 * 3600)
    eight, nine, ten = (datetime(2030, 11, 18, hour, tzinfo=PARIS) for hour in (8, 9, 10))
    changed = factories.resource(title="Fiche bleue", published_from=eight)
    factories.resource(title="De huit à neuf", published_from=eight, published_until=nine)
    factories.resource(title="De neuf à dix", published_from=nine, published_until=ten)

    def shown(minute: datetime) -> list[str]:
        with time_machine.travel(minute, tick=False):
            page = client.get("/ressources/enseignants/").content.decode()
        return [title for title in ("Fiche bleue", "Fiche verte", "De huit à neuf", "De neuf à dix") if title in page]

    before = shown(nine - timedelta(minutes=1))
    at_nine = shown(nine)
    changed.title = "Fiche verte"
    changed.save()

    assert before == ["Fiche bleue", "De huit à neuf"]
    assert at_nine == ["Fiche bleue", "De neuf à dix"]
    assert shown(nine) == ["Fiche verte", "De neuf à dix"]


def test_what_an_editor_sees_of_a_space_is_not_what_others_are_given(client: Client) -> None:
    editor = Client()
    editor.force_login(factories.national())

    pages = [each.get("/ressources/enseignants/").content.decode() for each in (editor, client, editor)]

    assert ["Instruction des demandes" in page for page in pages] == [True, False, True]


@pytest.mark.parametrize("count", [1, 30])
def test_the_partners_and_the_contacts_cost_the_same_however_many(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        factories.partner(kind=Partner.Kind.ASSOCIATION)
        factories.correspondent()

    with django_assert_num_queries(2):
        client.get("/partenaires/")
    with django_assert_num_queries(1):
        client.get("/partenaires/")
    with django_assert_num_queries(2):
        client.get("/contact/")


def test_the_correspondents_of_a_region_are_told_in_order_and_the_others_left_to_the_national_team(
    client: Client,
) -> None:
    factories.commune("97411")
    factories.correspondent(service="Rectorat", position=2)
    factories.correspondent(
        service="DREETS Normandie", position=1, email="industrie@dreets.gouv.fr", phone="+33235000000"
    )
    factories.correspondent(role=Correspondent.Role.PRESS, service="Bureau de presse")

    page = client.get("/contact/")

    shown = {region: [str(s.service) for s in services] for region, services in page.context["correspondents"]}
    assert shown == {"La Réunion": [], "Normandie": ["DREETS Normandie", "Rectorat"]}
    html = page.content.decode()
    assert 'href="mailto:industrie@dreets.gouv.fr"' in html
    assert '<a href="tel:+33235000000">02 35 00 00 00</a>' in html
    assert "Bureau de presse" not in html
    assert "Bureau de presse" in client.get("/presse/").content.decode()
