"""What every test stands on: the database of the run, its reference rows, and settings that tests may rely on.

The database and the broker come from the environment (``python -m tests.services``); nothing named is SQLite.
"""

import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker, Settings
from pytest_django.live_server_helper import LiveServer

from core import handed
from tests import services

pytest_plugins = [
    "tests.browser",
    "tests.outside",
    "tests.directory",
    "tests.parallel",
    "tests.portal",
    "tests.servers",
]

_directory = Path(tempfile.mkdtemp(prefix="semaine-tests-"))


def _on_sqlite() -> bool:
    return str(django_settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3")


def pytest_configure(config: pytest.Config) -> None:
    django_settings.DECISION_MAIL_DELAY = 0
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django_settings.MEDIA_ROOT = str(_directory / "media")
    # Tests ask the outside services for a stand-in (`outside_service`), or find them gone.
    django_settings.GEOCODER_URL = django_settings.COMPANIES_URL = ""
    # Tests that want a worker ask for `celery_worker`; no other waits for one.
    django_settings.CELERY_TASK_ALWAYS_EAGER = True
    if _on_sqlite():
        # A file, because threads and other processes must see what a test commits.
        django_settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(_directory / "test.sqlite3")
    if django_settings.REDIS_URL:
        _claim_redis(config)


def _claim_redis(config: pytest.Config) -> None:
    """Each process of the run empties its own database of the Redis server, and no other."""
    url, release = services.claim_redis_database(django_settings.REDIS_URL)
    config.add_cleanup(release)
    os.environ["REDIS_URL"] = url
    django_settings.REDIS_URL = django_settings.CELERY_BROKER_URL = url
    django_settings.CACHES["default"]["LOCATION"] = url


def pytest_unconfigure() -> None:
    shutil.rmtree(_directory, ignore_errors=True)


def pytest_report_header() -> str:
    database = django_settings.DATABASES["default"]
    return f"database: {database['ENGINE'].rpartition('.')[2]}, Redis: {'yes' if django_settings.REDIS_URL else 'no'}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if _commits(item):
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)
    _leave_to_the_other_half(config, items)


def _commits(item: pytest.Item) -> bool:
    """Whether the test empties the tables after itself, so that the next needs the reference rows put back."""
    marker = item.get_closest_marker("django_db")
    asks = {"transactional_db", "live_server"}.intersection(getattr(item, "fixturenames", ()))
    return bool(asks or (marker and marker.kwargs.get("transaction")))


def _leave_to_the_other_half(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Not skipped but deselected, and counted so: each runs in one of the two halves of ``make test``.

    What needs the real servers runs on them alone. What no database tells apart runs on SQLite alone: what is pure,
    and what tries a page's script, the slowest; the ways that visitors go, in ``tests/e2e``, are tried on both.
    """
    other = "postgresql" if _on_sqlite() else "alike"
    deselected = [item for item in items if other in _asked(item)]
    config.hook.pytest_deselected(items=deselected)
    items[:] = [item for item in items if item not in deselected]


def _asked(item: pytest.Item) -> set[str]:
    """Which half it asks for; what is marked for the real servers runs there, browser or not."""
    if item.get_closest_marker("postgresql"):
        return {"postgresql"}
    if item.get_closest_marker("fault"):
        return set()
    is_of_a_script = "browser" in getattr(item, "fixturenames", ()) and "e2e" not in item.path.parts
    return {"alike"} if is_of_a_script or item.get_closest_marker("pure") else set()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database with the staff's groups in it, kept in mind for tests that commit."""
    with django_db_blocker.unblock():
        call_command("make_groups", stdout=io.StringIO())
        default = connections["default"]
        rows = default.creation.serialize_db_to_string()
        # On the class too: the loop that Playwright runs in this thread gives Django another connection object.
        default._test_serialized_contents = type(default)._test_serialized_contents = rows  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    yield
    cache.clear()
    handed.forget()


@pytest.fixture
def live_server(live_server: LiveServer, settings: Settings) -> LiveServer:
    """The portal served on a free port, with the links of its mails leading there."""
    settings.SITE_URL = live_server.url
    return live_server
