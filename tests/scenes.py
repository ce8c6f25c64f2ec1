"""What is behind an address: an application in its state, those who come by, and the address that tells of them."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from accounts import invitations
from accounts.audit import AuditEntry
from accounts.models import Invitation, Membership, User
from core import outbox
from core.outbox import Mail
from editorial.documents import keep
from editorial.models import Resource
from events.images import draw
from events.models import Edition, Format, Report
from events.pictures import attach
from labels.links import Link
from labels.models import Action, Preset, State, Transition
from tests import factories, pictures


@dataclass(frozen=True)
class Case:
    """One address, what it is about, and the arguments it takes."""

    key: str

    @property
    def name(self) -> str:
        return self.key.split()[0]

    @property
    def words(self) -> dict[str, str]:
        return dict(word.split("=", 1) for word in self.key.split()[1:] if "=" in word and word[0] != "?")

    @property
    def query(self) -> dict[str, str]:
        return dict(word[1:].split("=", 1) for word in self.key.split()[1:] if word[0] == "?")

    @property
    def state(self) -> State | None:
        return next((State(word) for word in self.key.split()[1:] if word in State.values), None)


ABOUT_ONE = (
    "pictures",
    "contact",
    "application",
    "step",
    "withdraw",
    "cancel",
    "full",
    "changes",
    "change",
    "drop",
    "redo",
    "agree",
)
OF_AN_OBJECT = (
    "_take",
    "_release",
    "_change",
    "_history",
    "_delete",
    "_decision",
    "_preview",
    "_note",
    "application_region",
    "_journal",
    "_correction",
    "_image",
    "application_redo",
)


class Scene:
    """The application in question, of an organiser in Normandie, and those who come by."""

    def __init__(self, state: State | None) -> None:
        factories.edition()
        self.owner = factories.organiser()
        self.application = factories.application(state=state or State.SUBMITTED, by=self.owner)
        assert self.application.event.organisation is not None
        self.organisation = self.application.event.organisation
        self.other = factories.organiser()
        self.proposal = self._proposed() if state == State.RETURNED else None
        self.invitation = Invitation.objects.create(organisation=self.organisation, email=self.other.email)
        self.colleague = Membership.objects.create(
            user=factories.organiser(), organisation=self.organisation, role=Membership.Role.MEMBER
        )

    def _proposed(self) -> Transition:
        """What sent it back once more, with a correction."""
        changes, before = {"title": "Visite gratuite"}, {"title": self.application.event.title}
        states = {"from_state": State.SUBMITTED, "to_state": State.RETURNED}
        return Transition.objects.create(
            application=self.application, action=Action.RETURN, changes=changes, before=before, **states
        )

    def client(self, role: str) -> Client:
        client = Client()
        makers: dict[str, Any] = {
            "owner": lambda: self.owner,
            "other": lambda: self.other,
            "elsewhere": lambda: factories.regional("84"),
            "here": lambda: factories.regional("28"),
            "national": factories.national,
            "superuser": lambda: User.objects.create_superuser("chef@exemple.gouv.fr", "x"),
        }
        if role in makers:
            client.force_login(makers[role]())
        return client

    def address(self, case: Case) -> str:
        if case.name == "admin:?":
            return "/admin/inconnue/"
        if case.name.startswith("editorial:") and "slug" in case.words:
            self._prepare_resources()
        return reverse(case.name, kwargs=self._arguments(case), query=case.query)

    def _arguments(self, case: Case) -> dict[str, Any]:
        event = self.application.event
        about: dict[str, dict[str, Any]] = {
            "events:detail": {"uid": event.uid, "slug": event.slug},
            "events:calendar": {"uid": event.uid},
            "events:slot_calendar": {"uid": event.uid, "start": self._slot()},
            **{f"events:{name}": {"uid": event.uid} for name in ("report", "reported")},
            "events:label": {"number": event.label_number},
            **{f"figures:{name}": {"year": event.edition.year} for name in ("table", "drawing")},
            "labels:preview": {"token": Link.PREVIEW.sign(self.application.reference)},
            "labels:follow": {"token": Link.FOLLOW.sign(self.application.reference)},
            "labels:proposal": {
                "token": Link.PROPOSAL.sign(f"{self.proposal.pk}-{self.owner.pk}" if self.proposal else "")
            },
            "labels:reminders": {"token": Link.REMINDERS.sign(str(self.owner.pk))},
            "events:media": {"name": self._picture() if case.name == "events:media" else ""},
            **{
                f"admin:accounts_user_{name}": {"pk": self.owner.pk}
                for name in ("send_link", "remove_factors", "erase")
            },
            "account_choose_password": {"uidb64": "MQ", "token": "used"},
            "mfa_remove_webauthn": {"pk": 1},
            **self._about_the_organisation(),
            **{f"labels:{name}": {"reference": self.application.reference} for name in ABOUT_ONE},
        }
        about |= {
            "admin:labels_application_compare": {"object_id": self.application.pk, "other": self.application.pk},
            "admin:labels_application_resend": {"object_id": self.application.pk, "mail": self._mail()},
        }
        words = {key: value for key, value in case.words.items() if key != "action"}
        if case.name not in about and case.name.endswith(OF_AN_OBJECT) and case.name.count("_") > 1:
            return {"object_id": self._object(case.name).pk}
        return {**about.get(case.name, {}), **words}

    def _slot(self) -> str:
        return next(slot.start for slot in self.application.event.slots.all())

    def _about_the_organisation(self) -> dict[str, dict[str, Any]]:
        """Its owner invites « other », who applied in its name already, and has a colleague."""
        pk = self.organisation.pk
        return {
            **{f"labels:{name}": {"pk": pk} for name in ("organisation", "invite", "add_applicant", "leave")},
            "labels:cancel_invitation": {"pk": pk, "invitation": self.invitation.pk},
            **{f"labels:{name}": {"pk": pk, "member": self.colleague.pk} for name in ("set_role", "remove_member")},
            "labels:invitation": {"token": invitations.token_of(self.invitation)},
        }

    @staticmethod
    def _prepare_resources() -> None:
        """One that is public, and one that is not, once."""
        if Resource.objects.filter(slug="preparer").exists():
            return
        file = {"text": "Texte", "file": keep(pictures.image(), "png"), "file_size": 1}
        factories.resource(slug="preparer", **file)
        factories.resource(slug="pas-encore", published_from=None, **file)

    def _picture(self) -> str:
        """The name of its image, which alone opens that of a public event."""
        drawn = draw(BytesIO(pictures.image()))
        return str(attach(self.application.event, drawn, kind="image", alt="L’atelier").file)

    def _mail(self) -> int | None:
        """One that left about it."""
        mails = Mail.objects.filter(about=self.application.reference)
        mails.update(state=Mail.State.SENT)
        return mails.values_list("pk", flat=True).first()

    def _object(self, name: str) -> Any:
        event = self.application.event
        makers: dict[str, Callable[[], Any]] = {
            "application": lambda: self.application,
            "auditentry": lambda: AuditEntry.objects.filter(about=self.application.reference).earliest("pk"),
            "report": lambda: Report.objects.create(event=event, reason=Report.Reason.OTHER, text="Fermé."),
            "mail": lambda: outbox.post(
                key="acces", to="a@exemple.fr", subject="Objet", text="Texte", about=self.application.reference
            ),
            "user": lambda: self.owner,
            "organisation": lambda: event.organisation,
            "edition": Edition.objects.get,
            "format": lambda: event.format or Format.objects.first(),
            "audience": event.audiences.first,
            "sector": event.sectors.first,
            "level": event.levels.model.objects.first,
            "preset": Preset.objects.first,
            "resource": factories.resource,
            "partner": factories.partner,
            "correspondent": factories.correspondent,
        }
        return makers[name.removeprefix("admin:").split("_")[1]]()


class Stage:
    """One scene stands, in a transaction that those of the tests stand in, until another is asked for."""

    def __init__(self, blocker: DjangoDbBlocker) -> None:
        self._blocker = blocker
        self._transaction: transaction.Atomic | None = None
        self._state: State | None = None

    def scene(self, state: State | None) -> Scene:
        """As if it was made for this test alone."""
        if self._transaction is None or state != self._state:
            self.strike()
            self._set(state)
        return deepcopy(self._scene)

    def _set(self, state: State | None) -> None:
        with self._blocker.unblock():
            self._transaction = transaction.atomic()
            self._transaction.__enter__()
            self._state, self._scene = state, Scene(state)

    def strike(self) -> None:
        if self._transaction is not None:
            with self._blocker.unblock():
                transaction.set_rollback(True)
                self._transaction.__exit__(None, None, None)
            self._transaction = None


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    result = Stage(django_db_blocker)
    yield result
    result.strike()


@pytest.fixture
def scene(stage: Stage, state: State | None) -> Scene:
    """That of the ``state`` that the module says. It stands before the test's transaction: see ``on_stage``."""
    return stage.scene(state)


# Fixtures are made in this order. No test of the module may commit: it would close the connection behind the scene.
on_stage = pytest.mark.usefixtures("scene", "db")
