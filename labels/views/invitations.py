"""The link of an invitation: read first, then accepted by the account of the address that it was sent to."""

from django.contrib import messages
from django.core.signing import BadSignature
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import invitations
from labels.views.access import OrganiserRequest, for_organisers, see_other


@for_organisers
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: OrganiserRequest, token: str) -> HttpResponse:
    try:
        found = invitations.find(token)
    except BadSignature as error:
        raise Http404("Ce lien n’est pas celui d’une invitation.") from error
    if found is None:
        return render(request, "labels/invitation_over.html", status=410)
    if not invitations.is_for(found, request.user):
        return render(request, "labels/invitation_elsewhere.html", status=403)
    if request.method != "POST":
        return render(request, "labels/invitation.html", {"invitation": found, "organisation": found.organisation})
    if (membership := invitations.accept(found, request.user)) is None:
        return render(request, "labels/invitation_over.html", status=410)
    messages.success(request, f"Vous faites maintenant partie de « {membership.organisation} ».")
    return see_other("labels:organisation", str(membership.organisation_id))
