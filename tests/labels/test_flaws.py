"""What keeps an application from being sent, read from what is stored without a form: never less than forms find."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, time
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Membership, Organisation, User
from events.models import Audience, Edition, Event, Format, Level, Picture, Sector, Slot
from labels.forms import STEPS, StepForm, flaws_of
from labels.models import Application, reading
from places.models import Commune
from tests import factories
from tests.labels import answers

pytestmark = pytest.mark.django_db

Put = Callable[[Application, Any], object]

BLANK, MARKED, CONTROL = "\u200b \u3164", "e" + 4 * "\u0301", "Visite\x07"
TEXTS = ("", "  ", BLANK, MARKED, CONTROL, "Visite")
ADDRESSES = ("", "nulle part", "ftp://exemple.fr", "https://localhost/", "https://www.exemple.fr/a")
PHONES = ("", "12", "0123456789", "+33123456789")
DAY = date(2026, 11, 17)
MORNING = (DAY, time(9), time(12), None)


def of_event(name: str) -> Put:
    return lambda application, value: Event.objects.filter(pk=application.event_id).update(**{name: value})


def of_application(name: str) -> Put:
    return lambda application, value: Application.objects.filter(pk=application.pk).update(**{name: value})


def of_organisation(name: str) -> Put:
    return lambda application, value: Organisation.objects.filter(events=application.event_id).update(**{name: value})


def of_commune(name: str) -> Put:
    return lambda application, value: Commune.objects.filter(events=application.event_id).update(**{name: value})


def entries(model: Any, name: str) -> Put:
    return lambda application, slugs: getattr(application.event, name).set(model.objects.filter(slug__in=slugs))


def retired(model: Any) -> Put:
    return lambda application, slugs: model.objects.filter(slug__in=slugs).update(is_active=False)


def put_slots(application: Application, rows: list[tuple[date, time, time, int | None]]) -> None:
    application.event.slots.all().delete()
    zone = Event.objects.get(pk=application.event_id).time_zone
    for day, start, end, capacity in rows:
        values = {"date": day, "start_time": start, "end_time": end, "capacity": capacity, "time_zone": zone}
        Slot.objects.create(event=application.event, **values)


def put_pictures(application: Application, words: list[str]) -> None:
    for rank, alt in enumerate(words):
        values = {"kind": "document" if rank else "image", "alt": alt, "file": f"{rank}.png", "digest": str(rank)}
        Picture.objects.create(event=application.event, width=1, height=1, size=1, **values)


def put_point(application: Application, point: tuple[float, float] | None) -> None:
    latitude, longitude = point or (None, None)
    Event.objects.filter(pk=application.event_id).update(latitude=latitude, longitude=longitude)


def put_format(application: Application, slug: str | None) -> None:
    Event.objects.filter(pk=application.event_id).update(format=slug and Format.objects.get(slug=slug))


def put_commune(application: Application, code: str | None) -> None:
    Event.objects.filter(pk=application.event_id).update(commune=code and factories.commune(code))


def put_targets(application: Application, slugs: list[str]) -> None:
    application.event.edition.audiences.set(Audience.objects.filter(slug__in=slugs))


def put_window(application: Application, last: date) -> None:
    Edition.objects.filter(pk=application.event.edition_id).update(week_ends_on=last, window_ends_on=last)


def put_organisation(application: Application, kind: str) -> None:
    """None at all, of others, or one that the public reads."""
    if kind == "none":
        of_event("organisation")(application, None)
    elif kind == "others":
        Membership.objects.filter(organisation__events=application.event_id).delete()
    elif kind == "public":
        factories.event(organisation=application.event.organisation, edition=application.event.edition).publish()


# What may be stored, faults and all: each with what people could have left, and what forms refuse.
STORED: dict[str, tuple[Put, tuple[Any, ...]]] = {
    **{name: (of_event(name), TEXTS) for name in ("title", "description", "purpose", "venue", "address")},
    **{name: (of_event(name), TEXTS) for name in ("directions", "safety_equipment", "accessibility")},
    **{name: (of_event(name), ADDRESSES) for name in ("online_url", "registration_url")},
    "registration_email": (of_event("registration_email"), ("", "personne", "a@exemple.fr", "é@exemple.fr")),
    "registration_phone": (of_event("registration_phone"), PHONES),
    "registration": (of_event("registration"), ("", "aucune", "lien", "courriel", "telephone", "pigeon")),
    "attendance": (of_event("attendance"), ("sur-place", "en-ligne", "hybride", "ailleurs")),
    "minimum_age": (of_event("minimum_age"), (None, 12, 150)),
    "group_size": (of_event("group_size"), (None, 0, 30, 5000)),
    "price": (of_event("price"), (None, 0, 5)),
    "format": (put_format, (None, "visite-entreprise")),
    "retired formats": (retired(Format), (["visite-entreprise"],)),
    "commune": (put_commune, (None, "69381", "97411", "98818", "2A004")),
    "name of the commune": (of_commune("name"), ("Le Hâvre", "Autre", "St-Ouen 12", "Paris 1000")),
    "post codes": (of_commune("postcodes"), ("", "76600", " 76600 76610", " 76x")),
    "centre": (of_commune("latitude"), (None, 10.0)),
    "point": (put_point, (None, (49.5, 0.1), (0.0, 0.0), (1e-07, 0.0), (48.0, 0.1))),
    "sectors": (entries(Sector, "sectors"), ([], ["metallurgie"])),
    "audiences": (entries(Audience, "audiences"), ([], ["scolaires"], ["grand-public"], ["scolaires", "jeunes"])),
    "targets": (put_targets, ([], ["scolaires"], ["scolaires", "grand-public"])),
    "retired audiences": (retired(Audience), (["scolaires"], ["scolaires", "grand-public"])),
    "levels": (entries(Level, "levels"), ([], ["college"])),
    "retired levels": (retired(Level), (["college"],)),
    "slots": (
        put_slots,
        (
            [],
            [MORNING, (DAY, time(9), time(13), 12)],
            [(date(2026, 10, 31), time(9), time(12), None)],
            [MORNING, (date(2028, 1, 1), time(9), time(12), None)],
            [(DAY, time(9), time(12), 0)],
            [(DAY, time(9), time(12), 200_000)],
            [(DAY, time(9, 0, 30), time(9, 0, 40), 5)],
            [(date(2026, 11, 1), time(1, 30), time(4), None)],
            [(DAY, time(hour), time(hour, minute), None) for hour in range(23) for minute in (10, 20)][:31],
        ),
    ),
    "window": (put_window, (date(2026, 11, 22), date(2026, 12, 7))),
    "pictures": (put_pictures, ([""], ["IMG_1234.jpg"], ["La coulée de la fonte", ""], ["La coulée de la fonte"])),
    "organisation": (put_organisation, ("none", "others", "public")),
    "name of the organisation": (of_organisation("name"), TEXTS),
    "kind": (of_organisation("kind"), ("", "autre", "federation")),
    "siret": (of_organisation("siret"), ("", "123", "55208131766522", "55208131766523")),
    "uai": (of_organisation("uai"), ("", "0750655E", "0750655X")),
    "website": (of_organisation("website"), ADDRESSES),
    "contact_name": (of_application("contact_name"), TEXTS),
    "contact_phone": (of_application("contact_phone"), PHONES),
}
ONE = [(name, value) for name, (_, values) in STORED.items() for value in values]
# One of a kind each, written in the order of the table: where an event is says what its slots' clock is.
SEVERAL = st.lists(st.sampled_from(ONE), min_size=2, max_size=5, unique_by=lambda item: item[0]).map(
    lambda chosen: sorted(chosen, key=lambda item: list(STORED).index(item[0]))
)


@pytest.fixture
def user() -> User:
    return factories.organiser(name="Camille Martin")


@pytest.fixture
def draft(user: User) -> Application:
    """Whole, as people leave it who fill every page."""
    answers.edition_of_2026()
    return factories.application(by=user, slots=[MORNING[:3]])


@contextmanager
def stored(draft: Application, *chosen: tuple[str, Any]) -> Iterator[Application]:
    """The draft as ``chosen`` leaves it, until the block ends."""
    with transaction.atomic():
        for name, value in chosen:
            STORED[name][0](Application.objects.get(pk=draft.pk), value)
        yield reading.whole(draft.pk)
        transaction.set_rollback(True)


def found_by_forms(step: type[StepForm], application: Application, user: User) -> list[Any]:
    form = step(application, user, step(application, user).as_posted())
    form.is_valid()
    form.judge(application.verdict)
    return form.flaws()


def missed(draft: Application, user: User, *chosen: tuple[str, Any]) -> list[Any]:
    """What the forms find on pages that are said to be whole."""
    with stored(draft, *chosen) as application:
        whole = [step for step in STEPS if step.is_plainly_whole(application, application.verdict)]
        return [flaw for step in whole for flaw in found_by_forms(step, application, user)]


def test_no_single_fault_that_a_form_finds_is_missed(draft: Application, user: User) -> None:
    found = [(choice, flaws) for choice in ONE if (flaws := missed(draft, user, choice))]

    assert found == []


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=SEVERAL)
def test_no_faults_together_that_a_form_finds_are_missed(
    draft: Application, user: User, chosen: list[tuple[str, Any]]
) -> None:
    assert missed(draft, user, *chosen) == []


@pytest.mark.parametrize(
    "chosen",
    [
        (),
        (("attendance", "en-ligne"), ("address", ""), ("commune", None), ("point", None)),
        (("attendance", "hybride"), ("online_url", "https://www.exemple.fr/a"), ("commune", "97411"), ("point", None)),
        (("registration", "courriel"), ("registration_email", "a@exemple.fr")),
        (("retired formats", ["visite-entreprise"]), ("retired audiences", ["scolaires"])),
        (("pictures", ["La coulée de la fonte", "Le plan de l’atelier"]), ("organisation", "others")),
    ],
)
def test_of_a_whole_application_no_form_is_built(
    draft: Application, user: User, chosen: tuple[tuple[str, Any], ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    with stored(draft, *chosen) as application:
        assert [flaw for step in STEPS for flaw in found_by_forms(step, application, user)] == []
        monkeypatch.setattr(StepForm, "__init__", lambda *args: pytest.fail("A form is built."))

        assert flaws_of(STEPS, application, user, application.verdict) == []


def test_where_one_page_is_doubted_the_forms_have_the_words(draft: Application, user: User) -> None:
    with stored(draft, ("price", None), ("pictures", [""])) as application:
        flaws = flaws_of(STEPS, application, user, application.verdict)

    assert [(flaw.step, flaw.message) for flaw in flaws] == [
        ("evenement", "Dites ce que montre l’image, pour les personnes qui ne la voient pas."),
        ("publics", "Indiquez le prix\u00a0: 0 si l’événement est gratuit."),
    ]
