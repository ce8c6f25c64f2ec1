"""The first step: an organisation by its number, the directory that fills it, and who already has that number."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts import companies
from accounts.models import Membership, Organisation, User
from core import limits
from core.outbox import Mail
from labels import organisations
from labels.forms.fields import NumberField, is_uai
from labels.models import Action, Application, State
from labels.workflow import StaleError, perform
from tests import factories
from tests.directory import SIRET, UAI, found
from tests.labels import answers
from tests.outside import OutsideService

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forgive() -> None:
    companies.service.forgive()


@pytest.fixture
def user() -> User:
    return factories.organiser(name="Camille Martin")


@pytest.fixture
def draft(client: Client, user: User) -> Application:
    return answers.begun(client, user)


def send(client: Client, draft: Application, **changes: Any) -> Any:
    data = {**answers.ORGANISATION, **changes, "action": "continue"}
    return client.post(f"/organisateurs/demandes/{draft.reference}/organisme/", data)


def chosen(draft: Application) -> Organisation:
    organisation = Application.objects.get(pk=draft.pk).event.organisation
    assert organisation is not None
    return organisation


def said(client: Client) -> list[str]:
    return [str(message) for message in client.get("/organisateurs/").context["messages"]]


# Numbers


@pytest.mark.parametrize("number", ["0750655E", "0750654D", "0750699C"])
def test_the_letter_of_an_uai_is_checked(number: str) -> None:
    assert is_uai(number)
    assert not is_uai(number[:7] + "Z")
    assert NumberField().clean(f" {number[:3]} {number[3:].lower()} ") == number


@pytest.mark.parametrize("typed", ["0750655F", "075065E", "07506555", "0750655I", "\u0660750655E", "0750655E\x00"])
def test_what_is_no_number_is_refused_beside_its_field(client: Client, draft: Application, typed: str) -> None:
    response = send(client, draft, siret=typed)

    assert response.status_code == 200
    assert [flaw.anchor for flaw in response.context["flaws"]] == ["id_siret"]
    assert chosen(draft).uai == ""


def test_a_school_is_known_by_its_uai_or_by_its_name(client: Client, draft: Application) -> None:
    response = send(client, draft, siret=UAI.lower(), kind="etablissement-scolaire", name="Lycée Louis-le-Grand")

    assert response.status_code == 303
    assert (chosen(draft).uai, chosen(draft).siret) == (UAI, "")
    page = client.get(f"/organisateurs/demandes/{draft.reference}/organisme/")
    assert page.context["form"]["siret"].value() == UAI


def test_the_page_asks_seven_questions_at_most(client: Client, draft: Application, user: User) -> None:
    factories.organisation(member=user)
    page = client.get(f"/organisateurs/demandes/{draft.reference}/organisme/")

    assert len(page.context["form"].visible_fields()) == 7


def test_what_is_saved_while_another_organisation_is_typed_makes_one_of_it(
    client: Client, draft: Application, user: User
) -> None:
    factories.organisation(member=user, name="La première")
    new = {"organisation": "nouvelle", "action": "autosave"}
    path = f"/organisateurs/demandes/{draft.reference}/organisme/"
    first = client.post(path, {**new, "name": "Chaudronerie"})
    begun = first.context["form"]["begun"].value()
    client.post(path, {**new, "begun": begun, "name": "Chaudronnerie", "siret": SIRET})

    assert sorted(user.organisations.values_list("name", "siret")) == [("Chaudronnerie", SIRET), ("La première", "")]
    assert chosen(draft).name == "Chaudronnerie"


# The directory


def test_a_number_alone_fills_the_name_the_kind_and_the_address(
    client: Client, draft: Application, directory: OutsideService
) -> None:
    response = send(client, draft, name="", kind="")

    assert response.status_code == 303
    organisation = chosen(draft)
    assert (organisation.name, organisation.kind) == ("Fonderie du Port", "entreprise")
    assert organisation.full_address == "12 Rue des Docks, 76600 Le Havre"
    assert organisation.checked_at is not None


def test_what_was_typed_is_never_overwritten(client: Client, draft: Application, directory: OutsideService) -> None:
    send(client, draft, name="La Fonderie", kind="association")

    assert (chosen(draft).name, chosen(draft).kind) == ("La Fonderie", "association")
    assert chosen(draft).address == "12 Rue des Docks"


def test_the_directory_is_asked_once_for_an_organisation(
    client: Client, draft: Application, directory: OutsideService
) -> None:
    send(client, draft)
    directory.answer = found(row={"adresse": "ailleurs 76600 LE HAVRE"})
    send(client, draft, name="Fonderie du Grand Port")

    assert len(directory.queries) == 1
    assert chosen(draft).address == "12 Rue des Docks"


def test_another_number_has_another_address(client: Client, draft: Application, directory: OutsideService) -> None:
    send(client, draft)
    directory.answer = {"results": []}
    send(client, draft, siret="35600000049837")

    assert (chosen(draft).siret, chosen(draft).address, chosen(draft).commune) == ("35600000049837", "", None)
    assert Organisation.objects.count() == 1


def test_a_closed_establishment_is_told_and_blocks_nothing(
    client: Client, draft: Application, directory: OutsideService
) -> None:
    directory.answer = found(row={"etat_administratif": "F"})
    response = send(client, draft)

    assert response.status_code == 303
    assert said(client) == [
        "Cet établissement est fermé d’après l’annuaire des entreprises\u00a0: vérifiez son numéro."
    ]


@pytest.mark.fault
@pytest.mark.parametrize(
    "broken",
    [
        {"delay": 30},
        {"drip": 0.3},
        {"status": 429},
        {"status": 500},
        {"body": b"<html>"},
        {"answer": {"results": []}},
        {"answer": found(row={"siret": "35600000049837"})},
    ],
    ids=["hangs", "dribbles", "429", "500", "html", "empty", "other siret"],
)
def test_a_directory_that_is_no_help_costs_two_seconds_at_most_and_loses_nothing(
    client: Client, draft: Application, directory: OutsideService, broken: dict[str, Any]
) -> None:
    for name, value in broken.items():
        setattr(directory, name, value)

    response = send(client, draft, kind="")

    # One question, of two seconds at most (tests/core/test_calls.py), whose answer is not waited for when it dawdles.
    dawdles = broken.keys() & {"delay", "drip"}
    assert (len(directory.queries), directory.answered) == (1, 0 if dawdles else 1)
    assert [flaw.anchor for flaw in response.context["flaws"]] == ["id_kind"]
    assert (chosen(draft).name, chosen(draft).siret, chosen(draft).address) == ("Fonderie du Port", SIRET, "")


# An organisation that is known already


@pytest.fixture
def known(user: User) -> Organisation:
    """Somebody else's, with the number that the answers hold."""
    return factories.organisation(member=factories.organiser(name="Zoé Responsable"), name="Fonderie", siret=SIRET)


