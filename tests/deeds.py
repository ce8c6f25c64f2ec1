"""The actions of ``tests/vectors/access.csv``, done through HTTP with data that would succeed, and what came of each.

``done``: it was done, or shown, as asked and no further than the role's régions; ``sign in``: led to a sign-in;
``unchanged``: answered without doing it; else the status of the answer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.audit import AuditEntry
from accounts.models import Membership, User
from core import outbox
from core.outbox import Mail
from events.images import draw
from events.models import Edition, Event, Format
from events.pictures import attach
from labels.links import Link
from labels.models import Action, Application, Condition, State
from labels.permissions import REGIONAL
from tests import factories, pictures
from tests.labels import answers
from tests.labels.admin.test_corrections import typed
from tests.scenes import Scene
from tests.test_access import outcome

ADDRESS = "203.0.113.7"


@dataclass
class Attempt:
    """One role at one scene."""

    scene: Scene
    role: str
    client: Client
    user: User | None

    @property
    def application(self) -> Application:
        return self.scene.application

    @property
    def event(self) -> Event:
        return self.application.event

    def get(self, name: str, *args: Any, **query: Any) -> Any:
        return self.client.get(reverse(name, args=args, query=query))

    def post(self, name: str, *args: Any, data: dict[str, Any] | None = None) -> Any:
        return self.client.post(reverse(name, args=args), data or {})

    def decide(self, action: Action) -> Any:
        reason = {"note": "Payant.", "conditions": [Condition.FREE], "is_examined": "on"}
        data = {"action": action.value, "version": self.application.version, **reason}
        return self.post("admin:labels_application_decision", self.application.pk, data=data)

    def state(self) -> str:
        return Application.objects.values_list("state", flat=True).get(pk=self.application.pk)


Deed = Callable[[Attempt], str]


@dataclass(frozen=True)
class Probe:
    do: Deed
    state: State | None
    # The Django admin sends whoever is not staff to its own sign-in, whatever they ask for.
    is_at_desk: bool


PROBES: dict[str, Probe] = {}


def does(action: str, state: State | None = None, *, desk: bool = False) -> Callable[[Deed], Deed]:
    def keep(deed: Deed) -> Deed:
        PROBES[action] = Probe(deed, state, desk)
        return deed

    return keep


def attempt(scene: Scene, action: str, role: str) -> str:
    client = scene.client(role)
    key = client.session.get("_auth_user_id")
    return PROBES[action].do(Attempt(scene, role, client, User.objects.get(pk=key) if key else None))


def said(response: Any, *, done: bool = True) -> str:
    """What came of a request that answers 2xx or 3xx when it succeeds, which ``done`` says it did."""
    word = outcome(response)
    if word in {"A", "L"}:
        return "sign in"
    if int(word) >= 400:
        return word
    return "done" if done else "unchanged"


def worst(*responses: Any) -> str:
    words = {said(response) for response in responses}
    return next((word for word in sorted(words) if word != "done"), "done")


# The public pages -----------------------------------------------------------------------------------------------------


@does("view labelled event page/.ics/API", State.APPROVED)
def _(who: Attempt) -> str:
    page = who.client.get(who.event.get_absolute_url())
    return worst(page, who.get("events:calendar", who.event.uid), who.get("maps:geojson"))


@does("view submitted/refused/draft event E public URL", State.SUBMITTED)
def _(who: Attempt) -> str:
    return said(who.get("events:detail", who.event.uid, who.event.slug))


@does("open preview by signed token", State.SUBMITTED)
def _(who: Attempt) -> str:
    return said(who.get("labels:preview", Link.PREVIEW.sign(who.application.reference)))


@does("export open data (no personal data)", State.APPROVED)
def _(who: Attempt) -> str:
    response = who.get("maps:geojson")
    return said(response, done="@" not in response.content.decode())


@does("Celery/health/metrics endpoint")
def _(who: Attempt) -> str:
    return worst(who.get("pages:live"), who.get("pages:ready"))


# Organisers -----------------------------------------------------------------------------------------------------------


@does("list own events", State.DRAFT)
def _(who: Attempt) -> str:
    response = who.get("labels:desk")
    is_theirs = who.application.reference in response.content.decode()
    return said(response, done=is_theirs is (who.role == "owner"))


def _begin(who: Attempt) -> str:
    """For whoever has no form of their own, in somebody else's name."""
    count = Application.objects.count()
    if who.user and who.user.is_staff:
        name = {"email": "fonderie@exemple.fr", "edition": Edition.objects.get().pk, "reason": "Panne du portail."}
        response = who.post("admin:labels_application_add", data=name)
    else:
        response = who.post("labels:new")
    return said(response, done=Application.objects.count() > count)


