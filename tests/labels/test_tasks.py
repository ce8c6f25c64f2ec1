"""The examiners' morning: one digest each of what waits in their régions, none when nothing waits, none on holidays."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from core.outbox import Mail
from labels.models import Application, State
from labels.tasks import send_digests
from tests import factories

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)
ARMISTICE = datetime(2026, 11, 11, 6, 30, tzinfo=UTC)


def digests() -> dict[str, Mail]:
    return {mail.to: mail for mail in Mail.objects.filter(key__startswith="digest-")}


@pytest.fixture
def waiting() -> Application:
    return factories.application(state=State.SUBMITTED, title="Visite en Normandie")


def test_each_examiner_reads_what_waits_in_their_regions_alone(waiting: Application) -> None:
    here, elsewhere = factories.regional("28"), factories.regional("84")
    national = factories.national()
    online = factories.application(state=State.SUBMITTED, attendance="en-ligne", title="Webinaire")

    with time_machine.travel(MONDAY):
        sent = send_digests()

    mails = digests()
    # The examiner who stands in the factories decides nationally too.
    assert set(mails) == {here.email, national.email, "traits@exemple.gouv.fr"}
    assert sent == len(mails)
    assert elsewhere.email not in mails
    assert waiting.reference in mails[here.email].text
    assert online.reference not in mails[here.email].text
    assert online.reference in mails[national.email].text


def test_a_morning_run_twice_sends_one_digest(waiting: Application) -> None:
    examiner = factories.regional("28")

    with time_machine.travel(MONDAY):
        send_digests()
        send_digests()

    assert Mail.objects.filter(key__startswith="digest-", to=examiner.email).count() == 1


@pytest.mark.parametrize("day", [SATURDAY, ARMISTICE])
def test_nobody_is_written_to_on_a_day_off(day: datetime, waiting: Application) -> None:
    factories.regional("28")

    with time_machine.travel(day):
        assert send_digests() == 0

    assert digests() == {}


def test_what_is_decided_waits_no_more_and_a_disabled_account_is_left_alone(waiting: Application) -> None:
    User.objects.filter(pk=factories.regional("28").pk).update(is_active=False)
    factories.regional("84", email="sans-rien@exemple.gouv.fr")
    Application.objects.update(state=State.APPROVED)

    with time_machine.travel(MONDAY):
        assert send_digests() == 0

    assert digests() == {}


@pytest.mark.parametrize(("days", "is_late"), [(-3, True), (0, False)])
def test_what_is_late_is_said(days: int, is_late: bool, waiting: Application) -> None:
    examiner = factories.regional("28")
    Application.objects.update(promised_on=timezone.localdate(MONDAY) + timedelta(days=days))

    with time_machine.travel(MONDAY):
        send_digests()

    assert ("en retard" in digests()[examiner.email].text) is is_late
