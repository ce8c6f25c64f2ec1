"""What was asked and decided of an application: the changes of a labelled event, and the log of all that was done."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.models import User
from labels.models.applications import Application
from labels.models.presets import Preset
from labels.models.states import DONE, Action, Answer, Condition, State

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def _ask_for(rows: "models.QuerySet[Any]", name: str, slug: str) -> bool:
    """Read here: neither database searches the other's JSON in the same way."""
    asked = (changes.get(name) for changes in rows.values_list("changes", flat=True).iterator())
    return any(slug in value if isinstance(value, list) else slug == value for value in asked)


class RevisionQuerySet(models.QuerySet["Revision"]):
    def pending(self) -> "RevisionQuerySet":
        return self.filter(state="pending")

    def asks_for(self, name: str, slug: str) -> bool:
        """Whether one that waits would give its event the entry ``slug`` in the field ``name``."""
        return _ask_for(self.pending(), name, slug)


class Revision(models.Model):
    """A change of a labelled event that waits for an examiner while the approved version stays public.

    ``changes`` holds the changed fields alone, in the values of ``events.changes``.
    """

    class State(models.TextChoices):
        PENDING = "pending", "À examiner"
        ACCEPTED = "accepted", "Acceptée"
        DECLINED = "declined", "Refusée"
        CLOSED = "closed", "Sans objet"

    application = models.ForeignKey(Application, models.CASCADE, related_name="revisions", verbose_name="demande")
    changes = models.JSONField("changements")
    state = models.CharField("état", max_length=10, choices=State, default=State.PENDING)
    filed_at = models.DateTimeField("déposée le", auto_now_add=True)
    promised_on = models.DateField("réponse promise le")

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "modification demandée"
        verbose_name_plural = "modifications demandées"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="pending"), name="one_pending_revision_an_application"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application} : {', '.join(self.changes)}"

    @property
    def is_pending(self) -> bool:
        return self.state == self.State.PENDING


class TransitionQuerySet(models.QuerySet["Transition"]):
    def visible_to(self, user: "User | AnonymousUser") -> "TransitionQuerySet":
        return self.filter(application__in=Application.objects.visible_to(user))

    def proposing(self) -> "TransitionQuerySet":
        """Returns that came with a correction, which their organisers accept by a yes."""
        return self.filter(action=Action.RETURN).exclude(changes={})

    def asks_for(self, name: str, slug: str) -> bool:
        """Whether a correction that waits for a yes would give its event the entry ``slug`` in the field ``name``."""
        return _ask_for(self.proposing().filter(application__state=State.RETURNED), name, slug)


class Transition(models.Model):
    """What was done to an application, by whom, when and why; written once, never changed."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="transitions", verbose_name="demande")
    action = models.CharField("action", max_length=10, choices=Action)
    from_state = models.CharField("de", max_length=10, choices=State)
    to_state = models.CharField("à", max_length=10, choices=State)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="par")
    at = models.DateTimeField("le", auto_now_add=True)
    conditions = models.JSONField("conditions non remplies", default=list, blank=True)
    # What the examiner answered for each condition: {condition: answer}.
    answers = models.JSONField("réponses", default=dict, db_default={}, blank=True)
    note = models.TextField("motif", blank=True)
    # The reason that the text began as, whatever the examiner made of it.
    preset = models.ForeignKey(
        Preset, models.PROTECT, null=True, editable=False, related_name="decisions", verbose_name="motif type"
    )
    verdict = models.JSONField("avis de la machine", default=dict)
    changes = models.JSONField("changements", default=dict, blank=True)
    # What the changes were made from, by the same names.
    before = models.JSONField("avant les changements", default=dict, db_default={}, blank=True)
    # The event as it was sent or returned, by the same names: what its organiser changed since is told from it.
    snapshot = models.JSONField("événement tel que déposé", null=True, editable=False)

    objects = TransitionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision"
        verbose_name_plural = "historique"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.application} : {self.done}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("A transition is written once.")
        super().save(*args, **kwargs)

    @property
    def done(self) -> str:
        """The action as a history tells it."""
        return DONE[self.action]

    @property
    def condition_labels(self) -> list[str]:
        return [Condition(value).label for value in self.conditions]

    @property
    def answers_shown(self) -> list[tuple[Condition, str]]:
        """Each condition with the answer in words; none where the move answers none of them."""
        if not self.answers:
            return []
        doubted = {finding["condition"] for finding in self.verdict["findings"] if finding["outcome"] != "met"}
        return [
            (condition, Answer.in_words(self.answers.get(condition), is_doubted=condition in doubted))
            for condition in Condition
        ]

    @property
    def mail_key(self) -> str:
        """The outbox's key of the mail that tells the organiser."""
        return f"transition-{self.pk}"