def test_who_types_a_known_number_applies_in_its_name_without_belonging_to_it(
    client: Client, known: Organisation, draft: Application, user: User
) -> None:
    response = send(client, draft, name="Pris", kind="", website="https://pris.example")

    assert response.status_code == 303
    assert chosen(draft) == known
    known.refresh_from_db()
    assert (known.name, known.website, known.memberships.count()) == ("Fonderie", "", 1)
    assert Organisation.objects.count() == 1
    assert [message.partition("\u00a0: ")[0] for message in said(client)] == [
        "«\u00a0Fonderie\u00a0» est déjà enregistré avec ce numéro"
    ]


def test_who_applies_without_belonging_sees_their_own_applications_alone(
    client: Client, known: Organisation, draft: Application, user: User
) -> None:
    factories.application(by=known.members.get(), organisation=known)
    send(client, draft)

    assert list(Application.objects.of(user)) == [draft]
    assert client.get(f"/organisateurs/organismes/{known.pk}/").status_code == 404


def test_its_identity_is_shown_locked_and_another_can_be_chosen(
    client: Client, known: Organisation, draft: Application
) -> None:
    send(client, draft)
    page = client.get(f"/organisateurs/demandes/{draft.reference}/organisme/").content.decode()
    send(client, draft, organisation=str(known.pk), name="Pris", siret="")
    locked = chosen(draft)
    send(client, draft, organisation="nouvelle", name="Une autre", siret="")

    assert "Vous ne voyez que vos propres demandes." in page
    assert (locked, locked.name) == (known, "Fonderie")
    assert chosen(draft).name == "Une autre"