@does("create draft (form open)")
def _(who: Attempt) -> str:
    return _begin(who)


@does("create draft (edition closed)")
def _(who: Attempt) -> str:
    Edition.objects.update(applications_close_at=timezone.now() - timedelta(days=1))
    return _begin(who)


@does("read draft/submitted E", State.DRAFT)
def _(who: Attempt) -> str:
    if who.user and who.user.is_staff:
        return said(who.get("admin:labels_application_change", who.application.pk))
    return said(who.get("labels:application", who.application.reference))


def _correct(who: Attempt, **answers: str) -> str:
    """By the sheet of the desk, as a browser would send it back."""
    sheet = who.get("admin:labels_application_correction", who.application.pk)
    if said(sheet) != "done":
        return said(sheet)
    data = {**typed(sheet), "conditions": [Condition.FREE], "note": "Coquille.", **answers}
    response = who.post("admin:labels_application_correction", who.application.pk, data=data)
    last = who.application.transitions.latest("pk")
    return said(response, done=last.by == who.user and last.changes.keys() == answers.keys())


def _retitle(who: Attempt) -> str:
    if who.user and who.user.is_staff:
        return _correct(who, title="Autre titre")
    data = {**answers.EVENT, "title": "Autre titre", "action": "continue"}
    response = who.post("labels:step", who.application.reference, "evenement", data=data)
    return said(response, done=Event.objects.get(pk=who.event.pk).title == "Autre titre")


@does("edit draft E", State.DRAFT)
def _(who: Attempt) -> str:
    return _retitle(who)


@does("edit submitted E", State.SUBMITTED)
def _(who: Attempt) -> str:
    return _retitle(who)


@does("edit labelled E: minor fields (time, capacity, contact)", State.APPROVED)
def _(who: Attempt) -> str:
    if who.user and who.user.is_staff:
        return _correct(who, group_size="12")
    data = {"version": who.application.version, "contact_name": "Dominique Durand"}
    response = who.post("labels:contact", who.application.reference, data=data)
    return said(response, done=Application.objects.get(pk=who.application.pk).contact_name == "Dominique Durand")


@does("edit labelled E: date/place/price/title", State.APPROVED)
def _(who: Attempt) -> str:
    if who.user and who.user.is_staff:
        return _correct(who, title="Autre titre")
    data = {**answers.EVENT, "title": "Autre titre", "version": who.application.version, "action": "confirm"}
    response = who.post("labels:change", who.application.reference, "evenement", data=data)
    return said(response, done=who.application.revisions.count() == 1)


@does("submit E", State.DRAFT)
def _(who: Attempt) -> str:
    data = {"version": who.application.version, "is_sworn": "on", "action": "continue"}
    response = who.post("labels:step", who.application.reference, "verification", data=data)
    return said(response, done=who.state() == State.SUBMITTED)


@does("withdraw/cancel E (keeps page as cancelled)", State.APPROVED)
def _(who: Attempt) -> str:
    if who.user and who.user.is_staff:
        response = who.decide(Action.CANCEL)
    else:
        data = {"version": who.application.version, "message": "Fermé."}
        response = who.post("labels:cancel", who.application.reference, data=data)
    return said(response, done=who.state() == State.CANCELLED)


@does("duplicate E to new edition", State.APPROVED)
def _(who: Attempt) -> str:
    count = Application.objects.count()
    if who.user and who.user.is_staff:
        now = timezone.now()
        Edition.objects.update(applications_close_at=now - timedelta(days=1))
        is_open = {"applications_open_at": now, "applications_close_at": now + timedelta(days=10)}
        factories.edition(timezone.localdate().year + 1, **is_open)
        response = who.post("admin:labels_application_redo", who.application.pk)
    else:
        response = who.post("labels:redo", who.application.reference)
    return said(response, done=Application.objects.count() > count)


