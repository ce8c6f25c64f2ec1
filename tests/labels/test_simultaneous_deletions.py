"""What is chosen goes at that very moment: nobody meets a failure, and nothing is left half done."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import members
from accounts.models import Membership, Organisation, User
from events import changes as event_changes
from events.admin.edition_form import EditionForm
from events.models import Audience, Edition, Event, Format, Level, ListItem, Sector
from labels import organisations
from labels.admin.decisions import DecisionForm
from labels.admin.organisations import JoinForm, OrganisationAdmin
from labels.forms import StepForm
from labels.models import Action, Application, Preset, State, Transition
from labels.workflow import MoveRefused, perform
from tests import factories
from tests.labels import answers
from tests.labels.admin.desk import decide, state_of, text_of
from tests.parallel import SignIn, at_once, once_before, posting

ROUNDS = 3
GONE = "vient d’être supprimé des listes du portail"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner() -> User:
    return factories.organiser()


@pytest.fixture
def draft(client: Client, owner: User) -> Application:
    return answers.begun(client, owner)


@pytest.fixture
def superuser() -> User:
    return User.objects.create_superuser("chef@exemple.gouv.fr")


def signed(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def entry(model: type[ListItem]) -> Any:
    return model._default_manager.create(slug="ephemere", label="Éphémère")


def deletion(item: ListItem | Preset) -> str:
    return reverse(f"admin:{item._meta.label_lower.replace('.', '_')}_delete", args=[item.pk])


def errors_of(response: Any) -> dict[str, list[str]]:
    return {name: list(map(str, errors)) for name, errors in response.context["form"].errors.items()}


# An entry of a list ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "typed"),
    [
        (Format, {"format": "ephemere"}),
        (Sector, {"sectors": ["metallurgie", "ephemere"]}),
        (Audience, {"audiences": ["jeunes", "ephemere"]}),
        (Level, {"levels": ["ephemere"]}),
    ],
)
def test_an_entry_deleted_while_it_is_chosen_is_said_beside_its_field_and_the_rest_is_kept(
    model: type[ListItem], typed: dict[str, Any], client: Client, draft: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    once_before(monkeypatch, StepForm, "look_up", entry(model).delete)
    page = "evenement" if model in {Format, Sector} else "publics"

    response = answers.send(client, draft, page, title="Visite de nuit", minimum_age="12", **typed)

    event = Application.objects.get(pk=draft.pk).event
    assert response.status_code == 200
    assert errors_of(response).keys() == typed.keys()
    assert (event.title, event.minimum_age) in {("Visite de nuit", None), ("", 12)}


def test_of_a_choice_and_a_deletion_sent_together_neither_fails(
    signed_in: SignIn, owner: User, superuser: User
) -> None:
    organiser, chief = signed_in(owner), signed_in(superuser)
    for round_ in range(ROUNDS):
        application = factories.application(by=owner, title=f"Visite {round_}")
        item = entry(Sector)
        step = reverse("labels:step", args=[application.reference, "evenement"])

        chosen, deleted = at_once(
            posting(organiser, step, **{**answers.EVENT, "title": "Visite de nuit", "sectors": ["ephemere"]}),
            posting(chief, deletion(item), post="yes"),
        )

        is_there = Sector.objects.filter(pk=item.pk).exists()
        event = Event.objects.get(pk=application.event_id)
        assert (chosen.status_code, deleted.status_code) == (303 if is_there else 200, deleted.status_code)
        assert deleted.status_code in ({302, 403} if is_there else {302})
        assert event.title == "Visite de nuit"
        assert event.sectors.filter(pk=item.pk).exists() == is_there
        event.sectors.clear()
        Sector.objects.filter(pk=item.pk).delete()


def test_a_change_of_a_labelled_event_that_names_a_deleted_entry_is_refused_whole(owner: User) -> None:
    application = factories.application(state=State.APPROVED, by=owner)
    before = event_changes.snapshot(application.event)

    for changes in ({"format": "ephemere", "purpose": "Autre."}, {"sectors": ["ephemere"]}):
        with pytest.raises(MoveRefused, match=GONE):
            perform(Application.objects.get(pk=application.pk), Action.EDIT, by=owner, changes=changes)

    assert event_changes.snapshot(Event.objects.get(pk=application.event_id)) == before
    assert not Transition.objects.filter(action=Action.EDIT).exists()


def test_an_entry_deleted_while_a_change_of_a_labelled_event_is_written_refuses_it(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = factories.application(state=State.APPROVED, by=owner)
    item = entry(Format)
    # Deleted once the change has looked for it: the database alone notices.
    once_before(monkeypatch, event_changes, "apply", lambda: Format.objects.filter(pk=item.pk).delete())
    monkeypatch.setitem(event_changes._WRITERS, "format", lambda event, slug: setattr(event, "format_id", item.pk))

    with pytest.raises(MoveRefused, match=GONE):
        perform(application, Action.EDIT, by=owner, changes={"format": "ephemere"})

    assert Event.objects.get(pk=application.event_id).format == Format.objects.get(slug="visite-entreprise")


def test_a_wish_for_an_entry_that_went_is_not_accepted_half(owner: User) -> None:
    application = factories.application(state=State.APPROVED, by=owner)
    item = entry(Audience)
    perform(application, Action.REVISE, by=owner, changes={"audiences": ["ephemere", "grand-public"]})
    item.delete()

    with pytest.raises(MoveRefused, match=GONE):
        perform(Application.objects.get(pk=application.pk), Action.ACCEPT, by=factories.national())

    event = Event.objects.get(pk=application.event_id)
    assert sorted(event.audiences.values_list("slug", flat=True)) == ["grand-public", "scolaires"]


def test_an_entry_of_a_correction_that_waits_for_a_yes_is_in_use(superuser: User, owner: User) -> None:
    application = factories.application(state=State.SUBMITTED, by=owner)
    item = entry(Format)
    asked: dict[str, Any] = {"note": "Le format.", "conditions": ["industry"], "changes": {"format": "ephemere"}}
    perform(application, Action.RETURN, by=factories.national(), **asked)

    response = signed(superuser).post(deletion(item), {"post": "yes"})

    assert response.status_code == 403
    assert Format.objects.filter(pk=item.pk).exists()


def test_an_audience_is_not_deleted_between_the_reading_and_the_writing_of_an_edition(
    superuser: User, signed_in: SignIn
) -> None:
    """Through a server: the edition's form holds the audiences until it is written."""
    chief, other = signed_in(superuser), signed_in(superuser)
    edition = factories.edition(2031)
    for _ in range(ROUNDS):
        item = entry(Audience)
        data = edition_data(edition, item)
        address = reverse("admin:events_edition_change", args=[edition.pk])
        page = chief.post(address, data=data).text
        data["_confirmed"] = page.split('name="_confirmed" value="')[1].split('"')[0]

        written, deleted = at_once(posting(chief, address, **data), posting(other, deletion(item), post="yes"))

        is_there = Audience.objects.filter(pk=item.pk).exists()
        assert written.status_code == (302 if is_there else 200)
        assert deleted.status_code in {302, 403}
        assert edition.audiences.filter(pk=item.pk).exists() == is_there
        edition.audiences.clear()
        Audience.objects.filter(pk=item.pk).delete()


