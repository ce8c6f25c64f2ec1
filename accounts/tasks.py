"""What goes each night (accounts never used, invitations, sessions, old entries of the log), and what is completed."""

from datetime import timedelta

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts import audit, companies
from accounts.models import Invitation, Organisation, User
from core.calls import Unavailable

# A minute's worth of what the directory lets one caller ask.
COMPLETED_AT_MOST = 100


@shared_task
def purge_unused() -> int:
    """Erase organisers' accounts that nobody signed in to within a day; the number erased."""
    unused = User.objects.filter(
        last_login=None,
        is_staff=False,
        memberships=None,
        # Whoever has one was told of it by mail: staff opened it in their name.
        applications=None,
        created_at__lt=timezone.now() - timedelta(days=1),
    )
    return unused.delete()[1].get("accounts.User", 0)


@shared_task
def clear_sessions() -> None:
    """Erase the rows of sessions that have expired."""
    call_command("clearsessions")


@shared_task
def purge_audit_log() -> int:
    """Erase what the log has kept for a year; the number erased."""
    return audit.purge()


@shared_task
def purge_invitations() -> int:
    """Erase the invitations that nobody took in time; the number erased."""
    return Invitation.objects.over().delete()[0]


@shared_task
def complete_organisations() -> int:
    """Ask the directory for those typed while it was away; the number told of. What a person typed stays."""
    count = 0
    for organisation in Organisation.objects.unchecked().order_by("pk")[:COMPLETED_AT_MOST]:
        try:
            company = companies.find(siret=organisation.siret, uai=organisation.uai)
        except Unavailable:
            break
        _complete(organisation, company)
        count += company is not None
    return count


def _complete(organisation: Organisation, company: companies.Company | None) -> None:
    """Each column on its own, and only if it still is empty and the number the same: somebody may be typing."""
    now = timezone.now()
    same = Organisation.objects.filter(pk=organisation.pk, siret=organisation.siret, uai=organisation.uai)
    if company:
        commune = companies.columns_of(company)["commune"]
        same.filter(address="", commune=None).update(address=company.address, commune=commune)
        same.filter(kind="").update(kind=company.kind)
    same.update(checked_at=now)
