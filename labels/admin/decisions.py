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
from labels.admin.reasons import Choice, Chooser, PresetField
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
# One key for each; those that need a reason lead into their panel rather than decide.
KEYS = {
    Action.APPROVE: "a",
    Action.ACCEPT: "a",
    Action.RETURN: "c",
    Action.REFUSE: "r",
    Action.DECLINE: "r",
    Action.UNDO: "z",
}
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
    are_others_met = forms.BooleanField(
        label="Les autres conditions sont remplies : je les ai vérifiées.", required=False
    )
    preset = PresetField(required=False)

    def __init__(self, application: Application, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.initial["version"] = application.version
        self.application = application

    @property
    def is_readable(self) -> bool:
        """Whether it says which decision, on which version: no page of ours posts it otherwise."""
        return not {"action", "version"} & self.errors.keys()

    @property
    def decision(self) -> Action:
        return Action(self.cleaned_data["action"])

    @property
    def met(self) -> list[str]:
        """The conditions that the examiner says are met, beside those named as not met."""
        unmet = self.cleaned_data["conditions"]
        return (
            [value for value in Condition.values if value not in unmet] if self.cleaned_data["are_others_met"] else []
        )

    def clean(self) -> None:
        if not self.is_readable:
            return
        self.require_reason(self.decision)
        preset = self.cleaned_data.get("preset")
        if preset and self.decision not in preset.uses:
            # One panel takes several decisions: a text begun for another is not where this one came from.
            self.cleaned_data["preset"] = None
        if needs_eyes(self.application, self.decision) and not self.cleaned_data.get("is_examined"):
            self.add_error("is_examined", "Confirmez que vous avez examiné les points signalés.")


def typed(form: forms.Form) -> dict[str, Any]:
    """What a person wrote in a form that came too late: for them to take up again."""
    data = form.cleaned_data
    return {
        "action": Action(data["action"]).label if data.get("action") else "",
        "conditions": [Condition(value).label for value in data.get("conditions", ())],
        "note": data.get("note", ""),
    }


@dataclass(frozen=True)
class Button:
    action: Action
    key: str
    # Its key moves into the panel: the decision is taken by the button alone.
    is_entered: bool


@dataclass(frozen=True)
class Panel:
    """A form of the page, with the actions that its buttons take."""

    heading: str
    help: str
    actions: tuple[Action, ...]
    form: DecisionForm
    fields: tuple[str, ...]
    is_folded: bool = False
    chooser: Chooser | None = None

    @property
    def name(self) -> str:
        return str(self.actions[0])

    @property
    def buttons(self) -> list[Button]:
        return [Button(action, KEYS.get(action, ""), workflow.MOVES[action].needs_note) for action in self.actions]

    @property
    def shown(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.fields]


def panels(
    application: Application, user: User, bound: DecisionForm | None = None, choice: Choice | None = None
) -> Iterator[Panel]:
    """What ``user`` may decide now; ``bound`` is the form just refused, shown where it came from.

    ``choice`` is the preset that the address asks for, and fills the form of its panel.
    """
    offered = set(workflow.available(application, user))
    if not undo_until(application, user):
        offered.discard(Action.UNDO)
    for kind in KINDS:
        actions = tuple(action for action in kind.actions if action in offered)
        if not actions:
            continue
        chooser = Chooser.of(application, actions, choice)
        is_bound = bound is not None and bound.decision in actions
        filled = chooser.filled if chooser else {}
        form = bound if bound and is_bound else DecisionForm(application, auto_id=f"{actions[0]}-%s", initial=filled)
        is_folded = kind.is_folded and not (is_bound or (chooser and chooser.is_bound))
        yield Panel(kind.heading, kind.help, actions, form, tuple(_fields(application, actions)), is_folded, chooser)


def _fields(application: Application, actions: Iterable[Action]) -> Iterator[str]:
    moves = [workflow.MOVES[action] for action in actions]
    if any(move.needs_conditions for move in moves):
        yield "conditions"
        yield "are_others_met"
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
