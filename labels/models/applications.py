"""An application for the label: what it says of itself, and where it stands in the queue."""

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from events.changes import Changes, slots_of
from events.models import Edition, Event, Sector
from labels import rules
from labels.models.querysets import ApplicationQuerySet
from labels.models.states import DECISIONS, EDITABLE, PENDING, State
from places.models import Region

if TYPE_CHECKING:
    from labels.models.history import Revision, Transition

# A queue shows the same applications again and again: the same declaration is read once.
_read = lru_cache(maxsize=2048)(rules.assess)


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
    # Whose examiners decide: those of its place, unless it was entrusted to others; none is the national team.
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, editable=False, related_name="applications", verbose_name="région"
    )
    is_moved = models.BooleanField("confiée à une autre région", default=False, db_default=False, editable=False)
    # Held while an examiner has something to decide: the earlier of the promised date and the first slot.
    due_on = models.DateField("à décider avant le", null=True, editable=False)
    # The conditions that the machine did not hold for met at the last move: « audiences:to_examine free:not_met ».
    doubts = models.CharField(
        "doutes de la machine", max_length=100, blank=True, default="", db_default="", editable=False
    )
    assigned_to = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="assigned", verbose_name="prise en charge par"
    )
    # The application it is a copy of. A copy's dates are a proposal until a person has confirmed them.
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="copies", editable=False)
    are_dates_proposed = models.BooleanField(default=False, db_default=False, editable=False)
    # How many times its organiser was told that the deadline comes near.
    reminders = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    # Why staff opened it once applications were closed: it may be filed all the same.
    late_reason = models.CharField(
        "motif de l’ouverture après la clôture", max_length=500, blank=True, default="", db_default="", editable=False
    )
    # When what it said of people was forgotten, long after its edition.
    contacts_erased_at = models.DateTimeField("contacts effacés le", null=True, editable=False)
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de label"
        verbose_name_plural = "demandes de label"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["due_on", "id"], name="application_waiting", condition=Q(due_on__isnull=False)),
            models.Index(fields=["state", "id"], name="application_by_state"),
            models.Index(fields=["region", "state", "id"], name="application_by_region"),
        ]
        permissions = [
            ("examine_application", "Peut instruire les demandes"),
            ("examine_everywhere", "Instruit toutes les régions"),
            ("view_figures", "Peut lire les chiffres de l’instruction"),
            ("apply_for_others", "Peut ouvrir une demande pour un organisateur"),
        ]

    def __str__(self) -> str:
        return self.reference

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new one is examined where its event takes place."""
        if self._state.adding and not self.is_moved:
            self.region = self.event.region
        super().save(*args, **kwargs)

    def declare(self, changes: Changes | None = None) -> rules.Declaration:
        """What the rules read: the event as it stands, or as ``changes`` would make it."""
        event, changes = self.event, changes or {}
        targets = frozenset(audience.slug for audience in event.edition.audiences.all())
        audiences = changes["audiences"] if "audiences" in changes else [item.slug for item in event.audiences.all()]
        price = changes.get("price", event.price)
        return rules.Declaration(
            title=changes.get("title", event.title),
            description=changes.get("description", event.description),
            purpose=changes.get("purpose", event.purpose),
            format=changes.get("format", event.format.slug if event.format else "") or "",
            sectors=tuple(
                sector.label
                for sector in (
                    Sector.objects.filter(slug__in=changes["sectors"]) if "sectors" in changes else event.sectors.all()
                )
            ),
            audiences=tuple(audiences),
            price=None if price is None else Decimal(price),
            registration_url=changes.get("registration_url", event.registration_url),
            slots=tuple(
                rules.Slot(date=slot.date)
                for slot in (slots_of(changes["slots"]) if "slots" in changes else event.slots.all())
            ),
            # An edition that names none is for all of them, those that the DGE has since added included.
            target_audiences=targets or frozenset(audiences),
        )

    @property
    def verdict(self) -> rules.Verdict:
        """The four findings on the event as it stands."""
        return self.assess()

    def assess(self, changes: Changes | None = None) -> rules.Verdict:
        """The four findings on the event as ``changes`` would make it."""
        edition: Edition = self.event.edition
        return _read(self.declare(changes), rules.Window(edition.window_starts_on, edition.window_ends_on))

    @property
    def pending_revision(self) -> "Revision | None":
        return next((revision for revision in self.revisions.all() if revision.is_pending), None)

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def is_past_closing(self) -> bool:
        return timezone.now() >= self.event.edition.applications_close_at

    def place_in_queue(self) -> None:
        """Bring what the queue sorts, filters and bounds by up to date; after all that changes event, state or change.

        Expects the event and the state as they are stored.
        """
        columns = self.queue_columns()
        for name, value in columns.items():
            setattr(self, name, value)
        super().save(update_fields=list(columns))

    def queue_columns(self) -> dict[str, Any]:
        """What the queue keeps of the event, the state and the change that waits."""
        revision = self.pending_revision if self.state == State.APPROVED else None
        promised = revision.promised_on if revision else self.promised_on
        is_waiting = self.state == State.SUBMITTED or revision is not None
        return {
            "promised_on": promised,
            "due_on": min(filter(None, (promised, self.event.starts_on)), default=None) if is_waiting else None,
            "doubts": self.assess(revision.changes if revision else None).doubts,
            "region_id": self.region_id if self.is_moved else self.event.region_id,
        }

    def hold(self) -> bool:
        """Keep the row until the caller's transaction ends, to change what is declared.

        False when the organiser may no longer change it.
        """
        mine = Application.objects.editable().filter(pk=self.pk)
        return bool(mine.update(version=F("version") + 1, updated_at=timezone.now()))

    @property
    def asked(self) -> "Transition | None":
        """What sent it back, while it waits to be corrected."""
        return self.last_decision if self.state == State.RETURNED else None

    @property
    def last_decision(self) -> "Transition | None":
        """The examiner's latest decision, which an undo would take back."""
        return self.transitions.filter(action__in=DECISIONS).order_by("-pk").first()