def test_its_owners_are_told_once_for_each_person(
    client: Client, known: Organisation, draft: Application, user: User
) -> None:
    factories.organisation(member=known.members.get(), name="Autre")
    Membership.objects.create(user=factories.organiser(), organisation=known, role=Membership.Role.MEMBER)
    send(client, draft)
    send(client, draft, organisation="nouvelle", siret="", name="Une autre")
    send(client, draft, organisation="nouvelle")

    assert chosen(draft) == known
    (mail,) = Mail.objects.all()
    assert mail.to == known.owners.get().email
    assert mail.subject == "Une demande a été commencée pour Fonderie"
    assert "Camille Martin" in mail.text and f"/organisateurs/organismes/{known.pk}/" in mail.text


def test_an_owner_whose_account_is_closed_is_not_written_to_and_nobody_takes_their_place(
    client: Client, known: Organisation, draft: Application, user: User
) -> None:
    User.objects.filter(memberships__organisation=known).update(is_active=False)

    send(client, draft)

    assert chosen(draft) == known
    assert not Mail.objects.exists() and not known.memberships.filter(user=user).exists()


def test_one_person_does_not_have_the_owners_of_many_organisations_written_to(
    client: Client, known: Organisation, draft: Application, user: User
) -> None:
    for _ in range(20):
        limits.is_exceeded_for(user.pk, "applicants", most=20, seconds=60)

    response = send(client, draft, contact_name="Camille Durand")

    assert [flaw.anchor for flaw in response.context["flaws"]] == ["id_siret"]
    assert "beaucoup d’organismes dont vous n’êtes pas membre" in response.content.decode()
    kept = Application.objects.get(pk=draft.pk)
    assert (kept.event.organisation, kept.contact_name, Mail.objects.count()) == (None, "Camille Durand", 0)
    send(client, draft, siret="", name="La mienne")
    assert chosen(draft).name == "La mienne"


def test_what_was_begun_under_a_name_goes_when_its_number_turns_out_known(
    client: Client, known: Organisation, draft: Application
) -> None:
    send(client, draft, siret="", name="Fonderie bis")
    send(client, draft, name="Fonderie bis")

    assert chosen(draft) == known
    assert list(Organisation.objects.all()) == [known]


def test_an_organisation_that_is_shared_stays_when_its_number_turns_out_known(
    client: Client, known: Organisation, draft: Application
) -> None:
    send(client, draft, siret="", name="Fonderie bis")
    mine = chosen(draft)
    Membership.objects.create(user=factories.organiser(), organisation=mine)
    send(client, draft)

    assert chosen(draft) == known
    assert set(Organisation.objects.all()) == {known, mine}


def test_an_organisation_that_nobody_answers_for_takes_who_applies(
    client: Client, known: Organisation, draft: Application, user: User
) -> None:
    known.memberships.all().delete()
    send(client, draft)

    assert [(item.user, item.role) for item in known.memberships.all()] == [(user, "owner")]
    assert not Mail.objects.exists()


def test_an_application_in_the_name_of_others_can_be_sent(client: Client, known: Organisation, user: User) -> None:
    draft = answers.filled(client, user)
    client.post(f"/organisateurs/demandes/{draft.reference}/verification/", _signed(client, draft))

    assert chosen(draft) == known
    assert Application.objects.get(pk=draft.pk).state == State.SUBMITTED


