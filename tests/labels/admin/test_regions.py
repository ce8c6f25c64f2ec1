"""Handing an application over to another région at the desk: alone, with others, and against somebody faster."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.audit import AuditEntry
from accounts.models import User
from labels.models import Action, Application, State
from labels.workflow import perform
from places.models import Region
from tests import bad_input, factories
from tests.labels.admin.desk import QUEUE, Page, decide, page_of, signed_in, text_of

pytestmark = pytest.mark.django_db

BULK = reverse("admin:labels_application_bulk_region")
WHY = "Le siège de l’organisateur est à Lyon."


@pytest.fixture(autouse=True)
def there(db: None) -> Region:
    factories.commune("69381")
    return Region.objects.get(code="84")


def entrust(client: Client, application: Application, **data: Any) -> Page:
    url = reverse("admin:labels_application_region", args=[application.pk])
    posted = {"version": application.version, "region": "84", "note": WHY, **data}
    return client.post(f"{url}?_changelist_filters=etat%3Dtoutes", posted)


def entrust_all(client: Client, *applications: Application, **data: Any) -> Page:
    versions = ",".join(f"{application.pk}:{application.version}" for application in applications)
    return client.post(
        f"{BULK}?_changelist_filters=etat%3Dtoutes", {"versions": versions, "region": "84", "note": WHY, **data}
    )


def region_of(application: Application) -> str | None:
    code: str | None = Application.objects.values_list("region", flat=True).get(pk=application.pk)
    return code


@bad_input.runs("idor-014")
def test_who_hands_an_application_over_sees_it_no_more_and_is_told_in_the_queue(
    examiner: User, here: Application
) -> None:
    client = signed_in(examiner)

    response = entrust(client, here)

    assert response.url == f"{QUEUE}?etat=toutes"
    said = text_of(client.get(response.url))
    assert f"La demande {here} est confiée à : Auvergne-Rhône-Alpes. Elle n’est plus dans votre file." in said
    assert client.get(page_of(here)).status_code == 404
    assert signed_in(factories.regional("84")).get(page_of(here)).status_code == 200


def test_the_national_team_stays_on_the_page_where_the_history_says_from_where_to_where(here: Application) -> None:
    client = signed_in(factories.national())

    response = entrust(client, here)

    assert response.url.startswith(page_of(here))
    page = text_of(client.get(response.url))
    assert "Demande confiée à une autre région" in page
    assert "Région qui instruit Avant : Normandie → Après : Auvergne-Rhône-Alpes" in page
    assert WHY in page
    assert "Examinée aujourd’hui par : Auvergne-Rhône-Alpes." in page


def test_an_application_is_entrusted_to_the_national_team(examiner: User, here: Application) -> None:
    entrust(signed_in(examiner), here, region="nationale")

    assert region_of(here) is None
    assert AuditEntry.objects.filter(action="application.move", by=examiner, about=here.reference).count() == 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"note": " "}, "Indiquez le motif."),
        ({"region": ""}, "Choisissez une région."),
        ({"region": "28"}, "Cette demande y est déjà."),
        ({"region": "99"}, "Cette région n’existe pas."),
        ({"region": "84\0"}, "Cette région n’existe pas."),
        ({"note": "x" * 2001}, "2001"),
    ],
)
def test_a_refusal_keeps_what_was_typed_and_changes_nothing(
    data: dict[str, str], told: str, examiner: User, here: Application
) -> None:
    response = entrust(signed_in(examiner), here, **data)

    assert response.status_code == 200
    assert told in text_of(response)
    assert '<details class="panel" open id="region">' in response.content.decode()
    assert data.get("note", WHY).strip() in text_of(response)
    assert region_of(here) == "28"
    assert not AuditEntry.objects.filter(action="application.move").exists()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_form_that_is_not_ours_is_not_readable(version: str, examiner: User, here: Application) -> None:
    assert entrust(signed_in(examiner), here, version=version).status_code == 400


def test_who_comes_after_a_decision_is_told_of_it(examiner: User, here: Application) -> None:
    decide(signed_in(factories.national(name="Nadia Nationale")), here, Action.APPROVE)

    response = entrust(signed_in(examiner), here)

    assert response.status_code == 409
    assert "Label accordé , par Nadia Nationale" in text_of(response)
    assert WHY in text_of(response)
    assert region_of(here) == "28"


def test_who_decides_after_it_was_handed_over_within_the_same_eyes_is_told_of_it(here: Application) -> None:
    both = factories.regional("28", "84")
    perform(Application.objects.get(pk=here.pk), Action.MOVE, by=both, note=WHY, changes={"region": "84"})

    response = decide(signed_in(both), here, Action.APPROVE)

    assert response.status_code == 409
    assert "Demande confiée à une autre région" in text_of(response)


def test_ones_own_application_may_be_handed_over_though_not_decided(here: Application) -> None:
    examiner = factories.regional("28")
    Application.objects.filter(pk=here.pk).update(created_by=examiner)

    entrust(signed_in(examiner), here)

    assert region_of(here) == "84"


def test_who_may_only_read_is_neither_offered_it_nor_obeyed(reader: User, here: Application) -> None:
    client = signed_in(reader)

    page, response = client.get(page_of(here)), entrust(client, here)

    assert "Confier à une autre région" not in text_of(page)
    assert response.status_code == 403
    assert region_of(here) == "28"


def test_many_are_handed_over_after_a_page_that_lists_them(examiner: User, here: Application) -> None:
    draft = factories.application(state=State.DRAFT)
    client = signed_in(examiner)
    selection = {"action": "entrust_selected", "_selected_action": [here.pk, draft.pk]}

    asked = text_of(client.post(f"{QUEUE}?etat=toutes", selection))
    response = entrust_all(client, here, draft)

    assert "Confier 2 demandes à une autre région" in asked
    assert here.reference in asked and draft.reference in asked
    assert response.url == f"{QUEUE}?etat=toutes"
    assert "2 demandes confiées." in text_of(client.get(response.url))
    assert (region_of(here), region_of(draft)) == ("84", "84")
    assert AuditEntry.objects.filter(action="application.move", by=examiner).count() == 2


def test_many_together_skip_those_that_are_not_ones_own_to_see_or_changed_meanwhile(
    examiner: User, here: Application, elsewhere: Application
) -> None:
    changed = factories.application(state=State.SUBMITTED)
    perform(Application.objects.get(pk=changed.pk), Action.APPROVE, by=factories.national())
    client = signed_in(examiner)

    entrust_all(client, here, elsewhere, changed, region="nationale")

    said = text_of(client.get(QUEUE))
    assert "1 demande confiée." in said
    assert "1 demande laissée de côté : introuvable ou hors de vos régions." in said
    assert "1 demande laissée de côté : traitée entre-temps par Nadia Nationale (label accordé)." in said
    assert (region_of(here), region_of(elsewhere), region_of(changed)) == (None, "84", "28")


def test_without_a_reason_the_page_comes_back_with_those_that_one_may_see(
    examiner: User, here: Application, elsewhere: Application
) -> None:
    response = entrust_all(signed_in(examiner), here, elsewhere, note="")

    assert "Indiquez le motif." in text_of(response)
    assert response.context["rows"] == [here]
    assert "Atelier secret" not in text_of(response)
    assert region_of(here) == "28"


@pytest.mark.parametrize("versions", ["", "x", "1:x", "1:1:1", "9" * 40, ",".join(["1:1"] * 501)])
def test_a_selection_that_is_not_ours_is_not_readable(versions: str, examiner: User) -> None:
    assert entrust_all(signed_in(examiner), versions=versions).status_code == 400