@does("upload image to E", State.RETURNED)
def _(who: Attempt) -> str:
    sent = SimpleUploadedFile("photo.png", pictures.image())
    if who.user and who.user.is_staff:
        who.scene.application = factories.application(state=State.SUBMITTED)
        data = {"version": who.application.version, "action": "save", "image-file": sent, "image-alt": "La coulée"}
        response = who.post("admin:labels_application_image", who.application.pk, data=data)
        return said(response, done=who.event.pictures.count() == 1)
    data = {**answers.EVENT, "image-file": sent, "image-alt": "Une apprentie règle un tour", "action": "continue"}
    response = who.post("labels:step", who.application.reference, "evenement", data=data)
    return said(response, done=who.event.pictures.count() == 1)


@does("download original upload of non-public E", State.SUBMITTED)
def _(who: Attempt) -> str:
    """By the address that their page of it holds; by the file's name, for who has no such page."""
    picture = attach(who.event, draw(BytesIO(pictures.image())), kind="image", alt="L’atelier")
    if who.user and who.user.is_staff:
        page = who.get("admin:labels_application_change", who.application.pk)
    else:
        page = who.get("labels:application", who.application.reference)
    shown = re.search(rf"{picture.file.url}[^ \"]*", page.content.decode())
    return said(who.client.get(shown[0] if shown else picture.file.url))


@does("see organiser e-mail/phone", State.SUBMITTED)
def _(who: Attempt) -> str:
    Application.objects.update(contact_phone="+33612345678")
    if who.user and who.user.is_staff:
        response = who.get("admin:labels_application_change", who.application.pk)
    else:
        response = who.get("labels:application", who.application.reference)
    return said(response, done="12345678" in re.sub(r"\s|&nbsp;", "", response.content.decode()))


@does("GDPR export/erase own account")
def _(who: Attempt) -> str:
    file, erased = who.get("pages:download"), who.post("pages:erase", data={"is_certain": "on"})
    is_gone = who.user is not None and not User.objects.filter(pk=who.user.pk).exists()
    return worst(file, erased) if is_gone else said(erased, done=False)


# The desk -------------------------------------------------------------------------------------------------------------


@does("admin index", desk=True)
def _(who: Attempt) -> str:
    return said(who.get("admin:index"))


@does("admin add/delete via object tool or URL", State.SUBMITTED, desk=True)
def _(who: Attempt) -> str:
    """Django's own: a row made from nothing, or erased without a word."""
    bare = {"reference": "SI2026-999999", "post": "yes"}
    added = who.post("admin:labels_application_add", data=bare)
    erased = who.post("admin:labels_application_delete", who.application.pk, data=bare)
    is_done = Application.objects.count() != 1
    return worst(added, erased) if worst(added, erased) != "done" else said(erased, done=is_done)


@does("hard delete labelled E", State.APPROVED, desk=True)
def _(who: Attempt) -> str:
    of = {"version": who.application.version, "reference": who.application.reference}
    data = {"reason": "Décision de justice.", **of}
    response = who.post("admin:labels_application_delete", who.application.pk, data=data)
    return said(response, done=not Application.objects.filter(pk=who.application.pk).exists())


def _decision(action: Action, reached: State) -> Deed:
    return lambda who: said(who.decide(action), done=who.state() == reached)


does("approve E", State.SUBMITTED, desk=True)(_decision(Action.APPROVE, State.APPROVED))
does("refuse E (reason required)", State.SUBMITTED, desk=True)(_decision(Action.REFUSE, State.REFUSED))
does("ask for changes", State.SUBMITTED, desk=True)(_decision(Action.RETURN, State.RETURNED))
does("reverse a decision", State.REFUSED, desk=True)(_decision(Action.REVERSE, State.SUBMITTED))


