"""The list and the page of an event, as a visitor gets them."""

import re
from datetime import date, time
from html import unescape
from typing import Any

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from events.models import Event, Level
from labels.models import State
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/evenements/"
TITLES = re.compile(r'class="fr-card__title"><a href="[^"]+">([^<]*)</a>')


def published(**fields: Any) -> Event:
    event = factories.event(**{"edition": factories.edition(2024), **fields})
    event.publish()
    return event


def titles(response: Any) -> list[str]:
    return [unescape(title) for title in TITLES.findall(response.content.decode())]


def text(response: Any) -> str:
    """What is read on the page, spaces made one."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u202f", " ").replace("\u00a0", " ").split())


def test_the_list_shows_what_is_published_and_counts_it(client: Client) -> None:
    published(title="Fonderie")
    published(title="Webinaire", attendance=Event.Attendance.ONLINE)
    factories.event(edition=factories.edition(2024), title="Brouillon")
    revoked = published(title="Retirée")
    revoked.revoke()

    response = client.get(LIST)

    assert titles(response) == ["Fonderie", "Webinaire"]
    assert "2 événements" in text(response)


def test_a_card_says_when_where_for_whom_and_in_which_state(client: Client) -> None:
    event = published(is_full=True, slots=[(date(2024, 11, 18), time(9), time(12, 30))])
    published(title="Fermé", slots=[(date(2024, 11, day), time(9), time(12)) for day in (18, 19, 20)]).cancel("Fermé.")

    read = text(client.get(LIST))

    assert (
        "Visite de la fonderie Lundi 18 novembre 2024, de 9 h à 12 h 30 "
        f"Le Havre (Normandie) – {event.organisation} Pour : scolaires, grand public Complet Visite d’entreprise"
    ) in read
    assert "Fermé Du 18 au 20 novembre 2024" in read
    assert "Annulé Visite d’entreprise" in read


def test_an_overseas_hour_is_named(client: Client) -> None:
    published(commune=factories.commune("97411"))

    assert "de 9 h à 12 h, heure de La Réunion (UTC+4)" in text(client.get(LIST))


def test_the_list_comes_by_twenty_and_a_page_too_far_is_the_last(client: Client) -> None:
    for rank in range(1, 42):
        published(title=f"Visite {rank:02d}", slots=[(date(2024, 11, 18), time(9), time(12))])

    assert len(titles(client.get(LIST))) == 20
    assert titles(client.get(f"{LIST}?page=3")) == ["Visite 41"]
    assert titles(client.get(f"{LIST}?page=99")) == ["Visite 41"]
    assert titles(client.get(f"{LIST}?page={'9' * 30}")) == ["Visite 41"]
    assert len(titles(client.get(f"{LIST}?page=deux"))) == 20
    assert 'href="?q=visite&amp;page=2"' in client.get(f"{LIST}?q=visite").content.decode()


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_takes_the_same_few_queries_whatever_it_holds(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rank in range(count):
        published(title=f"Visite {rank}")

    with django_assert_num_queries(22):
        client.get(f"{LIST}?edition=2024")
    # Ready for the next visitor.
    with django_assert_num_queries(1):
        client.get(f"{LIST}?edition=2024")


def test_a_ready_list_does_not_name_to_all_the_host_that_somebody_asked_by(client: Client) -> None:
    published()
    odd = client.get(LIST, headers={"host": "testserver:6666"}).content.decode()

    usual = client.get(LIST).content.decode()

    assert "webcal://testserver:6666/" in odd
    assert "webcal://testserver/" in usual
    assert ":6666" not in usual


def test_a_ready_list_shows_what_was_published_or_revoked_since(client: Client) -> None:
    first = published(title="Fonderie")
    before = titles(client.get(LIST))
    published(title="Forge")
    both = titles(client.get(LIST))
    first.revoke()

    assert (before, both) == (["Fonderie"], ["Fonderie", "Forge"])
    assert titles(client.get(LIST)) == ["Forge"]


def test_a_broken_filter_is_said_beside_its_field_and_the_rest_applies(client: Client) -> None:
    published(title="Fonderie")
    published(title="Webinaire", attendance=Event.Attendance.ONLINE)

    response = client.get(f"{LIST}?lieu=sur-place&du=demain&region=zz%3Cb%3E&q=%00")

    body = response.content.decode()
    assert response.status_code == 200
    assert titles(response) == ["Fonderie"]
    assert '<p class="fr-error-text" id="id_du_error">Saisissez une date valide.</p>' in body
    assert re.search(r'<input[^>]*name="du"[^>]*value="demain"[^>]*aria-invalid="true"[^>]*>', body)
    assert "Cette valeur n’est pas un code connu." in body
    assert "Ce texte contient un caractère de contrôle interdit. Retirez-le." in body
    assert "<b>" not in body


def test_an_unknown_year_is_not_found(client: Client) -> None:
    published()

    assert client.get(f"{LIST}?edition=1999").status_code == 404


def test_an_empty_list_says_which_filter_to_let_go_and_what_that_gives(client: Client) -> None:
    published()
    published()
    published(title="Chocolaterie", attendance=Event.Attendance.ONLINE)

    response = client.get(f"{LIST}?q=chocolaterie&lieu=sur-place&age=9&edition=2024")

    read, body = text(response), response.content.decode()
    assert "0 événement " in read
    assert "il y en a : Sans « chocolaterie », 2 événements Sans « Sur place », 1 événement Voir tous" in read
    assert 'href="/evenements/?lieu=sur-place&amp;age=9&amp;edition=2024">Sans «\xa0chocolaterie\xa0», 2' in body
    assert 'href="/evenements/?q=chocolaterie&amp;age=9&amp;edition=2024">Sans «\xa0Sur place\xa0», 1' in body


def test_an_empty_list_around_a_town_says_how_much_further_there_is_something(client: Client) -> None:
    published()  # in Le Havre
    factories.commune("76217")

    asked_around = text(client.get(f"{LIST}?pres=76217&edition=2024"))
    asked_in_words = text(client.get(f"{LIST}?q=Dieppe+fonderie&edition=2024"))

    assert "À moins de 90 km de Dieppe (76200), 1 événement" in asked_around
    assert "Sans « Ville : Dieppe », 1 événement" in asked_in_words


def test_an_edition_without_events_says_that_they_will_come(client: Client) -> None:
    factories.edition(2024)

    assert "paraîtront ici dès qu’ils seront labellisés" in text(client.get(LIST))


def test_the_order_is_a_link_that_keeps_the_search(client: Client) -> None:
    published()
    published()

    without_place = client.get(f"{LIST}?q=fonderie&tri=date").content.decode()
    with_place = client.get(f"{LIST}?pres=76351").content.decode()

    assert '<a href="/evenements/?q=fonderie&amp;tri=date" aria-current="true">date</a>' in without_place
    assert re.search(r'<input type="hidden" name="tri" value="date"', without_place)
    assert ">distance</a>" not in without_place
    assert '<a href="/evenements/?pres=76351&amp;tri=distance">distance</a>' in with_place


def test_a_distance_is_told_in_words(client: Client) -> None:
    published(title="Ici")
    published(title="Loin", commune=factories.commune("76217"))

    read = text(client.get(f"{LIST}?pres=76351&rayon=200&tri=distance&edition=2024"))

    assert re.search(r"Ici .*Le Havre \(Normandie\), à moins d’un kilomètre – .*Loin .*Dieppe .*, à 85 km – ", read)


def test_a_card_is_drawn_anew_once_its_event_has_changed(client: Client) -> None:
    event = published(title="Avant")
    assert titles(client.get(LIST)) == ["Avant"]

    event.title = "Après"
    event.save()
    event.show()

    assert titles(client.get(LIST)) == ["Après"]


def test_the_map_is_one_link_away_with_the_same_filters(client: Client) -> None:
    published()

    assert (
        'href="/carte/?q=fonderie&amp;lieu=sur-place"'
        in client.get(f"{LIST}?q=fonderie&lieu=sur-place&page=2&inconnu=1").content.decode()
    )


def test_ticked_boxes_and_words_stay_in_the_form(client: Client) -> None:
    published()

    body = client.get(f"{LIST}?region=28&q=fonderie&commune=76351").content.decode()

    assert re.search(r'<input type="checkbox" name="region" [^>]*value="28" checked>', body)
    assert len(re.findall(r'type="checkbox"[^>]* checked', body)) == 1
    assert '<input type="hidden" name="commune" value="76351"' in body
    assert re.search(r'name="q" value="fonderie"', body)


def page_of(client: Client, event: Event) -> Any:
    return client.get(event.get_absolute_url())


def test_the_page_says_all_that_the_public_may_know(client: Client) -> None:
    event = published(
        slots=[(date(2024, 11, 18), time(9), time(12)), (date(2024, 11, 20), time(14), time(16))],
        capacity=1200,
        group_size=30,
        minimum_age=14,
        is_accessible=True,
        accessibility="Ascenseur.",
        safety_equipment="Casque prêté.",
        directions="Tramway A, arrêt Docks.",
        registration=Event.Registration.LINK,
        registration_url="https://exemple.fr/inscription",
        registration_email="cache@exemple.fr",
        registration_phone="0102030405",
        organisation=factories.organisation(name="Fonderie Dupont", website="https://exemple.fr/"),
    )
    event.levels.add(Level.objects.get(slug="college"))

    with time_machine.travel("2024-11-19T12:00:00Z", tick=False):
        response = page_of(client, event)

    read, body = text(response), response.content.decode()
    for words in (
        "Les 18 et 20 novembre 2024",
        "Dates Mercredi 20 novembre 2024, de 14 h à 16 h – 1 200 places Ajouter à mon agenda",
        "Ajouter à mon agenda : mercredi 20 novembre 2024, de 14 h à 16 h Déjà passé",
        "Lundi 18 novembre 2024, de 9 h à 12 h – 1 200 places",
        "Fonderie du Port 12 rue des Docks 76600 Le Havre Seine-Maritime (76)",
        "Gratuit, 2 400 places en tout",
        "Publics Scolaires, grand public Niveaux scolaires Collège Âge minimum 14 ans Groupes 30 personnes au plus",
        "Sécurité Casque prêté.",
        "Accès Tramway A, arrêt Docks. Calculer un itinéraire (OpenStreetMap)",
        "Accessibilité : accessible aux personnes à mobilité réduite. Ascenseur.",
        "Organisateur Fonderie Dupont",
    ):
        assert words in read
    assert '<a class="fr-btn" href="https://exemple.fr/inscription" rel="nofollow noopener">' in body
    assert '<a href="https://exemple.fr/" rel="nofollow noopener">' in body
    assert f'href="/evenements/{event.uid}.ics"' in body
    for hidden in ("cache@exemple.fr", "0102030405", "Camille", event.purpose):
        assert hidden not in body


@pytest.mark.parametrize(
    ("registration", "shown", "hidden"),
    [
        (Event.Registration.EMAIL, 'href="mailto:visite@exemple.fr"', "01 02 03 04 05"),
        (Event.Registration.PHONE, 'href="tel:0102030405"', "visite@exemple.fr"),
        (Event.Registration.NONE, "Entrée libre, sans inscription.", "visite@exemple.fr"),
    ],
)
def test_only_the_contact_that_the_organiser_chose_is_published(
    client: Client, registration: str, shown: str, hidden: str
) -> None:
    event = published(
        registration=registration, registration_email="visite@exemple.fr", registration_phone="01 02 03 04 05"
    )

    with time_machine.travel("2024-11-01T12:00:00Z", tick=False):
        body = page_of(client, event).content.decode()

    assert shown in body
    assert hidden not in body


def test_a_text_becomes_paragraphs_and_links_without_credit_and_nothing_else(client: Client) -> None:
    event = published(
        description="Voir https://exemple.fr/a?b=1&c=2.\n<script>alert(1)</script>\n\nÀ moi@exemple.fr javascript:x"
    )

    body = page_of(client, event).content.decode()

    assert (
        '<p>Voir <a href="https://exemple.fr/a?b=1&amp;c=2" rel="nofollow noopener">https://exemple.fr/a?b=1&amp;c=2</a>.'
        "<br>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n<p>À moi@exemple.fr javascript:x</p>"
    ) in body


def test_a_wrong_slug_leads_to_the_right_one_for_good(client: Client) -> None:
    event = published()

    response = client.get(reverse("events:detail", args=[event.uid, "autre-titre"]))

    assert (response.status_code, response["Location"]) == (301, event.get_absolute_url())
    # A title may come back to what it was: kept, each address would lead to the other.
    assert response["Cache-Control"] == "no-cache"


def test_a_cancelled_event_stays_with_its_message(client: Client) -> None:
    event = factories.application(state=State.CANCELLED).event

    response = page_of(client, event)

    assert response.status_code == 200
    assert "Cet événement est annulé L’atelier est fermé." in text(response)
    assert "EventCancelled" in response.content.decode()


def test_a_revoked_event_is_gone_without_a_word_of_it(client: Client) -> None:
    event = factories.application(state=State.REVOKED, title="Titre retiré").event

    response = page_of(client, event)

    assert response.status_code == 410
    assert "Titre retiré" not in response.content.decode()


def test_what_is_shown_instead_of_a_revoked_event_is_of_its_kind(client: Client) -> None:
    event = factories.application(state=State.REVOKED, title="Titre retiré").event
    published(edition=event.edition, title="Visite de la tannerie", slots=[coming(event)])

    read = text(page_of(client, event))

    assert "Cherchez-en un autre" in read
    assert "Des événements semblables, à venir Visite de la tannerie" in read


def coming(event: Event) -> tuple[date, time, time]:
    return (event.edition.window_ends_on, time(9), time(12))


@pytest.mark.parametrize(
    ("fields", "now", "said"),
    [
        ({}, "2024-11-01", "Gratuit Entrée libre, sans inscription."),
        (
            {"is_full": True},
            "2024-11-01",
            "Gratuit – complet Demandez à l’organisateur s’il tient une liste d’attente.",
        ),
        ({"is_full": True}, "2024-12-01", "Les inscriptions sont closes : l’événement est passé."),
        ({"registration": ""}, "2024-11-01", "L’organisateur ne prend plus d’inscription."),
    ],
)
def test_the_page_says_whether_one_may_still_register(
    client: Client, fields: dict[str, Any], now: str, said: str
) -> None:
    event = published(**fields)

    with time_machine.travel(f"{now}T12:00:00Z", tick=False):
        assert said in text(page_of(client, event))


def test_what_the_portal_changes_shows_at_once_though_the_page_is_kept(client: Client) -> None:
    event = published()
    assert "Annulé" not in text(page_of(client, event))

    event.cancel("L’atelier est fermé.")

    assert "L’atelier est fermé." in text(page_of(client, event))


def test_a_kept_page_shows_the_slots_that_are_to_come_by_the_clock(client: Client) -> None:
    event = published(slots=[(date(2024, 11, 18), time(9), time(12))])

    with time_machine.travel("2024-11-18T10:58:00Z", tick=False):
        assert "a eu lieu" not in text(page_of(client, event))
    with time_machine.travel("2024-11-18T11:05:00Z", tick=False):
        assert "Cet événement a eu lieu" in text(page_of(client, event))


def test_what_was_cancelled_is_not_said_to_have_taken_place(client: Client) -> None:
    event = published(slots=[(date(2024, 11, 18), time(9), time(12))])
    event.cancel("L’atelier est fermé.")

    with time_machine.travel("2024-11-20T11:05:00Z", tick=False):
        said = text(page_of(client, event))
    assert ("a eu lieu" in said, "Il était prévu" in said) == (False, True)


def test_an_event_without_an_image_is_shared_with_the_portals_own(client: Client) -> None:
    event = published(title='Fonderie "><script>')

    body = page_of(client, event).content.decode()

    assert '<meta property="og:image" content="http://127.0.0.1:8000/static/img/partage.png">' in body
    assert '<meta property="og:title" content="Fonderie &quot;&gt;&lt;script&gt;">' in body
    path = finders.find("img/partage.png")
    with Image.open(str(path)) as image:
        assert (image.format, image.size) == ("PNG", (1200, 630))


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.REFUSED, State.RETURNED, State.WITHDRAWN])
def test_an_event_that_never_was_public_is_not_found_whatever_the_slug(client: Client, state: State) -> None:
    event = factories.application(state=state).event

    assert page_of(client, event).status_code == 404
    assert client.get(reverse("events:detail", args=[event.uid, "autre"])).status_code == 404


def test_the_page_takes_the_same_few_queries_whatever_the_event_holds(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    days = [(date(2024, 11, day), time(9), time(12)) for day in range(4, 24)]
    event = published(slots=days, audiences=["scolaires", "etudiants", "jeunes"])

    with django_assert_num_queries(9):
        page_of(client, event)
    # Ready for the next visitor.
    with django_assert_num_queries(1):
        page_of(client, event)


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_takes_no_more_queries_among_many_events(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    event, *_ = [published(edition=factories.edition(), title=f"Visite {rank}") for rank in range(count)]

    with django_assert_num_queries(9):
        page_of(client, event)
