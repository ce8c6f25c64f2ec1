"""An examiner clears ten applications without a mouse; what they go through stands before axe, in both schemes."""

import re
from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from labels.models import Action, Application, Preset, State, Transition
from labels.workflow import perform
from tests import factories
from tests.axe import faults

pytestmark = pytest.mark.django_db(transaction=True)

QUEUE = "/admin/labels/application/"
DOUBTFUL = "Entrée : 5 € par personne. Découverte des ateliers de la fonderie."
FURTHEST = 60


@pytest.fixture
def examiner(settings: Settings, live_server: LiveServer) -> User:
    settings.DECISION_MAIL_DELAY = 300
    return factories.regional("28")


@pytest.fixture
def ten(examiner: User) -> list[Application]:
    """The third and the sixth are doubtful."""
    owner = factories.organiser()
    organisation = factories.organisation(member=owner)
    doubtful = {2, 5}
    return [
        factories.application(
            state=State.SUBMITTED,
            by=owner,
            organisation=organisation,
            title=f"Visite {rank}",
            **({"description": DOUBTFUL} if rank in doubtful else {}),
        )
        for rank in range(10)
    ]


def sign_in(page: Page, examiner: User, address: str = QUEUE) -> None:
    page.goto(f"/admin/login/?next={address}")
    expect(page.locator("#id_username")).to_be_focused()
    page.keyboard.type(examiner.email)
    page.keyboard.press("Tab")
    page.keyboard.type(factories.PASSWORD)
    press(page, "Enter")
    expect(page).to_have_url(re.compile(f"[^=]{re.escape(address)}$"))


def reach(page: Page, target: Locator) -> None:
    """Go on by the Tab key until ``target`` has the focus."""
    for _ in range(FURTHEST):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The Tab key does not reach {target}.")


def press(page: Page, key: str) -> None:
    """A key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def approve_doubtful(page: Page) -> None:
    """The key leads to the box first, and decides once it is ticked."""
    page.keyboard.press("a")
    expect(page.locator("#approve-is_examined")).to_be_focused()
    page.keyboard.press("Space")
    press(page, "a")


def said(page: Page, words: str) -> None:
    expect(page.locator(".messagelist .success")).to_contain_text(words)


def test_ten_applications_are_cleared_by_the_keyboard_alone(examiner: User, ten: list[Application], page: Page) -> None:
    sign_in(page, examiner)
    page.keyboard.press("j")
    press(page, "Enter")

    # Two clear ones, at one key each; then one that the machine doubts.
    for _ in range(2):
        press(page, "a")
        said(page, "est labellisée")
    approve_doubtful(page)
    said(page, "est labellisée")

    # A note is begun and left.
    page.keyboard.press("n")
    expect(page.get_by_label("Nouvelle note")).to_be_focused()
    page.keyboard.press("Shift+Tab")

    # One sent back with a preset.
    page.keyboard.press("m")
    page.keyboard.type("Lien")
    note = page.locator("#return-note")
    reach(page, page.get_by_role("button", name="Reprendre ce motif"))
    page.keyboard.press("Enter")
    expect(note).to_be_focused()
    assert "Visite 3" in note.input_value()
    reach(page, page.get_by_role("button", name="Renvoyer pour correction"))
    press(page, "Enter")
    said(page, "est renvoyée pour correction")

    # One refused in words of one's own; Enter in a box decides nothing.
    page.keyboard.press("r")
    expect(page.locator("#return-conditions_0, #return-conditions [type=checkbox]").first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Refuser", exact=True)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(note).to_be_focused()
    page.keyboard.type("Hors de la fenêtre : asz?")
    reach(page, page.get_by_role("button", name="Refuser", exact=True))
    press(page, "Enter")
    said(page, "est refusée")

    # One approved after its box, taken back from the next page, and approved again.
    approve_doubtful(page)
    press(page, "z")
    said(page, "est de nouveau à instruire")
    approve_doubtful(page)
    for _ in range(4):
        press(page, "a")

    assert page.url.endswith(QUEUE)
    expect(page.locator("#result_list tbody tr")).to_have_count(0)
    states = [application.state for application in Application.objects.order_by("pk")]
    approved, returned, refused = State.APPROVED, State.RETURNED, State.REFUSED
    assert states == [approved, approved, approved, returned, refused, *[approved] * 5]
    sent_back = Transition.objects.get(action=Action.RETURN)
    assert (sent_back.preset, sent_back.conditions) == (
        Preset.objects.get(title="Lien avec l’industrie à préciser"),
        ["industry"],
    )
    assert Transition.objects.get(action=Action.REFUSE).note == "Hors de la fenêtre : asz?"
    assert Transition.objects.filter(action=Action.UNDO).count() == 1


@pytest.mark.alike
def test_keys_are_listed_and_switched_off(examiner: User, ten: list[Application], page: Page) -> None:
    address = f"{QUEUE}{ten[0].pk}/change/"
    sign_in(page, examiner, address)

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Raccourcis clavier")).to_be_visible()
    page.keyboard.press("a")
    reach(page, page.get_by_label("Activer ces touches sur cet ordinateur"))
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    for key in ("a", "s", "?"):
        page.keyboard.press(key)

    assert page.url.endswith(address)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert Application.objects.get(pk=ten[0].pk).state == State.SUBMITTED
    page.reload()
    reach(page, page.get_by_role("button", name="Raccourcis clavier"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Activer ces touches sur cet ordinateur")).not_to_be_checked()


@pytest.mark.alike
def test_what_was_typed_is_not_replaced_without_asking(examiner: User, ten: list[Application], page: Page) -> None:
    sign_in(page, examiner, f"{QUEUE}{ten[0].pk}/change/")
    asked: list[str] = []

    def leave_it(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", leave_it)
    page.locator("#return-note").fill("Mes mots.")

    page.locator("#return-motif").select_option(label="Public trop étroit")
    page.get_by_role("button", name="Reprendre ce motif").click()

    assert asked == ["Remplacer le motif déjà saisi\u00a0?"]
    expect(page.locator("#return-note")).to_have_value("Mes mots.")
    assert page.locator("#return-form [name=conditions]:checked").count() == 0


@pytest.mark.alike
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_a_decision_has_a_fault_that_axe_finds(
    scheme: Any, examiner: User, ten: list[Application], page: Page
) -> None:
    page.emulate_media(color_scheme=scheme)
    examiner.groups.set(factories.national().groups.all())
    address = f"{QUEUE}{ten[2].pk}/change/"
    perform(Application.objects.get(pk=ten[0].pk), Action.APPROVE, by=examiner)
    sign_in(page, examiner, address)
    found = {"page": faults(page)}
    page.keyboard.press("?")
    found["keys"] = faults(page)
    page.keyboard.press("Escape")
    perform(Application.objects.get(pk=ten[2].pk), Action.APPROVE, by=factories.national())
    page.locator("#return-note").fill("Mes mots.")
    page.get_by_role("button", name="Refuser", exact=True).click()
    expect(page.get_by_role("heading", name="Ce qui a été fait")).to_be_visible()
    found["conflict"] = faults(page)
    page.goto("/admin/labels/preset/")
    found["presets"] = faults(page)
    page.goto("/admin/labels/preset/add/")
    page.get_by_role("button", name="Actualiser l’aperçu").click()
    expect(page.locator(".errornote")).to_be_visible()
    found["preset"] = faults(page)

    assert found == {name: [] for name in found}
