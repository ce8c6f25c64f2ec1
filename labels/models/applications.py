"""An application for the label, and who may see which."""

from datetime import date, timedelta
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
from labels.models.states import DECISIONS, DESK_ORDER, EDITABLE, PENDING, Action, State
from places.models import Region

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from labels.models.history import Revision, Transition

# A draft that somebody is at needs no reminder.
LEFT_ALONE = timedelta(days=2)
# A queue shows the same applications again and again: the same declaration is read once.
_read = lru_cache(maxsize=2048)(rules.assess)


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
        return self.filter(region__in=user.regions.all())

    def counted_for(self, user: "User | AnonymousUser") -> "ApplicationQuerySet":
        """Those that a member of staff may read figures of: as ``visible_to``, and all for who sees none of them."""
        if not (user.is_active and user.is_staff and user.has_perm("labels.view_figures")):
            return self.none()
        return self.visible_to(user) if user.has_perm("labels.view_application") else self

    def editable(self) -> "ApplicationQuerySet":
        """Those that their organisers may still change."""
        return self.filter(state__in=EDITABLE)

    def untouched(self, user: User) -> "ApplicationQuerySet":
        """Drafts that ``user`` began and in which nothing was ever saved."""
        return self.filter(created_by=user, state=State.DRAFT, version=0, event__title="")

    def filed(self) -> "ApplicationQuerySet":
        """Those that reached an examiner and were not taken back."""
        return self.exclude(state__in=(State.DRAFT, State.WITHDRAWN))

    def waiting(self) -> "ApplicationQuerySet":
        """What an examiner has to decide: those submitted, and those labelled whose change waits."""
        return self.filter(due_on__isnull=False)

    def with_revision(self) -> "ApplicationQuerySet":
        """Labelled ones whose organiser asks for a change that waits to be examined."""
        return self.filter(state=State.APPROVED, revisions__state="pending")

    def late(self, today: date | None = None) -> "ApplicationQuerySet":
        """Those whose answer was promised for before ``today``."""
        return self.waiting().filter(promised_on__lt=today or timezone.localdate())

    def to_remind(self, edition: Edition, due: int) -> "ApplicationQuerySet":
        """Drafts with something typed, reminded of fewer than ``due`` times; for the first, those left alone."""
        empty = Q(contact_name="", event__title="", event__description="", event__purpose="", event__starts_on=None)
        drafts = self.filter(state=State.DRAFT, event__edition=edition, reminders__lt=due).exclude(empty)
        return drafts if due > 1 else drafts.filter(updated_at__lt=timezone.now() - LEFT_ALONE)

    def for_desk(self) -> "ApplicationQuerySet":
        return self.select_related("event__edition", "event__organisation", "event__commune", "event__format")

    def for_own_desk(self) -> "ApplicationQuerySet":
        """With all that a row of the organiser's desk shows, in a constant number of queries."""
        from labels.models.history import Transition

        returns = Transition.objects.filter(action=Action.RETURN)
        return self.for_desk().prefetch_related(
            "event__slots", "revisions", models.Prefetch("transitions", returns, to_attr="returns")
        )

    def in_desk_order(self, current: Edition | None) -> "ApplicationQuerySet":
        """The current edition first, then the latest; in each, what waits for the organiser, and by date."""
        ranks = (models.When(state=state, then=rank) for rank, state in enumerate(DESK_ORDER))
        return self.order_by(
            models.Case(models.When(event__edition=current, then=0), default=1),
            "-event__edition__year",
            models.Case(*ranks, default=len(DESK_ORDER)),
            F("event__starts_on").asc(nulls_last=True),
            "-pk",
        )

    def in_state(self, state: State) -> "ApplicationQuerySet":
        return self.filter(state=state)

    def count_by_group(self) -> dict[tuple[int, str], int]:
        """How many there are, by year of edition and state."""
        rows = self.order_by().values_list("event__edition__year", "state").annotate(models.Count("pk"))
        return {(year, state): count for year, state, count in rows}

    def for_verdict(self) -> "ApplicationQuerySet":
        return self.select_related(
            "event__edition",
            "event__organisation",
            "event__format",
            "event__commune",
            "event__region",
            "region",
            "created_by",
            "assigned_to",
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
    def is_late(self) -> bool:
        """A draft past the closing of applications, which nobody let come after it."""
        return self.state == State.DRAFT and self.is_past_closing and not self.late_reason

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

    def hold(self, *, seen: int | None = None) -> bool:
        """Keep the row until the caller's transaction ends, to change what is declared.

        False when the organiser may no longer change it, or when somebody has since the version ``seen``.
        """
        mine = Application.objects.editable().filter(pk=self.pk)
        if seen is not None:
            mine = mine.filter(version=seen)
        return bool(mine.update(version=F("version") + 1, updated_at=timezone.now()))

    @property
    def asked(self) -> "Transition | None":
        """What sent it back, while it waits to be corrected."""
        return self.last_decision if self.state == State.RETURNED else None

    @property
    def last_decision(self) -> "Transition | None":
        """The examiner's latest decision, which an undo would take back."""
        return self.transitions.filter(action__in=DECISIONS).order_by("-pk").first()
