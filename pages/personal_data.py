"""What the portal keeps on an organiser, told in full; ``labels.erasure`` forgets it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from accounts.models import Invitation, User
from core.outbox import Mail
from events.changes import snapshot
from labels.models import Application, Transition


def gather(user: User) -> dict[str, Any]:
    """All that is kept on ``user``, and on nobody else, as JSON's values; mails without the codes they held."""
    return {
        "account": _columns(user, ("email", "name", "created_at", "last_login", "accepts_reminders")),
        "memberships": [
            {
                "role": item.role,
                "organisation": _columns(item.organisation, ("name", "kind", "siret", "uai", "website")),
            }
            for item in user.memberships.select_related("organisation").order_by("pk")
        ],
        "invitations": [
            {"organisation": item.organisation.name, "role": item.role, "sent_at": item.sent_at}
            for item in Invitation.objects.filter(email=user.email).select_related("organisation")
        ],
        "applications": [_application(item) for item in _applied(user)],
        "actions": [
            {"application": item.application.reference, **_columns(item, ("action", "at", "note", "changes"))}
            for item in Transition.objects.filter(by=user).select_related("application").order_by("pk")
        ],
        "mails": [
            _columns(mail, ("subject", "created_at", "sent_at", "state") + (() if mail.is_secret else ("text",)))
            for mail in Mail.objects.filter(to=user.email).order_by("pk")
        ],
    }


def _applied(user: User) -> QuerySet[Application]:
    return Application.objects.filter(created_by=user).for_verdict().order_by("pk")


def _application(application: Application) -> dict[str, Any]:
    event = application.event
    columns = ("reference", "state", "contact_name", "contact_phone", "created_at", "submitted_at", "decided_at")
    organisation = event.organisation.name if event.organisation else None
    texts = {"purpose": event.purpose, "edition": event.edition.year, "organisation": organisation}
    return {**_columns(application, columns), "event": {**texts, **snapshot(event)}}


def _columns(row: Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
