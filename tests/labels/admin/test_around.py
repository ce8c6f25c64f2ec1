"""What is around an event: its neighbours, its public page in a frame, the mails that told of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.audit import AuditEntry
from accounts.models import User
from core.outbox import Mail
from events.models import Edition, Event
from labels.admin.nearby import AT_MOST, around
from labels.models import Application, State
from tests import factories
from tests.headers import policy
from tests.labels.admin.desk import QUEUE, page_of, signed_in, text_of
from tests.test_consistency import MODULES, ROOT

pytestmark = pytest.mark.django_db


def an_open_one(year: int) -> Edition:
    now = timezone.now()
    return factories.edition(
        year, applications_open_at=now - timedelta(days=9), applications_close_at=now + timedelta(days=9)
    )


def at(kilometres: float, state: State = State.SUBMITTED, **fields: Any) -> Application:
    """An application so far north of Le Havre."""
    application = factories.application(state=state, **fields)
    Event.objects.filter(pk=application.event.pk).update(latitude=49.4938 + kilometres / 111.195)
    application.event.refresh_from_db()
    return application


# Neighbours -----------------------------------------------------------------------------------------------------------


def test_neighbours_come_nearest_first_with_their_distance(examiner: User, here: Application) -> None:
    far, near, same = at(9.04), at(0.3), at(0)
    at(15.2)
    at(1, State.DRAFT)
    at(1, State.WITHDRAWN)
    at(1, State.APPROVED, edition=an_open_one(2024))

    found = around(here.event, examiner)

    assert [(item.rank, item.event, item.distance) for item in found] == [
        (1, same.event, "au même endroit"),
        (2, near.event, "à 300\N{NO-BREAK SPACE}m"),
        (3, far.event, "à 9,0\N{NO-BREAK SPACE}km"),
    ]


def test_of_another_regions_events_only_the_public_ones_are_told(examiner: User, here: Application) -> None:
    public, hidden = at(2, State.APPROVED), at(3, title="Atelier secret")
    Application.objects.filter(pk__in=[public.pk, hidden.pk]).update(region=factories.commune("69381").region)

    response = signed_in(examiner).get(page_of(here))

    (neighbour,) = response.context["neighbours"]
    assert (neighbour.event, neighbour.url, neighbour.desk_url, neighbour.state) == (
        public.event,
        public.event.get_absolute_url(),
        "",
        "",
    )
    assert public.reference not in response.content.decode()
    assert "secret" not in response.content.decode()


def test_a_neighbour_leads_to_its_public_page_or_to_its_desk(examiner: User, here: Application) -> None:
    public, waiting = at(1, State.APPROVED), at(2)

    html = signed_in(examiner).get(page_of(here)).content.decode()

    assert [item.url for item in around(here.event, examiner)] == [public.event.get_absolute_url(), page_of(waiting)]
    assert f'href="{page_of(public)}"' in html


def test_no_more_neighbours_than_twenty(examiner: User, here: Application) -> None:
    one = at(1)
    Event.objects.bulk_create(
        Event(
            edition=one.event.edition,
            title=f"Visite {rank}",
            latitude=49.5,
            longitude=0.1,
            published_at=timezone.now(),
            label_number=f"2024-{rank}",
        )
        for rank in range(AT_MOST + 5)
    )

    assert len(around(here.event, examiner)) == AT_MOST


def test_an_event_online_has_no_neighbours(examiner: User) -> None:
    online = factories.application(state=State.SUBMITTED, attendance=Event.Attendance.ONLINE, commune=None)

    assert around(online.event, factories.national()) == []


# The public page in a frame -------------------------------------------------------------------------------------------


def preview_of(application: Application) -> str:
    return reverse("admin:labels_application_preview", args=[application.pk])


@pytest.mark.parametrize("state", list(State))
def test_the_event_is_shown_as_the_public_will_see_it_whatever_its_state(state: State, examiner: User) -> None:
    application = factories.application(state=state)

    response = signed_in(examiner).get(preview_of(application))

    assert response.status_code == 200
    assert "events/detail.html" in [template.name for template in response.templates]
    assert "Informations pratiques" in text_of(response)


def test_the_preview_alone_may_be_framed_and_by_this_site_alone(examiner: User, here: Application) -> None:
    client = signed_in(examiner)

    response = client.get(preview_of(here))

    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert policy(response)["frame-ancestors"] == "'self'"
    assert "frame-src" not in policy(response)


def test_no_other_page_became_framable(examiner: User, here: Application) -> None:
    public = factories.application(state=State.APPROVED).event
    client = signed_in(examiner)
    pages = [
        client.get(page_of(here)),
        client.get(QUEUE),
        client.get(reverse("admin:index")),
        client.get(reverse("admin:labels_application_compare", args=[here.pk, here.pk])),
        client.post(reverse("admin:labels_application_note", args=[here.pk]), {"text": ""}),
        client.post(reverse("admin:labels_application_note", args=[here.pk]), {"text": "À suivre."}),
        signed_in(factories.regional("84")).get(preview_of(here)),
        Client().get(preview_of(here)),
        Client().get(public.get_absolute_url()),
        Client().get("/"),
        Client().get(reverse("account_login")),
    ]

    assert {page["X-Frame-Options"] for page in pages} == {"DENY"}
    assert {policy(page)["frame-ancestors"] for page in pages} == {"'none'"}
    framing = [rank for rank, page in enumerate(pages) if "frame-src" in policy(page)]
    # The application's page, also when a note is refused.
    assert framing == [0, 4]
    assert policy(pages[0])["frame-src"] == "'self'"


def test_the_preview_and_the_map_of_partners_alone_may_be_framed() -> None:
    lets = [name for name in MODULES if "decorators.clickjacking" in (ROOT / name).read_text()]

    assert lets == ["labels/admin/preview.py", "maps/embed.py"]


# Mails ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def mail(here: Application) -> Mail:
    """What told the organiser that their application arrived."""
    Mail.objects.filter(about=here.reference).update(state=Mail.State.SENT, sent_at=timezone.now())
    return Mail.objects.get(about=here.reference)


def send_again(user: User, application: Application, mail: Mail) -> str:
    address = reverse("admin:labels_application_resend", args=[application.pk, mail.pk])
    return text_of(signed_in(user).post(address, follow=True))


def test_the_mails_of_an_application_are_listed_with_their_state(examiner: User, here: Application, mail: Mail) -> None:
    other = factories.application(state=State.SUBMITTED)

    response = signed_in(examiner).get(page_of(here))

    assert list(response.context["mails"]) == [mail]
    assert f"{mail.subject} – Envoyé" in text_of(response)
    assert mail.to in text_of(response)
    assert Mail.objects.filter(about=other.reference).exists()


def test_who_only_reads_sees_no_address_and_sends_nothing(reader: User, here: Application, mail: Mail) -> None:
    text = text_of(signed_in(reader).get(page_of(here)))

    assert mail.subject in text
    assert f", à {mail.to}" not in text
    assert "Renvoyer «" not in text
    assert (
        signed_in(reader).post(reverse("admin:labels_application_resend", args=[here.pk, mail.pk])).status_code == 403
    )
    assert Mail.objects.filter(about=here.reference).count() == 1


def test_a_mail_that_left_is_sent_again_whole_and_once(examiner: User, here: Application, mail: Mail) -> None:
    first, second = send_again(examiner, here, mail), send_again(examiner, here, mail)

    copy = Mail.objects.filter(about=here.reference).exclude(pk=mail.pk).get()
    assert (copy.to, copy.subject, copy.text, copy.html) == (mail.to, mail.subject, mail.text, mail.html)
    assert "est renvoyé." in first
    assert "Ce courriel vient d’être renvoyé." in second
    entry = AuditEntry.objects.get(action="mail.resend")
    assert (entry.by, entry.about, entry.details["mail"]) == (examiner, here.reference, mail.pk)


def test_a_mail_that_was_refused_goes_back_to_the_queue(examiner: User, here: Application, mail: Mail) -> None:
    Mail.objects.update(state=Mail.State.FAILED)

    send_again(examiner, here, mail)

    assert [item.state for item in Mail.objects.filter(about=here.reference)] == [Mail.State.WAITING]
    assert AuditEntry.objects.filter(action="mail.resend").count() == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"state": Mail.State.CANCELLED}, "annulé avant son envoi"),
        ({"state": Mail.State.WAITING}, "attend son envoi"),
        ({"text": ""}, "effacé"),
        ({"state": Mail.State.FAILED, "to": Mail.FORGOTTEN}, "ne peut plus être renvoyé"),
    ],
)
def test_a_mail_that_must_not_leave_again_does_not(
    values: dict[str, str], message: str, examiner: User, here: Application, mail: Mail
) -> None:
    Mail.objects.filter(pk=mail.pk).update(**values)

    text = send_again(examiner, here, mail)

    assert message in text
    assert Mail.objects.filter(about=here.reference).count() == 1
    assert not AuditEntry.objects.filter(action="mail.resend").exists()


def test_the_mail_of_another_application_is_not_sent_from_here(examiner: User, here: Application, mail: Mail) -> None:
    other = factories.application(state=State.SUBMITTED)
    theirs = Mail.objects.get(about=other.reference)

    for pk in (theirs.pk, 0, 2**63, 10**40):
        address = reverse("admin:labels_application_resend", args=[here.pk, pk])
        assert signed_in(examiner).post(address).status_code == 404
    assert Mail.objects.filter(key__startswith="again-").count() == 0
