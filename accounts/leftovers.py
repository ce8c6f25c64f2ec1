"""What signing in and inviting leave behind once it has served; each queryset holds what is over."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.attempts import FactorAttempts
from accounts.audit import AuditEntry
from core import retention

# The rows of axes that name somebody: it writes the first alone as it is set, another setting wakes the others.
SIGN_INS: tuple[type[Model], ...] = (AccessAttempt, AccessFailureLog, AccessLog)
# The half minute that a code of an application is good for, which its last use is told in.
_STEP = 30
# The database's clock, which its trigger reads, may be a little behind.
_MARGIN = timedelta(minutes=1)


def sessions() -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=_before(retention.SESSION))


def sign_ins(model: type[Model]) -> QuerySet[Model]:
    return model._default_manager.filter(attempt_time__lt=_before(retention.ATTEMPT))


def factor_attempts() -> QuerySet[FactorAttempts]:
    """Of those who try no code any more; the last one that served has to be known while it is good."""
    before = _before(retention.FACTOR)
    return FactorAttempts.objects.filter(failed_since__lt=before, last_step__lt=before.timestamp() // _STEP)


def log() -> QuerySet[AuditEntry]:
    """Past the promise of its model, by the one way that its trigger lets through."""
    return QuerySet(AuditEntry).filter(at__lt=_before(retention.LOG) - _MARGIN)


def admin_log() -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(action_time__lt=_before(retention.ADMIN_LOG))


def _before(kept: retention.Retention) -> datetime:
    return timezone.now() - kept.kept
