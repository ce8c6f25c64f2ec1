"""What the fields and the steps of the application form take, refuse and keep."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import Organisation, User
from core.contact_fields import PhoneField, WebAddressField
from events.models import Event, Slot
from labels.forms import STEPS, EventForm, PlaceForm, StepForm, step_of_field
from labels.forms.addresses import doubt_of
from labels.forms.fields import NumberField, is_siret
from labels.forms.measures import ClockField, DegreesField, PriceField
from labels.models import Action, Application
from labels.workflow import perform
from places.models import Commune
from places.points import Point
from tests import factories
from tests.labels import answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return factories.organiser()


@pytest.fixture
def draft(client: Client, user: User) -> Application:
    return answers.begun(client, user)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_the_fields_of_a_step_fit_the_columns_they_are_stored_in(step: type[StepForm]) -> None:
    columns = {
        column.name: column.max_length
        for model in (Event, Organisation, Application)
        for column in model._meta.concrete_fields
        if column.max_length
    }
    limits = {name: getattr(field, "max_length", None) for name, field in step.base_fields.items()}

    assert {name: limit for name, limit in limits.items() if limit and limit > columns.get(name, limit)} == {}


@pytest.mark.parametrize("step", [*(step.slug for step in STEPS), "verification"])
def test_what_no_person_wrote_in_a_page_is_one_word_and_not_given_back_to_read(
    client: Client, user: User, step: str
) -> None:
    page = client.get(answers.address(answers.filled(client, user), f"{step}/")).content.decode()

    hidden = re.findall(r'<input type="hidden" [^>]*?value="([^"]*)"', page)
    assert hidden
    assert [value for value in hidden if " " in value.strip()] == []


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+33 (0)1 23 45 67 89", "+33123456789"),
        ("0033 1 23 45 67 89", "+33123456789"),
        ("0590 12 34 56", "+590590123456"),
        ("0694123456", "+594694123456"),
        ("0696 12 34 56", "+596696123456"),
        ("0639 12 34 56", "+262639123456"),
        ("+262 692 12 34 56", "+262692123456"),
        ("+687 12 34 56", "+687123456"),
        ("+689 40 12 34 56", "+68940123456"),
        ("+32 2 123 45 67", "+3221234567"),
        ("", ""),
    ],
)
def test_a_telephone_number_is_stored_with_its_country(typed: str, number: str) -> None:
    assert PhoneField(required=False).clean(typed) == number


@pytest.mark.parametrize("typed", ["123", "+331", "+687 12 34", "01 23 45 67 8", "+33 00 23 45 67 89"])
def test_what_is_no_telephone_number_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="Saisissez un numéro de téléphone"):
        PhoneField().clean(typed)


def test_a_number_is_shown_as_it_is_dialled() -> None:
    field = PhoneField()

    assert field.prepare_value("+33123456789") == "01 23 45 67 89"
    assert field.prepare_value("+262692123456") == "0692 12 34 56"
    assert field.prepare_value("+687123456") == "+687123456"
    assert field.prepare_value("n’importe quoi") == "n’importe quoi"


def test_a_siret_is_checked_and_la_poste_has_its_own_rule() -> None:
    assert is_siret("55208131766522")
    assert not is_siret("55208131766523")
    # All of these fail Luhn's check; digits that add up to a multiple of five are enough for La Poste alone.
    assert not is_siret("35600000012345")
    assert is_siret("35600000012346")
    assert not is_siret("35600100000000")
    assert NumberField().clean("552\u00a0081\u202f317 66522") == "55208131766522"


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("0", 0), ("0 €", 0), ("Gratuit", 0), ("12,50", Decimal("12.50")), ("1 234,5", Decimal("1234.5")), ("3.2", "3.2")],
)
def test_a_price_is_read_with_a_comma(typed: str, amount: Any) -> None:
    assert PriceField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["-1", "1e9", "NaN", "9999999", "12,505", "cinq", "\uff11\uff12", "Infinity"])
def test_what_is_no_price_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        PriceField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "clock"),
    [("14h30", time(14, 30)), ("9h", time(9)), ("14 h 30", time(14, 30)), ("09:05", time(9, 5)), ("00:00", time(0))],
)
def test_an_hour_is_read_as_french_writes_it(typed: str, clock: time) -> None:
    assert ClockField().clean(typed) == clock


@pytest.mark.parametrize(
    "typed", ["https://u:p@exemple.fr", "https://[::1]/", "http://x.fr:99999", "http://[x", "https://intranet.local/"]
)
def test_an_address_that_leads_nowhere_public_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        WebAddressField().clean(typed)


def test_an_address_may_come_without_its_scheme() -> None:
    assert WebAddressField().clean("www.exemple.fr:8443/a") == "https://www.exemple.fr:8443/a"


@pytest.mark.parametrize(
    ("address", "meant"),
    [("a@gmial.com", "a@gmail.com"), ("A@Hotmal.fr", "A@hotmail.fr"), ("a@wanado.fr", "a@wanadoo.fr")],
)
def test_a_likely_slip_in_an_address_is_asked_about(address: str, meant: str) -> None:
    assert doubt_of(address).endswith(f"«\u00a0{meant}\u00a0»\u00a0?")


@pytest.mark.parametrize(
    "address", ["a@gmail.com", "a@ymail.com", "a@mail.com", "a@fonderie.fr", "a@live.com", "gmial", ""]
)
def test_an_address_of_ones_own_is_not_doubted(address: str) -> None:
    assert doubt_of(address) == ""


def test_degrees_have_a_comma_and_six_decimals() -> None:
    field = DegreesField(min_value=-90, max_value=90)

    assert field.clean("48,8566123456") == 48.856612
    assert field.prepare_value(-21.1) == "-21,1"


def test_a_distance_is_measured_on_the_globe() -> None:
    paris, havre = Point(48.8566, 2.3522), Point(49.4938, 0.1077)

    assert round(paris.kilometres_to(havre)) == 178


@pytest.mark.parametrize(
    "field", ["title", "description", "purpose", "slots", "audiences", "price", "format", "sectors"]
)
def test_every_field_that_a_finding_may_name_has_its_page_and_its_anchor(field: str) -> None:
    slug, anchor = step_of_field(field)

    assert slug in {step.slug for step in STEPS}
    assert anchor == "creneaux" or anchor.startswith(f"id_{field}")


def place(draft: Application, user: User, **changes: Any) -> PlaceForm:
    """The form of dates and place as posted with ``changes``, validated and saved as far as it goes."""
    draft = Application.objects.get(pk=draft.pk)
    form = PlaceForm(draft, user, {**answers.PLACE, **changes})
    form.is_valid()
    form.save()
    return form


def test_a_draft_handed_over_while_its_place_is_typed_stays_with_whom_it_was_handed_to(
    draft: Application, user: User
) -> None:
    factories.regional("84")
    form = PlaceForm(Application.objects.get(pk=draft.pk), user, answers.PLACE)
    form.is_valid()
    perform(
        Application.objects.get(pk=draft.pk), Action.MOVE, by=factories.national(), note="?", changes={"region": "84"}
    )

    form.save()

    assert Application.objects.values_list("region", "is_moved").get(pk=draft.pk) == ("84", True)


def event_of(draft: Application) -> Event:
    return Event.objects.get(application=draft)


def lyon_and_its_namesakes() -> None:
    factories.commune("69381")
    for code, name in (("76001", "Saint-Ouen"), ("80001", "Saint-Ouen"), ("80002", "Saint-Ouen-sous-Bailly")):
        Commune.objects.create(code=code, name=name, postcodes=f" {code}", latitude=49.9, longitude=1.1)


def test_a_commune_is_found_by_name_or_post_code_and_brings_its_region_and_centre(
    draft: Application, user: User
) -> None:
    for typed in ("le havre", "LE HAVRE", "76600", "Le Havre (76600)", "havre"):
        Event.objects.update(commune=None, region=None, latitude=None, longitude=None)
        form = place(draft, user, commune=typed)
        event = event_of(draft)
        assert (form.flaws(), event.commune_id, event.region_id) == ([], "76351", "28"), typed
        assert (event.latitude, event.longitude, event.is_point_confirmed) == (49.4938, 0.1077, False)


def test_several_communes_of_a_name_are_offered_and_the_chosen_one_is_taken(draft: Application, user: User) -> None:
    lyon_and_its_namesakes()

    asked = place(draft, user, commune="st ouen")
    assert [commune.code for commune in asked.candidates] == ["76001", "80001", "80002"]
    assert [flaw.anchor for flaw in asked.flaws()] == ["id_commune"]
    assert event_of(draft).commune is None

    chosen = place(draft, user, commune="st ouen", commune_code="80001")
    assert (chosen.flaws(), event_of(draft).commune_id) == ([], "80001")


def test_the_code_of_another_commune_than_the_one_typed_does_not_count(draft: Application, user: User) -> None:
    lyon_and_its_namesakes()

    form = place(draft, user, commune="Le Havre", commune_code="80001")

    assert (form.flaws(), event_of(draft).commune_id) == ([], "76351")


def test_another_commune_takes_the_point_with_it_unless_the_point_was_moved_for_it(
    draft: Application, user: User
) -> None:
    lyon_and_its_namesakes()
    lyon = Commune.objects.get(code="69381")
    place(draft, user, latitude="49,5", longitude="0,11", is_point_confirmed="on")
    assert (event_of(draft).latitude, event_of(draft).is_point_confirmed) == (49.5, True)

    # The page still shows the old point, and says for which place.
    shown = {"latitude": "49,5", "longitude": "0,11", "point_of": "49,5;0,11;76351;12 rue des Docks"}
    place(draft, user, commune="69001", is_point_confirmed="on", **shown)
    event = event_of(draft)
    assert (event.commune_id, event.latitude, event.is_point_confirmed) == (lyon.code, lyon.latitude, False)

    # A script says for which place it moved the point; without one, other figures are meant for what stands beside.
    moved = {"latitude": "49,51", "longitude": "0,12", "is_point_confirmed": "on"}
    place(draft, user, commune="le havre", point_of="49,51;0,12;69381;12 rue des Docks", **moved)
    assert (event_of(draft).latitude, event_of(draft).is_point_confirmed) == (49.4938, False)
    place(draft, user, commune="le havre", point_of="49,51;0,12;76351;12 rue des docks", **moved)
    assert (event_of(draft).latitude, event_of(draft).is_point_confirmed) == (49.51, True)
    place(draft, user, commune="69001", latitude="45,77", longitude="4,83", point_of=shown["point_of"])
    assert (event_of(draft).latitude, event_of(draft).is_point_confirmed) == (45.77, False)


def test_a_point_out_of_reach_of_its_commune_is_refused_and_the_stored_one_stays(
    draft: Application, user: User
) -> None:
    place(draft, user, latitude="49,5", longitude="0,11", is_point_confirmed="on")

    form = place(draft, user, latitude="48,8566", longitude="2,3522")

    assert [(flaw.anchor, flaw.message) for flaw in form.flaws()] == [
        (
            "id_latitude",
            (
                "Ce point est à plus de 150 km du centre de la commune, Le Havre (76600)\u00a0: "
                "déplacez le repère ou changez de commune."
            ),
        )
    ]
    assert (event_of(draft).latitude, event_of(draft).is_point_confirmed) == (49.5, True)


def test_a_point_far_from_its_commune_is_stored_and_said_to_be_doubtful(draft: Application, user: User) -> None:
    form = place(draft, user, latitude="49,9", longitude="0,7", is_point_confirmed="on")

    assert form.flaws() == []
    assert form.warnings() == ["Le repère est à 62 km du centre de la commune, Le Havre (76600)\u00a0: vérifiez-le."]
    assert event_of(draft).is_far_from_its_commune is True


def test_emptied_coordinates_go_back_to_the_centre_of_the_commune(draft: Application, user: User) -> None:
    place(draft, user, latitude="49,5", longitude="0,11", is_point_confirmed="on")

    place(draft, user, latitude="", longitude="")

    assert (event_of(draft).latitude, event_of(draft).longitude) == (49.4938, 0.1077)


def test_half_a_point_is_refused(draft: Application, user: User) -> None:
    form = place(draft, user, latitude="49,5", longitude="")

    assert [flaw.anchor for flaw in form.flaws()] == ["id_longitude"]


def test_slots_keep_the_local_hours_of_their_place_and_follow_it(draft: Application, user: User) -> None:
    factories.commune("97411")
    place(draft, user, **{"slots-0-date": "2026-11-17"})
    assert [slot.time_zone for slot in event_of(draft).slots.all()] == ["Europe/Paris"]

    form = place(draft, user, commune="97400")

    slot = event_of(draft).slots.get()
    assert (slot.time_zone, slot.starts_at.isoformat()) == ("Indian/Reunion", "2026-11-17T09:00:00+04:00")
    assert form.slots.clock == "heure de La Réunion"
    place(draft, user, attendance="en-ligne")
    assert [slot.time_zone for slot in event_of(draft).slots.all()] == ["Europe/Paris"]


def test_two_steps_saved_at_once_leave_search_words_of_both(draft: Application, user: User) -> None:
    one, other = (Application.objects.get(pk=draft.pk) for _ in range(2))
    # Both read the event before either writes it.
    titles = EventForm(one, user, {**answers.STEPS["evenement"], "title": "Nuit des hauts fourneaux"})
    places = PlaceForm(other, user, answers.STEPS["dates-et-lieu"])
    assert (titles.is_valid(), places.is_valid()) == (True, True)

    titles.save()
    places.save()

    found = event_of(draft)
    assert "nuit des hauts fourneaux" in found.search_text
    assert "le havre" in found.search_text
    assert found.starts_on == found.slots.get().date


def test_an_online_event_has_no_place(draft: Application, user: User) -> None:
    place(draft, user)

    form = place(
        draft, user, attendance="en-ligne", commune="n’existe pas", latitude="x", online_url="visio.exemple.fr"
    )

    event = event_of(draft)
    assert form.flaws() == []
    assert (event.commune, event.region, event.latitude, event.address, event.venue) == (None, None, None, "", "")
    assert event.online_url == "https://visio.exemple.fr"


def two(**changes: str) -> dict[str, str]:
    """Two slots as posted, the second one as ``changes`` say."""
    second = {"date": "2026-11-18", "start_time": "14:00", "end_time": "17:00", **changes}
    return {"slots-TOTAL_FORMS": "2", **{f"slots-1-{name}": value for name, value in second.items()}}


def hours(draft: Application) -> list[str]:
    return [str(slot) for slot in event_of(draft).slots.all()]


def test_two_slots_are_stored_and_lead_the_dates_of_the_event(draft: Application, user: User) -> None:
    form = place(draft, user, **two())

    assert form.flaws() == []
    assert hours(draft) == ["17/11/2026 09:00–12:00", "18/11/2026 14:00–17:00"]
    assert (event_of(draft).starts_on, event_of(draft).ends_on) == (date(2026, 11, 17), date(2026, 11, 18))


def test_a_slot_with_a_fault_keeps_what_was_stored_of_it_and_the_other_changes(draft: Application, user: User) -> None:
    place(draft, user, **two())
    first, second = event_of(draft).slots.all()

    form = place(
        draft,
        user,
        **{"slots-0-known": str(first.pk), "slots-0-start_time": "10:00"},
        **two(known=str(second.pk), start_time="18:00"),
    )

    assert [(flaw.label, flaw.message) for flaw in form.flaws()] == [
        ("Créneau 2, fin", "L’heure de fin doit suivre l’heure de début.")
    ]
    assert hours(draft) == ["17/11/2026 10:00–12:00", "18/11/2026 14:00–17:00"]


def test_a_slot_just_stored_is_known_to_the_page_so_that_a_later_fault_in_its_row_keeps_it(
    draft: Application, user: User
) -> None:
    form = place(draft, user)
    stored = event_of(draft).slots.get()

    assert [row["known"].value() for row in form.slots] == [str(stored.pk)]
    place(draft, user, **{"slots-0-known": str(stored.pk), "slots-0-start_time": "18:00"})
    assert hours(draft) == ["17/11/2026 09:00–12:00"]


def test_the_slots_of_another_event_are_out_of_reach(draft: Application, user: User) -> None:
    other = factories.event(edition=draft.event.edition)
    kept = other.slots.get()

    place(draft, user, **{"slots-0-known": str(kept.pk), "slots-0-end_time": "08:00"})

    assert list(Slot.objects.all()) == [kept]


@pytest.mark.parametrize("known", ["9" * 30, "9" * 5000, "-1", "²", "٣", "\0"])
def test_a_row_that_names_no_slot_is_no_failure(draft: Application, user: User, known: str) -> None:
    place(draft, user)

    place(draft, user, **{"slots-0-known": known, "slots-0-date": "demain"})

    assert hours(draft) == []


def test_the_same_slot_twice_is_named_once_and_stored_once(draft: Application, user: User) -> None:
    form = place(draft, user, **two(date="2026-11-17", start_time="09:00", end_time="12:00"))

    assert [flaw.message for flaw in form.flaws()] == ["Ce créneau est déjà saisi."]
    assert hours(draft) == ["17/11/2026 09:00–12:00"]


def test_slots_that_overlap_are_kept_with_a_warning(draft: Application, user: User) -> None:
    form = place(draft, user, **two(date="2026-11-17", start_time="11:00", end_time="13:00"))

    assert (form.flaws(), len(hours(draft))) == ([], 2)
    assert [warning.replace("\u00a0", " ") for warning in form.warnings()][:1] == [
        "Deux créneaux du 17 novembre 2026 se chevauchent, de 9 h à 12 h et de 11 h à 13 h : vérifiez leurs heures."
    ]


def test_an_emptied_row_is_a_removed_slot(draft: Application, user: User) -> None:
    place(draft, user, **two())

    place(draft, user, **two(known="12", date="", start_time="", end_time=""))

    assert hours(draft) == ["17/11/2026 09:00–12:00"]


def test_thirty_slots_are_the_most(draft: Application, user: User) -> None:
    def rows(count: int) -> dict[str, str]:
        data = {"slots-TOTAL_FORMS": str(count)}
        for index in range(count):
            start = datetime(2026, 11, 2) + timedelta(hours=index % 20, days=index // 20)
            row = {"date": f"{start:%Y-%m-%d}", "start_time": f"{start:%H:00}", "end_time": f"{start:%H:30}"}
            data |= {f"slots-{index}-{name}": value for name, value in row.items()}
        return data

    assert place(draft, user, **rows(30)).flaws() == []
    assert len(hours(draft)) == 30
    for count in (31, 201):
        assert [flaw.anchor for flaw in place(draft, user, **rows(count)).flaws()] == ["creneaux"]


def test_a_date_outside_the_window_is_kept_and_told_in_the_words_of_the_rule(
    client: Client, draft: Application, user: User
) -> None:
    for day, is_inside in (("2026-10-31", False), ("2026-11-01", True), ("2026-12-07", True), ("2026-12-08", False)):
        form = place(draft, user, **{"slots-0-date": day})
        form.judge(Application.objects.for_verdict().get(pk=draft.pk).verdict)

        assert [str(slot.date) for slot in event_of(draft).slots.all()] == [day]
        assert [flaw.anchor for flaw in form.flaws()] == ([] if is_inside else ["id_slots-0-date"])
        assert is_inside or "en dehors de la période du label" in form.flaws()[0].message


BACK = "Le {}, l’heure recule : {} a lieu deux fois. Choisissez {} ou {}, sans ambiguïté."
FORTH = "Le {0}, l’heure avance : {1} n’existe pas, les horloges passent alors à {3}. Choisissez {2} ou {3}."


@pytest.mark.parametrize(
    ("commune", "night", "told"),
    [
        ("76351", "2026-10-25 02:30", BACK.format("25 octobre 2026", "2 h 30", "1 h 30", "3 h 30")),
        ("76351", "2026-03-29 02:15", FORTH.format("29 mars 2026", "2 h 15", "1 h 15", "3 h 15")),
        ("97502", "2026-11-01 01:30", BACK.format("1er novembre 2026", "1 h 30", "0 h 30", "2 h 30")),
        ("97411", "2026-10-25 02:30", ""),
        ("97411", "2026-03-29 02:30", ""),
    ],
)
def test_an_hour_that_the_clock_skips_or_repeats_is_refused_with_those_that_stand_instead(
    draft: Application, user: User, commune: str, night: str, told: str
) -> None:
    day, _, hour = night.partition(" ")
    times = {"slots-0-date": day, "slots-0-start_time": hour, "slots-0-end_time": "05:00"}

    form = place(draft, user, commune=factories.commune(commune).name, **times)

    messages = [flaw.message.replace("\u00a0", " ") for flaw in form.flaws()]
    assert messages == [told] * bool(told)


def test_what_arrives_without_its_count_of_rows_is_refused_and_loses_nothing(draft: Application, user: User) -> None:
    place(draft, user)

    form = place(draft, user, **{"slots-TOTAL_FORMS": "beaucoup"})

    assert [flaw.anchor for flaw in form.flaws()] == ["creneaux"]
    assert hours(draft) == ["17/11/2026 09:00–12:00"]


MORNINGS = {
    "action": "repeat-slots",
    "repeat-first": "2026-11-18",
    "repeat-last": "2026-11-22",
    "repeat-start_time": "9h",
    "repeat-end_time": "12:00",
    "repeat-capacity": "30",
}


def test_every_morning_from_one_day_to_another_is_added_in_one_go(draft: Application, user: User) -> None:
    form = place(draft, user, **MORNINGS)

    assert form.slots.told == "5 créneaux ajoutés."
    assert hours(draft) == [f"{day}/11/2026 09:00–12:00" for day in (17, 18, 19, 20, 21, 22)]
    assert [slot.capacity for slot in event_of(draft).slots.all()] == [120, 30, 30, 30, 30, 30]
    assert not form.slots.repeat.is_bound
    again = place(draft, user, **MORNINGS, **{name: str(value) for name, value in posted_rows(form).items()})
    assert again.slots.repeat.errors == {"first": ["Ces créneaux sont déjà saisis."]}
    assert len(hours(draft)) == 6


def posted_rows(form: PlaceForm) -> dict[str, Any]:
    """The rows of a page as the browser sends them back."""
    return {"slots-TOTAL_FORMS": len(form.slots.forms)} | {
        bound.html_name: bound.value() or "" for row in form.slots for bound in row
    }


def test_a_repetition_may_keep_to_some_days_and_takes_the_place_of_a_blank_row(draft: Application, user: User) -> None:
    blank = dict.fromkeys(("slots-0-date", "slots-0-start_time", "slots-0-end_time", "slots-0-capacity"), "")

    form = place(draft, user, **{**MORNINGS, **blank, "repeat-days": ["2", "4"]})

    assert (form.slots.told, len(form.slots.forms)) == ("2 créneaux ajoutés.", 2)
    assert hours(draft) == ["18/11/2026 09:00–12:00", "20/11/2026 09:00–12:00"]


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"last": "2026-11-17"}, {"last": ["Le dernier jour doit suivre le premier."]}),
        ({"end_time": "9h"}, {"end_time": ["L’heure de fin doit suivre l’heure de début."]}),
        (
            {"days": ["0", "1"]},
            {"days": ["Aucun des jours cochés ne tombe entre le 18 novembre 2026 et le 22 novembre 2026."]},
        ),
        (
            {"last": "2026-12-17"},
            {"last": ["Cela ferait 31 créneaux, et un événement en a 30 au plus\u00a0: choisissez moins de jours."]},
        ),
        (
            {"first": "1998-01-01"},
            {"first": ["Vérifiez l’année\u00a0: la période du label va du 01/11/2026 au 07/12/2026."]},
        ),
        ({"days": ["lundi"]}, {"days": ["Choisissez des jours de la semaine."]}),
        ({"capacity": "0"}, {"capacity": ["Indiquez une place au moins, ou laissez vide s’il n’y a pas de limite."]}),
        (
            dict.fromkeys(("first", "last", "start_time", "end_time"), ""),
            {
                "first": ["Indiquez le premier jour."],
                "last": ["Indiquez le dernier jour."],
                "start_time": ["Indiquez l’heure de début."],
                "end_time": ["Indiquez l’heure de fin."],
            },
        ),
    ],
)
def test_a_repetition_that_cannot_be_is_told_beside_its_field_and_adds_nothing(
    client: Client, draft: Application, changes: dict[str, Any], faults: dict[str, list[str]]
) -> None:
    data = {**answers.PLACE, **MORNINGS, **{f"repeat-{name}": value for name, value in changes.items()}}

    response = client.post(f"/organisateurs/demandes/{draft.reference}/dates-et-lieu/", data)

    repeat = response.context["form"].slots.repeat
    assert (response.status_code, repeat.errors, hours(draft)) == (200, faults, ["17/11/2026 09:00–12:00"])
    page = response.content.decode()
    assert [message for messages in faults.values() for message in messages if message not in page] == []
    assert repeat["end_time"].value() == changes.get("end_time", "12:00")


def test_rows_move_without_a_script_and_keep_what_is_typed(client: Client, draft: Application) -> None:
    def press(action: str, data: dict[str, str]) -> list[list[Any]]:
        response = client.post(
            f"/organisateurs/demandes/{draft.reference}/dates-et-lieu/", {**answers.PLACE, **data, "action": action}
        )
        assert response.status_code == 200
        return [[row["date"].value(), row["start_time"].value()] for row in response.context["form"].slots]

    both = two(start_time="bientôt")

    assert press("add-slot", both) == [["2026-11-17", "09:00"], ["2026-11-18", "bientôt"], ["", "bientôt"]]
    assert press("remove-slot-0", both) == [["2026-11-18", "bientôt"]]
    assert press("remove-slot-999", both) == [["2026-11-17", "09:00"], ["2026-11-18", "bientôt"]]
    for strange in ("beaucoup", "-1", "99999", "²"):
        assert press("add-slot", {**both, "slots-TOTAL_FORMS": strange}) is not None


def test_a_point_in_the_gulf_of_guinea_is_refused(draft: Application, user: User) -> None:
    form = place(draft, user, latitude="0", longitude="0")

    assert [flaw.anchor for flaw in form.flaws()] == ["id_latitude"]
    assert (event_of(draft).latitude, event_of(draft).longitude) == (49.4938, 0.1077)


@pytest.mark.parametrize(
    ("typed", "code", "point"),
    [
        ("97400", "97411", ("-20,88", "55,45")),
        ("97500", "97502", ("46,78", "-56,17")),
        ("97300", "97302", ("4,94", "-52,33")),
        ("98800", "98818", ("-22,27", "166,45")),
    ],
)
def test_a_post_code_and_a_point_overseas_are_taken_with_the_clock_of_the_place(
    draft: Application, user: User, typed: str, code: str, point: tuple[str, str]
) -> None:
    commune = factories.commune(code)

    form = place(draft, user, commune=typed, latitude=point[0], longitude=point[1], is_point_confirmed="on")

    event = event_of(draft)
    assert (form.flaws(), event.commune, event.region) == ([], commune, commune.region)
    assert (event.is_point_confirmed, event.slots.get().time_zone) == (True, commune.time_zone)
