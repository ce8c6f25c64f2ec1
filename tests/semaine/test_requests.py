"""Each request by its identity, its answer's line in the log, and nobody in either."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings as portal
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from semaine import logs
from semaine.requests import HEADER, tell

pytestmark = pytest.mark.django_db


@contextmanager
def production_log() -> Iterator[io.StringIO]:
    """What production would print, whatever writes it."""
    printed = io.StringIO()
    formatter = {**logs.formatter("json")}
    handler = logging.StreamHandler(printed)
    handler.setFormatter(formatter.pop("()")(**formatter))
    root, requests = logging.getLogger(), logging.getLogger("semaine.requests")
    level = requests.level
    root.addHandler(handler)
    requests.setLevel(logging.INFO)
    try:
        yield printed
    finally:
        root.removeHandler(handler)
        requests.setLevel(level)


def lines(printed: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.getvalue().splitlines()]


def test_each_request_leaves_one_line_with_the_identity_that_its_answer_bears(client: Client) -> None:
    with production_log() as printed:
        first, second = client.get("/aide/"), client.get("/aide/?q=camille@exemple.fr")

    told = [line for line in lines(printed) if line["logger"] == "semaine.requests"]
    assert [(line["request_id"], line["status"], line["route"], line["method"]) for line in told] == [
        (first[HEADER], 200, "pages:help", "GET"),
        (second[HEADER], 200, "pages:help", "GET"),
    ]
    assert first[HEADER] != second[HEADER]
    assert "camille" not in printed.getvalue()
    assert all(line["milliseconds"] >= 0 and line["timestamp"].endswith("Z") for line in told)


def stumble() -> None:
    raise DatabaseError("Key (email)=(camille@exemple.fr) already exists.")


def test_what_is_logged_while_a_request_is_answered_bears_its_identity_and_names_nobody() -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        try:
            stumble()
        except DatabaseError:
            logging.getLogger("labels.views").exception("refused to %s", "0612345678")
        return HttpResponse(status=500)

    with production_log() as printed:
        answer = tell(fails)(RequestFactory().get("/"))

    failure = next(line for line in lines(printed) if line["logger"] == "labels.views")
    assert failure["request_id"] == answer[HEADER]
    assert failure["event"] == "refused to …"
    assert "Key (email)=(…) already exists." in failure["exception"]
    assert "DatabaseError" in failure["exception"]
    assert "camille" not in printed.getvalue()


def test_a_signed_link_that_leads_nowhere_is_logged_without_its_token(client: Client) -> None:
    with production_log() as printed:
        client.get("/suivi/MTIz.1tXyZ0.o7xq-Gk2fQ_b8-6mDqkXcYt0A1w/")

    assert "o7xq" not in printed.getvalue()
    assert "/suivi/…" in printed.getvalue()


def test_a_line_break_that_a_visitor_sends_makes_no_second_line(client: Client) -> None:
    with production_log() as printed:
        client.get("/rien%0A%7B%22event%22%3A%22forged%22%7D/")

    assert [line for line in lines(printed) if line["event"] == "forged"] == []


def test_the_probes_leave_no_line(client: Client) -> None:
    with production_log() as printed:
        client.get("/sante/vivant")

    assert [line for line in lines(printed) if line["logger"] == "semaine.requests"] == []


@pytest.mark.parametrize(
    ("proxies", "given", "is_kept"),
    [(1, "0f8fad5b-d9cb-469f", True), (0, "0f8fad5b-d9cb-469f", False), (1, "<script>", False), (1, "a" * 65, False)],
)
def test_the_identity_that_the_proxy_gives_is_kept_and_no_other(
    settings: Settings, proxies: int, given: str, is_kept: bool
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    answer = tell(lambda request: HttpResponse())(RequestFactory().get("/", headers={HEADER: given}))

    assert (answer[HEADER] == given) is is_kept


def test_the_configured_log_is_what_these_tests_read() -> None:
    formatters: Any = portal.LOGGING["formatters"]

    assert formatters["line"]["processors"][:-1] == logs.formatter("json")["processors"][:-1]
    assert portal.MIDDLEWARE[0] == "semaine.requests.tell"
