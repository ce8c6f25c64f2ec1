"""An edition: its week, its window, when applications are taken, and the version of what it shows."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.prepared import Prepared
from events.models.lists import Audience

TOLERANCE = timedelta(days=15)


def current_of(published: Iterable["Edition"], today: date) -> "Edition | None":
    """The edition whose window holds today, else the next, else the last; they are few, and their windows apart."""
    in_order = sorted(published, key=lambda edition: edition.window_starts_on)
    not_over = (edition for edition in in_order if edition.window_ends_on >= today)
    return next(not_over, in_order[-1] if in_order else None)


def versions_of(editions: Iterable["Edition"]) -> str:
    """Moved by any change that the public sees of one of them."""
    return "-".join(f"{edition.pk}.{edition.public_version}" for edition in editions)


_PUBLISHED = Prepared(lambda: Edition.objects.published().order_by())


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> "EditionQuerySet":
        return self.filter(is_published=True)

    def current(self, today: date | None = None) -> "Edition | None":
        """Of all that are published, whatever this was narrowed to: each public page asks."""
        return current_of(_PUBLISHED.rows(), today or timezone.localdate())

    def shown(self, year: int | None) -> "Edition | None":
        """The published one of that year, the current one where none is asked for."""
        return self.published().filter(year=year).first() if year else self.current()

    def open_to_applications(self, now: datetime | None = None) -> "EditionQuerySet":
        now = now or timezone.now()
        return self.published().filter(applications_open_at__lte=now, applications_close_at__gt=now)

    def taking_applications(self) -> "Edition | None":
        """The one that a new application is for."""
        return self.open_to_applications().order_by("window_starts_on").first()

    def not_over(self, now: datetime | None = None) -> "EditionQuerySet":
        """Those that applications could still be for: opened to them once, be it closed since, and not over."""
        now = now or timezone.now()
        opened = self.published().filter(applications_open_at__lte=now)
        return opened.filter(Q(window_ends_on__gte=timezone.localdate(now)) | Q(applications_close_at__gt=now))

    def over(self, since: timedelta, now: datetime | None = None) -> "EditionQuerySet":
        """Those whose window ended, and whose applications closed, longer than ``since`` ago."""
        before = (now or timezone.now()) - since
        return self.filter(window_ends_on__lt=timezone.localdate(before), applications_close_at__lt=before)

    def opening_later(self, now: datetime | None = None) -> "EditionQuerySet":
        """Those whose applications have not opened yet, the next one first."""
        return self.published().filter(applications_open_at__gt=now or timezone.now()).order_by("applications_open_at")


class Edition(models.Model):
    """One year's week and the window around it; two stored dates, since each year's tolerance was its own."""

    number = models.PositiveSmallIntegerField("numéro", unique=True)
    year = models.PositiveSmallIntegerField("année", unique=True)
    theme = models.CharField("thème", max_length=150, blank=True)
    week_starts_on = models.DateField("premier jour de la semaine")
    week_ends_on = models.DateField("dernier jour de la semaine")
    window_starts_on = models.DateField("premier jour de la fenêtre")
    window_ends_on = models.DateField("dernier jour de la fenêtre")
    applications_open_at = models.DateTimeField("ouverture des demandes")
    applications_close_at = models.DateTimeField("clôture des demandes")
    audiences = models.ManyToManyField(Audience, blank=True, verbose_name="publics cibles")
    participants = models.PositiveIntegerField("participants déclarés", null=True, blank=True)
    is_published = models.BooleanField("publiée", default=True)
    is_demonstration = models.BooleanField("démonstration", default=False, editable=False)
    # Moved by every change that the public sees, in the same transaction: the version of map, feeds and figures.
    public_version = models.PositiveBigIntegerField(default=0, editable=False)
    public_changed_at = models.DateTimeField(null=True, default=timezone.now, editable=False)
    last_reference = models.PositiveIntegerField(default=0, editable=False)
    last_label_number = models.PositiveIntegerField(default=0, editable=False)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "édition"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                name="edition_dates_in_order",
                condition=Q(window_starts_on__lte=F("week_starts_on"))
                & Q(week_starts_on__lte=F("week_ends_on"))
                & Q(week_ends_on__lte=F("window_ends_on"))
                & Q(applications_open_at__lt=F("applications_close_at")),
                violation_error_message="Les dates de l’édition ne sont pas dans l’ordre : début de la fenêtre, "
                "semaine, fin de la fenêtre ; ouverture puis clôture des demandes.",
            )
        ]

    def __str__(self) -> str:
        return f"Édition {self.year}"

    def clean(self) -> None:
        super().clean()
        if None in (self.window_starts_on, self.window_ends_on):
            return
        overlapping = Edition.objects.exclude(pk=self.pk).filter(
            window_starts_on__lte=self.window_ends_on, window_ends_on__gte=self.window_starts_on
        )
        if other := overlapping.first():
            raise ValidationError(
                {"window_starts_on": f"Cette fenêtre chevauche celle de l’édition {other.year}."}, code="overlap"
            )

    def is_open(self, now: datetime | None = None) -> bool:
        return self.applications_open_at <= (now or timezone.now()) < self.applications_close_at

    def next_reference(self) -> str:
        """``SI<year>-<6 digits>``; call in a transaction, which holds the edition's row until it ends."""
        return f"SI{self.year}-{self._count('last_reference'):06d}"

    def next_label_number(self) -> str:
        """``<year>-<5 digits or more>``, consumed even when the approval is undone."""
        return f"{self.year}-{self._count('last_label_number'):05d}"

    def _count(self, counter: str) -> int:
        Edition.objects.filter(pk=self.pk).update(**{counter: F(counter) + 1})
        value: int = Edition.objects.values_list(counter, flat=True).get(pk=self.pk)
        return value

    def touch(self) -> None:
        """Tell map, feeds and figures that what they show has changed."""
        moved = {"public_version": F("public_version") + 1, "public_changed_at": timezone.now()}
        Edition.objects.filter(pk=self.pk).update(**moved)
