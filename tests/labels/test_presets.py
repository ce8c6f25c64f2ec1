"""The reasons that examiners choose from: what their placeholders become, and what is none."""

import importlib
from datetime import timedelta

import pytest
from django.db.models import ProtectedError

from labels import presets
from labels.models import Action, Application, Condition, Preset, State
from labels.presets import PLACEHOLDERS, Subject, has_lone_brace, render, render_text, unknown
from labels.workflow import perform
from tests import factories

pytestmark = pytest.mark.django_db

FIRST = importlib.import_module("labels.migrations.0009_first_presets").FIRST


@pytest.fixture
def application() -> Application:
    return factories.application(state=State.SUBMITTED, title="Visite {prix} de {0.__class__}")


def preset(text: str = "Payant.", **fields: object) -> Preset:
    return Preset.objects.create(**{"title": "Essai", "uses": ["return"], "text": text, **fields})


def test_each_placeholder_becomes_words_about_the_application(application: Application) -> None:
    edition = application.event.edition

    words = {name: render_text(f"{{{name}}}", Subject(application)) for name in PLACEHOLDERS}

    assert "" not in words.values()
    assert words["titre"] == "Visite {prix} de {0.__class__}"
    assert words["organisateur"] == str(application.event.organisation)
    assert words["reference"] == application.reference
    assert words["edition"] == str(edition.year)
    assert words["prix"] == "0,00\N{NO-BREAK SPACE}€"
    assert words["publics"].startswith("scolaires, jeunes, étudiants")
    assert words["premier_jour"].endswith(str(edition.week_starts_on.year))
    assert words["semaine"].startswith("du ")


def test_what_was_never_declared_is_said_in_words() -> None:
    application = factories.application(title="", price=None)
    application.event.slots.all().delete()
    application.event.organisation = None

    words = render_text("{titre}, {organisateur}, {premier_jour}, {prix}", Subject(application))

    assert words == "Événement sans titre, organisateur non indiqué, jour non indiqué, non indiqué"


def test_nothing_that_stands_in_braces_is_run(application: Application) -> None:
    text = "{titre.__class__} {0} {} {{ settings }} {titre!r} { titre } {% now %} {titre"

    words = render(preset(text), application)

    assert words == text


def test_what_is_unknown_is_named_once_in_the_order_of_the_text() -> None:
    assert unknown("{titre} {prenom} {nom} {prenom} {TITRE} { titre } {}") == ["prenom", "nom", "TITRE", " titre ", ""]
    assert unknown("Le {titre} du {premier_jour}") == []


@pytest.mark.parametrize(
    ("text", "expected"), [("{titre}", False), ("{titre", True), ("titre}", True), ("{{titre}}", True), ("", False)]
)
def test_a_brace_without_its_fellow_is_noticed(text: str, expected: bool) -> None:
    assert has_lone_brace(text) is expected


def test_a_change_that_is_declined_is_told_as_it_was_asked_for() -> None:
    owner = factories.organiser()
    application = factories.application(state=State.APPROVED, by=owner)
    perform(application, Action.REVISE, by=owner, changes={"title": "Visite de nuit"})

    told = [render(preset("{titre}", title=str(action)), application, action) for action in (Action.DECLINE, None)]

    assert told == ["Visite de nuit", "Visite de la fonderie"]


@pytest.mark.parametrize(("title", "uses", "conditions", "text"), FIRST, ids=[row[0] for row in FIRST])
def test_each_first_preset_is_fit_to_be_sent(
    title: str, uses: list[str], conditions: list[str], text: str, application: Application
) -> None:
    stored = Preset.objects.get(title=title)

    words = render(stored, application)

    assert (stored.uses, stored.conditions, stored.is_active) == (uses, conditions, True)
    assert set(uses) <= set(Preset.Use.values) and set(conditions) <= set(Condition.values)
    assert unknown(text) == [] and not has_lone_brace(text)
    assert len(words) < 1500


def test_every_decision_with_a_reason_and_every_condition_has_a_first_preset() -> None:
    stored = list(Preset.objects.all())

    assert {use for item in stored for use in item.uses} == set(Preset.Use.values)
    assert {condition for item in stored for condition in item.conditions} == set(Condition.values)


def test_a_preset_is_not_deleted_from_under_the_decision_that_came_from_it(application: Application) -> None:
    chosen = preset()
    transition = perform(
        application, Action.RETURN, by=factories.national(), note="x", conditions=["free"], preset=chosen
    )

    with pytest.raises(ProtectedError):
        chosen.delete()
    assert transition.preset == chosen


def test_the_clock_of_the_deadline_is_that_of_paris(application: Application) -> None:
    edition = application.event.edition
    edition.applications_close_at = edition.applications_close_at.replace(month=7, day=1, hour=22, minute=0)
    edition.applications_close_at += timedelta(minutes=5)

    assert presets.render_text("{date_limite_depot}", Subject(application)).startswith("2 juillet")