def edition_data(edition: Edition, audience: Audience) -> dict[str, Any]:
    form = EditionForm(instance=edition)
    initial = {name: form[name].value() for name in form.fields}
    shown = {name: form[name].field.widget.format_value(value) for name, value in initial.items() if name[-3:] == "_on"}
    instants = {
        name: form[name].field.widget.format_value(value) for name, value in initial.items() if name[-3:] == "_at"
    }
    plain = {name: initial[name] or "" for name in ("number", "year", "theme", "participants")}
    return {**plain, **shown, **instants, "audiences": [audience.pk], "is_published": "on"}


def test_a_renaming_of_an_entry_deleted_meanwhile_finds_nothing(
    superuser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from events.admin.lists import ListItemAdmin

    item = entry(Level)
    address = reverse("admin:events_level_change", args=[item.pk])
    once_before(monkeypatch, ListItemAdmin, "save_model", Level.objects.filter(pk=item.pk).delete)

    response = signed(superuser).post(address, {"label": "Autre", "position": "1"})

    assert response.status_code == 404
    assert not Level.objects.filter(label="Autre").exists()


# A preset -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def preset() -> Preset:
    return Preset.objects.create(title="Tarif annoncé", uses=["refuse"], conditions=["free"], text="Payant.")


def test_a_preset_deleted_while_it_serves_stops_no_decision(
    superuser: User, preset: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = factories.application(state=State.SUBMITTED)
    once_before(monkeypatch, DecisionForm, "require_reason", Preset.objects.filter(pk=preset.pk).delete)

    response = decide(
        signed(superuser), application, Action.REFUSE, note="Payant.", conditions=["free"], preset=preset.pk
    )

    assert response.status_code == 302
    assert state_of(application) == State.REFUSED
    assert Transition.objects.latest("pk").preset is None


def test_a_preset_that_serves_while_it_is_deleted_stays(
    superuser: User, preset: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    from labels.admin.presets import PresetAdmin

    application = factories.application(state=State.SUBMITTED)
    reason: dict[str, Any] = {"note": "Payant.", "conditions": ["free"], "preset": preset}
    refuse = partial(perform, application, Action.REFUSE, by=factories.national(), **reason)
    once_before(monkeypatch, PresetAdmin, "delete_model", refuse)

    response = signed(superuser).post(deletion(preset), {"post": "yes"}, follow=True)

    assert "Une décision vient d’être prise avec ce motif type" in text_of(response).replace("\u00a0", " ")
    assert Preset.objects.filter(pk=preset.pk).exists()


def test_of_a_decision_and_the_deletion_of_its_preset_neither_fails(signed_in: SignIn, superuser: User) -> None:
    examiner, chief = signed_in(factories.national()), signed_in(superuser)
    owner = factories.organiser()
    for round_ in range(ROUNDS):
        application = factories.application(state=State.SUBMITTED, by=owner, title=f"Visite {round_}")
        preset = Preset.objects.create(title=f"Motif {round_}", uses=["refuse"], text="Payant.")
        decision = reverse("admin:labels_application_decision", args=[application.pk])
        reason = {"note": "Payant.", "conditions": "free", "preset": preset.pk}

        decided, deleted = at_once(
            posting(examiner, decision, action="refuse", version=application.version, **reason),
            posting(chief, deletion(preset), post="yes"),
        )

        assert decided.status_code == 302
        assert deleted.status_code in {302, 403}
        is_there = Preset.objects.filter(pk=preset.pk).exists()
        assert Transition.objects.latest("pk").preset == (preset if is_there else None)


# An organisation joined to another ------------------------------------------------------------------------------------


@pytest.fixture
def pair(owner: User) -> tuple[Organisation, Organisation]:
    return factories.organisation(name="Fonderie du Port"), factories.organisation(name="FONDERIE", member=owner)


def joining(kept: Organisation, other: Organisation) -> Callable[[], None]:
    return lambda: organisations.join(kept, Organisation.objects.filter(pk=other.pk))


def joined(chief: Any, kept: Organisation, other: Organisation) -> Any:
    address = reverse("admin:accounts_organisation_join")
    return posting(chief, address, kept=kept.pk, joined=[kept.pk, other.pk])


def test_an_organisation_joined_while_it_is_chosen_is_to_be_chosen_again(
    client: Client, draft: Application, pair: tuple[Organisation, Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    once_before(monkeypatch, StepForm, "look_up", joining(*pair))

    response = answers.send(client, draft, "organisme", organisation=str(pair[1].pk), contact_name="Camille")

    assert errors_of(response) == {
        "organisation": ["Choisissez un de vos organismes, ou «\u00a0Un autre organisme\u00a0»."]
    }
    assert f'value="{pair[0].pk}"' in response.content.decode()
    stored = Application.objects.get(pk=draft.pk)
    assert (stored.contact_name, stored.event.organisation) == ("Camille", None)


def test_an_application_in_the_name_of_one_that_is_joined_meanwhile_goes_along(
    client: Client, owner: User, pair: tuple[Organisation, Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, other = pair
    application = factories.application(by=owner, organisation=other)
    client.force_login(owner)
    once_before(monkeypatch, StepForm, "look_up", joining(kept, other))

    typed = {"organisation": str(other.pk), "name": "Fonderie d’ici", "kind": "entreprise", "contact_name": "Camille"}
    response = answers.send(client, application, "organisme", **typed)

    assert response.status_code == 200
    assert Event.objects.get(pk=application.event_id).organisation == kept
    assert Application.objects.get(pk=application.pk).contact_name == "Camille"


def test_of_a_save_and_a_joining_sent_together_neither_fails(signed_in: SignIn, owner: User, superuser: User) -> None:
    organiser, chief = signed_in(owner), signed_in(superuser)
    for round_ in range(ROUNDS):
        application = factories.application(by=owner, title=f"Visite {round_}")
        kept, other = factories.organisation(), factories.organisation(member=owner)
        step = reverse("labels:step", args=[application.reference, "organisme"])
        typed = {"organisation": other.pk, "contact_name": "Camille", "name": "Fonderie", "kind": "entreprise"}

        saved, put = at_once(posting(organiser, step, **typed), joined(chief, kept, other))

        assert saved.status_code in {200, 303}
        assert put.status_code == 302
        event = Event.objects.get(pk=application.event_id)
        assert not Organisation.objects.filter(pk=other.pk).exists()
        assert (event.organisation == kept) == (saved.status_code == 303)


def test_two_joinings_of_the_same_make_one(signed_in: SignIn, superuser: User) -> None:
    chiefs = signed_in(superuser), signed_in(superuser)
    for _ in range(ROUNDS):
        one, two = factories.organisation(), factories.organisation()

        answered = at_once(joined(chiefs[0], one, two), joined(chiefs[1], two, one))

        assert sorted(answer.status_code for answer in answered) == [302, 400]
        assert Organisation.objects.filter(pk__in=[one.pk, two.pk]).count() == 1


@pytest.mark.parametrize("moment", [(JoinForm, "clean_kept"), (OrganisationAdmin, "_join")])
def test_a_joining_of_what_is_joined_meanwhile_is_refused(
    client: Client,
    superuser: User,
    pair: tuple[Organisation, Organisation],
    moment: tuple[type, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.force_login(superuser)
    once_before(monkeypatch, *moment, joining(*pair))

    response = joined(client, pair[1], pair[0])()

    assert response.status_code == 400
    assert list(Organisation.objects.filter(pk__in=[item.pk for item in pair])) == [pair[0]]


def test_an_invitation_accepted_while_its_organisation_is_joined_opens_the_one_that_stays(
    client: Client, owner: User, pair: tuple[Organisation, Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    from accounts import invitations

    kept, other = pair
    invitation = invitations.send(other, "colette@exemple.fr", "member", owner)
    client.force_login(factories.organiser(email="colette@exemple.fr"))
    once_before(monkeypatch, members, "hold", joining(kept, other))

    response = client.post(reverse("labels:invitation", args=[invitations.token_of(invitation)]))

    assert response["Location"] == reverse("labels:organisation", args=[kept.pk])
    assert Membership.objects.filter(organisation=kept, user__email="colette@exemple.fr").exists()


def test_an_invitation_cancelled_while_it_is_accepted_is_over(
    client: Client, owner: User, pair: tuple[Organisation, Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    from accounts import invitations

    invitation = invitations.send(pair[1], "colette@exemple.fr", "member", owner)
    client.force_login(factories.organiser(email="colette@exemple.fr"))
    once_before(monkeypatch, invitations, "accept", pair[1].invitations.all().delete)

    response = client.post(reverse("labels:invitation", args=[invitations.token_of(invitation)]))

    assert response.status_code == 410
    assert not Membership.objects.filter(user__email="colette@exemple.fr").exists()
