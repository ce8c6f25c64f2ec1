"""The slots of an event: up to thirty rows of a date and two hours, as the clock of the place shows them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from events.dates import ZONES, spoken_day
from events.models import Event, Slot
from labels import rules
from labels.forms.measures import ClockField, WholeNumberField
from labels.models import Application
from places.models import PARIS

Hours = tuple[dt.date, dt.time, dt.time]
COLUMNS = ("date", "start_time", "end_time", "capacity")
MOST = 30
# Beyond a year from the window a date is a slip of the finger, which is not kept.
REACH = dt.timedelta(days=366)


class SlotForm(forms.Form):
    # Which stored slot this row shows, so that a fault in the row does not lose it.
    known = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    date = forms.DateField(
        label="Date",
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Indiquez la date.",
            "invalid": "Saisissez une date qui existe, jour puis mois puis année, par exemple 16/11/2026.",
        },
    )
    start_time = ClockField(label="Début", error_messages={"required": "Indiquez l’heure de début."})
    end_time = ClockField(label="Fin", error_messages={"required": "Indiquez l’heure de fin."})

    capacity = WholeNumberField(
        label="Places",
        required=False,
        min_value=1,
        max_value=100_000,
        error_messages={"min_value": "Indiquez une place au moins, ou laissez vide s’il n’y a pas de limite."},
    )

    def __init__(self, *args: Any, window: rules.Window, time_zone: str = PARIS, **kwargs: Any) -> None:
        self.window, self.time_zone = window, time_zone
        super().__init__(*args, **kwargs)

    def has_changed(self) -> bool:
        """Whether anything is typed in the row: an emptied one is a removed one."""
        return any(self.data.get(self.add_prefix(name)) for name in COLUMNS)

    @property
    def is_removed(self) -> bool:
        return bool(self.is_bound and self.data.get(self.add_prefix("DELETE")))

    def clean_date(self) -> dt.date:
        day: dt.date = self.cleaned_data["date"]
        if not self.window.starts_on - REACH <= day <= self.window.ends_on + REACH:
            raise forms.ValidationError(
                f"Vérifiez l’année : la période du label va du {self.window.starts_on:%d/%m/%Y} "
                f"au {self.window.ends_on:%d/%m/%Y}.",
                code="far",
            )
        return day

    def clean(self) -> dict[str, Any]:
        day, start, end = (self.cleaned_data.get(name) for name in ("date", "start_time", "end_time"))
        if start and end and end <= start:
            self.add_error("end_time", "L’heure de fin doit suivre l’heure de début.")
        for name, clock in (("start_time", start), ("end_time", end)):
            if day and clock and not _is_one_instant(day, clock, self.time_zone):
                self.add_error(name, "Cette nuit-là, l’heure change : choisissez une heure sans ambiguïté.")
        return self.cleaned_data

    @property
    def hours(self) -> Hours:
        return self.cleaned_data["date"], self.cleaned_data["start_time"], self.cleaned_data["end_time"]


class SlotFormSet(forms.BaseFormSet[SlotForm]):
    """Rows stored as a set; removing and adding work by submit buttons, a script only spares the round trip."""

    form = SlotForm
    renderer = None
    extra = 1
    min_num, max_num, absolute_max = 0, MOST, 2 * MOST
    validate_min, validate_max = False, True
    can_order, can_delete, can_delete_extra = False, True, True
    edit_only = False
    deletion_widget = forms.HiddenInput

    def __init__(self, application: Application, data: Any = None) -> None:
        self.application = application
        event = application.event
        edition = event.edition
        self.window = rules.Window(edition.window_starts_on, edition.window_ends_on)
        stored = [_row(slot) for slot in event.slots.all()]
        super().__init__(
            data,
            prefix="slots",
            initial=None if data is not None else stored,
            form_kwargs={"window": self.window, "time_zone": event.time_zone},
            error_messages={
                "too_many_forms": f"Un événement a {MOST} créneaux au plus. Retirez-en, ou déposez une autre demande.",
                "missing_management_form": "Le formulaire est arrivé incomplet. Rechargez la page et recommencez.",
            },
        )
        self.extra = 0 if stored else 1

    @staticmethod
    def as_posted(event: Event) -> dict[str, Any]:
        """The stored slots as a browser would post them."""
        slots = list(event.slots.all())
        data: dict[str, Any] = {"slots-TOTAL_FORMS": len(slots), "slots-INITIAL_FORMS": 0}
        for index, slot in enumerate(slots):
            data |= {f"slots-{index}-{name}": value for name, value in _row(slot).items()}
        return data

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else super().initial_form_count()

    @property
    def rows(self) -> Iterator[SlotForm]:
        return (form for form in self.forms if not form.is_removed)

    @property
    def numbered(self) -> list[tuple[int | str, SlotForm]]:
        """Every row in its place, those that show counted from 1."""
        number = 0
        numbered: list[tuple[int | str, SlotForm]] = []
        for form in self.forms:
            number += not form.is_removed
            numbered.append(("" if form.is_removed else number, form))
        return numbered

    @property
    def hint(self) -> str:
        first, last = spoken_day(self.window.starts_on), spoken_day(self.window.ends_on)
        time_zone = self.form_kwargs["time_zone"]
        clock = ZONES.get(time_zone, "heure de Paris")
        where = f"à l’heure du lieu ({clock})" if time_zone != PARIS else "à l’heure du lieu"
        return f"Entre le {first} et le {last}, {where}. {MOST} créneaux au plus."

    def clean(self) -> None:
        seen: set[Hours] = set()
        for form in self._valid():
            hours = form.hours
            if hours in seen:
                form.add_error("date", "Ce créneau est déjà saisi.")
            seen.add(hours)
        if not any(form.has_changed() for form in self.rows):
            raise forms.ValidationError("Ajoutez au moins une date.", code="required")

    def _valid(self) -> Iterator[SlotForm]:
        return (form for form in self.rows if form.has_changed() and not form.errors)

    def store(self, event: Event) -> None:
        """Make the stored slots those of the valid rows; a row with a fault keeps the slot it showed."""
        if not self.management_form.is_valid():
            return
        wanted = {form.hours: form.cleaned_data["capacity"] for form in self._valid()}
        shown = {str(form["known"].value()) for form in self.rows if form.errors}
        for slot in event.slots.all():
            if str(slot.pk) not in shown and _hours(slot) not in wanted:
                slot.delete()
        event.slots.update(time_zone=event.time_zone)
        for slot in event.slots.all():
            capacity = wanted.pop(_hours(slot), slot.capacity)
            if capacity != slot.capacity:
                slot.capacity = capacity
                slot.save(update_fields=["capacity"])
        Slot.objects.bulk_create(
            Slot(event=event, date=day, start_time=start, end_time=end, capacity=capacity, time_zone=event.time_zone)
            for (day, start, end), capacity in sorted(wanted.items())
        )

    def judge(self) -> None:
        """Say beside each date outside the window what the rule says of it."""
        declaration = self.application.declare()
        for form in self._valid():
            day = form.cleaned_data["date"]
            if day not in self.window:
                alone = replace(declaration, slots=(rules.Slot(day),))
                form.add_error("date", rules.takes_place_in_the_window(alone, self.window).reason)

    def overlap(self) -> bool:
        ordered = sorted(form.hours for form in self._valid())
        return any(a[0] == b[0] and b[1] < a[2] for a, b in pairwise(ordered))


def _row(slot: Slot) -> dict[str, Any]:
    return {"known": str(slot.pk), **{name: getattr(slot, name) for name in COLUMNS}}


def _hours(slot: Slot) -> Hours:
    return slot.date, slot.start_time, slot.end_time


def _is_one_instant(day: dt.date, clock: dt.time, time_zone: str) -> bool:
    """Whether that hour exists on that day, and once: no zone's offset depends on the fold."""
    local = dt.datetime.combine(day, clock, tzinfo=ZoneInfo(time_zone))
    return local.utcoffset() == local.replace(fold=1).utcoffset()