def _signed(client: Client, draft: Application) -> dict[str, str]:
    page = client.get(f"/organisateurs/demandes/{draft.reference}/verification/")
    return {"version": str(page.context["form"]["version"].value()), "is_sworn": "on"}


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_send_one_number_at_once_the_second_finds_that_of_the_first() -> None:
    users = [factories.organiser() for _ in range(2)]
    both = threading.Barrier(2)
    made: list[Organisation | None] = []
    identity = {"name": "Fonderie", "kind": "entreprise", "siret": SIRET, "uai": ""}

    def make(user: User) -> None:
        both.wait()
        made.append(organisations.make(user, identity))
        connection.close()

    threads = [threading.Thread(target=make, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    organisation = Organisation.objects.get()
    assert made == [organisation, organisation]
    assert organisation.memberships.count() == 1


# The end point of the page


def ask(client: Client, number: str) -> Any:
    return client.get("/organisateurs/organismes/siret.json", {"siret": number})


def test_the_page_is_told_what_the_directory_knows(client: Client, user: User, directory: OutsideService) -> None:
    factories.commune()
    client.force_login(user)
    answer = ask(client, "552 081 317 66522")

    assert answer.json() == {
        "establishment": {
            "name": "Fonderie du Port",
            "kind": "entreprise",
            "address": "12 Rue des Docks, Le Havre (76600)",
            "is_closed": False,
        },
        "registered": None,
    }
    assert "no-store" in answer["Cache-Control"]


def test_a_directory_that_is_away_is_no_failure(client: Client, user: User, directory: OutsideService) -> None:
    client.force_login(user)
    directory.status = 500

    assert (ask(client, SIRET).status_code, ask(client, SIRET).json()) == (
        200,
        {"establishment": None, "registered": None},
    )


def test_a_number_that_others_have_is_told(client: Client, known: Organisation, user: User) -> None:
    client.force_login(user)
    stranger = ask(client, SIRET).json()
    client.force_login(known.members.get())

    assert (stranger["registered"], ask(client, SIRET).json()["registered"]) == ("Fonderie", None)


@pytest.mark.parametrize("number", ["", "55208131766523", "55208131766522?x=1", "\x00", "9" * 5000])
def test_a_broken_number_is_not_asked_for(client: Client, user: User, directory: OutsideService, number: str) -> None:
    client.force_login(user)
    answer = ask(client, number)

    assert answer.status_code == 400
    assert len(answer.json()["errors"]["siret"]) == 1
    assert directory.queries == []


def test_the_end_point_is_for_organisers_and_not_for_harvesters(
    client: Client, user: User, directory: OutsideService
) -> None:
    assert ask(client, SIRET).status_code == 302
    client.force_login(user)
    statuses = [ask(client, SIRET).status_code for _ in range(61)]

    assert statuses == [200] * 60 + [429]


@pytest.mark.parametrize(("has_events_of_others", "members"), [(False, 1), (True, 0)])
def test_nobody_gains_the_events_of_others_by_typing_the_number_of_an_organisation_left_alone(
    has_events_of_others: bool, members: int
) -> None:
    organisation = factories.organisation(siret="55208131766522")
    if has_events_of_others:
        factories.application(state=State.APPROVED, organisation=organisation)
    newcomer = factories.organiser()
    draft = factories.application(by=newcomer, organisation=organisation)
    organisation.memberships.all().delete()

    organisations.apply_for(organisation, draft, newcomer)

    assert organisation.memberships.count() == members


# An organisation whose applications are examined


@pytest.fixture
def examined(client: Client, user: User) -> Application:
    application = answers.filled(client, user)
    perform(application, Action.SUBMIT, by=user)
    return application


def of_the_same(application: Application, **fields: Any) -> Application:
    return factories.application(by=application.created_by, organisation=application.event.organisation, **fields)


def rename(client: Client, application: Application) -> Any:
    organisation = {"organisation": str(application.event.organisation_id), "name": "Casino en ligne", "siret": ""}
    return send(client, application, **organisation)


def test_a_draft_does_not_change_the_organisation_of_an_application_that_is_examined(
    client: Client, examined: Application
) -> None:
    draft = of_the_same(examined)

    rename(client, draft)

    assert (chosen(examined).name, chosen(examined).siret) == ("Fonderie du Port", SIRET)
    page = client.get(answers.address(draft, "organisme/")).content.decode().replace("\xa0", " ")
    assert "Des événements labellisés ou à instruire portent ce nom : il ne se change plus ici." in page


def test_what_was_returned_corrects_its_organisation_and_the_others_of_it_are_read_again(
    client: Client, examined: Application
) -> None:
    examiner = factories.national()
    seen = Application.objects.get(pk=examined.pk)
    returned = of_the_same(examined, state=State.RETURNED)

    rename(client, returned)

    assert (chosen(examined).name, chosen(examined).siret) == ("Casino en ligne", "")
    with pytest.raises(StaleError):
        perform(seen, Action.APPROVE, by=examiner)
    perform(Application.objects.get(pk=examined.pk), Action.APPROVE, by=examiner)


def test_an_organisation_that_is_said_again_as_it_is_makes_nobody_read_again(
    client: Client, examined: Application
) -> None:
    seen = Application.objects.get(pk=examined.pk)
    returned = of_the_same(examined, state=State.RETURNED)

    send(client, returned, organisation=str(examined.event.organisation_id))

    assert Application.objects.get(pk=examined.pk).version == seen.version
