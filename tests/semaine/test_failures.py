"""What a Sentry server would be told of a failure, read from what its own client sends."""

import json
import logging
from typing import Any

import httpx
import pytest
import sentry_sdk
from django.db import IntegrityError

from semaine import failures
from tests.semaine.sentry import Kept

pytestmark = pytest.mark.pure


def stumble(name: str) -> None:
    try:
        int(name)
    except ValueError as error:
        row = f"duplicate key value\nDETAIL:  Failing row contains (7, {name}, 06 12 34 56 78)."
        raise IntegrityError(row) from error


def told_by(sent: Kept) -> list[dict[str, Any]]:
    return [json.loads(json.dumps(envelope.get_event(), default=str)) for envelope in sent.envelopes]


def test_a_failure_is_told_by_its_kind_and_its_place_without_the_people_it_met(sent: Kept) -> None:
    try:
        stumble("Camille Martin")
    except IntegrityError as error:
        sentry_sdk.capture_exception(error)

    (told,) = told_by(sent)
    first, last = told["exception"]["values"]
    assert (first["type"], last["module"], last["type"]) == ("ValueError", "django.db.utils", "IntegrityError")
    assert last["stacktrace"]["frames"][-1]["function"] == "stumble"
    assert last["stacktrace"]["frames"][-1]["context_line"] == "        raise IntegrityError(row) from error"
    assert all(raised.keys() <= {"type", "module", "stacktrace"} for raised in (first, last))
    assert all("vars" not in frame for raised in (first, last) for frame in raised["stacktrace"]["frames"])
    assert told["event_id"] and told["level"] == "error"


def test_a_line_of_the_log_is_told_without_what_it_is_filled_with(sent: Kept) -> None:
    logging.getLogger("labels.tasks").error("no digest for %s", "Camille", extra={"request": "/evenements/?q=Camille"})

    (told,) = told_by(sent)
    assert (told["logger"], told["logentry"]) == ("labels.tasks", {"message": "no digest for %s"})
    assert "Camille" not in json.dumps({**told, "exception": None})


def test_what_comes_filled_in_with_a_stranger_s_words_or_a_task_s_arguments_is_not_told(sent: Kept) -> None:
    logging.getLogger("django.security.DisallowedHost").error("Invalid HTTP_HOST header: 'camille'")
    consumer = logging.getLogger("celery.worker.consumer.consumer")
    consumer.error("Received unregistered task of type %s. The full contents of the message body was: %s", "x", "(7,)")

    assert sent.envelopes == []


def test_the_services_that_the_portal_asks_are_told_nothing_of_its_reports(sent: Kept) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200)

    httpx.Client(transport=httpx.MockTransport(answer)).get("https://geocodage.example/search")

    assert not {"sentry-trace", "baggage"} & asked[0].headers.keys()


def test_nothing_leaves_that_is_not_listed() -> None:
    event = {
        "request": {"url": "https://semaine.example/suivi/MTIz.1tXyZ0.o7xqGk2fQ/", "cookies": {"session": "x"}},
        "user": {"ip_address": "203.0.113.7"},
        "transaction": "/suivi/MTIz.1tXyZ0.o7xqGk2fQ/",
        "extra": {"celery-job": {"args": ["camille@exemple.fr"]}},
        "contexts": {"trace": {"data": "?q=camille"}},
        "what_comes_next_year": "camille",
    }

    assert failures.without_people(event) == {"transaction": "/suivi/…"}
