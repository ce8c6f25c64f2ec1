"""When an event takes place, by the clock of its place."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q

from events.dates import spoken_day, spoken_hours, spoken_zone
from events.models.events import Event
from places.models import PARIS


class Slot(models.Model):
    """One meeting of an event: a date and hours as the clock of the place shows them."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="slots")
    date = models.DateField("date")
    start_time = models.TimeField("début")
    end_time = models.TimeField("fin")
    time_zone = models.CharField("fuseau horaire", max_length=40, default=PARIS, editable=False)
    # Nothing: no limit.
    capacity = models.PositiveIntegerField("nombre de places", null=True, blank=True)

    class Meta:
        verbose_name = "créneau"
        verbose_name_plural = "créneaux"
        ordering = ["date", "start_time", "pk"]
        indexes = [models.Index(fields=["date", "event"])]
        constraints = [
            models.CheckConstraint(
                name="slot_ends_after_it_starts",
                condition=Q(end_time__gt=F("start_time")),
                violation_error_message="L’heure de fin doit suivre l’heure de début.",
            ),
            models.UniqueConstraint(
                fields=["event", "date", "start_time", "end_time"],
                name="one_slot_for_the_same_hours",
                violation_error_message="Ce créneau est déjà saisi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.start_time:%H:%M}–{self.end_time:%H:%M}"

    @property
    def day(self) -> str:
        return spoken_day(self.date, with_weekday=True)

    @property
    def hours(self) -> str:
        """In words, with the name of the local time where it is not that of Paris."""
        zone = spoken_zone(self.time_zone, self.date)
        return spoken_hours(self.start_time, self.end_time) + (f", {zone}" if zone else "")

    @property
    def start(self) -> str:
        """Names it in an address, as iCalendar writes a local time: ``20241118T0900``."""
        return f"{self.date:%Y%m%d}T{self.start_time:%H%M}"

    @property
    def starts_at(self) -> datetime:
        """The instant it starts, with the offset of its place."""
        return self._instant(self.start_time)

    @property
    def ends_at(self) -> datetime:
        return self._instant(self.end_time)

    def _instant(self, clock: time) -> datetime:
        return datetime.combine(self.date, clock, tzinfo=ZoneInfo(self.time_zone))
