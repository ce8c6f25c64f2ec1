"""An application for the label, its decisions, and who may see which."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from events.models import Edition, Event
from labels import rules

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


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


class Condition(models.TextChoices):
    """The four conditions of the label, in the words that people read."""

    DATES = rules.Condition.DATES.value, "Dates"
    AUDIENCES = rules.Condition.AUDIENCES.value, "Publics"
    INDUSTRY = rules.Condition.INDUSTRY.value, "Industrie"
    FREE = rules.Condition.FREE.value, "Gratuité"


DECIDED = (State.APPROVED, State.REFUSED, State.RETURNED)
DECISIONS = (Action.APPROVE, Action.REFUSE, Action.RETURN, Action.REVOKE)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def of(self, user: "User | AnonymousUser") -> "ApplicationQuerySet":
        """Those that an organiser may see: their own and their organisations'."""
        if not user.is_authenticated or user.is_staff:
            return self.none()
        mine = Q(created_by=user) | Q(event__organisation__memberships__user=user)
        return self.filter(pk__in=Application.objects.order_by().filter(mine).values("pk"))

    def visible_to(self, user: "User | AnonymousUser") -> "ApplicationQuerySet":
        """Those that a member of staff may see: all for the national team, their régions' for a regional examiner."""
        if not (user.is_active and user.is_staff and user.has_perm("labels.view_application")):
            return self.none()
        if user.has_perm("labels.examine_everywhere"):
            return self
        return self.filter(event__region__in=user.regions.all())

    def waiting(self) -> "ApplicationQuerySet":
        return self.filter(state=State.SUBMITTED)

    def late(self, today: date | None = None) -> "ApplicationQuerySet":
        return self.waiting().filter(promised_on__lt=today or timezone.localdate())

    def for_desk(self) -> "ApplicationQuerySet":
        return self.select_related("event__edition", "event__organisation", "event__commune", "event__format")

    def for_verdict(self) -> "ApplicationQuerySet":
        return self.select_related(
            "event__edition", "event__organisation", "event__format", "event__commune", "event__region", "created_by"
        ).prefetch_related("event__slots", "event__audiences", "event__sectors", "event__edition__audiences")


class Application(models.Model):
    """One application for one event; ``state`` and ``version`` are written by ``workflow.perform`` alone."""

    reference = models.CharField("référence", max_length=13, unique=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="application", verbose_name="événement")
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="applications", verbose_name="déposée par"
    )
    contact_name = models.CharField("personne à contacter", max_length=120, blank=True)
    contact_phone = models.CharField("téléphone de la personne à contacter", max_length=20, blank=True)
    state = models.CharField("état", max_length=10, choices=State, default=State.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    submitted_at = models.DateTimeField("déposée le", null=True, editable=False)
    promised_on = models.DateField("réponse promise le", null=True, editable=False)
    decided_at = models.DateTimeField("décidée le", null=True, editable=False)
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de label"
        verbose_name_plural = "demandes de label"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "promised_on", "id"])]
        permissions = [
            ("examine_application", "Peut instruire les demandes"),
            ("examine_everywhere", "Instruit toutes les régions"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def declaration(self) -> rules.Declaration:
        event = self.event
        targets = frozenset(audience.slug for audience in event.edition.audiences.all())
        return rules.Declaration(
            title=event.title,
            description=event.description,
            purpose=event.purpose,
            format=event.format.slug if event.format else "",
            sectors=tuple(sector.label for sector in event.sectors.all()),
            audiences=tuple(audience.slug for audience in event.audiences.all()),
            price=event.price,
            slots=tuple(rules.Slot(date=slot.date) for slot in event.slots.all()),
            **({"target_audiences": targets} if targets else {}),
        )

    @property
    def verdict(self) -> rules.Verdict:
        """The four findings on the event as it stands."""
        edition: Edition = self.event.edition
        return rules.assess(self.declaration, rules.Window(edition.window_starts_on, edition.window_ends_on))

    @property
    def last_decision(self) -> "Transition | None":
        """The examiner's latest decision, which an undo would take back."""
        return self.transitions.filter(action__in=DECISIONS).order_by("-pk").first()


class TransitionQuerySet(models.QuerySet["Transition"]):
    def visible_to(self, user: "User | AnonymousUser") -> "TransitionQuerySet":
        return self.filter(application__in=Application.objects.visible_to(user))


class Transition(models.Model):
    """What was done to an application, by whom, when and why; written once, never changed."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="transitions", verbose_name="demande")
    action = models.CharField("action", max_length=10, choices=Action)
    from_state = models.CharField("de", max_length=10, choices=State)
    to_state = models.CharField("à", max_length=10, choices=State)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="par")
    at = models.DateTimeField("le", auto_now_add=True)
    conditions = models.JSONField("conditions non remplies", default=list, blank=True)
    note = models.TextField("motif", blank=True)
    verdict = models.JSONField("avis de la machine", default=dict)

    objects = TransitionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision"
        verbose_name_plural = "historique"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.application} : {self.get_action_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("A transition is written once.")
        super().save(*args, **kwargs)

    @property
    def condition_labels(self) -> list[str]:
        return [Condition(value).label for value in self.conditions]

    @property
    def mail_key(self) -> str:
        """The outbox's key of the mail that tells the organiser."""
        return f"transition-{self.pk}"