@does("approve own event (reviewer is also organiser)", State.SUBMITTED, desk=True)
def _(who: Attempt) -> str:
    if who.user and who.user.is_staff:
        Membership.objects.create(user=who.user, organisation=who.scene.organisation)
    return said(who.decide(Action.APPROVE), done=who.state() == State.APPROVED)


def _both(who: Attempt) -> tuple[Application, Application]:
    """That of the scene, and one of the région that « elsewhere » examines."""
    there = factories.application(state=State.SUBMITTED, commune=factories.commune("69381"))
    return who.application, there


def _theirs(who: Attempt) -> list[bool]:
    """Which of ``_both`` a member of staff may touch."""
    return {"here": [True, False], "elsewhere": [False, True]}.get(who.role, [True, True])


@does("bulk approve ids incl. another region", State.SUBMITTED, desk=True)
def _(who: Attempt) -> str:
    both = _both(who)
    versions = ",".join(f"{application.pk}:{application.version}" for application in both)
    response = who.post("admin:labels_application_bulk", data={"action": "approve", "versions": versions})
    approved = [Application.objects.get(pk=item.pk).state == State.APPROVED for item in both]
    return said(response, done=approved == _theirs(who))


@does("reassign E to another region", State.SUBMITTED, desk=True)
def _(who: Attempt) -> str:
    data = {"version": who.application.version, "region": "nationale", "note": "À vous."}
    response = who.post("admin:labels_application_region", who.application.pk, data=data)
    is_logged = AuditEntry.objects.filter(action="application.move", by=who.user).exists()
    is_moved = Application.objects.get(pk=who.application.pk).region is None
    return said(response, done=is_moved and is_logged)


@does("see IP/user agent of submission", State.DRAFT, desk=True)
def _(who: Attempt) -> str:
    """Not found where a page leaves it out: what is not shown is not known to exist."""
    owner = who.scene.client("owner")
    data = {"version": who.application.version, "is_sworn": "on", "action": "continue"}
    address = reverse("labels:step", args=[who.application.reference, "verification"])
    owner.post(address, data, REMOTE_ADDR=ADDRESS)
    response = who.get("admin:labels_application_journal", who.application.pk)
    return said(response) if response.status_code != 200 or ADDRESS in response.content.decode() else "404"


@does("export CSV/XLSX with personal data", State.SUBMITTED, desk=True)
def _(who: Attempt) -> str:
    both = _both(who)
    data = {"format": "csv", "contacts": "avec"}
    response = who.post("admin:labels_application_export", data=data)
    text = response.getvalue().decode() if response.status_code == 200 else ""
    return said(response, done=[_email(application) in text for application in both] == _theirs(who))


def _email(application: Application) -> str:
    assert application.created_by
    return str(application.created_by.email)


def _refused_mails(who: Attempt) -> list[Mail]:
    Mail.objects.all().delete()
    mails = [
        outbox.post(key=item.reference, to="a@exemple.fr", subject="Objet", text="Texte", about=item.reference)
        for item in _both(who)
    ]
    about = [application.reference for application in Application.objects.order_by("pk")]
    mails = list(Mail.objects.filter(key__in=about).order_by("pk"))
    Mail.objects.exclude(pk__in=[mail.pk for mail in mails]).delete()
    Mail.objects.update(state=Mail.State.FAILED)
    return mails


@does("resend e-mail to E contact", State.SUBMITTED, desk=True)
def _(who: Attempt) -> str:
    mail = _refused_mails(who)[0]
    page = who.get("admin:core_mail_change", mail.pk)
    if said(page) != "done":
        return said(page)
    response = who.post("admin:core_mail_changelist", data={"action": "send_again", "_selected_action": [mail.pk]})
    return said(response, done=Mail.objects.get(pk=mail.pk).state != Mail.State.FAILED)


@does("view outbox/failed mail", State.SUBMITTED, desk=True)
def _(who: Attempt) -> str:
    mails = _refused_mails(who)
    response = who.get("admin:core_mail_changelist", etat="failed")
    shown = list(response.context["cl"].result_list) if response.status_code == 200 else []
    return said(response, done=[mail in shown for mail in mails] == _theirs(who))


