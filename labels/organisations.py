"""What becomes of an organisation's applications when people join it, leave it, or find that it stands twice."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from accounts import members
from accounts.models import Membership, Organisation, User
from events.models import Event
from labels import emails
from labels.models import Application, State

IDENTITY = ("siret", "uai", "website", "address", "commune", "checked_at")


def applicants(organisation: Organisation) -> QuerySet[User]:
    """Those who applied in its name and are not of its members, the first first."""
    theirs = Application.objects.filter(event__organisation=organisation, created_by__is_active=True)
    return (
        User.objects.filter(pk__in=theirs.order_by().values("created_by"))
        .exclude(memberships__organisation=organisation)
        .order_by("pk")
    )


def make(user: User, identity: Mapping[str, Any]) -> Organisation | None:
    """The organisation that has the number of ``identity``, or a new one of the user's once it has a name.

    The one that they sent a moment ago is not made twice; of two people who send the same number at once, the second
    finds that of the first.
    """
    numbers = {"siret": identity.get("siret", ""), "uai": identity.get("uai", "")}
    numbered = Organisation.objects.numbered(**numbers)
    twins = user.organisations.filter(name=identity.get("name", ""), **numbers)
    if (known := numbered.first() or twins.first()) or not identity.get("name"):
        return known
    try:
        with transaction.atomic():
            made = Organisation.objects.create(**identity)
    except IntegrityError:
        return numbered.get()
    members.join(made, user, Membership.Role.OWNER)
    return made


def is_on_labelled_events(organisation: Organisation) -> bool:
    return organisation.events.published().exists()


def is_being_examined(organisation: Organisation) -> bool:
    return _examined(organisation).exists()


def _examined(organisation: Organisation) -> QuerySet[Application]:
    return Application.objects.filter(event__in=organisation.events.all(), state=State.SUBMITTED)


def change(organisation: Organisation, identity: Mapping[str, Any]) -> Organisation:
    """The organisation with this identity, or unchanged the other one that has its number.

    Whoever examines one of its applications reads it again before deciding.
    """
    numbered = Organisation.objects.numbered(siret=identity.get("siret", ""), uai=identity.get("uai", ""))
    if taken := numbered.exclude(pk=organisation.pk).first():
        return taken
    before = organisation.name
    try:
        with transaction.atomic():
            is_changed = _write(organisation, identity)
    except IntegrityError:
        organisation.refresh_from_db()
        return numbered.get()
    if is_changed:
        # Before its events: a decision holds the application first, too.
        _examined(organisation).update(version=F("version") + 1)
    if organisation.name != before:
        for event in organisation.events.all():
            show(event)
    return organisation


def _write(organisation: Organisation, identity: Mapping[str, Any]) -> bool:
    changed = [name for name, value in identity.items() if getattr(organisation, name) != value]
    for name in changed:
        setattr(organisation, name, identity[name])
    if changed:
        organisation.save(update_fields=changed)
    return bool(changed)


def erase_if_unused(organisation: Organisation) -> None:
    """Erase what was begun before its number told that it exists already."""
    is_shared = organisation.memberships.count() > 1 or organisation.invitations.exists()
    if not is_shared and not organisation.events.exists():
        organisation.delete()


def apply_for(organisation: Organisation, application: Application, user: User) -> None:
    """``user`` applies in the name of an organisation that exists: its owners hear of it once, and may let them in.

    One that nobody answers for takes who applies, unless that would give them the events of others.
    """
    if organisation.memberships.filter(user=user).exists():
        return
    owners = list(organisation.owners)
    if not organisation.memberships.exists() and not organisation.events.exclude(application__created_by=user).exists():
        members.join(organisation, user, Membership.Role.OWNER)
    for owner in owners:
        emails.tell_owner_of_draft(owner, organisation, application, user)


@transaction.atomic
def leave(organisation: Organisation, user: User) -> None:
    """End the membership; raises ``members.LastMember``. What they applied for stays with the organisation.

    It passes to its oldest owner, who gets the mails from now on; the history goes on telling who did what.
    """
    members.leave(organisation, user)
    hand_over(organisation, user)


def hand_over(organisation: Organisation, user: User) -> None:
    """Give what ``user`` applied for in its name to its oldest owner, with the mails about it that have not left.

    Where every owner's account is closed, to whoever is left of it.
    """
    others = organisation.memberships.exclude(user=user).select_related("user")
    # « owner » comes after « member ».
    heir = others.order_by("-user__is_active", "-role", "pk").first()
    theirs = Application.objects.filter(event__organisation=organisation, created_by=user)
    handed = list(theirs.values_list("pk", flat=True))
    theirs.update(created_by=heir and heir.user)
    emails.tell_heir(Application.objects.filter(pk__in=handed), user)


@transaction.atomic
def join(kept: Organisation, others: QuerySet[Organisation]) -> None:
    """Give ``kept`` all that ``others`` have, and erase them; what it lacks of their identity it takes.

    Held until the end: an application being saved in the name of one of them is waited for, and goes along.
    """
    for other in others.exclude(pk=kept.pk).select_for_update():
        members.move(other, kept)
        for event in other.events.all():
            event.organisation = kept
            event.save(update_fields=["organisation", "updated_at"])
            show(event)
        # A number is nobody's before it is given.
        other.delete()
        for name in IDENTITY:
            setattr(kept, name, getattr(kept, name) or getattr(other, name))
        kept.save(update_fields=IDENTITY)


def show(event: Event) -> None:
    """Let it be found, and be read again by whoever keeps a copy, under its organiser's name as it is now."""
    event.index()
    if event.is_published:
        event.show()


@transaction.atomic
def part(organisation: Organisation, applicant: User) -> None:
    """Give what ``applicant`` filed an organisation of the same name, theirs alone.

    A number typed proves nothing: it gives nobody the events of those who leave.
    """
    apart = Organisation.objects.create(name=organisation.name, kind=organisation.kind)
    members.join(apart, applicant, Membership.Role.OWNER)
    for event in organisation.events.filter(application__created_by=applicant):
        event.organisation = apart
        event.save(update_fields=["organisation", "updated_at"])
        show(event)
