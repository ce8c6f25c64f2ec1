"""The decision that its examiner may still take back, from whatever page they went on to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from labels.models import DECIDED, DECISIONS, Application, Transition


@dataclass(frozen=True)
class Undoable:
    decision: Transition
    until: datetime

    @property
    def application(self) -> Application:
        return self.decision.application

    @property
    def url(self) -> str:
        return reverse("admin:labels_application_decision", args=[self.application.pk])


def last_undoable(user: User) -> Undoable | None:
    """The latest decision of ``user`` whose mail has not left and which nothing followed."""
    delay = timedelta(seconds=settings.DECISION_MAIL_DELAY)
    decided = Transition.objects.visible_to(user).filter(by=user, action__in=DECISIONS, at__gt=timezone.now() - delay)
    standing = decided.filter(application__state__in=DECIDED).select_related("application__event")
    decision = standing.order_by("-pk").first()
    if decision is None or decision.application.last_decision != decision:
        return None
    return Undoable(decision, decision.at + delay)
