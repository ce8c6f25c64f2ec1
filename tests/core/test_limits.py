"""Who asks too often waits and keeps what they typed; nobody hides behind a header, nobody uses up another's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from accounts import forms
from accounts.views import passwords
from core import limits
from core.outbox import Mail
from events import reports, searching
from labels.models import State
from labels.views import begin, review
from tests import bad_input, factories
from tests.labels import answers
from tests.labels.answers import address, fresh
from tests.test_deployment import SERVICES

pytestmark = pytest.mark.django_db

PROXY, STRANGER = "172.18.0.9", "203.0.113.66"


# Whose address it is --------------------------------------------------------------------------------------------------


@pytest.mark.pure
@pytest.mark.parametrize(
    ("hops", "peer", "forwarded", "counted"),
    [
        (0, STRANGER, "1.2.3.4", STRANGER),
        (0, PROXY, "1.2.3.4", PROXY),
        (1, PROXY, "198.51.100.7", "198.51.100.7"),
        # What the caller wrote stands before what the proxy saw.
        (1, PROXY, "1.2.3.4, 198.51.100.7", "198.51.100.7"),
        (2, PROXY, "1.2.3.4, 198.51.100.7, 10.0.0.3", "198.51.100.7"),
        # Not by way of our proxy, or by fewer than it says.
        (1, STRANGER, "1.2.3.4", STRANGER),
        (1, PROXY, "", PROXY),
        (2, PROXY, "1.2.3.4", PROXY),
        (1, PROXY, "1.2.3.4, no address\r\n", PROXY),
        (1, "no address", "1.2.3.4", "no address"),
        # One subscriber in IPv6, whichever of their addresses they take.
        (1, PROXY, "2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        (0, "2001:db8:1:2:bbbb::2", "", "2001:db8:1:2::"),
    ],
)
def test_a_caller_is_counted_by_the_address_that_our_proxy_saw(
    settings: Settings, hops: int, peer: str, forwarded: str, counted: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = hops

    assert (
        limits.caller_of(RequestFactory(REMOTE_ADDR=peer).get("/", headers={"x-forwarded-for": forwarded})) == counted
    )


# What is limited ------------------------------------------------------------------------------------------------------

Ask = Callable[[Client], Any]


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> dict[str, Ask]:
    """Each thing that is limited, at two in its time, and how to ask for it."""
    for module in (forms, passwords, reports, searching, review):
        monkeypatch.setattr(module, "MOST", 2)
    monkeypatch.setattr(begin, "_MOST", 2)
    owner = factories.organiser()
    event = factories.application(state=State.APPROVED).event
    draft = answers.filled(Client(), owner)

    def mine(client: Client) -> Client:
        client.force_login(owner)
        return client

    sworn = {"version": draft.version, "is_sworn": "on"}
    return {
        "code": lambda client: client.post("/connexion/", {"email": "camille@exemple.fr"}),
        "password": lambda client: client.post(reverse("account_reset_password"), {"email": "nadia@exemple.fr"}),
        "report": lambda client: client.post(f"/signaler/{event.uid}/", {"reason": "autre", "text": "Porte fermée"}),
        "list": lambda client: client.get("/evenements/?q=fonderie"),
        "map": lambda client: client.get("/carte/?pres=76351"),
        "frame": lambda client: client.get("/carte/integrer/?q=fonderie"),
        "printed": lambda client: client.get("/evenements/imprimer/?q=fonderie"),
        "ids": lambda client: client.get("/carte/ids.json?q=fonderie"),
        "new": lambda client: mine(client).post("/organisateurs/demandes/nouvelle/"),
        "submit": lambda client: mine(client).post(address(draft, "verification/"), {**sworn, "is_sworn": ""}),
    }


# What a page says again of what was typed.
KEPT = {
    "code": 'value="camille@exemple.fr"',
    "password": 'value="nadia@exemple.fr"',
    "report": "Porte fermée",
    "list": "q=fonderie",
    "map": "pres=76351",
    "frame": "q=fonderie",
    "printed": "q=fonderie",
    "submit": "Celle-ci est gardée",
}


@bad_input.runs("http-003", "volume-001")
@pytest.mark.parametrize(
    "name", ["code", "password", "report", "list", "map", "frame", "printed", "ids", "new", "submit"]
)
def test_who_asks_too_often_waits_by_their_true_address_and_keeps_what_they_typed(
    ready: dict[str, Ask], settings: Settings, name: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def ask(forged: str, true: str = "198.51.100.7") -> Any:
        return ready[name](Client(REMOTE_ADDR=PROXY, headers={"x-forwarded-for": f"{forged}, {true}"}))

    before = [ask(f"1.2.3.{number}").status_code for number in range(2)]
    refused = ask("1.2.3.4")

    assert 429 not in before
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) >= 60
    assert KEPT.get(name, "") in refused.content.decode()
    # Who does not come by the proxy says nothing of where they are.
    direct = [Client(REMOTE_ADDR=STRANGER, headers={"x-forwarded-for": f"1.2.3.{n}"}) for n in range(4)]
    assert [ready[name](client).status_code for client in direct][3] == 429
    assert ask("", true="198.51.100.8").status_code != 429


@bad_input.runs("volume-001")
def test_the_hundred_and_first_application_of_ten_minutes_is_not_sent_and_stays_a_draft(client: Client) -> None:
    draft = answers.filled(client, factories.organiser())
    for _ in range(100):
        limits.is_exceeded_for("127.0.0.1", "submit", most=review.MOST, seconds=600)

    refused = client.post(address(draft, "verification/"), {"version": draft.version, "is_sworn": "on"})

    assert (refused.status_code, refused["Retry-After"]) == (429, "600")
    assert "déposez-la dans 10\u00a0minutes." in refused.content.decode()
    assert fresh(draft).state == State.DRAFT


def test_what_is_only_read_or_filtered_is_no_search(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setattr(searching, "MOST", 1)
    factories.event(edition=factories.edition()).publish()

    for page in ("/evenements/", "/carte/", "/evenements/?public=scolaires&q=", "/carte/integrer/?region=28"):
        assert [client.get(page).status_code for _ in range(3)] == [200] * 3


# Nobody uses up what another needs ------------------------------------------------------------------------------------


@bad_input.runs("volume-003")
def test_a_stranger_who_asks_a_thousand_codes_for_somebody_does_not_shut_them_out() -> None:
    owner = factories.organiser(email="camille@exemple.fr")

    statuses = [Client(REMOTE_ADDR=STRANGER).post("/connexion/", {"email": owner.email}).status_code for _ in range(60)]
    hers = Client().post("/connexion/", {"email": owner.email})

    assert statuses == [302] * 5 + [429] * 55
    assert (hers.status_code, hers["Location"]) == (302, "/connexion/code/")
    assert Mail.objects.filter(to=owner.email).count() == 6


@bad_input.runs("volume-003")
def test_a_stranger_behind_the_same_proxy_locks_no_agent_out(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    nadia = factories.national(email="nadia@exemple.gouv.fr")

    def sign_in(password: str, forwarded: str) -> Any:
        client = Client(REMOTE_ADDR=PROXY, headers={"x-forwarded-for": forwarded})
        response = client.post(reverse("admin:login"), {"username": nadia.email, "password": password})
        return response.status_code, "_auth_user_id" in client.session, response.headers.get("Retry-After")

    tries = [sign_in("faux", f"1.2.3.{number}, {STRANGER}") for number in range(20)]

    assert tries[4:] == [(429, False, "900")] * 16
    assert sign_in(factories.PASSWORD, "198.51.100.7") == (302, True, None)


def test_a_stranger_who_asks_for_links_does_not_keep_an_agent_from_theirs() -> None:
    nadia = factories.national(email="nadia@exemple.gouv.fr")
    asking = reverse("account_reset_password")
    stranger = Client(REMOTE_ADDR=STRANGER)

    statuses = [stranger.post(asking, {"email": nadia.email}).status_code for _ in range(18)]
    mine = Client().post(asking, {"email": nadia.email})

    assert statuses == [302] * 5 + [429] * 13
    assert mine.status_code == 302
    assert Mail.objects.filter(to=nadia.email).count() == 6


# The cache ------------------------------------------------------------------------------------------------------------


@bad_input.runs("volume-009")
def test_what_searches_leave_in_the_cache_goes_by_itself(client: Client) -> None:
    factories.event(edition=factories.edition()).publish()
    for number in range(40):
        for page in ("/evenements/", "/carte/", "/carte/ids.json", "/evenements.ics", "/lieux/communes.json"):
            client.get(f"{page}?q=fonderie{number}")

    assert _without_end() == []
    # Redis gives up the oldest of what has an end; the cache of one process, a third of it past 300.
    assert "volatile-lru" in SERVICES["redis"]["command"] and "--maxmemory" in SERVICES["redis"]["command"]


def _without_end() -> list[str]:
    """The keys of the cache that would stay for ever."""
    if not django_settings.REDIS_URL:
        kept: dict[str, float | None] = cache._expire_info  # type: ignore[attr-defined]
        assert len(kept) <= 300
        return [key for key, end in kept.items() if end is None]
    redis = cache._cache._client.get_client()  # type: ignore[attr-defined]
    keys = list(redis.scan_iter(":1:*"))
    assert keys
    return [key.decode() for key in keys if redis.ttl(key) == -1]


def test_a_wait_is_told_in_french() -> None:
    told = [limits.spoken(seconds) for seconds in (30, 60, 600, 3600, 24 * 3600)]

    assert told == ["30\u00a0secondes", "une minute", "10\u00a0minutes", "une heure", "24\u00a0heures"]
