"""Where Chromium is: ``python -m tests.chromium`` installs Debian's where it may, else says what to install."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "Chromium is missing: install it (Debian: apt-get install chromium) or name its program in CHROMIUM."
# No sandbox in containers that run as root, and no talk with the browser's maker.
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def path() -> str | None:
    """The program to start; CHROMIUM names another than the usual ones."""
    return next(filter(None, map(shutil.which, (os.environ.get("CHROMIUM", ""), *NAMES))), None)


def _as_root() -> list[str] | None:
    """What to put before a command that root must run; None when that cannot be."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and not subprocess.run(["sudo", "-n", "true"], check=False, stderr=subprocess.DEVNULL).returncode
    ):
        return ["sudo", "-n"]
    return None


def install() -> bool:
    """Ask Debian for its Chromium; whether it came."""
    prefix = _as_root()
    if prefix is None or not shutil.which("apt-get"):
        return False
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    commands = ([*apt, "update"], [*apt, "install", "--no-install-recommends", "chromium"])
    return all(subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode == 0 for command in commands)


if __name__ == "__main__":
    if not path():
        print("== Installing Debian's Chromium", flush=True)  # noqa: T201
        install()
    if not path():
        sys.exit(MISSING)