@does("read audit log", State.SUBMITTED, desk=True)
def _(who: Attempt) -> str:
    both = _both(who)
    response = who.get("admin:accounts_auditentry_changelist")
    shown = [entry.about for entry in response.context["cl"].result_list] if response.status_code == 200 else []
    return said(response, done=[application.reference in shown for application in both] == _theirs(who))


@does("change/delete audit log", State.SUBMITTED, desk=True)
def _(who: Attempt) -> str:
    entry = AuditEntry.objects.earliest("pk")
    answers_ = {
        said(who.post("admin:accounts_auditentry_change", entry.pk, data={"summary": "Autre"})),
        said(who.post("admin:accounts_auditentry_delete", entry.pk, data={"post": "yes"})),
    }
    assert AuditEntry.objects.filter(pk=entry.pk, summary=entry.summary).exists()
    return answers_.pop() if len(answers_) == 1 else str(answers_)


@does("edit reference lists (types, publics, regions)", desk=True)
def _(who: Attempt) -> str:
    item = Format.objects.earliest("pk")
    data = {"slug": item.slug, "label": "Autre", "position": item.position, "is_active": "on"}
    response = who.post("admin:events_format_change", item.pk, data=data)
    return said(response, done=Format.objects.get(pk=item.pk).label == "Autre")


@does("open/close edition, set window", desk=True)
def _(who: Attempt) -> str:
    edition = Edition.objects.get()
    data = {
        "number": edition.number,
        "year": edition.year,
        "theme": "Un autre thème",
        "week_starts_on": edition.week_starts_on.isoformat(),
        "week_ends_on": edition.week_ends_on.isoformat(),
        "window_starts_on": edition.window_starts_on.isoformat(),
        "window_ends_on": edition.window_ends_on.isoformat(),
        "applications_open_at": timezone.localtime(edition.applications_open_at).strftime("%Y-%m-%dT%H:%M"),
        "applications_close_at": timezone.localtime(edition.applications_close_at).strftime("%Y-%m-%dT%H:%M"),
        "is_published": "on",
    }
    response = who.post("admin:events_edition_change", edition.pk, data=data)
    if said(response) == "done":
        confirmed = {**data, "_confirmed": response.context["seal"]}
        response = who.post("admin:events_edition_change", edition.pk, data=confirmed)
    return said(response, done=Edition.objects.get().theme == "Un autre thème")


@does("create/disable staff account, set region", desk=True)
def _(who: Attempt) -> str:
    group = Group.objects.get(name=REGIONAL)
    data = {"email": "agent@exemple.gouv.fr", "name": "Alex Agent", "groups": [group.pk], "regions": ["28"]}
    response = who.post("admin:accounts_user_add", data=data)
    return said(response, done=User.objects.filter(email="agent@exemple.gouv.fr", is_superuser=False).exists())


@does("GDPR erase another person", desk=True)
def _(who: Attempt) -> str:
    someone = factories.organiser()
    data = {"reason": "asked", "is_certain": "on"}
    response = who.post("admin:accounts_user_erase", someone.pk, data=data)
    return said(response, done=not User.objects.filter(pk=someone.pk).exists())


@does("internal note read/write", State.SUBMITTED, desk=True)
def _(who: Attempt) -> str:
    response = who.post("admin:labels_application_note", who.application.pk, data={"text": "À rappeler lundi."})
    if said(response) != "done":
        return said(response)
    page = who.get("admin:labels_application_change", who.application.pk)
    return said(page, done="À rappeler lundi." in page.content.decode())


@does("stats of region Y (detail)", State.SUBMITTED, desk=True)
def _(who: Attempt) -> str:
    return worst(who.get("admin:labels_application_figures"), who.get("admin:labels_application_figures_csv"))


@does("grant superuser", desk=True)
def _(who: Attempt) -> str:
    agent = factories.regional(email="agent@exemple.gouv.fr")
    rights = {"groups": [Group.objects.get(name=REGIONAL).pk], "regions": ["28"]}
    data = {"email": agent.email, "name": agent.name, "is_active": "on", "is_superuser": "on", **rights}
    response = who.post("admin:accounts_user_change", agent.pk, data=data)
    return said(response, done=User.objects.get(pk=agent.pk).is_superuser)
