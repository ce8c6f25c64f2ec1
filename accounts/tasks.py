"""What is erased each night: accounts that were asked for and never used, sessions that are over."""

from datetime import timedelta

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User


@shared_task
def purge_unused() -> int:
    """Erase organisers' accounts that nobody signed in to within a day; the number erased."""
    unused = User.objects.filter(
        last_login=None, is_staff=False, memberships=None, created_at__lt=timezone.now() - timedelta(days=1)
    )
    return unused.delete()[1].get("accounts.User", 0)


@shared_task
def clear_sessions() -> None:
    """Erase the rows of sessions that have expired."""
    call_command("clearsessions")
