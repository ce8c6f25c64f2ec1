"""What every answer tells the browser, scored by the rules of Mozilla's HTTP Observatory."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from csp.decorators import csp, csp_exempt, csp_replace, csp_update
from csp.middleware import CSPMiddleware
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from semaine import headers
from tests import factories
from tests.headers import policy

pytestmark = pytest.mark.django_db

HOST = "semaine.example"
HALF_A_YEAR = 15_768_000
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
PAGES = [
    "/",
    "/evenements/",
    "/carte/",
    "/chiffres/",
    "/connexion/",
    "/contact/",
    "/donnees/",
    "/presse/",
    "/carte/integrer/code/",
    "/admin/login/",
    "/nulle-part/",
    "/evenements.json",
    "/evenements.csv",
]


@pytest.fixture
def production(settings: Settings) -> Settings:
    """The doors of a production; everything else stays the demonstration's."""
    settings.ALLOWED_HOSTS = [HOST]
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    return settings


@pytest.fixture
def client(production: Settings) -> Client:
    return Client(headers={"host": HOST, "origin": "https://ailleurs.example"})


def got(client: Client, address: str) -> Any:
    return client.get(address, secure=True)


def modifiers(answer: Any, plain: Any) -> dict[str, int]:
    """Each test of the Observatory, penalty or bonus; ``plain`` is the same address without TLS."""
    return {
        "cookies": _cookies(answer),
        "cross-origin sharing": _sharing(answer),
        "content security policy": _policy(answer),
        "strict transport": _transport(answer.get("Strict-Transport-Security", "")),
        "redirection": 0 if plain.status_code == 301 and plain["Location"].startswith(f"https://{HOST}/") else -20,
        "referrer": 5 if answer.get("Referrer-Policy") in PRIVATE else -5,
        "subresource integrity": 0 if _scripts(answer) <= {""} else -50,
        "sniffing": 0 if answer.get("X-Content-Type-Options") == "nosniff" else -5,
        "framing": 5 if policy(answer).get("frame-ancestors") == "'none'" else -20,
        "resource policy": {None: 5, "same-origin": 0, "same-site": 0}.get(
            answer.get("Cross-Origin-Resource-Policy"), -20
        ),
    }


def score(answer: Any, plain: Any) -> int:
    """Bonuses count for those alone whose penalties leave them 90."""
    found = modifiers(answer, plain).values()
    base = 100 + sum(value for value in found if value < 0)
    return base + sum(value for value in found if value > 0) if base >= 90 else base


def _cookies(answer: Any) -> int:
    cookies = answer.cookies.values()
    if any(not cookie["secure"] or not cookie["httponly"] for cookie in cookies):
        return -40
    if any(cookie["samesite"] not in {"Lax", "Strict"} for cookie in cookies):
        return -20
    return 5 if cookies else 0


def _sharing(answer: Any) -> int:
    allowed = answer.get("Access-Control-Allow-Origin", "")
    return 0 if allowed in {"", "*"} and "Access-Control-Allow-Credentials" not in answer else -50


def _policy(answer: Any) -> int:
    rules = policy(answer)
    if not rules or "default-src" not in rules:
        return -25
    active = f"{rules.get('script-src', '')} {rules.get('style-src', '')} {rules.get('object-src', '')}"
    if re.search(r"unsafe|data:|https?:(?!//)|\*", active):
        return -20
    if re.search(r"\bhttp:", " ".join(rules.values())):
        return -20
    return 10 if rules["default-src"] == "'none'" else 5


def _transport(header: str) -> int:
    (age,) = re.findall(r"max-age=(\d+)", header) or ["0"]
    return 0 if int(age) >= HALF_A_YEAR else -20


def _scripts(answer: Any) -> set[str]:
    """The hosts that the scripts of a page come from; empty for the portal's own."""
    body = answer.content.decode() if answer["Content-Type"].startswith("text/html") else ""
    return {urlsplit(address).netloc for address in re.findall(r"<script[^>]*\bsrc=\"([^\"]+)\"", body)}


