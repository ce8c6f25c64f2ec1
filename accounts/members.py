"""Who belongs to an organisation: it never stays without an owner while it has members."""

from django.db import transaction

from accounts.models import Invitation, Membership, Organisation, User

OWNER = Membership.Role.OWNER


class LastMember(Exception):
    """Nobody else would answer for the organisation."""


def join(organisation: Organisation, user: User, role: str) -> Membership:
    """Make ``user`` a member, as what they are already where they are; an invitation that waited is over."""
    with transaction.atomic():
        membership, _ = organisation.memberships.get_or_create(user=user, defaults={"role": role})
        organisation.invitations.filter(email=user.email).delete()
    return membership


@transaction.atomic
def leave(organisation: Organisation, user: User) -> None:
    """End the membership; where no owner remains, the oldest member becomes one. Raises LastMember."""
    hold(organisation)
    if not organisation.memberships.exclude(user=user).exists():
        raise LastMember
    organisation.memberships.filter(user=user).delete()
    ensure_owner(organisation)


@transaction.atomic
def set_role(membership: Membership, role: str) -> bool:
    """Give the role; False where it would leave the organisation without an owner."""
    organisation = membership.organisation
    hold(organisation)
    others = organisation.memberships.filter(role=OWNER).exclude(pk=membership.pk)
    if role != OWNER and not others.exists():
        return False
    organisation.memberships.filter(pk=membership.pk).update(role=role)
    return True


def ensure_owner(organisation: Organisation) -> None:
    if not organisation.memberships.filter(role=OWNER).exists():
        oldest = organisation.memberships.order_by("pk").values_list("pk", flat=True)[:1]
        organisation.memberships.filter(pk__in=list(oldest)).update(role=OWNER)


def move(source: Organisation, target: Organisation) -> None:
    """Bring the members and the invitations of ``source`` to ``target``; who belongs to both keeps the higher role."""
    for membership in source.memberships.order_by("pk"):
        already, is_new = target.memberships.get_or_create(user=membership.user, defaults={"role": membership.role})
        if not is_new and membership.role == OWNER:
            target.memberships.filter(pk=already.pk).update(role=OWNER)
    known = Invitation.objects.filter(organisation=target).values("email")
    source.invitations.exclude(email__in=known).update(organisation=target)


def hold(organisation: Organisation) -> None:
    """Let nobody else change its members until the caller's transaction ends."""
    Organisation.objects.select_for_update().filter(pk=organisation.pk).first()
