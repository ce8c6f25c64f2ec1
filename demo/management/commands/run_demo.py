"""``manage.py run_demo``: what ``make run`` starts, from an empty directory to a portal that answers.

Loads what is missing and no more, so that a second start is as quick as Django itself.
"""

import logging
import socket
import threading
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections, connection, connections
from django.db.migrations.executor import MigrationExecutor
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from core import outbox
from demo.signins import SIGN_INS
from labels.models import Application

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
SWEEP_EVERY = 30
# One worker, for one memory of cached pages; SQLite and templates leave the interpreter free enough for these.
THREADS = 8


class Command(BaseCommand):
    help = "Prépare la démonstration si besoin, puis sert le portail sur le port de SITE_URL jusqu’à Ctrl-C."
    # Each costs a good part of a second start, and `make check` has them.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Refusé : cette configuration est celle d’un site en production (DEMO=0).")
        port = urlsplit(settings.SITE_URL).port or 8000
        _require_free(port)
        self._prepare()
        self._announce()
        # The worker is a fork of this process: neither may hold the other's connection.
        connections.close_all()
        _serve(port)

    def _prepare(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Création de la base…")
            call_command("migrate", verbosity=0)
            # A new version may give the groups of an older base new permissions.
            call_command("make_groups", stdout=StringIO())
        if not Application.objects.exists():
            self.stdout.write("Chargement des données de démonstration (moins d’une minute)…")
            self._load()

    def _load(self) -> None:
        """The seed's mails are on the staff's page; they would bury what the terminal says."""
        backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.dummy.EmailBackend"
        call_command("seed_demo", stdout=self.stdout)
        settings.EMAIL_BACKEND = backend

    def _announce(self) -> None:
        site = settings.SITE_URL
        lines = [
            f"  Portail               {site}/",
            f"  Carte                 {site}/carte/",
            f"  Déposer une demande   {site}/organisateurs/",
            f"  Instruire             {site}/admin/",
            f"  Courriels envoyés     {site}/admin/core/mail/",
            "",
            *(f"  {who.role:<36}{who.email:<28}{who.password or 'code reçu par courriel'}" for who in SIGN_INS),
        ]
        self.stdout.write("\n".join(["", *lines, "", "  Ctrl-C pour arrêter.", ""]))


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandError(f"Le port {port} est occupé. Essayez-en un autre : make run PORT={port + 1}") from error


def _serve(port: int) -> None:
    server = Server(
        "semaine.wsgi:application",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
        websockets=False,
        workers_kill_timeout=1,
    )
    # It sleeps while the worker is forked, so that no lock is copied taken.
    threading.Thread(target=_sweep_for_ever, daemon=True).start()
    server.serve()


def _sweep_for_ever() -> None:
    """What Celery beat does in production: mails whose hour came leave."""
    pause = threading.Event()
    while not pause.wait(SWEEP_EVERY):
        try:
            outbox.sweep()
        except Exception:  # the sweeper outlives a locked or a replaced database
            logger.exception("the outbox was not swept")
        finally:
            close_old_connections()
