"""What the State's directory knows of a SIRET or an UAI, for the page where it is typed."""

from django import forms
from django.http import JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts import companies
from accounts.models import Organisation
from core import limits
from core.calls import Unavailable
from labels.forms.fields import NumberField, columns_of
from labels.views.access import OrganiserRequest, for_organisers


class NumberQuery(forms.Form):
    siret = NumberField(error_messages={"required": "Indiquez un SIRET ou un UAI."})


@for_organisers
@require_safe
def establishment(request: OrganiserRequest) -> JsonResponse:
    """``{"establishment": …, "registered": name}``, null where the directory does not tell, or where the portal has
    none of this number but the reader's own; 400 with what is wrong, 429."""
    if limits.is_exceeded(request, "directory", most=60, seconds=60):
        refusal = JsonResponse({"errors": {"siret": ["Trop de demandes : réessayez dans une minute."]}})
        return limits.tell(refusal, 60)
    query = NumberQuery(request.GET)
    if not query.is_valid():
        return JsonResponse({"errors": query.errors}, status=400)
    columns = columns_of(query.cleaned_data["siret"])
    others = Organisation.objects.numbered(**columns).exclude(memberships__user=request.user)
    try:
        company = companies.find(**columns)
    except Unavailable:
        company = None
    answer = JsonResponse(
        {"establishment": company and _told(company), "registered": others.values_list("name", flat=True).first()}
    )
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def _told(company: companies.Company) -> dict[str, str | bool]:
    commune = companies.columns_of(company)["commune"]
    address = ", ".join(filter(None, [company.address, str(commune or "")]))
    return {"name": company.name, "kind": company.kind, "address": address, "is_closed": company.is_closed}
