"""What a Sentry server would be told of a failure, read from what its own client sends."""

import json
from typing import Any

import pytest
import sentry_sdk

from semaine import failures
from tests.semaine.sentry import Kept

pytestmark = pytest.mark.pure


def stumble(address: str) -> None:
    raise ValueError(f"nobody is called {address}, 06 12 34 56 78")


def test_a_failure_is_told_without_the_people_it_met(sent: Kept) -> None:
    try:
        stumble("camille@exemple.fr")
    except ValueError as error:
        sentry_sdk.capture_exception(error)

    (event,) = [envelope.get_event() for envelope in sent.envelopes]
    told: dict[str, Any] = json.loads(json.dumps(event, default=str))
    (raised,) = told["exception"]["values"]
    assert (raised["type"], raised["value"]) == ("ValueError", "nobody is called …, …")
    assert all("vars" not in frame for frame in raised["stacktrace"]["frames"])


def test_neither_the_request_nor_the_user_leaves() -> None:
    event = {
        "request": {"url": "https://semaine.example/suivi/MTIz.1tXyZ0.o7xqGk2fQ/", "cookies": {"session": "x"}},
        "user": {"ip_address": "203.0.113.7"},
        "transaction": "/suivi/MTIz.1tXyZ0.o7xqGk2fQ/",
        "extra": {"mails": ["camille@exemple.fr"], "count": 3},
    }

    assert failures.without_people(event) == {"transaction": "/suivi/…", "extra": {"mails": ["…"], "count": 3}}
