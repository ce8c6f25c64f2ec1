"""What the State's directory of companies completes once it is there again."""

from celery import shared_task
from django.utils import timezone

from accounts import companies
from accounts.models import Organisation
from core.calls import Unavailable

# A minute's worth of what the directory lets one caller ask.
COMPLETED_AT_MOST = 100


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
