"""What visitors tell the DGE of an event, without an account: read by staff alone, erased after a year."""

from django.db import models
from django.utils import timezone

from accounts.models import User
from core import retention
from events.models.events import Event


class ReportQuerySet(models.QuerySet["Report"]):
    def to_handle(self) -> "ReportQuerySet":
        return self.filter(handled_at=None)

    def over(self) -> "ReportQuerySet":
        """Those that are not kept any longer, handled or not."""
        return self.filter(created_at__lt=timezone.now() - retention.REPORT.kept)

    def handle(self, by: User) -> int:
        """Note that somebody saw to them; the number that nobody had."""
        return self.to_handle().update(handled_at=timezone.now(), handled_by=by)


class Report(models.Model):
    """One problem with one published event, in a visitor's own words."""

    class Reason(models.TextChoices):
        WRONG = "erreur", "Une information est fausse : date, lieu, contact"
        NOT_HELD = "n-a-pas-lieu", "L’événement n’a pas lieu"
        NOT_FREE = "payant", "L’événement n’est pas gratuit"
        OFF_TOPIC = "hors-sujet", "L’événement ne parle pas d’industrie"
        TURNED_AWAY = "refus", "On refuse un public que la page annonce"
        UNLAWFUL = "illicite", "Un texte ou une image est illicite ou choquant"
        OTHER = "autre", "Autre chose"

    event = models.ForeignKey(Event, models.CASCADE, related_name="reports", verbose_name="événement")
    reason = models.CharField("problème", max_length=20, choices=Reason)
    text = models.TextField("précisions", max_length=2000)
    # Only where an answer is wished for.
    email = models.EmailField("adresse électronique", max_length=254, blank=True)
    created_at = models.DateTimeField("reçu le", auto_now_add=True, db_index=True)
    handled_at = models.DateTimeField("traité le", null=True, editable=False)
    handled_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="traité par"
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "signalement"
        ordering = ["-pk"]
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return f"{self.get_reason_display()} – {self.event}"
