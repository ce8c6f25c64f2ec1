"""A demonstration needs no variable; a production configuration that lacks one says so before it serves anyone."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from semaine.checks import NAMED_BY_LAW, is_configured_for_production

pytestmark = pytest.mark.pure

PRODUCTION = {
    "DEMO": "0",
    "SECRET_KEY": "q8vJ0l3Zx-uYt5Rr7Nn1Bb9Cc2Dd4Ee6Ff8Gg0Hh_Ii3Jj5Kk7Ll9Mm",
    "ALLOWED_HOSTS": "semaine.example",
    "SITE_URL": "https://semaine.example",
    "DATABASE_URL": "postgres://semaine@db/semaine",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp+tls://mail.example:587",
    "DEFAULT_FROM_EMAIL": "portail@semaine.example",
    "CONTACT_EMAIL": "contact@semaine.example",
    "HOSTING": "Hébergeur exemplaire, 1 rue du Test, 75000 Paris",
    "PUBLISHER_ADDRESS": "2 rue du Test, 75000 Paris",
    "PUBLICATION_DIRECTOR": "La directrice générale",
    "DPO_CONTACT": "dpo@semaine.example",
}


def run(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Python in the project's directory, with these variables and no others of the portal's."""
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "semaine.settings", **variables}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=django_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def setting(name: str, **variables: str) -> object:
    code = f"import json; from semaine import settings; print(json.dumps(settings.{name}, default=str))"
    return json.loads(run("-c", code, **variables).stdout)


def test_without_any_variable_the_portal_is_a_demonstration_on_sqlite_with_tasks_in_the_caller() -> None:
    names = "[settings.DEMO, settings.CELERY_TASK_ALWAYS_EAGER, settings.DATABASES['default']['ENGINE']]"

    shown = run("-c", f"from semaine import settings; print({names})").stdout

    assert shown == "[True, True, 'django.db.backends.sqlite3']\n"


def test_sqlite_takes_its_write_lock_when_a_transaction_begins() -> None:
    options = setting("DATABASES['default']['OPTIONS']")

    assert isinstance(options, dict)
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]


def test_what_the_database_address_asks_for_stands_above_the_defaults() -> None:
    url = "postgres://semaine@db/semaine?sslmode=verify-full&connect_timeout=9"

    options = setting("DATABASES['default']['OPTIONS']", DATABASE_URL=url)

    ours = "-c lock_timeout=5000 -c plan_cache_mode=force_generic_plan"
    assert options == {"connect_timeout": 9, "options": ours, "sslmode": "verify-full"}


def test_behind_a_pooler_a_connection_asks_for_no_setting_and_keeps_no_cursor() -> None:
    url = "postgres://semaine@pooler/semaine"

    pooled, kept = (setting("DATABASES['default']", DATABASE_URL=url, CONN_MAX_AGE=age) for age in ("0", "60"))

    assert isinstance(pooled, dict) and isinstance(kept, dict)
    assert (pooled["OPTIONS"], pooled["DISABLE_SERVER_SIDE_CURSORS"]) == ({"connect_timeout": 5}, True)
    assert ("options" in kept["OPTIONS"], kept["DISABLE_SERVER_SIDE_CURSORS"]) == (True, False)


def test_a_production_configuration_passes_the_checks_of_its_deployment() -> None:
    result = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert (result.returncode, result.stdout) == (0, "System check identified no issues (0 silenced).\n")


def test_staff_show_a_second_factor_in_production_and_need_not_in_a_demonstration() -> None:
    names = "[settings.STAFF_SECOND_FACTOR, settings.STAFF_SECOND_FACTOR_EXEMPT_DOMAIN]"
    code = f"from semaine import settings; print({names})"

    assert run("-c", code).stdout == "[False, '@demo.example']\n"
    assert run("-c", code, **PRODUCTION).stdout == "[True, '']\n"


def test_a_production_configuration_without_second_factor_is_refused() -> None:
    result = run("manage.py", "check", "--deploy", "--fail-level", "ERROR", **PRODUCTION, STAFF_SECOND_FACTOR="0")

    assert result.returncode == 1
    assert "semaine.E008" in result.stderr


def test_the_key_of_the_demonstration_is_the_one_that_a_production_configuration_refuses() -> None:
    assert setting("SECRET_KEY") == "demonstration-only-key-never-for-production"


def test_production_without_a_secret_key_does_not_start() -> None:
    result = run("manage.py", "check", **{**PRODUCTION, "SECRET_KEY": ""})

    assert result.returncode == 1
    assert "SECRET_KEY" in result.stderr


def test_the_keys_before_come_from_the_environment_and_there_are_none_without() -> None:
    assert setting("SECRET_KEY_FALLBACKS") == []
    assert setting("SECRET_KEY_FALLBACKS", SECRET_KEY_FALLBACKS="the-last,the-one-before") == [
        "the-last",
        "the-one-before",
    ]


@pytest.mark.parametrize("name", ["ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SECRET_KEY_FALLBACKS", "TRUSTED_PROXIES"])
def test_a_list_is_read_with_spaces_as_without(name: str) -> None:
    assert setting(name, **{name: " the-first, the-second ,, "}) == ["the-first", "the-second"]


def test_the_demonstration_is_never_run_on_a_production_configuration() -> None:
    result = run("manage.py", "run_demo", **PRODUCTION)

    assert result.returncode == 1
    assert "DEMO=0" in result.stderr


@pytest.fixture
def production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setitem(django_settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    settings.DEMO = settings.DEBUG = False
    settings.SECRET_KEY = PRODUCTION["SECRET_KEY"]
    settings.REDIS_URL = PRODUCTION["REDIS_URL"]
    settings.SITE_URL = PRODUCTION["SITE_URL"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = PRODUCTION["DEFAULT_FROM_EMAIL"]
    settings.CONTACT_EMAIL = PRODUCTION["CONTACT_EMAIL"]
    settings.STAFF_SECOND_FACTOR = True
    for name in NAMED_BY_LAW:
        setattr(settings, name, PRODUCTION[name])
    return settings


def test_a_whole_production_configuration_has_no_fault(production: Settings) -> None:
    assert is_configured_for_production(None) == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("DEMO", True, "semaine.E001"),
        ("REDIS_URL", "", "semaine.E003"),
        ("SITE_URL", "http://semaine.example", "semaine.E004"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "semaine.E005"),
        ("DEFAULT_FROM_EMAIL", "portail@localhost", "semaine.E006"),
        ("CONTACT_EMAIL", "", "semaine.E007"),
        ("STAFF_SECOND_FACTOR", False, "semaine.E008"),
        ("HOSTING", "", "semaine.E009"),
        ("DPO_CONTACT", "", "semaine.E009"),
        ("TRUSTED_PROXIES", ["10.0.0.0/8", "proxy"], "semaine.E010"),
        ("TRUSTED_PROXIES", ["10.0.0.1/8"], "semaine.E010"),
        ("DEBUG", True, "semaine.E011"),
        ("SECRET_KEY", "demonstration-only-key-never-for-production", "semaine.E012"),
        ("SECRET_KEY", PRODUCTION["SECRET_KEY"][:49], "semaine.E012"),
    ],
)
def test_each_fault_of_a_production_configuration_is_named(
    production: Settings, name: str, value: object, code: str
) -> None:
    setattr(production, name, value)

    assert [fault.id for fault in is_configured_for_production(None)] == [code]


def test_sqlite_is_a_fault_in_production(production: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(django_settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")

    assert [fault.id for fault in is_configured_for_production(None)] == ["semaine.E002"]
