"""How often somebody may try a code of their second factor, and that one of their application serves once.

Kept in the database: a cache may be away, and a door that it holds would stand open for that long.
"""

from datetime import timedelta

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

AT_MOST, DURING = 5, timedelta(minutes=5)


class FactorAttempts(models.Model):
    """Of one person: those that failed of late, and the half minute of the last code that served."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    failed = models.PositiveSmallIntegerField(default=0)
    failed_since = models.DateTimeField(default=timezone.now)
    last_step = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "essais du second facteur"
        verbose_name_plural = "essais du second facteur"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user} : {self.failed}"


@transaction.atomic
def begin(user_pk: int) -> bool:
    """Count an attempt as failed before it is looked at, so that many at once are counted too; False past the most."""
    mine = _held(user_pk)
    if mine.failed_since <= timezone.now() - DURING:
        mine.failed, mine.failed_since = 0, timezone.now()
    if mine.failed >= AT_MOST:
        return False
    mine.failed += 1
    mine.save()
    return True


def succeed(user_pk: int) -> None:
    FactorAttempts.objects.filter(user=user_pk).update(failed=0)


@transaction.atomic
def use(authenticator: Authenticator, code: str) -> bool:
    """Use up a right ``code`` of an application, with those before it; False where it has served (RFC 6238, 5.2)."""
    mine = _held(authenticator.user_id)
    secret = decrypt(authenticator.data["secret"])
    steps = (
        step
        for step in yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
    )
    latest = max(steps, default=0)
    if latest <= mine.last_step:
        return False
    mine.last_step = latest
    mine.save()
    return True


def _held(user_pk: int) -> FactorAttempts:
    """Nobody else's until the transaction ends."""
    FactorAttempts.objects.get_or_create(user_id=user_pk)
    return FactorAttempts.objects.select_for_update().get(user=user_pk)
