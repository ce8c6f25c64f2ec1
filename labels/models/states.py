"""The words of the label: where an application stands, what may be done to it, what it is judged on."""

from django.db import models

from labels import rules


class State(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    SUBMITTED = "submitted", "À instruire"
    RETURNED = "returned", "À corriger"
    APPROVED = "approved", "Labellisée"
    REFUSED = "refused", "Refusée"
    WITHDRAWN = "withdrawn", "Retirée"
    REVOKED = "revoked", "Label retiré"
    CANCELLED = "cancelled", "Annulée"


class Action(models.TextChoices):
    SUBMIT = "submit", "Déposer"
    APPROVE = "approve", "Labelliser"
    RETURN = "return", "Renvoyer pour correction"
    REFUSE = "refuse", "Refuser"
    WITHDRAW = "withdraw", "Retirer la demande"
    CANCEL = "cancel", "Annuler l’événement"
    REVOKE = "revoke", "Retirer le label"
    UNDO = "undo", "Annuler la décision"
    REVERSE = "reverse", "Revenir sur la décision"
    EDIT = "edit", "Modifier"
    REVISE = "revise", "Demander une modification"
    ACCEPT = "accept", "Accepter la modification"
    DECLINE = "decline", "Refuser la modification"
    DROP = "drop", "Retirer la modification"
    CONTACT = "contact", "Changer la personne à contacter"
    MOVE = "move", "Confier à une autre région"
    AGREE = "agree", "Accepter la correction proposée"
    CORRECT = "correct", "Corriger l’événement"
    ILLUSTRATE = "illustrate", "Changer l’image"


# What a history says of each action.
DONE: dict[str, str] = {
    Action.SUBMIT: "Demande déposée",
    Action.APPROVE: "Label accordé",
    Action.RETURN: "Demande renvoyée pour correction",
    Action.REFUSE: "Label refusé",
    Action.WITHDRAW: "Demande retirée",
    Action.CANCEL: "Événement annulé",
    Action.REVOKE: "Label retiré",
    Action.UNDO: "Décision reprise",
    Action.REVERSE: "Décision revue",
    Action.EDIT: "Fiche de l’événement modifiée",
    Action.REVISE: "Modification demandée",
    Action.ACCEPT: "Modification acceptée",
    Action.DECLINE: "Modification refusée",
    Action.DROP: "Modification retirée",
    Action.CONTACT: "Personne à contacter changée",
    Action.MOVE: "Demande confiée à une autre région",
    Action.AGREE: "Correction acceptée et demande déposée de nouveau",
    Action.CORRECT: "Événement corrigé par le service qui instruit",
    Action.ILLUSTRATE: "Image changée par le service qui instruit",
}


class Condition(models.TextChoices):
    """The four conditions of the label, in the words that people read."""

    DATES = rules.Condition.DATES.value, "Dates"
    AUDIENCES = rules.Condition.AUDIENCES.value, "Publics"
    INDUSTRY = rules.Condition.INDUSTRY.value, "Industrie"
    FREE = rules.Condition.FREE.value, "Gratuité"


class Answer(models.TextChoices):
    """What an examiner says of one condition when deciding."""

    MET = "met", "remplie"
    NOT_MET = "not_met", "non remplie"
    OPEN = "open", "non examinée"

    @classmethod
    def in_words(cls, value: str | None, *, is_doubted: bool) -> str:
        if value == cls.MET and is_doubted:
            return "remplie, doute de la machine levé"
        return str(cls(value or cls.OPEN).label)


EDITABLE = (State.DRAFT, State.RETURNED)
# On the way to a decision: the event may still become public.
PENDING = (State.DRAFT, State.SUBMITTED, State.RETURNED)
DECIDED = (State.APPROVED, State.REFUSED, State.RETURNED)
# Those that were given a label, whatever became of it.
LABELLED = (State.APPROVED, State.CANCELLED, State.REVOKED)
DECISIONS = (Action.APPROVE, Action.REFUSE, Action.RETURN, Action.REVOKE)
# What waits for the organiser comes first.
DESK_ORDER = (
    State.RETURNED,
    State.DRAFT,
    State.SUBMITTED,
    State.APPROVED,
    State.CANCELLED,
    State.REFUSED,
    State.REVOKED,
    State.WITHDRAWN,
)
