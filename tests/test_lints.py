"""The checks of ``make security`` can fail: each is shown what it is there to find."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tests.lint_dependencies import OLDEST, age_of_the_lock, faults

pytestmark = pytest.mark.pure

ROOT = Path(settings.BASE_DIR)
YOUNG, OLD = timedelta(days=3), OLDEST + timedelta(days=1)
SOUND = {"name": "django", "version": "5.2.19", "vulns": []}
HOLED = {"name": "pillow", "version": "1.0", "vulns": [{"id": "CVE-2026-1", "fix_versions": ["2.0"]}]}


def test_a_package_that_is_known_to_be_vulnerable_fails_the_check_whatever_the_lock_s_age() -> None:
    assert faults([SOUND, HOLED], YOUNG) == ["pillow 1.0: CVE-2026-1"]
    assert faults([SOUND], OLD) == []


def test_where_no_database_answers_an_old_lock_fails_the_check_and_a_young_one_does_not() -> None:
    (told,) = faults([], OLD)

    assert told.endswith("is 121 days old: `make lock`.")
    assert faults([], YOUNG) == []


def test_the_lock_s_age_is_read_from_its_last_commit() -> None:
    assert timedelta() <= age_of_the_lock() < timedelta(days=10 * 365)


@pytest.mark.parametrize(
    "secret",
    [
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "DATABASE_URL=postgres://semaine:" + "h4rdT0Gu3ss@db.example/semaine",
        "aws_access_key_id = AKIA" + "IOSFODNN7EXAMPLQ",
    ],
)
def test_a_secret_that_somebody_commits_is_found(tmp_path: Path, secret: str) -> None:
    written = tmp_path / "settings.txt"
    written.write_text(secret)
    (command,) = re.findall(
        r"^\t@git ls-files .* xargs -0 (\S*detect-secrets-hook.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    arguments = command.replace("$(BIN)", str(ROOT / ".venv" / "bin")).replace("$$", "$")

    done = subprocess.run(f"{arguments} {written}", shell=True, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, "settings.txt" in done.stdout) == (1, True)
