"""The calendar as JavaScript's programmes read it, by npm's ical.js: ``make audit``."""

import json
import shutil
import subprocess
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from events.models import Event
from tests import factories
from tests.events.reading import fetch
from tests.events.test_feeds import HOSTILE

pytestmark = pytest.mark.django_db

HERE = Path(__file__).parent


def read(calendar: bytes) -> list[dict[str, Any]]:
    node = shutil.which("node")
    assert node, "Node is missing."
    done = subprocess.run([node, "read_calendar.js"], cwd=HERE, input=calendar, capture_output=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_ical_js_reads_hostile_titles_as_titles() -> None:
    for title in HOSTILE:
        event = factories.event(edition=factories.edition(2024))
        event.publish()
        Event.objects.filter(pk=event.pk).update(title=title, description=title)

    meetings = read(fetch("ics"))

    assert len(meetings) == len(HOSTILE)
    assert {meeting["status"] for meeting in meetings} == {"CONFIRMED"}
    assert "<script>alert(1)</script>" in {meeting["summary"] for meeting in meetings}


def test_ical_js_reads_the_hour_of_la_reunion_and_a_cancellation() -> None:
    slots = [(date(2024, 11, 20), time(9), time(12))]
    event = factories.event(edition=factories.edition(2024), commune=factories.commune("97411"), slots=slots)
    event.publish()
    event.cancel("Fermé.")

    (meeting,) = read(fetch("ics"))

    assert (meeting["local"], meeting["utc"]) == ("2024-11-20T09:00:00", "2024-11-20T05:00:00.000Z")
    assert (meeting["status"], meeting["sequence"]) == ("CANCELLED", 2)
