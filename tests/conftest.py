"""What every test stands on: the database of the run, its reference rows, and settings that tests may rely on.

The database and the broker come from the environment (``python -m tests.services``); nothing named is SQLite.
"""

import gc
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
from pytest_django import DjangoDbBlocker, Settings
from pytest_django.live_server_helper import LiveServer

from semaine import handed
from tests import services

pytest_plugins = [
    "tests.browser",
    "tests.outside",
    "tests.directory",
    "tests.parallel",
    "tests.portal",
    "tests.scenes",
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
    """Not skipped but deselected, and counted so: each runs in one of the two halves of ``make test``.

    What needs the real servers runs on them alone. What no database tells apart runs on SQLite alone: what is pure,
    what tries a page's script, the slowest, and how a page looks and is worked; the ways that visitors go, in
    ``tests/e2e``, are tried on both.
    """
    other = "postgresql" if _on_sqlite() else "alike"
    config.hook.pytest_deselected(items=[item for item in items if _half(item) == other])
    items[:] = [item for item in items if _half(item) != other]


def pytest_collection_finish() -> None:
    """What was collected stays to the end: it need not be looked through again and again for what nobody holds."""
    gc.collect()
    gc.freeze()


def _half(item: pytest.Item) -> str:
    """Which half it asks for; what is marked for the real servers runs there, browser or not."""
    if item.get_closest_marker("postgresql"):
        return "postgresql"
    if item.get_closest_marker("fault"):
        return "both"
    is_of_a_script = "browser" in getattr(item, "fixturenames", ()) and "e2e" not in item.path.parts
    is_alike = item.get_closest_marker("alike") or item.get_closest_marker("pure")
    return "alike" if is_of_a_script or is_alike else "both"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database with the staff's groups in it, as tests that commit leave it."""
    with django_db_blocker.unblock():
        call_command("make_groups", stdout=io.StringIO())
        from tests import reference

        reference.keep()
    yield
    with django_db_blocker.unblock():
        reference.end_other_sessions()


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
