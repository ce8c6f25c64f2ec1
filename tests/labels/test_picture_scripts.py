"""What the script adds to the rows of pictures: a file leaves as it is chosen, or is refused before it travels."""

import pytest
from django.test import Client
from playwright.sync_api import FilePayload, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from events.models import Picture
from labels.models import Application, State
from tests import factories
from tests import pictures as files
from tests.labels import answers

ALT = "Une apprentie règle un tour"


@pytest.fixture
def draft(client: Client, live_server: LiveServer, page: Page) -> Application:
    draft = answers.begun(client, factories.organiser())
    cookie = client.cookies["session"]
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": live_server.url}])
    page.goto(f"/organisateurs/demandes/{draft.reference}/evenement/")
    return draft


def chosen(data: bytes, name: str = "photo.png") -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": data}


def test_an_image_is_sent_as_it_is_chosen_and_its_words_are_asked_for(page: Page, draft: Application) -> None:
    page.get_by_label("Titre").fill("Visite de la fonderie")

    page.locator("#id_image-file").set_input_files(chosen(files.image(size=(40, 30))))

    words = page.get_by_label("Ce que montre l’image")
    expect(page.locator("img.picture-thumbnail")).to_have_count(1)
    expect(words).to_be_focused()
    expect(page.get_by_label("Titre")).to_have_value("Visite de la fonderie")
    words.fill(ALT)
    with page.expect_response(lambda response: "apprentie" in (response.request.post_data or "")):
        words.press("Tab")
    page.reload()
    expect(page.get_by_label("Ce que montre l’image")).to_have_value(ALT)
    assert [picture.alt for picture in Picture.objects.all()] == [ALT]


def test_a_file_that_is_no_image_is_refused_beside_its_field(page: Page, draft: Application) -> None:
    page.locator("#id_image-file").set_input_files(chosen(files.PDF))

    expect(page.locator("#id_image-file_error")).to_contain_text("Ce fichier est un PDF")
    expect(page.locator("#id_image-file")).to_be_focused()
    assert not Picture.objects.exists()


def test_a_heavy_file_is_refused_before_it_travels(page: Page, draft: Application) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))

    page.locator("#id_image-file").set_input_files(chosen(bytes(9_000_000)))

    expect(page.locator("#id_image-file_error")).to_contain_text("Ce fichier pèse 9\u00a0Mo\u00a0: 8\u00a0Mo au plus")
    assert "POST" not in sent


def test_a_picture_is_removed_without_leaving_the_page(page: Page, draft: Application) -> None:
    page.locator("#id_image-file").set_input_files(chosen(files.image(size=(40, 30))))

    page.get_by_role("button", name="Retirer l’image").click()

    expect(page.locator("img.picture-thumbnail")).to_have_count(0)
    expect(page.locator("#id_image-file")).to_be_visible()
    assert not Picture.objects.exists()


def test_what_is_typed_while_a_picture_travels_is_saved_after_it(page: Page, draft: Application) -> None:
    def slow(route: Route) -> None:
        if route.request.resource_type == "xhr":
            page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/evenement/", slow)
    page.get_by_label("Titre").fill("Visite")
    page.locator("#id_image-file").set_input_files(chosen(files.image(size=(40, 30))))
    page.get_by_label("Titre").fill("Visite de la fonderie")
    page.get_by_label("Objectif").focus()

    expect(page.locator("img.picture-thumbnail")).to_have_count(1)
    expect(page.locator("[data-save-state]")).to_contain_text("Enregistré à")
    assert Application.objects.get(pk=draft.pk).event.title == "Visite de la fonderie"


def test_pictures_of_a_labelled_event_wait_for_their_words_and_the_button_that_publishes(
    page: Page, client: Client, live_server: LiveServer
) -> None:
    user = factories.organiser()
    labelled = factories.application(state=State.APPROVED, by=user)
    client.force_login(user)
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])
    page.goto(f"/organisateurs/demandes/{labelled.reference}/modifier/images/")

    page.locator("#id_image-file").set_input_files(chosen(bytes(9_000_000)))
    expect(page.locator("#id_image-file_error")).to_contain_text("8\u00a0Mo au plus")
    page.locator("#id_image-file").set_input_files(chosen(files.image(size=(40, 30))))
    expect(page.locator("#id_image-file_error")).to_have_count(0)
    page.get_by_label("Ce que montre l’image").fill(ALT)
    assert not Picture.objects.exists()

    page.locator("main").get_by_role("button", name="Publier").last.click()
    expect(page.locator("img.picture-thumbnail")).to_have_count(1)
    assert [picture.alt for picture in Picture.objects.all()] == [ALT]
