"""What is deployed agrees with the code: variables, commands, services, addresses and packages that are named exist."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands
from django.urls import resolve

from core.uploads import LARGEST_BODY
from semaine import server
from semaine.celery import app

pytestmark = pytest.mark.pure

ROOT = Path(settings.BASE_DIR)
ENV_EXAMPLE = (ROOT / ".env.example").read_text()
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
CADDYFILE = (ROOT / "deploy" / "Caddyfile").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def packages() -> set[str]:
    return {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}


def variables_of_the_example() -> set[str]:
    return set(re.findall(r"^#?([A-Z][A-Z_]+)=", ENV_EXAMPLE, re.MULTILINE))


def variables_that_are_read() -> set[str]:
    in_settings = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "semaine" / "settings.py").read_text())
    in_compose = re.findall(r"(?<!\$)\$\{([A-Z_]+)", COMPOSE_TEXT)
    in_the_proxy = re.findall(r"\{\$([A-Z_]+)\}", CADDYFILE)
    return {*in_settings, *in_compose, *in_the_proxy}


def example(name: str) -> str:
    found = re.search(rf"^{name}=(.*)$", ENV_EXAMPLE, re.MULTILINE)
    assert found
    return found[1]


def example_default(name: str) -> str:
    found = re.search(rf"^#{name}=(.*)$", ENV_EXAMPLE, re.MULTILINE)
    assert found
    return found[1]


def test_the_example_of_configuration_names_every_variable_that_is_read_and_no_other() -> None:
    assert variables_of_the_example() == variables_that_are_read()


@pytest.mark.parametrize("name", ["SECRET_KEY", "POSTGRES_PASSWORD"])
def test_no_secret_is_given_as_an_example(name: str) -> None:
    assert example(name) == ""


def test_the_composition_holds_no_secret() -> None:
    values = re.findall(r"(?i)(?:password|secret|key|token)\w*:\s*(\S+)", COMPOSE_TEXT)

    assert values == ["${POSTGRES_PASSWORD:?set"]


def test_the_addresses_of_the_example_name_services_of_the_composition() -> None:
    hosts = {urlsplit(example(name)).hostname for name in ("DATABASE_URL", "REDIS_URL")}

    assert hosts == {"postgresql", "redis"}
    assert hosts <= SERVICES.keys()


def test_the_composition_has_what_production_needs() -> None:
    assert SERVICES.keys() == {"migrate", "web", "worker", "beat", "postgresql", "redis", "proxy"}


@pytest.mark.parametrize("name", OURS)
def test_our_services_share_one_image_and_one_configuration(name: str) -> None:
    assert (OURS[name]["build"]["context"], OURS[name]["env_file"]) == (".", ".env")
    assert OURS[name]["build"] == OURS["web"]["build"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_comes_back_after_a_crash_and_the_migration_runs_once(name: str) -> None:
    assert SERVICES[name]["restart"] == ("no" if name == "migrate" else "unless-stopped")


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - {"migrate", "proxy"}))
def test_every_lasting_service_of_the_inside_says_how_it_is(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]


def test_only_the_proxy_listens_to_the_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_the_database_logs_its_failures_without_what_people_wrote() -> None:
    command = SERVICES["postgresql"]["command"]

    assert command == ["postgres", "-c", "log_min_error_statement=panic", "-c", "log_error_verbosity=terse"]


def test_every_volume_that_is_used_is_declared() -> None:
    used = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }

    assert used == COMPOSE["volumes"].keys()


def test_what_writes_and_what_erases_pictures_share_their_volume() -> None:
    mounted = {name for name, service in OURS.items() if "media:/app/var/media" in service.get("volumes", [])}

    assert mounted == {"web", "worker"}
    assert "#MEDIA_ROOT=/app/var/media\n" in ENV_EXAMPLE
    assert " /app/var/media " in DOCKERFILE.replace("\n", " ")


def test_the_proxy_takes_as_much_as_the_application() -> None:
    (most,) = re.findall(r"max_size (\d+)MiB", CADDYFILE)

    assert int(most) * 1024**2 == LARGEST_BODY


def test_every_file_that_is_mounted_exists() -> None:
    mounted = [v.split(":")[0] for s in SERVICES.values() for v in s.get("volumes", []) if v.startswith(".")]

    assert mounted == ["./deploy/postgresql", "./deploy/Caddyfile"]
    assert all((ROOT / path).exists() for path in mounted)


def test_the_scripts_of_the_backup_that_the_guide_names_are_where_they_are_mounted() -> None:
    named = set(re.findall(r"/scripts/(\S+\.sh)", (ROOT / "docs" / "operations.md").read_text()))

    assert named == {path.name for path in (ROOT / "deploy" / "postgresql").glob("*.sh")}
    assert "./deploy/postgresql:/scripts:ro" in SERVICES["postgresql"]["volumes"]


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_can_take_the_machine_s_memory_or_fill_its_disk_with_logs(name: str) -> None:
    assert re.fullmatch(r"\d+[mg]", SERVICES[name]["mem_limit"])
    assert SERVICES[name]["logging"]["options"] == {"max-size": "10m", "max-file": "5"}


def test_the_commands_of_manage_py_that_are_named_exist() -> None:
    named = re.findall(r"manage\.py (\w+)", COMPOSE_TEXT + DOCKERFILE)

    assert named == ["check", "migrate", "load_places", "make_groups", "load_editorial", "collectstatic"]
    assert set(named) <= get_commands().keys()


def test_worker_and_beat_start_the_application_of_the_settings() -> None:
    for name in ("worker", "beat"):
        assert OURS[name]["command"][:4] == ["celery", "-A", "semaine", name]
    assert app.main == "semaine"


def test_every_task_of_the_schedule_is_known_to_the_worker() -> None:
    app.loader.import_default_modules()

    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert scheduled <= app.tasks.keys()


def test_no_task_that_still_runs_or_waits_for_its_hour_is_given_to_another_worker() -> None:
    app.loader.import_default_modules()
    limits = {task.time_limit or settings.CELERY_TASK_TIME_LIMIT for task in app.tasks.values()}

    assert max(limits) >= max(task.soft_time_limit or 0 for task in app.tasks.values())
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] > max(*limits, settings.DECISION_MAIL_DELAY)


def test_the_server_starts_the_application_of_the_settings() -> None:
    assert settings.WSGI_APPLICATION.replace(".application", ":application") == server.TARGET
    assert 'CMD ["python", "-m", "semaine.server", ' in DOCKERFILE


def test_the_addresses_that_health_is_asked_at_exist() -> None:
    asked = set(re.findall(r"/sante/\w+", COMPOSE_TEXT + CADDYFILE))

    assert asked == {"/sante/vivant", "/sante/pret"}
    assert {resolve(address).view_name for address in asked} == {"pages:live", "pages:ready"}


def test_the_image_holds_every_package_and_nothing_of_the_tests() -> None:
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))
    let_in = set(re.findall(r"^!(\w+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))

    assert copied == let_in == packages() | {"static", "templates"}


def test_the_image_installs_with_hashes_and_does_not_run_as_root() -> None:
    assert "--require-hashes -r /tmp/requirements.txt" in DOCKERFILE
    assert DOCKERFILE.rindex("\nUSER semaine\n") > DOCKERFILE.rindex("\nRUN ")


@pytest.mark.parametrize("name", ["production", "operations"])
def test_both_images_can_be_built(name: str) -> None:
    assert example_default("REQUIREMENTS") == re.findall(r"^ARG REQUIREMENTS=(\w+)$", DOCKERFILE, re.MULTILINE)[0]
    assert COMPOSE["x-application"]["build"]["args"] == {"REQUIREMENTS": "${REQUIREMENTS:-production}"}
    assert f"!requirements/{name}.txt" in (ROOT / ".dockerignore").read_text().splitlines()
    assert (ROOT / "requirements" / f"{name}.txt").is_file()


def test_the_proxy_believes_those_before_it_that_the_operator_names_and_nobody_else() -> None:
    assert re.findall(r"^\t+trusted_proxies (.*)$", CADDYFILE, re.MULTILINE) == ["{$PROXY_NETWORKS}"]
    assert SERVICES["proxy"]["environment"]["PROXY_NETWORKS"] == "${PROXY_NETWORKS:-}"
    assert example_default("PROXY_NETWORKS") == ""


def test_the_proxy_writes_neither_a_signed_link_nor_a_whole_address_in_its_log() -> None:
    """Caddy's filters, read as Caddy reads them: each field and what is done to it."""
    snippet = CADDYFILE[CADDYFILE.index("(without_people) {") : CADDYFILE.index("\n}\n")]
    fields = dict(re.findall(r"^\t+(\w+>\S+) (.+)$", snippet, re.MULTILINE))
    ((pattern, replacement),) = re.findall(r"regexp `([^`]+)` `([^`]+)`", fields["request>uri"])
    asked = ["/suivi/MTIz.1tXyZ0.o7xqGk2fQ/?a=1", "/evenements/?q=camille", "/admin/labels/application/1/correction/"]

    shown = [re.sub(pattern, replacement.replace("${1}", r"\1"), address) for address in asked]

    assert shown == ["/suivi/…", "/evenements/…", "/admin/labels/application/1/correction/"]
    assert fields["request>remote_ip"] == fields["request>client_ip"] == "ip_mask {"
    assert snippet.count("ipv4 16\n") == snippet.count("ipv6 32\n") == 2
    assert fields["request>headers"] == fields["resp_headers>Location"] == "delete"


def test_the_proxy_filters_what_fails_as_it_filters_what_is_asked() -> None:
    logs = re.findall(r"^\tlog \{\n([^}]*)\t\}$", CADDYFILE, re.MULTILINE)
    in_global_options, in_the_site = CADDYFILE.split("\n{$SITE_DOMAIN} {\n")

    assert [log.strip() for log in logs] == ["import without_people"] * 2
    assert "\tlog {" in in_global_options and "\tlog {" in in_the_site
