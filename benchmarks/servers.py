"""The portal as its image runs it, and what it is compared with, each on a free port of this machine.

All ask for programs that are no part of the portal's packages; what is missing ends the run with how to get it.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from string import Template

from tests.services import free_port

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "var" / "benchmarks"
GET = {
    "wrk": "apt-get install wrk",
    "nginx": "apt-get install nginx-light",
    "chromium": "apt-get install chromium",
}
DATASETTE = "datasette==0.65.5"
PRODUCTION = {
    "DEMO": "0",
    "SECRET_KEY": "only-to-measure-how-fast-the-portal-is-and-never-to-serve-anybody-0123456789",
    "ALLOWED_HOSTS": "127.0.0.1",
    "SITE_URL": "https://127.0.0.1",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "CONTACT_EMAIL": "contact@semaine.example",
    "TRUSTED_PROXY_COUNT": "1",
    "LOG_LEVEL": "WARNING",
    "GEOCODER_URL": "",
    "COMPANIES_URL": "",
}
# What the proxy in front of the portal says of each request.
FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    return found or sys.exit(f"{name} is missing: {GET[name]}")


def production(database: str, redis: str, **more: str) -> dict[str, str]:
    """The environment of a process of the portal in production."""
    return {**os.environ, **PRODUCTION, "DATABASE_URL": database, "REDIS_URL": redis, **more}


@contextmanager
def granian(environment: Mapping[str, str], settings_module: str = "semaine.settings") -> Iterator[str]:
    """By the very command of the Dockerfile; the address of its root."""
    port = free_port()
    command = json.loads(re.findall(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[-1])
    command[0] = sys.executable
    command[command.index("--host") + 1] = "127.0.0.1"
    command[command.index("--port") + 1] = str(port)
    with _running(
        command, f"http://127.0.0.1:{port}", {**environment, "DJANGO_SETTINGS_MODULE": settings_module}
    ) as url:
        yield url


@cache
def collect_static() -> None:
    """With a manifest and compressed, as in the image; once for all portals of a run."""
    environment = production("postgres://nobody@localhost/none", "")
    manage = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(manage, cwd=ROOT, env=environment, check=True)


def compress(file: Path) -> None:
    """Beside it, for nginx to send."""
    file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes(), 9))


@contextmanager
def nginx(root: Path, portal: str) -> Iterator[tuple[str, str]]:
    """Two addresses: files of ``root`` as they are, and the portal behind a proxy that keeps what it may."""
    WORK.mkdir(parents=True, exist_ok=True)
    ports = free_port(), free_port()
    work = WORK / f"nginx_{ports[0]}"
    values = {"static": ports[0], "proxy": ports[1], "root": root, "portal": portal, "work": work}
    work.mkdir()
    configuration = work / "nginx.conf"
    configuration.write_text(Template((ROOT / "benchmarks" / "nginx.conf").read_text()).substitute(values))
    with _running([program("nginx"), "-c", str(configuration)], f"http://127.0.0.1:{ports[0]}", os.environ) as static:
        yield static, f"http://127.0.0.1:{ports[1]}"
    shutil.rmtree(work)


@contextmanager
def datasette(*files: Path) -> Iterator[str]:
    """In an environment of its own, with its files declared never to change, which is how it is fastest."""
    directory = WORK / "datasette"
    if not (directory / "bin" / "datasette").exists():
        venv.create(directory, with_pip=True)
        subprocess.run([directory / "bin" / "pip", "install", "--quiet", DATASETTE], check=True)
    port = free_port()
    command = [str(directory / "bin" / "datasette"), "serve", "--port", str(port)]
    command += ["--setting", "max_returned_rows", "200000", "--setting", "sql_time_limit_ms", "10000"]
    for file in files:
        command += ["--immutable", str(file)]
    with _running(command, f"http://127.0.0.1:{port}", os.environ) as url:
        yield url


@contextmanager
def _running(command: list[str], url: str, environment: Mapping[str, str]) -> Iterator[str]:
    """``url`` once something answers there; the process is gone afterwards."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        give_up_at = time.monotonic() + 60
        while not _answers(url):
            if process.poll() is not None or time.monotonic() > give_up_at:
                sys.exit(f"{Path(command[0]).name} does not start: {' '.join(command)}")
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(url: str) -> bool:
    try:
        request = urllib.request.Request(f"{url}/", headers=FORWARDED)  # noqa: S310 - a server of ours
        urllib.request.urlopen(request, timeout=5).close()  # noqa: S310
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
