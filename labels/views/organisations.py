"""Organisations of an organiser: who shares them, who is invited, who comes and goes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from accounts import invitations, members
from accounts.models import Membership, Organisation, User
from core import limits
from labels import organisations
from labels.forms.colleagues import ApplicantForm, ConfirmationForm, InvitationForm, MembershipForm
from labels.models import Application
from labels.views.access import OrganiserRequest, for_organisers, see_other

MOST_INVITATIONS = 20
MOST_TO_ONE = 5
DAY = 24 * 3600
_ONE_OWNER = "Un organisme garde toujours au moins un responsable : nommez-en un autre d’abord."


@for_organisers
@require_safe
def organisation_list(request: OrganiserRequest) -> HttpResponse:
    memberships = request.user.memberships.select_related("organisation").order_by("organisation__name", "pk")
    return render(request, "labels/organisation_list.html", {"memberships": memberships})


@for_organisers
@require_safe
def organisation(request: OrganiserRequest, pk: int) -> HttpResponse:
    return _page(request, _membership(request, pk), InvitationForm())


def _membership(request: OrganiserRequest, pk: int) -> Membership:
    """The user's own in this organisation; there is none for a stranger."""
    return get_object_or_404(request.user.memberships.select_related("organisation__commune"), organisation=pk)


def _owned(request: OrganiserRequest, pk: int) -> Organisation:
    """Held until the caller's transaction ends: of two owners who remove each other, the second is one no longer."""
    members.hold(Organisation(pk=pk))
    mine = _membership(request, pk)
    if mine.role != Membership.Role.OWNER:
        raise PermissionDenied("Seuls les responsables de l’organisme peuvent faire cela.")
    return mine.organisation


def _page(request: OrganiserRequest, mine: Membership, form: InvitationForm, status: int = 200) -> HttpResponse:
    found = mine.organisation
    is_owner = mine.role == Membership.Role.OWNER
    memberships = list(found.memberships.select_related("user").order_by("pk"))
    context = {
        "organisation": found,
        "mine": mine,
        "is_owner": is_owner,
        "memberships": memberships,
        "owners": sum(item.role == Membership.Role.OWNER for item in memberships),
        "applications": Application.objects.filter(event__organisation=found).count(),
    }
    if is_owner:
        context |= {
            "form": form,
            "roles": Membership.Role.choices,
            "invitations": found.invitations.open(),
            "applicants": organisations.applicants(found),
        }
    return render(request, "labels/organisation.html", context, status=status)


@for_organisers
@require_POST
@transaction.atomic
def invite(request: OrganiserRequest, pk: int) -> HttpResponse:
    found = _owned(request, pk)
    form = InvitationForm(request.POST, organisation=found)
    if not form.is_valid():
        return _page(request, _membership(request, pk), form)
    email = form.cleaned_data["email"]
    if _are_too_many(found, request.user, email):
        form.add_error("email", "Vous avez envoyé beaucoup d’invitations aujourd’hui : réessayez demain.")
        return limits.tell(_page(request, _membership(request, pk), form), DAY)
    invitations.send(found, email, form.cleaned_data["role"], request.user)
    messages.success(request, f"Une invitation est envoyée à {email}. Elle est valable quatorze jours.")
    return see_other("labels:organisation", str(pk))


def _are_too_many(organisation: Organisation, by: User, email: str) -> bool:
    """A mail that one person has sent to another is bounded by each of them, however many organisations one makes."""
    counted = [
        ("invitations", organisation.pk, MOST_INVITATIONS),
        ("invitations-by", by.pk, MOST_INVITATIONS),
        ("invitations-to", email, MOST_TO_ONE),
    ]
    return any(limits.is_exceeded_for(whom, purpose, most=most, seconds=DAY) for purpose, whom, most in counted)


@for_organisers
@require_POST
@transaction.atomic
def cancel_invitation(request: OrganiserRequest, pk: int, invitation: int) -> HttpResponse:
    found = get_object_or_404(_owned(request, pk).invitations, pk=invitation)
    found.delete()
    messages.success(request, f"L’invitation de {found.email} est annulée : son lien ne fonctionne plus.")
    return see_other("labels:organisation", str(pk))


@for_organisers
@require_POST
@transaction.atomic
def add_applicant(request: OrganiserRequest, pk: int) -> HttpResponse:
    """Let in somebody who applied in the organisation's name."""
    found = _owned(request, pk)
    form = ApplicantForm(request.POST, organisation=found)
    if form.is_valid():
        user = form.cleaned_data["user"]
        members.join(found, user, Membership.Role.MEMBER)
        messages.success(request, f"{user} fait maintenant partie de l’organisme.")
    else:
        messages.error(request, "Cette personne ne peut plus être ajoutée : voici où en est l’organisme.")
    return see_other("labels:organisation", str(pk))


@for_organisers
@require_POST
@transaction.atomic
def set_role(request: OrganiserRequest, pk: int, member: int) -> HttpResponse:
    membership = get_object_or_404(_owned(request, pk).memberships.select_related("user"), pk=member)
    form = MembershipForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choisissez un rôle de la liste.")
    elif members.set_role(membership, form.cleaned_data["role"]):
        messages.success(request, f"Le rôle de {membership.user} est enregistré.")
    else:
        messages.error(request, _ONE_OWNER)
    return see_other("labels:organisation", str(pk))


@for_organisers
@require_POST
@transaction.atomic
def remove_member(request: OrganiserRequest, pk: int, member: int) -> HttpResponse:
    """A first POST asks to confirm, a second one removes."""
    found = _owned(request, pk)
    membership = get_object_or_404(found.memberships.select_related("user").exclude(user=request.user), pk=member)
    if not ConfirmationForm(request.POST).is_valid():
        context = {"organisation": found, "membership": membership}
        return render(request, "labels/organisation_departure.html", context)
    organisations.leave(found, membership.user)
    messages.success(request, f"{membership.user} ne fait plus partie de l’organisme.")
    return see_other("labels:organisation", str(pk))


@for_organisers
@require_POST
def leave(request: OrganiserRequest, pk: int) -> HttpResponse:
    """A first POST asks to confirm, a second one leaves."""
    mine = _membership(request, pk)
    if not ConfirmationForm(request.POST).is_valid():
        return render(request, "labels/organisation_departure.html", {"organisation": mine.organisation})
    try:
        organisations.leave(mine.organisation, request.user)
    except members.LastMember:
        messages.error(request, "Vous êtes la seule personne de cet organisme : invitez d’abord un collègue.")
        return see_other("labels:organisation", str(pk))
    messages.success(request, f"Vous avez quitté « {mine.organisation} ».")
    return see_other("labels:organisation_list")
