"""A page rendered once for all those who are not known."""

import gzip

from django.http import HttpRequest
from django.test import RequestFactory

from core.ready import ready

VERSION = "essai-1"


def asked(encoding: str = "", **cookies: str) -> HttpRequest:
    request = RequestFactory().get("/", headers={"accept-encoding": encoding})
    request.COOKIES.update(cookies)
    return request


def test_it_is_rendered_once_for_a_version_and_an_encoding() -> None:
    made: list[str] = []

    def render() -> bytes:
        made.append("page")
        return b"<p>Bonjour</p>"

    first, second = ready(asked("gzip"), VERSION, render), ready(asked("gzip"), VERSION, render)
    ready(asked("gzip"), "essai-2", render)

    assert len(made) == 2
    assert gzip.decompress(first.content) == gzip.decompress(second.content) == b"<p>Bonjour</p>"
    assert (second["Content-Encoding"], second["Vary"]) == ("gzip", "Accept-Encoding, Cookie")
    assert ready(asked(), VERSION, render).content == b"<p>Bonjour</p>"


def test_who_has_a_session_gets_a_page_of_their_own_that_nobody_else_gets() -> None:
    assert ready(asked("gzip", session="x"), VERSION, lambda: b"Votre page").content == b"Votre page"

    assert ready(asked(), VERSION, lambda: b"Page de tous").content == b"Page de tous"
