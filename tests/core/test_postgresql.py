"""A kept connection is asked whether it lives only where its socket, or an error, makes one doubt."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.db.backends.postgresql.base import DatabaseWrapper

from tests.portal import until

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What Django's own question was answered, each time."""
    answers, own = list[bool](), DatabaseWrapper.is_usable

    def is_usable(wrapper: DatabaseWrapper) -> bool:
        answers.append(own(wrapper))
        return answers[-1]

    monkeypatch.setattr(DatabaseWrapper, "is_usable", is_usable)
    return answers


@pytest.fixture(autouse=True)
def another_connection() -> Iterator[None]:
    connection.close()
    connection.ensure_connection()
    yield
    connection.close()


def ended(pid: int, url: str) -> None:
    with psycopg.connect(url) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_one_that_lives_is_not_asked(asked: list[bool]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")

    assert connection.is_usable()
    assert asked == []


def test_one_that_the_server_ended_is_not_used(asked: list[bool], postgresql_url: str) -> None:
    ended(connection.connection.info.backend_pid, postgresql_url)
    until(lambda: not connection.is_usable())

    assert asked == [False]
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 2")
        assert cursor.fetchone() == (2,)


def test_one_that_this_side_closed_is_not_used(asked: list[bool]) -> None:
    connection.connection.close()

    assert not connection.is_usable()
    assert asked == [False]


def test_after_an_error_it_is_asked(asked: list[bool]) -> None:
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT no_such_thing")

    assert connection.errors_occurred
    assert connection.is_usable()
    assert asked == [True]
