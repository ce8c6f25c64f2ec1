"""The form that takes an examiner's decision, and the panels of it that an application's page offers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from core.fields import TextField
from labels import permissions, workflow
from labels.models import DECIDED, Action, Application, Condition, State, Transition

NOTE_AT_MOST = 2000
# The page of the event shows this one, and keeps it in a column of its own.
CANCELLATION_AT_MOST = 500


@dataclass(frozen=True)
class _Kind:
    heading: str
    help: str
    actions: tuple[Action, ...]
    is_folded: bool = False


KINDS = (
    _Kind("Labelliser", "L’événement paraît aussitôt sur le portail.", (Action.APPROVE,)),
    _Kind("Renvoyer ou refuser", "", (Action.RETURN, Action.REFUSE)),
    _Kind("Accepter la modification", "L’événement paraît aussitôt ainsi modifié.", (Action.ACCEPT,)),
    _Kind("Refuser la modification", "L’événement reste tel qu’il a été labellisé.", (Action.DECLINE,)),
    _Kind("Annuler ma décision", "Le courriel n’est pas encore parti : il ne partira pas.", (Action.UNDO,)),
    _Kind(
        "Revenir sur la décision",
        "La demande revient dans la file ; l’organisateur en est averti.",
        (Action.REVERSE,),
        is_folded=True,
    ),
    _Kind("Retirer le label", "L’événement disparaît du portail.", (Action.REVOKE,), is_folded=True),
    _Kind(
        "Annuler l’événement",
        "L’événement n’aura pas lieu : il reste sur le portail, marqué « Annulé », avec ce message.",
        (Action.CANCEL,),
        is_folded=True,
    ),
)
EXAMINERS_ACTIONS = tuple(action for kind in KINDS for action in kind.actions)


class ReasonForm(forms.Form):
    """The conditions not met and the text, as the move needs them."""

    default_renderer = DjangoTemplates

    conditions = forms.MultipleChoiceField(
        label="Conditions non remplies",
        choices=Condition.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Cette condition n’existe pas."},
    )
    note = TextField(
        label="Motif",
        help_text="Envoyé tel quel à l’organisateur.",
        required=False,
        multiline=True,
        max_length=NOTE_AT_MOST,
    )

    def require_reason(self, action: Action) -> None:
        """What ``workflow.perform`` would refuse, said beside the field that lacks it."""
        move = workflow.MOVES[action]
        note = self.cleaned_data.get("note", "")
        if move.needs_conditions and not self.cleaned_data.get("conditions") and "conditions" not in self.errors:
            self.add_error("conditions", "Indiquez au moins une condition non remplie.")
        if move.needs_note and not note and "note" not in self.errors:
            self.add_error("note", "Indiquez le motif.")
        if action == Action.CANCEL and len(note) > CANCELLATION_AT_MOST:
            self.add_error("note", f"Ce message compte {len(note)} caractères : {CANCELLATION_AT_MOST} au plus.")


class DecisionForm(ReasonForm):
    """One decision on the application as its page showed it."""

    action = forms.ChoiceField(choices=[(action, action.label) for action in EXAMINERS_ACTIONS])
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    is_examined = forms.BooleanField(label="J’ai examiné les points que la machine signale.", required=False)

    def __init__(self, application: Application, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"version": application.version}, **kwargs)
        self.application = application

    @property
    def is_readable(self) -> bool:
        """Whether it says which decision, on which version: no page of ours posts it otherwise."""
        return not {"action", "version"} & self.errors.keys()

    @property
    def decision(self) -> Action:
        return Action(self.cleaned_data["action"])

    def clean(self) -> None:
        if not self.is_readable:
            return
        self.require_reason(self.decision)
        if needs_eyes(self.application, self.decision) and not self.cleaned_data.get("is_examined"):
            self.add_error("is_examined", "Confirmez que vous avez examiné les points signalés.")


@dataclass(frozen=True)
class Panel:
    """A form of the page, with the actions that its buttons take."""

    heading: str
    help: str
    actions: tuple[Action, ...]
    form: DecisionForm
    fields: tuple[str, ...]
    is_folded: bool = False

    @property
    def shown(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.fields]


def panels(application: Application, user: User, bound: DecisionForm | None = None) -> Iterator[Panel]:
    """What ``user`` may decide now; ``bound`` is the form just refused, shown where it came from."""
    offered = set(workflow.available(application, user))
    if not undo_until(application, user):
        offered.discard(Action.UNDO)
    for kind in KINDS:
        actions = tuple(action for action in kind.actions if action in offered)
        if not actions:
            continue
        is_bound = bound is not None and bound.decision in actions
        form = bound if bound and is_bound else DecisionForm(application, auto_id=f"{actions[0]}-%s")
        fields = tuple(_fields(application, actions))
        yield Panel(kind.heading, kind.help, actions, form, fields, kind.is_folded and not is_bound)


def _fields(application: Application, actions: Iterable[Action]) -> Iterator[str]:
    moves = [workflow.MOVES[action] for action in actions]
    if any(move.needs_conditions for move in moves):
        yield "conditions"
    if any(move.needs_note for move in moves):
        yield "note"
    if any(needs_eyes(application, action) for action in actions):
        yield "is_examined"


def needs_eyes(application: Application, action: Action) -> bool:
    """Whether ``action`` would show to the public what the machine has doubts about."""
    if action == Action.APPROVE:
        return not application.verdict.is_clear
    revision = application.pending_revision if action == Action.ACCEPT else None
    return revision is not None and not application.assess(revision.changes).is_clear


def undo_until(application: Application, user: User) -> datetime | None:
    """The instant until which ``user`` may take their decision back; None when they may not."""
    if application.state not in DECIDED:
        return None
    decision = application.last_decision
    if decision is None or decision.by_id != user.pk:
        return None
    until = ends_of_undo(decision)
    return until if timezone.now() < until else None


def ends_of_undo(decision: Transition) -> datetime:
    return decision.at + timedelta(seconds=settings.DECISION_MAIL_DELAY)


def why_no_decision(application: Application, user: User) -> str:
    """Why the page offers no decision, for somebody who expected one."""
    if not user.has_perm("labels.examine_application"):
        return "Votre compte permet de lire les demandes, pas de les instruire."
    if not permissions.examines(user, application):
        return (
            "Cette demande vient de vous ou de votre organisation : une autre personne doit l’instruire, "
            "pour que deux regards se croisent."
        )
    sentences = {
        State.DRAFT: "L’organisateur n’a pas encore déposé cette demande.",
        State.RETURNED: "L’organisateur doit corriger sa demande avant de la déposer de nouveau.",
        State.REFUSED: "Le courriel de décision est parti : seule l’équipe nationale peut revenir sur cette décision.",
    }
    return sentences.get(State(application.state), "Cette demande n’appelle plus de décision.")
