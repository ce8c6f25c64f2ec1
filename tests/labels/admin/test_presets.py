"""The reasons that examiners choose from: worded by the national team, offered on an application's page."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.audit import AuditEntry
from accounts.models import User
from labels.models import Action, Application, Preset, State, Transition
from labels.workflow import perform
from tests import factories
from tests.labels.admin.desk import Page, decide, page_of, signed_in, state_of, text_of

pytestmark = pytest.mark.django_db

LIST = reverse("admin:labels_preset_changelist")
ADD = reverse("admin:labels_preset_add")


@pytest.fixture
def national() -> Client:
    return signed_in(factories.national())


@pytest.fixture
def preset() -> Preset:
    return Preset.objects.create(
        title="Tarif annoncé", uses=["return"], conditions=["free"], text="« {titre} » est payant.", position=1
    )


def change(preset: Preset) -> str:
    return reverse("admin:labels_preset_change", args=[preset.pk])


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "title": "Un motif",
        "uses": ["return"],
        "conditions": ["free"],
        "text": "Payant : {titre}.",
        "position": "5",
        "is_active": "on",
        **fields,
    }


def faults(response: Page) -> dict[str, list[str]]:
    return {name: list(map(str, errors)) for name, errors in response.context["adminform"].form.errors.items()}


def test_what_is_done_to_a_preset_is_logged_before_and_after(preset: Preset) -> None:
    chief = signed_in(User.objects.create_superuser("chef@exemple.gouv.fr"))
    chief.post(change(preset), typed(title="Tarif", text="Payant."))
    chief.post(reverse("admin:labels_preset_delete", args=[preset.pk]), {"post": "yes"})
    changed, deleted = AuditEntry.objects.order_by("pk")

    assert (changed.action, deleted.action) == ("preset.change", "preset.delete")
    assert (changed.about, changed.details["before"]["text"]) == ("Tarif", "« {titre} » est payant.")
    assert changed.details["after"]["text"] == deleted.details["before"]["text"] == "Payant."


# Wording them ---------------------------------------------------------------------------------------------------------


def test_the_national_team_words_one_and_retires_it(national: Client) -> None:
    national.post(ADD, typed(uses=["return", "decline"]))
    added = Preset.objects.get(title="Un motif")
    national.post(change(added), typed(text="Autrement.", is_active=""))

    assert (added.uses, added.conditions, added.text, added.position) == (
        ["return", "decline"],
        ["free"],
        "Payant : {titre}.",
        5,
    )
    added.refresh_from_db()
    assert (added.text, added.is_active) == ("Autrement.", False)


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        (
            {"text": "{prenom} {titre} {nom}"},
            "text",
            "Ces mots entre accolades n’existent pas\u00a0: {prenom}, {nom}. La liste est sous le texte.",
        ),
        (
            {"text": "{titre.__class__}"},
            "text",
            "Ce mot entre accolades n’existe pas\u00a0: {titre.__class__}. La liste est sous le texte.",
        ),
        ({"text": "{titre"}, "text", "Une accolade est ouverte ou fermée sans l’autre."),
        ({"uses": []}, "uses", "Cochez au moins une décision."),
        ({"uses": ["approve"]}, "uses", "Cette décision n’existe pas."),
        ({"conditions": ["proximité"]}, "conditions", "Cette condition n’existe pas."),
        ({"text": "a\0b"}, "text", "Ce texte contient un caractère de contrôle interdit. Retirez-le."),
        ({"position": "99999"}, "position", "Assurez-vous que cette valeur est inférieure ou égale à 32767."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_kept(
    fields: dict[str, Any], field: str, message: str, national: Client
) -> None:
    before = Preset.objects.count()

    response = national.post(ADD, typed(**fields))

    assert faults(response) == {field: [message]}
    assert "Un motif" in response.content.decode()
    assert Preset.objects.count() == before


def test_a_preview_shows_what_is_typed_and_stores_nothing(national: Client, preset: Preset) -> None:
    application = factories.application(state=State.SUBMITTED, title="Visite des <hauts> fourneaux")
    shown = national.get(change(preset))
    asked = {"_preview": "1", "preview_on": application.reference.lower()}

    examples = national.post(change(preset), typed(text="Pour {titre}.", _preview="1"))
    real = national.post(change(preset), typed(text="Pour {titre}.", **asked))

    assert shown.context["preview"] == "« Visite de la fonderie du Port » est payant."
    assert examples.context["preview"] == "Pour Visite de la fonderie du Port."
    assert real.context["preview"] == "Pour Visite des <hauts> fourneaux."
    assert "Pour Visite des &lt;hauts&gt; fourneaux." in real.content.decode()
    preset.refresh_from_db()
    assert (preset.title, preset.text) == ("Tarif annoncé", "« {titre} » est payant.")


@pytest.mark.parametrize("reference", ["SI2019-999999", "'", "x" * 20])
def test_a_preview_of_an_application_that_is_not_there_says_so(reference: str, national: Client) -> None:
    response = national.post(ADD, typed(_preview="1", preview_on=reference))

    assert faults(response) == {"preview_on": ["Aucune demande de votre file ne porte cette référence."]}
    assert "Aucune demande de votre file" in text_of(response)


def test_only_what_served_in_no_decision_is_deleted_and_by_superusers_alone(preset: Preset) -> None:
    delete = reverse("admin:labels_preset_delete", args=[preset.pk])
    superuser = signed_in(User.objects.create_superuser("chef@exemple.gouv.fr", "x"))
    application = factories.application(state=State.SUBMITTED)
    perform(application, Action.RETURN, by=factories.national(), note="Payant.", conditions=["free"], preset=preset)

    statuses = [
        client.post(delete, {"post": "yes"}).status_code for client in (signed_in(factories.national()), superuser)
    ]
    Transition.objects.all().delete()
    superuser.post(delete, {"post": "yes"})

    assert statuses == [403, 403]
    assert not Preset.objects.filter(pk=preset.pk).exists()


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_as_many_queries_whatever_its_length(
    count: int, national: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Preset.objects.all().delete()
    Preset.objects.bulk_create(Preset(title=f"Motif {i}", uses=["return"], text="x") for i in range(count))

    with django_assert_num_queries(6):
        response = national.get(LIST)

    assert len(response.context["cl"].result_list) == count


# Choosing one ---------------------------------------------------------------------------------------------------------


def chooser_of(response: Page, action: Action) -> Any:
    return next(panel.chooser for panel in response.context["panels"] if action in panel.actions)


def form_of(response: Page, action: Action) -> Any:
    return next(panel.form for panel in response.context["panels"] if action in panel.actions)


def test_each_panel_offers_what_is_for_its_decisions(examiner: User, here: Application, preset: Preset) -> None:
    Preset.objects.exclude(pk=preset.pk).delete()
    Preset.objects.create(title="Retiré", uses=["return"], text="x", is_active=False)
    Preset.objects.create(title="Partout", uses=["return", "refuse"], text="x", position=2)
    Preset.objects.create(title="Ailleurs", uses=["revoke"], text="x")

    response = signed_in(examiner).get(page_of(here))

    labels = [label for _, label in chooser_of(response, Action.REFUSE).fields["motif"].choices]
    assert labels == ["Aucun", "Tarif annoncé (renvoi pour correction)", "Partout"]
    assert chooser_of(response, Action.APPROVE) is None


def test_without_a_script_the_page_comes_back_with_the_text_and_the_conditions(
    examiner: User, here: Application, preset: Preset
) -> None:
    filters = "region=28&q=fonderie"
    asked = {"motif": str(preset.pk), "pour": "return", "_changelist_filters": filters}

    response = signed_in(examiner).get(page_of(here), asked)

    content = response.content.decode()
    assert "« Visite de la fonderie » est payant.</textarea>" in content
    assert re.findall(r'name="conditions" value="(\w+)"[^>]* checked', content) == ["free"]
    assert f'name="preset" value="{preset.pk}"' in content
    assert f'<option value="{preset.pk}" selected>' in content
    assert 'name="_changelist_filters" value="region=28&amp;q=fonderie"' in content
    assert f'<form method="get" action="{page_of(here)}#decision"' in content
    assert Transition.objects.filter(application=here).count() == 1


def test_with_a_script_the_texts_are_there_already(examiner: User, here: Application, preset: Preset) -> None:
    content = signed_in(examiner).get(page_of(here)).content.decode()

    found = re.search(r'<script id="texts-return" type="application/json">(.*?)</script>', content)

    assert found
    assert json.loads(found[1])[str(preset.pk)] == {
        "note": "« Visite de la fonderie » est payant.",
        "conditions": ["free"],
    }


@pytest.mark.parametrize("motif", ["0", "-1", "abc", "\0", "9" * 30, "²", "1 OR 1=1"])
def test_a_preset_that_is_not_there_is_said_beside_the_list(motif: str, examiner: User, here: Application) -> None:
    response = signed_in(examiner).get(page_of(here), {"motif": motif, "pour": "return"})

    assert response.status_code == 200
    assert chooser_of(response, Action.RETURN).errors == {
        "motif": ["Ce motif type n’existe pas ou n’est plus proposé."]
    }
    assert form_of(response, Action.RETURN)["note"].value() is None


@pytest.mark.parametrize("panel", ["", "revoke", "inconnue", "\0"])
def test_a_preset_for_no_panel_of_the_page_fills_nothing(
    panel: str, examiner: User, here: Application, preset: Preset
) -> None:
    response = signed_in(examiner).get(page_of(here), {"motif": str(preset.pk), "pour": panel})

    assert response.status_code == 200
    assert form_of(response, Action.RETURN)["note"].value() is None


def test_another_region_is_not_told_through_a_preset(examiner: User, elsewhere: Application, preset: Preset) -> None:
    response = signed_in(examiner).get(page_of(elsewhere), {"motif": str(preset.pk), "pour": "return"})

    assert response.status_code == 404


def test_the_preset_that_a_text_began_as_stays_with_the_decision(
    examiner: User, here: Application, preset: Preset
) -> None:
    client = signed_in(examiner)

    decide(client, here, Action.RETURN, note="Récrit.", conditions=["free"], preset=preset.pk, are_others_met="on")

    decision = Transition.objects.latest("pk")
    assert (decision.preset, decision.note) == (preset, "Récrit.")
    assert decision.answers == {"dates": "met", "audiences": "met", "industry": "met", "free": "not_met"}
    text = text_of(client.get(page_of(here)))
    assert "D’après le motif type « Tarif annoncé »" in text
    assert "Conditions : Dates remplie ; Publics remplie ; Industrie remplie ; Gratuité non remplie" in text


@pytest.mark.parametrize("key", ["0", "abc", "\0", "9" * 30, "²"])
def test_a_preset_gone_meanwhile_stops_no_decision(key: str, examiner: User, here: Application) -> None:
    decide(signed_in(examiner), here, Action.REFUSE, note="Payant.", conditions=["free"], preset=key)

    assert state_of(here) == State.REFUSED
    assert Transition.objects.latest("pk").preset is None


def test_a_preset_for_another_decision_is_not_told_as_the_origin_of_this_one(
    examiner: User, here: Application, preset: Preset
) -> None:
    decide(signed_in(examiner), here, Action.REFUSE, note="Payant.", conditions=["free"], preset=preset.pk)

    assert state_of(here) == State.REFUSED
    assert Transition.objects.latest("pk").preset is None
