"""The five steps as an organiser walks them, without any script."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Organisation, User
from core.outbox import Mail
from events.models import Format
from labels.models import Application, State
from tests import bad_input, factories
from tests.labels import answers
from tests.labels.answers import address, anchors, fresh, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return factories.organiser(name="Camille Martin")


@pytest.fixture
def draft(client: Client, user: User) -> Application:
    return answers.begun(client, user)


def outcomes(response: Any) -> dict[str, str]:
    return {reading.label: reading.finding.outcome.value for reading in response.context["readings"]}


# The whole way


def test_an_organiser_goes_from_nothing_to_a_submitted_application(client: Client, user: User) -> None:
    draft = answers.begun(client, user)
    expected = ["evenement/", "dates-et-lieu/", "publics/", "verification/"]

    for step, following in zip(answers.STEPS, expected, strict=True):
        response = send(client, draft, step)
        assert (response.status_code, response.headers["Location"]) == (303, address(draft, following))
    review = client.get(address(draft, "verification/"))
    assert review.context["flaws"] == []
    assert outcomes(review) == {"Dates": "met", "Publics": "met", "Industrie": "met", "Gratuité": "met"}
    version = review.context["form"].initial["version"]
    sent = client.post(address(draft, "verification/"), {"version": version, "is_sworn": "on"})

    application = fresh(draft)
    event = application.event
    assert (sent.status_code, sent.headers["Location"]) == (303, address(draft))
    assert (application.state, application.contact_phone) == (State.SUBMITTED, "+262692123456")
    assert str(event.organisation) == "Fonderie du Port"
    assert event.organisation is not None and event.organisation.siret == "55208131766522"
    assert [membership.user for membership in event.organisation.memberships.all()] == [user]
    assert (event.commune_id, event.region_id, event.starts_on) == ("76351", "28", date(2026, 11, 17))
    assert (event.price, event.capacity, event.group_size, event.is_accessible) == (Decimal(0), 120, 30, True)
    assert (event.directions, event.safety_equipment) == ("Tramway A, arrêt Docks.", "Casque prêté.")
    assert sorted(audience.slug for audience in event.audiences.all()) == ["grand-public", "scolaires"]
    assert "fonderie" in event.search_text and "le havre" in event.search_text
    assert [mail.to for mail in Mail.objects.all()] == [user.email]
    told = [str(message) for message in client.get(address(draft)).context["messages"]]
    assert told[0].startswith(f"Votre demande {draft.reference} est déposée. Réponse au plus tard le ")


@bad_input.runs("mass-011")
def test_a_second_click_lands_on_the_same_page_without_a_second_mail(client: Client, user: User) -> None:
    draft = answers.filled(client, user)
    data = {"version": draft.version, "is_sworn": "on"}

    for _ in range(2):
        response = client.post(address(draft, "verification/"), data)
        assert (response.status_code, response.headers["Location"]) == (303, address(draft))

    assert fresh(draft).transitions.count() == 1
    assert Mail.objects.count() == 1


def test_no_step_needs_another(client: Client, draft: Application) -> None:
    response = send(client, draft, "publics")

    assert response.headers["Location"] == address(draft, "verification/")
    assert fresh(draft).event.group_size == 30


# Nothing is lost


def test_a_bad_field_keeps_the_others_and_comes_back_with_everything(client: Client, draft: Application) -> None:
    response = send(
        client, draft, "evenement", title="Visite\x0bguidée", description="Été à l’usine «\u00a0100\u00a0%\u00a0» 👩‍🏭"
    )

    assert (response.status_code, anchors(response)) == (200, ["id_title"])
    event = fresh(draft).event
    assert (event.title, event.description) == ("", "Été à l’usine «\u00a0100\u00a0%\u00a0» 👩‍🏭")
    assert [sector.slug for sector in event.sectors.all()] == ["metallurgie"]
    page = response.content.decode()
    assert "Visite\x0bguidée" in page and "Été à l’usine" in page
    assert "caractère de contrôle interdit" in page


def test_an_error_is_tied_to_its_field_and_listed_on_top(client: Client, draft: Application) -> None:
    page = send(client, draft, "evenement", title="").content.decode()

    assert '<a href="#id_title">Titre</a>' in page
    assert 'aria-describedby="id_title_helptext id_title_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_title_error"' in page
    assert "<title>Erreur – " in page


def test_what_was_stored_stays_where_the_new_value_is_bad(client: Client, draft: Application) -> None:
    send(client, draft, "evenement", title="Portes ouvertes")

    send(client, draft, "evenement", title="A" * 201)

    assert fresh(draft).event.title == "Portes ouvertes"


def test_saving_and_leaving_stores_what_is_valid_and_goes_to_the_desk(client: Client, draft: Application) -> None:
    response = send(client, draft, "publics", "quit", price="cinq", group_size="12")

    assert (response.status_code, response.headers["Location"]) == (303, "/organisateurs/")
    assert (fresh(draft).event.price, fresh(draft).event.group_size) == (None, 12)
    told = [str(message) for message in client.get("/organisateurs/").context["messages"]]
    assert told == [f"Demande {draft.reference} enregistrée. Des points restent à corriger."]


def test_each_step_shows_again_what_was_stored(client: Client, user: User) -> None:
    draft = answers.filled(client, user)

    shown = {step: client.get(address(draft, f"{step}/")).context["form"] for step in answers.STEPS}

    assert shown["organisme"]["siret"].value() == "55208131766522"
    assert shown["organisme"]["contact_phone"].value() == "0692 12 34 56"
    assert shown["evenement"]["format"].value() == "visite-entreprise"
    assert shown["dates-et-lieu"]["commune"].value() == "Le Havre (76600)"
    assert [str(row["date"].value()) for row in shown["dates-et-lieu"].slots] == ["2026-11-17"]
    assert shown["publics"]["audiences"].value() == ["scolaires", "grand-public"]
    assert shown["publics"]["price"].value() == "0"


def test_a_price_of_nothing_is_proposed_but_not_taken_for_granted(client: Client, draft: Application) -> None:
    page = client.get(address(draft, "publics/"))
    assert page.context["form"]["price"].value() == "0"

    review = client.get(address(draft, "verification/"))

    missing = {flaw.anchor for _, _, flaws in review.context["flaws"] for flaw in flaws}
    assert {"id_price", "id_title", "creneaux", "id_commune", "id_name", "id_audiences_0"} <= missing


# The verdict


def test_the_verdict_follows_what_is_saved(client: Client, draft: Application) -> None:
    before = outcomes(client.get(address(draft, "publics/")))
    send(client, draft, "dates-et-lieu")
    send(client, draft, "publics", price="5")
    after = outcomes(client.get(address(draft, "publics/")))

    assert (before["Dates"], before["Gratuité"]) == ("not_met", "to_examine")
    assert (after["Dates"], after["Publics"], after["Gratuité"]) == ("met", "met", "not_met")


def test_a_price_is_kept_and_told_beside_its_field(client: Client, draft: Application) -> None:
    response = send(client, draft, "publics", price="12,50")

    assert (response.status_code, anchors(response)) == (200, ["id_price"])
    assert str(fresh(draft).event.price) == "12.50"
    assert response.context["flaws"][0].message == next(
        reading.finding.reason for reading in response.context["readings"] if reading.label == "Gratuité"
    )


def test_a_finding_leads_to_the_field_to_mend(client: Client, draft: Application) -> None:
    page = client.get(address(draft, "organisme/")).content.decode()

    assert f'href="{address(draft, "dates-et-lieu/")}#creneaux"' in page
    assert f'href="{address(draft, "publics/")}#id_audiences_0"' in page


def standings(response: Any) -> dict[str, str]:
    return {reading.label: reading.standing for reading in response.context["readings"]}


def test_what_is_not_answered_yet_is_to_be_completed_rather_than_wrong(client: Client, draft: Application) -> None:
    page = client.get(address(draft, "organisme/"))

    assert set(standings(page).values()) == {"missing"}
    assert page.context["met"] == 0
    assert "Conditions du label\u00a0: 0 sur 4 remplie." in page.content.decode()


def test_a_doubt_for_the_examiner_is_told_as_advice_and_keeps_from_nothing(client: Client, user: User) -> None:
    draft = answers.filled(client, user)
    send(client, draft, "evenement", description="Visite de l’atelier. Entrée\u00a0: 5\u00a0€.")

    page = client.get(address(draft, "verification/"))
    assert standings(page)["Gratuité"] == "advice"
    assert "Cela n’empêche pas de déposer" in page.content.decode()
    sent = client.post(address(draft, "verification/"), {"version": fresh(draft).version, "is_sworn": "on"})
    assert fresh(draft).state == State.SUBMITTED and sent.status_code == 303


# Slots without a script


def test_a_slot_is_added_by_a_button_without_reproach(client: Client, draft: Application) -> None:
    response = send(client, draft, "dates-et-lieu", "add-slot", address="")

    assert response.status_code == 200
    assert [number for number, _ in response.context["form"].slots.numbered] == [1, 2]
    assert "fr-message--error" not in response.content.decode()
    assert fresh(draft).event.slots.count() == 1


def test_a_slot_is_removed_by_a_button_and_the_others_keep_theirs(client: Client, draft: Application) -> None:
    second = {
        "slots-TOTAL_FORMS": "2",
        "slots-1-date": "2026-11-18",
        "slots-1-start_time": "14:00",
        "slots-1-end_time": "15:00",
    }
    send(client, draft, "dates-et-lieu", **second)

    response = send(client, draft, "dates-et-lieu", "remove-slot-0", **second)

    assert [number for number, _ in response.context["form"].slots.numbered] == [1]
    assert [str(slot) for slot in fresh(draft).event.slots.all()] == ["18/11/2026 14:00–15:00"]
    removed = {"slots-0-date": "", "slots-0-start_time": "", "slots-0-end_time": "", "slots-0-DELETE": "on"}
    assert send(client, draft, "dates-et-lieu", **{**second, **removed}).status_code == 303


@pytest.mark.parametrize(
    "action",
    [
        "remove-slot-",
        "remove-slot-٣",
        "remove-slot-99",
        "add-slot-x",
        "add-slot",
        "add-picture",
        "remove-picture-1",
        "",
    ],
)
def test_a_button_that_is_none_breaks_nothing(client: Client, draft: Application, action: str) -> None:
    for total in ("1", "x", "9" * 20):
        response = send(client, draft, "dates-et-lieu", action, **{"slots-TOTAL_FORMS": total})
        assert response.status_code in {200, 303}


# Organisations


def test_the_first_organisation_is_made_once_however_often_the_page_is_sent(client: Client, draft: Application) -> None:
    send(client, draft, "organisme", kind="")
    send(client, draft, "organisme", kind="")
    send(client, draft, "organisme", name="Fonderie du Grand Port")

    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.kind) == ("Fonderie du Grand Port", "entreprise")
    assert fresh(draft).event.organisation == organisation


def test_another_organisation_is_added_to_those_of_the_user(client: Client, draft: Application, user: User) -> None:
    send(client, draft, "organisme")

    refused = send(client, draft, "organisme", organisation="nouvelle", name="Chaudronnerie", kind="", siret="")
    assert anchors(refused) == ["id_kind"]
    chosen = refused.context["form"]["organisation"].value()
    assert re.search(rf'name="organisation" value="{chosen}"[^>]* checked', refused.content.decode())
    response = send(client, draft, "organisme", organisation=chosen, name="Chaudronnerie", siret="")

    assert response.status_code == 303
    assert sorted(item.name for item in user.organisations.all()) == ["Chaudronnerie", "Fonderie du Port"]
    assert str(fresh(draft).event.organisation) == "Chaudronnerie"


def test_choosing_an_organisation_leaves_it_as_it_is(client: Client, draft: Application, user: User) -> None:
    other = factories.organisation(member=user, name="Chaudronnerie")
    send(client, draft, "organisme", organisation="nouvelle")

    response = send(client, draft, "organisme", organisation=str(other.pk), name="Pris", siret="faux")

    assert response.status_code == 303
    assert fresh(draft).event.organisation == Organisation.objects.get(name="Chaudronnerie")


def test_an_organisation_of_others_can_be_neither_chosen_nor_changed(client: Client, draft: Application) -> None:
    other = factories.organisation(name="Aciérie d’en face")
    send(client, draft, "organisme")

    response = send(client, draft, "organisme", organisation=str(other.pk), name="Pris")

    assert anchors(response) == ["id_organisation_0"]
    other.refresh_from_db()
    assert (other.name, other.memberships.count()) == ("Aciérie d’en face", 0)
    assert str(fresh(draft).event.organisation) == "Fonderie du Port"


def test_who_no_longer_belongs_to_the_organisation_no_longer_changes_it(
    client: Client, draft: Application, user: User
) -> None:
    send(client, draft, "organisme")
    Membership.objects.all().delete()

    send(client, draft, "organisme", name="Pris")

    assert fresh(draft).event.organisation == Organisation.objects.get(name="Fonderie du Port")


def test_a_name_that_the_public_reads_is_no_longer_changed_from_a_draft(client: Client, user: User) -> None:
    labelled = factories.application(state=State.APPROVED, by=user, organisation=factories.organisation(member=user))
    draft = answers.begun(client, user)
    organisation = labelled.event.organisation
    assert organisation is not None

    response = send(client, draft, "organisme", organisation=str(organisation.pk), name="Autre nom")

    assert response.status_code == 303
    assert Organisation.objects.get().name == organisation.name


def test_a_new_name_reaches_the_other_drafts_of_the_organisation(
    client: Client, draft: Application, user: User
) -> None:
    send(client, draft, "organisme")
    client.post("/organisateurs/demandes/nouvelle/")
    other = Application.objects.latest("pk")
    assert other.event.organisation == fresh(draft).event.organisation

    send(client, draft, "organisme", name="Chaudronnerie")

    assert fresh(other).event.search_text.strip() == "chaudronnerie"


# Publics


def test_only_the_contact_of_the_chosen_registration_is_kept(client: Client, draft: Application) -> None:
    typed = {"registration_url": "javascript:alert(1)", "registration_email": "a@exemple.fr", "registration_phone": "x"}

    response = send(client, draft, "publics", registration="courriel", **typed)

    event = fresh(draft).event
    assert response.status_code == 303
    assert (event.registration_email, event.registration_url, event.registration_phone) == ("a@exemple.fr", "", "")


@pytest.mark.parametrize(
    ("kind", "field"),
    [("lien", "registration_url"), ("courriel", "registration_email"), ("telephone", "registration_phone")],
)
def test_the_contact_of_the_chosen_registration_is_asked_for(
    client: Client, draft: Application, kind: str, field: str
) -> None:
    response = send(client, draft, "publics", registration=kind, registration_url="")

    assert anchors(response) == [f"id_{field}"]


def test_school_levels_are_only_kept_for_schools(client: Client, draft: Application) -> None:
    send(client, draft, "publics")
    assert [level.slug for level in fresh(draft).event.levels.all()] == ["college"]

    send(client, draft, "publics", audiences=["grand-public"], group_size="beaucoup")

    event = fresh(draft).event
    assert (list(event.levels.all()), event.group_size) == ([], None)


@pytest.mark.parametrize(("field", "value"), [("group_size", "1001"), ("minimum_age", "100"), ("minimum_age", "-1")])
def test_absurd_numbers_are_refused(client: Client, draft: Application, field: str, value: str) -> None:
    assert anchors(send(client, draft, "publics", **{field: value})) == [f"id_{field}"]


def test_a_retired_format_stays_with_the_draft_that_has_it(client: Client, draft: Application) -> None:
    send(client, draft, "evenement", format="escape-game")
    Format.objects.filter(slug__in=["escape-game", "atelier"]).update(is_active=False)

    assert send(client, draft, "evenement", format="escape-game").status_code == 303
    assert anchors(send(client, draft, "evenement", format="atelier")) == ["id_format"]


# Costs


@pytest.mark.parametrize("slots", [1, 5])
def test_a_step_costs_the_same_for_one_and_five_slots(
    client: Client, user: User, slots: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    draft = answers.begun(client, user)
    rows = {"slots-TOTAL_FORMS": str(slots)}
    for index in range(slots):
        row = {"date": f"2026-11-{10 + index}", "start_time": "09:00", "end_time": "10:00"}
        rows |= {f"slots-{index}-{name}": value for name, value in row.items()}
    send(client, draft, "dates-et-lieu", **rows)

    # One of them takes the word « enregistré » that is shown here out of the session.
    with django_assert_num_queries(8):
        assert len(client.get(address(draft, "dates-et-lieu/")).context["form"].slots.forms) == slots


def test_a_price_that_is_proposed_waits_to_be_saved_and_is_not_called_missing(
    client: Client, draft: Application
) -> None:
    page = client.get(address(draft, "publics/"))
    free = next(item for item in page.context["readings"] if item.label == "Gratuité")

    assert free.standing == "proposed"
    assert "La réponse proposée comptera dès que vous enregistrerez cette page." in page.content.decode()

    elsewhere = client.get(address(draft, "evenement/"))
    assert [item.standing for item in elsewhere.context["readings"] if item.label == "Gratuité"] == ["missing"]

    send(client, draft, "publics")
    kept = client.get(address(draft, "publics/"))
    assert [item.standing for item in kept.context["readings"] if item.label == "Gratuité"] == ["met"]


def test_the_line_under_the_form_speaks_of_what_is_missing_only_where_something_is(
    client: Client, user: User, draft: Application
) -> None:
    assert "Voir ce qui manque" in client.get(address(draft, "publics/")).content.decode()

    complete = answers.filled(client, user)

    page = client.get(address(complete, "publics/")).content.decode()
    assert ("Voir ce qui manque" in page, "Voir le détail" in page) == (False, True)
