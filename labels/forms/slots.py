"""The slots of an event: up to thirty rows of a date and two hours, as the clock of the place shows them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from django import forms

from events.dates import spoken_day, spoken_hours
from events.models import Event, Slot
from labels import rules
from labels.forms.base import in_words
from labels.forms.hours import HOURS, SlotForm
from labels.forms.repetition import MOST, MOST_POSTED, RepeatForm, moved, moves_rows
from labels.models import Application
from places.zones import ZONES

Hours = tuple[dt.date, dt.time, dt.time]
COLUMNS = ("date", *HOURS)


class SlotFormSet(forms.BaseFormSet[SlotForm]):
    """Rows stored as a set; removing and adding work by submit buttons, a script only spares the round trip."""

    form = SlotForm
    renderer = None
    extra = 1
    min_num, max_num, absolute_max = 0, MOST, MOST_POSTED
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
        is_repeated = data is not None and data.get("action") == "repeat-slots"
        repeat = RepeatForm(data if is_repeated else None, window=self.window)
        self.is_moved = data is not None and moves_rows(data)
        self.added = len(repeat.added)
        self.repeat = RepeatForm(window=self.window) if self.added else repeat
        super().__init__(
            None if data is None else moved(data, repeat),
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
    def is_plainly_whole(event: Event) -> bool:
        """Whether the stored slots, as rows that would be sent again, have no fault; the database keeps them apart."""
        slots, edition = event.slots.all(), event.edition
        window = rules.Window(edition.window_starts_on, edition.window_ends_on)
        are_known = all(slot.date in window and SlotForm.takes(slot, event.time_zone) for slot in slots)
        return 0 < len(slots) <= MOST and are_known

    @staticmethod
    def as_posted(event: Event) -> dict[str, Any]:
        """The stored slots as a browser would post them."""
        slots = list(event.slots.all())
        data: dict[str, Any] = {"slots-TOTAL_FORMS": len(slots), "slots-INITIAL_FORMS": 0}
        for index, slot in enumerate(slots):
            data |= {f"slots-{index}-{name}": value for name, value in _row(slot).items()}
        return data

    @property
    def told(self) -> str:
        """What pressing « Ajouter ces créneaux » did."""
        return f"{self.added} créneaux ajoutés." if self.added > 1 else "Un créneau ajouté." * self.added

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
        return f"Entre le {first} et le {last}, à l’heure du lieu. {MOST} créneaux au plus."

    @property
    def clock(self) -> str:
        """The local time that the hours are in, where it is not that of Paris."""
        return ZONES.get(self.form_kwargs["time_zone"], "")

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
        self._remember({_hours(slot): slot.pk for slot in event.slots.all()})

    def _remember(self, stored: dict[Hours, int]) -> None:
        """A page that comes back names what each of its rows became."""
        known = {form.add_prefix("known"): str(stored[form.hours]) for form in self._valid()}
        for form in self.forms:
            form.data = {**{name: form.data.get(name) for name in form.data}, **known}

    def spoken(self) -> str:
        """The rows as people read them, one a line."""
        rows = ([in_words(bound) for bound in row.visible_fields()] for row in self.rows)
        return "\n".join(", ".join(filter(None, words)) for words in rows if any(words))

    def judge(self) -> None:
        """Say beside each date outside the window what the rule says of it."""
        declaration = self.application.declare()
        for form in self._valid():
            day = form.cleaned_data["date"]
            if day not in self.window:
                alone = replace(declaration, slots=(rules.Slot(day),))
                form.add_error("date", rules.takes_place_in_the_window(alone, self.window).reason)

    def overlap(self) -> str:
        """The first two slots that are held at once, in words; nothing where none are."""
        ordered = sorted(form.hours for form in self._valid())
        for (day, *first), (next_day, *second) in pairwise(ordered):
            if day == next_day and second[0] < first[1]:
                hours = f"{spoken_hours(*first)} et {spoken_hours(*second)}"
                return f"Deux créneaux du {spoken_day(day)} se chevauchent, {hours} : vérifiez leurs heures."
        return ""


def _row(slot: Slot) -> dict[str, Any]:
    return {"known": str(slot.pk), **{name: getattr(slot, name) for name in COLUMNS}}


def _hours(slot: Slot) -> Hours:
    return slot.date, slot.start_time, slot.end_time
