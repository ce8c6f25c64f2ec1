"""The erasure of an organiser's account, on their own word or by the national team.

Events that were published stay, as open data, without a trace of who filed them. What is shared with others passes to
them; what nobody else answers for is withdrawn, and its organiser becomes « Organisateur supprimé ». An account that no
longer serves goes without a word of its owner: the archive goes on naming the organisation.
"""

import re

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

from accounts import members, sessions
from accounts.models import Invitation, Membership, Organisation, User
from core.outbox import Mail
from core.text import fold
from events.models import Event, Report, SearchWord
from labels import contacts, organisations
from labels.models import Action, Application, State
from labels.workflow import perform

NOBODY = "Organisateur supprimé"


@transaction.atomic
def erase(user: User, *, is_asked: bool = True) -> None:
    """Erase the account; raises ``MoveRefused`` when an application is decided on at the same time.

    Unless ``is_asked``, organisations keep their names, but for one that bears the person's.
    """
    # Before their applications, as whoever saves one holds them.
    for organisation in user.organisations.order_by("pk"):
        members.hold(organisation)
    # Whoever takes these over names whom to call.
    Application.objects.filter(created_by=user).update(contact_name="", contact_phone="")
    alone = _leave_organisations(user)
    _hand_over(user, alone)
    for application in _left(user, alone):
        _forget_application(application, user)
    for organisation in alone:
        if is_asked or _bears_name_of(user, organisation):
            _forget_organisation(organisation)
        else:
            _leave_to_archive(organisation)
    _forget_mails(user)
    Invitation.objects.filter(email=user.email).delete()
    # As its author typed it.
    Report.objects.filter(email__iexact=user.email).update(email="")
    _forget_traces(user)
    user.delete()


def foresee(user: User) -> dict[str, int]:
    """How many applications of each fate ``erase`` would find."""
    shared = [item.organisation for item in _shared(user)]
    left = Application.objects.filter(created_by=user).exclude(event__organisation__in=shared)
    return {
        "shared": Application.objects.filter(created_by=user, event__organisation__in=shared).count(),
        "drafts": left.filter(state=State.DRAFT).count(),
        "withdrawn": left.filter(state__in=_WAITING).count(),
        "published": left.filter(event__in=Event.objects.published()).count(),
    }


_WAITING = (State.SUBMITTED, State.RETURNED)


def _shared(user: User) -> list[Membership]:
    return [
        item
        for item in user.memberships.select_related("organisation").order_by("pk")
        if item.organisation.members.exclude(pk=user.pk).exists()
    ]


def _leave_organisations(user: User) -> list[Organisation]:
    """Leave those that others belong to, whose oldest owner answers from now on; the others are returned.

    Who only applied in the name of one of the latter keeps what is theirs.
    """
    for item in _shared(user):
        organisations.leave(item.organisation, user)
    alone = list(user.organisations.order_by("pk"))
    for organisation in alone:
        for applicant in organisations.applicants(organisation):
            organisations.part(organisation, applicant)
    return alone


def _hand_over(user: User, alone: list[Organisation]) -> None:
    """What was filed in the name of organisations of others is theirs."""
    served = Organisation.objects.filter(events__application__created_by=user).exclude(pk__in=[o.pk for o in alone])
    for organisation in served.distinct():
        if organisation.memberships.exists():
            organisations.hand_over(organisation, user)


def _left(user: User, alone: list[Organisation]) -> list[Application]:
    mine = Q(created_by=user) | Q(event__organisation__in=alone)
    return list(Application.objects.filter(mine).select_related("event").order_by("pk"))


def _forget_application(application: Application, user: User) -> None:
    event = application.event
    if application.state == State.DRAFT:
        application.delete()
        event.delete()
        return
    if application.state in _WAITING:
        perform(application, Action.WITHDRAW, by=user)
    elif application.state == State.APPROVED and application.pending_revision:
        perform(application, Action.DROP, by=user)
    contacts.forget(Application.objects.filter(pk=application.pk))
    organisations.show(Event.objects.get(pk=event.pk))


def _forget_organisation(organisation: Organisation) -> None:
    if not organisation.events.exists():
        organisation.delete()
        return
    organisation.invitations.all().delete()
    empty = {"siret": "", "uai": "", "website": "", "address": "", "commune": None}
    Organisation.objects.filter(pk=organisation.pk).update(name=NOBODY, **empty)
    events = list(organisation.events.all())
    for event in events:
        organisations.show(event)
    for edition in {event.edition_id for event in events}:
        SearchWord.objects.unlearn(edition, organisation.name)


def _bears_name_of(user: User, organisation: Organisation) -> bool:
    """Whoever is in business alone is a person, whatever number they have; directories put the family name first."""
    words = set(fold(user.name).split())
    return bool(words) and words <= set(fold(organisation.name).split())


def _leave_to_archive(organisation: Organisation) -> None:
    """Its name and numbers stay beside its events, without a way to reach whoever acted for it."""
    if not organisation.events.exists():
        organisation.delete()
        return
    organisation.invitations.all().delete()
    Organisation.objects.filter(pk=organisation.pk).update(website="", address="", commune=None)
    for event in organisation.events.all():
        organisations.show(event)


def _forget_mails(user: User) -> None:
    """Those that wait do not leave; of the others the log keeps that they left, not to whom nor what they said."""
    theirs = Mail.objects.filter(to=user.email)
    theirs.filter(state=Mail.State.WAITING).update(state=Mail.State.CANCELLED)
    # The address as a whole: that of another may end like it.
    names_them = Q(text__iregex=rf"(^|[^A-Za-z0-9._+-]){re.escape(user.email)}(?![A-Za-z0-9-]|\.[A-Za-z0-9])")
    if user.name:
        names_them |= Q(key__startswith="invitation-", text__contains=user.name)
    naming = Mail.objects.filter(Q(to=user.email) | names_them)
    naming.exclude(state__in=(Mail.State.WAITING, Mail.State.SENDING)).update(text="", html="")
    # What a server answers names the address; the link that stops reminders names the account.
    theirs.update(to=Mail.FORGOTTEN, last_error="", unsubscribe_url="")


def _forget_traces(user: User) -> None:
    """Every session, with what it kept of their pages; and the name in the admin's log."""
    sessions.end_all(user)
    of_accounts = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=of_accounts, object_id=str(user.pk)).update(object_repr=NOBODY)
