"""What the portal keeps on an organiser, told in full; ``labels.erasure`` forgets it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from accounts.audit import AuditEntry
from accounts.models import Invitation, User
from accounts.staff import about
from core.outbox import Mail
from events.changes import snapshot
from events.models import Report
from labels.models import Application, Transition

_ORGANISATION = ("name", "kind", "siret", "uai", "website", "full_address")
_APPLICATION = (
    "reference",
    "state",
    "contact_name",
    "contact_phone",
    "late_reason",
    "created_at",
    "submitted_at",
    "decided_at",
)
_ACTION = ("action", "at", "note", "changes", "before", "snapshot")


def gather(user: User) -> dict[str, Any]:
    """All that is kept on ``user``, and on nobody else, as JSON's values; mails without the codes they held."""
    return {
        "account": _columns(user, ("email", "name", "created_at", "last_login", "accepts_reminders", "warned_at")),
        "memberships": [
            {
                "role": item.role,
                "organisation": _columns(item.organisation, _ORGANISATION),
            }
            for item in user.memberships.select_related("organisation").order_by("pk")
        ],
        "invitations": [
            {"organisation": item.organisation.name, "role": item.role, "sent_at": item.sent_at}
            for item in Invitation.objects.filter(email=user.email).select_related("organisation")
        ],
        "invitations_sent": [
            {"organisation": item.organisation.name, "role": item.role, "sent_at": item.sent_at}
            for item in Invitation.objects.filter(invited_by=user).select_related("organisation")
        ],
        "applications": [_application(item) for item in _applied(user)],
        "actions": [
            {"application": item.application.reference, **_columns(item, _ACTION)}
            for item in Transition.objects.filter(by=user).select_related("application").order_by("pk")
        ],
        "mails": [
            _columns(mail, ("subject", "created_at", "sent_at", "state") + (() if mail.is_secret else ("text",)))
            for mail in Mail.objects.filter(to=user.email).order_by("pk")
        ],
        "reports": [
            {"event": str(item.event), **_columns(item, ("reason", "text", "email", "created_at"))}
            for item in Report.objects.filter(email=user.email).select_related("event").order_by("pk")
        ],
        "log": [_columns(item, ("at", "summary", "about", "address")) for item in _logged(user)],
        "done_to_account": [
            _columns(item, ("at", "summary")) for item in AuditEntry.objects.filter(about=about(user)).exclude(by=user)
        ],
    }


def _logged(user: User) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(by=user).order_by("pk")


def _applied(user: User) -> QuerySet[Application]:
    filed = Application.objects.filter(created_by=user).for_verdict().order_by("pk")
    return filed.prefetch_related("transitions", "revisions")


def _application(application: Application) -> dict[str, Any]:
    event = application.event
    organisation = event.organisation.name if event.organisation else None
    texts = {
        "cancellation_message": event.cancellation_message,
        "edition": event.edition.year,
        "organisation": organisation,
    }
    return {
        **_columns(application, _APPLICATION),
        "event": {**texts, **snapshot(event)},
        # Who of the State's staff did it is not theirs to take away.
        "history": [_columns(item, ("action", "at", "note", "conditions")) for item in application.transitions.all()],
        "revisions": [_columns(item, ("filed_at", "state", "changes")) for item in application.revisions.all()],
    }


def _columns(row: Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
