"""The spaces and their forms in a browser: axe, a telephone, and a preview beside what is being typed."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from editorial.documents import keep
from editorial.models import Resource
from tests import axe, factories, pictures
from tests.editorial import files


def _publish() -> Resource:
    image = {"image": keep(pictures.image(), "png"), "image_alt": "Un tour", "image_width": 10, "image_height": 10}
    spaces = {"for_press": True, **image}
    text = "## Avant\n\n- [la liste](/evenements/)\n\n### Quoi porter\n\n1. **des chaussures fermées**"
    shown = factories.resource(text=text, file=keep(files.pdf(), "pdf"), file_size=120_000, **spaces)
    factories.resource(kind=Resource.Kind.DOCUMENT, file=keep(files.pdf(), "pdf"), file_size=120_000, for_press=True)
    factories.resource(kind=Resource.Kind.VIDEO, address="https://www.exemple.fr/" + "a" * 80, for_press=True)
    factories.partner(name="UIMM", address="https://www.exemple.fr/", **image)
    factories.partner(name="Une fédération dont le nom est très long et qui ne tient pas sur une seule ligne")
    return shown


@pytest.mark.parametrize("context_options", [{"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}])
def test_pages_are_sound_on_a_telephone_in_the_dark(live_server: Any, page: Page, context_options: Any) -> None:
    shown = _publish()

    for address in ("/ressources/", "/presse/", "/partenaires/", shown.get_absolute_url(), "/donnees-personnelles/"):
        page.goto(address)
        assert axe.faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_preview_opens_beside_what_is_typed(live_server: Any, context: BrowserContext, page: Page) -> None:
    factories.national(email="nadia@exemple.gouv.fr")
    page.goto("/admin/login/?next=/admin/editorial/resource/add/")
    page.fill("#id_username", "nadia@exemple.gouv.fr")
    page.fill("#id_password", factories.PASSWORD)
    page.click("[type=submit]")
    page.locator("#id_title").press_sequentially("Une vidéo")
    expect(page.locator("#id_slug")).to_have_value("une-video")
    page.select_option("#id_kind", "video")
    page.fill("#id_summary", "Une visite filmée.")
    page.fill("#id_address", "https://www.exemple.fr/video")
    page.check("#id_for_teachers")
    file = {"name": "tour.png", "mimeType": "image/png", "buffer": pictures.image()}
    page.set_input_files("#id_image_file", file)  # type: ignore[arg-type]
    page.fill("#id_image_alt", "Une apprentie règle un tour")
    assert axe.faults(page) == []

    with context.expect_page() as opened:
        page.click("text=Aperçu dans son espace")
    preview = opened.value

    expect(preview.locator(".resource-card", has_text="Une vidéo").locator("img")).to_have_js_property(
        "naturalWidth", 10
    )
    assert axe.faults(preview) == []
    assert Resource.objects.count() == 0
    expect(page.locator("#id_title")).to_have_value("Une vidéo")
    page.click("[name=_save]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Resource.objects.get().image_alt == "Une apprentie règle un tour"