@pytest.mark.parametrize("address", PAGES)
def test_every_kind_of_answer_scores_a_hundred_at_least(client: Client, address: str) -> None:
    factories.event(edition=factories.edition(2024)).publish()

    answer, plain = got(client, address), client.get(address)

    found = modifiers(answer, plain)
    assert [name for name, value in found.items() if value < 0] == []
    assert score(answer, plain) >= 100


def test_the_map_in_a_frame_alone_lets_others_frame_it(client: Client) -> None:
    factories.event(edition=factories.edition(2024)).publish()
    address = "/carte/integrer/"

    found = modifiers(got(client, address), client.get(address))

    assert [name for name, value in found.items() if value < 0] == ["framing"]


def test_what_others_may_load_says_so_and_nothing_else_does(client: Client) -> None:
    factories.event(edition=factories.edition(2024)).publish()

    shared = {
        a for a in [*PAGES, "/carte/integrer/"] if "Cross-Origin-Resource-Policy" not in client.get(a, secure=True)
    }

    assert shared == {"/evenements.json", "/evenements.csv", "/carte/integrer/"}


@pytest.mark.parametrize("address", PAGES)
def test_no_answer_lets_a_page_use_what_the_portal_does_not(client: Client, address: str) -> None:
    allowed = dict(rule.split("=") for rule in got(client, address)["Permissions-Policy"].split(", "))

    assert {name for name, who in allowed.items() if who != "()"} == {
        "geolocation",
        "publickey-credentials-create",
        "publickey-credentials-get",
    }
    assert {"camera", "microphone", "payment", "usb", "browsing-topics"} <= allowed.keys()


@pytest.mark.pure
@pytest.mark.parametrize(
    ("kind", "is_told"),
    [("image/svg+xml", True), ("application/pdf", True), ("text/css; charset=utf-8", False), ("font/woff2", False)],
)
def test_what_a_page_may_use_is_told_of_all_that_a_browser_opens_as_one(kind: str, is_told: bool) -> None:
    answer = headers.add(lambda _: HttpResponse(content_type=kind))(RequestFactory().get("/static/a"))

    assert ("Permissions-Policy" in answer) is is_told
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.pure
@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"DEBUG": True},
        {"CONTENT_SECURITY_POLICY_REPORT_ONLY": {"DIRECTIVES": {"default-src": ["'self'"]}}},
        {"CONTENT_SECURITY_POLICY": {"EXCLUDE_URL_PREFIXES": ["/a"], "DIRECTIVES": {"default-src": ["'self'"]}}},
    ],
)
@pytest.mark.parametrize("status", [200, 404])
@pytest.mark.parametrize(
    "decorator",
    [
        lambda view: view,
        csp({"default-src": ["'none'"]}),
        csp_update({"frame-src": ["'self'"]}),
        csp_replace({"frame-ancestors": ["*"]}),
        csp_exempt(),
    ],
)
def test_each_answer_bears_the_policy_that_the_library_would_give_it(
    settings: Settings, decorator: Any, status: int, changed: dict[str, Any]
) -> None:
    for name, value in changed.items():
        setattr(settings, name, value)
    view = decorator(lambda _: HttpResponse(status=status))
    request = RequestFactory().get("/a")

    ours: Any = headers.ContentSecurityPolicy(view)(request)
    library: Any = CSPMiddleware(view)(request)

    assert ours.headers == library.headers


def test_the_cookies_of_a_production_are_of_this_host_alone(client: Client) -> None:
    answer = client.post("/connexion/", {"email": "camille@exemple.fr"}, secure=True)
    client.get("/connexion/code/", secure=True)

    cookies = {**answer.cookies, **client.cookies}
    assert set(cookies) == {"__Host-session", "__Host-csrf"}
    assert {(c["secure"], c["path"], c["domain"], c["samesite"], c["httponly"]) for c in cookies.values()} == {
        (True, "/", "", "Lax", True)
    }


def test_files_are_served_under_the_same_headers_as_pages(settings: Settings) -> None:
    order = settings.MIDDLEWARE
    files = order.index("whitenoise.middleware.WhiteNoiseMiddleware")

    assert {
        "semaine.headers.add",
        "semaine.headers.ContentSecurityPolicy",
        "django.middleware.security.SecurityMiddleware",
    } <= set(order[:files])
    assert settings.WHITENOISE_ALLOW_ALL_ORIGINS is False
