"""What people are told by e-mail: one mail a transition, the examiners' digest, the reminder of a draft."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Membership, Organisation, User
from core import outbox
from core.outbox import Mail
from events import diffs
from events.models import Edition
from labels import digests
from labels.links import Link
from labels.models import Action, Application, Transition

# An undo takes its decision's mail back before it leaves, who edits or drops a change knows it, and which of the
# State's services examines it is theirs to know: nothing to tell.
SILENT = frozenset({Action.UNDO, Action.EDIT, Action.DROP, Action.CONTACT, Action.MOVE})


def tell_organiser(transition: Transition, *, delay: float = 0) -> None:
    """Post the mail of ``transition`` to those who answer for it; ``delay`` in seconds leaves time to undo."""
    application = transition.application
    if transition.action in SILENT:
        return
    context = {
        "transition": transition,
        "diff": diffs.rows(transition.before, transition.changes),
        **_about(application),
    }
    for rank, person in enumerate(correspondents(application)):
        # One key for the whole, so that an undo takes every copy back.
        key = f"{transition.mail_key}-{person.pk}" if rank else transition.mail_key
        proposal_url = Link.PROPOSAL.to(f"{transition.pk}-{person.pk}") if _proposes(transition) else ""
        personal = {**context, "proposal_url": proposal_url}
        _post(str(transition.action), key, person, personal, delay=delay, about=application.reference)


def tell_heir(applications: QuerySet[Application], left: User) -> None:
    """Mails about these that wait to leave for ``left`` are written anew, with links of their own, for who answers now.

    In a transaction, which an undo of the decision waits for.
    """
    references = applications.values("reference")
    waiting = Mail.objects.filter(about__in=references, to=left.email, state=Mail.State.WAITING)
    by_key = {mail.key: mail for mail in waiting}
    pks = [key.split("-")[1] for key in by_key if key.startswith("transition-")]
    for transition in Transition.objects.filter(pk__in=pks).order_by("pk"):
        mail = by_key.get(transition.mail_key)
        if mail and (delay := outbox.take_back(mail)) is not None:
            tell_organiser(transition, delay=delay)


def _proposes(transition: Transition) -> bool:
    return transition.action == Action.RETURN and bool(transition.changes)


def tell_of_draft(application: Application, person: User, *, reason: str = "") -> None:
    """Post to ``person`` that staff opened this application in their name, anew or from an earlier event.

    Once, and once more where it may come late from now on.
    """
    context = {
        "reason": reason,
        **_about(application),
        "follow_url": "",
        "closes_at": application.event.edition.applications_close_at,
    }
    key = f"opened-{'late-' if application.late_reason else ''}{application.pk}-{person.pk}"
    _post("opened", key, person, context, about=application.reference)


def correspondents(application: Application) -> list[User]:
    """Who applied; where their account is gone, the organisation's owners, else whoever is left of it."""
    author, organisation = application.created_by, application.event.organisation
    if author and author.is_active:
        return [author]
    members = organisation.memberships.select_related("user").order_by("pk") if organisation else ()
    left = [member for member in members if member.user.is_active]
    return [member.user for member in left if member.role == Membership.Role.OWNER] or [item.user for item in left]


def _about(application: Application) -> dict[str, Any]:
    event = application.event
    return {
        "application": application,
        "event": event,
        "application_url": _absolute("labels:application", reference=application.reference),
        "event_url": settings.SITE_URL + event.get_absolute_url(),
        "calendar_url": _absolute("events:calendar", uid=event.uid),
        "follow_url": Link.FOLLOW.to(application.reference),
    }


def send_reminder(person: User, edition: Edition, drafts: list[Application], due: int) -> None:
    """Post the reminder number ``due`` of what ``person`` began for ``edition`` and did not send yet."""
    stop_url = Link.REMINDERS.to(str(person.pk))
    context = {
        "edition": edition,
        "drafts": [(draft, _absolute("labels:application", reference=draft.reference)) for draft in drafts],
        "desk_url": _absolute("labels:desk"),
        "stop_url": stop_url,
    }
    _post("reminder", f"reminder-{edition.year}-{due}-{person.pk}", person, context, unsubscribe_url=stop_url)


def warn_of_erasure(person: User, erased_on: date) -> None:
    """Post that an account which no longer serves is erased on that day, unless its owner comes back."""
    context = {"erased_on": erased_on, "desk_url": _absolute("labels:desk"), "data_url": _absolute("pages:privacy")}
    _post("unused", f"unused-{person.pk}-{erased_on:%Y%m%d}", person, context)


def digest_key(today: date, examiner: User | None = None) -> str:
    """One mail a day and examiner; without one, how the keys of all begin."""
    return f"digest-{today:%Y-%m-%d}-{examiner.pk if examiner else ''}"


def send_digest(examiner: User, morning: digests.Morning) -> bool:
    """Post the morning's digest of what waits in the examiner's régions; False when nothing does."""
    digest = digests.of(examiner, morning.today)
    if not digest.total:
        return False
    is_national = examiner.has_perm("labels.examine_everywhere")
    context = {
        "digest": digest,
        "country": morning.country if is_national and morning.country.has_news else None,
        "is_national": is_national,
        "applications": [(item, _desk_page(item)) for item in digest.applications],
        "queue_url": _absolute("admin:labels_application_changelist"),
        "today": morning.today,
    }
    _post("digest", digest_key(morning.today, examiner), examiner, context)
    return True


def _desk_page(application: Application) -> str:
    return f"{settings.SITE_URL}{reverse('admin:labels_application_change', args=[application.pk])}"


def tell_owner_of_draft(owner: User, organisation: Organisation, application: Application, applicant: User) -> None:
    """Post, once for each applicant, that somebody else began an application in the organisation's name."""
    context = {
        "application": application,
        "applicant": applicant,
        "organisation": organisation,
        "organisation_url": _absolute("labels:organisation", pk=organisation.pk),
    }
    _post("applicant", f"applicant-{organisation.pk}-{applicant.pk}-{owner.pk}", owner, context)


def _post(
    template: str,
    key: str,
    user: User,
    context: Mapping[str, Any],
    *,
    delay: float = 0,
    unsubscribe_url: str = "",
    about: str = "",
) -> None:
    context = {**context, "site_url": settings.SITE_URL, "recipient": user}
    subject, text, html = (
        render_to_string(f"labels/emails/{template}_{part}", context)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    outbox.post(
        key=key,
        to=user.email,
        subject=subject,
        text=text,
        html=html,
        delay=delay,
        unsubscribe_url=unsubscribe_url,
        about=about,
    )


def _absolute(name: str, **kwargs: Any) -> str:
    return f"{settings.SITE_URL}{reverse(name, kwargs=kwargs or None)}"
