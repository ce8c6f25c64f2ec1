"""What a slot and its repetition share: hours of a day and places, on a clock that may jump that night."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from events.dates import spoken_day, spoken_hour
from events.models import Slot
from labels import rules
from labels.forms.measures import ClockField, DayField, WholeNumberField
from places.models import PARIS

HOURS = ("start_time", "end_time", "capacity")
# Beyond a year from the window a date is a slip of the finger, which is not kept.
REACH = dt.timedelta(days=366)


class HoursForm(forms.Form):
    start_time = ClockField(label="Début", error_messages={"required": "Indiquez l’heure de début."})
    end_time = ClockField(label="Fin", error_messages={"required": "Indiquez l’heure de fin."})
    capacity = WholeNumberField(
        label="Places",
        required=False,
        min_value=1,
        max_value=100_000,
        error_messages={
            "min_value": "Indiquez une place au moins, ou laissez vide s’il n’y a pas de limite.",
            "max_value": "Indiquez 100\u202f000 places au plus, ou laissez vide s’il n’y a pas de limite.",
        },
    )

    def __init__(self, *args: Any, window: rules.Window, time_zone: str = PARIS, **kwargs: Any) -> None:
        self.window, self.time_zone = window, time_zone
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("start_time"), self.cleaned_data.get("end_time")
        if start and end and end <= start:
            self.add_error("end_time", "L’heure de fin doit suivre l’heure de début.")
        return self.cleaned_data

    def refuse_another_year(self, name: str) -> None:
        day = self.cleaned_data.get(name)
        if day and not self.window.starts_on - REACH <= day <= self.window.ends_on + REACH:
            first, last = self.window.starts_on, self.window.ends_on
            self.add_error(name, f"Vérifiez l’année : la période du label va du {first:%d/%m/%Y} au {last:%d/%m/%Y}.")


class SlotForm(HoursForm):
    # Which stored slot this row shows, so that a fault in the row does not lose it.
    known = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-from-server": ""}), max_length=20)
    date = DayField(label="Date", error_messages={"required": "Indiquez la date."})
    field_order = ("known", "date", *HOURS)

    @classmethod
    def takes(cls, slot: Slot, time_zone: str) -> bool:
        """Whether a row that shows ``slot``, a day of the window, has no fault: ``clean``, on what is kept."""
        try:
            cls.base_fields["capacity"].clean(slot.capacity)
        except forms.ValidationError:
            return False
        clocks = (slot.start_time, slot.end_time)
        return slot.start_time < slot.end_time and not any(fault_of(slot.date, clock, time_zone) for clock in clocks)

    def has_changed(self) -> bool:
        """Whether anything is typed in the row: an emptied one is a removed one."""
        return any(self.data.get(self.add_prefix(name)) for name in ("date", *HOURS))

    @property
    def is_removed(self) -> bool:
        return bool(self.is_bound and self.data.get(self.add_prefix("DELETE")))

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.refuse_another_year("date")
        day = self.cleaned_data.get("date")
        for name in ("start_time", "end_time"):
            clock = self.cleaned_data.get(name)
            if day and clock and (fault := fault_of(day, clock, self.time_zone)):
                self.add_error(name, fault)
        return self.cleaned_data

    @property
    def hours(self) -> tuple[dt.date, dt.time, dt.time]:
        return self.cleaned_data["date"], self.cleaned_data["start_time"], self.cleaned_data["end_time"]


def fault_of(day: dt.date, clock: dt.time, time_zone: str) -> str:
    """Why that hour cannot be kept on that day: it does not exist, or comes twice; nothing where it is one instant."""
    local = dt.datetime.combine(day, clock, tzinfo=ZoneInfo(time_zone))
    before, after = local.utcoffset() or dt.timedelta(), local.replace(fold=1).utcoffset() or dt.timedelta()
    if before == after:
        return ""
    jump = abs(after - before)
    naive = local.replace(tzinfo=None)
    earlier, later = (spoken_hour((naive + shift).time()) for shift in (-jump, jump))
    hour, night = spoken_hour(clock), spoken_day(day)
    if after > before:
        return (
            f"Le {night}, l’heure avance : {hour} n’existe pas, les horloges passent alors à {later}. "
            f"Choisissez {earlier} ou {later}."
        )
    return f"Le {night}, l’heure recule : {hour} a lieu deux fois. Choisissez {earlier} ou {later}, sans ambiguïté."
