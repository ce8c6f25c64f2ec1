"""What the workflow tells people by e-mail: one mail a transition, one digest a working morning."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from core import outbox
from labels.models import Action, Application, Transition

# An undo takes its decision's mail back before it leaves, and who edits or drops a change knows it: nothing to tell.
SILENT = frozenset({Action.UNDO, Action.EDIT, Action.DROP})


def tell_organiser(transition: Transition, *, delay: float = 0) -> None:
    """Post the mail of ``transition`` to whoever applied; ``delay`` in seconds leaves time to undo."""
    application = transition.application
    if transition.action in SILENT or application.created_by is None:
        return
    event = application.event
    context = {
        "application": application,
        "event": event,
        "transition": transition,
        "application_url": _absolute("labels:application", reference=application.reference),
        "event_url": settings.SITE_URL + event.get_absolute_url(),
    }
    _post(str(transition.action), transition.mail_key, application.created_by, context, delay)


def send_digest(examiner: User, today: date) -> bool:
    """Post the morning's digest of what waits in the examiner's régions; False when nothing does."""
    waiting = Application.objects.visible_to(examiner).waiting().for_desk().order_by("promised_on", "pk")
    count = waiting.count()
    if not count:
        return False
    context = {
        "count": count,
        "late": Application.objects.visible_to(examiner).late(today).count(),
        "applications": list(waiting[:20]),
        "queue_url": _absolute("admin:labels_application_changelist"),
        "today": today,
    }
    _post("digest", f"digest-{today:%Y-%m-%d}-{examiner.pk}", examiner, context)
    return True


def _post(template: str, key: str, user: User, context: Mapping[str, Any], delay: float = 0) -> None:
    context = {**context, "site_url": settings.SITE_URL, "recipient": user}
    subject, text, html = (
        render_to_string(f"labels/emails/{template}_{part}", context)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    outbox.post(key=key, to=user.email, subject=subject, text=text, html=html, delay=delay)


def _absolute(name: str, **kwargs: Any) -> str:
    return f"{settings.SITE_URL}{reverse(name, kwargs=kwargs or None)}"
