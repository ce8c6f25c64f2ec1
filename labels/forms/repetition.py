"""Rows of slots as they are posted: added, removed, repeated on several days by the page's buttons."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django import forms

from events.dates import DAYS, spoken_day
from labels.forms.hours import HOURS, HoursForm
from labels.forms.measures import DayField

MOST = 30
# Rows that a script removed stay as marks, so that the others keep their numbers.
MOST_POSTED = 4 * MOST
_ASKED = re.compile(r"(add-slot|repeat-slots|remove-slot-(\d{1,3}))", re.ASCII)
# Rows of the pictures' own form, which reads them itself.
_ASKED_OF_PICTURES = re.compile(r"add-picture|remove-picture-\d+", re.ASCII)

Row = dict[str, str]


def moves_rows(data: Mapping[str, Any]) -> bool:
    """Whether the page is sent for its rows, to come back with them rather than to go on."""
    action = str(data.get("action", ""))
    return bool(_ASKED.fullmatch(action) or _ASKED_OF_PICTURES.fullmatch(action))


class RepeatForm(HoursForm):
    """« Tous les matins du 18 au 22 » : the days between two, all or those of some weekdays, at the same hours."""

    prefix = "repeat"
    # Asked of those who repeat, not of all who save the page.
    use_required_attribute = False
    first = DayField(label="Du", error_messages={"required": "Indiquez le premier jour."})
    last = DayField(label="Au", error_messages={"required": "Indiquez le dernier jour."})
    days = forms.TypedMultipleChoiceField(
        label="Certains jours seulement",
        help_text="Aucun coché : tous les jours.",
        choices=list(enumerate(DAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choisissez des jours de la semaine."},
    )
    field_order = ("first", "last", "days", *HOURS)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        self.rows = _rows(data) if data is not None else []
        super().__init__(data, **kwargs)
        self.fields["start_time"].label, self.fields["end_time"].label = "À partir de", "Jusqu’à"
        self.added: list[Row] = []
        if self.is_bound and self.is_valid():
            self.added = self.cleaned_data["added"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.refuse_another_year("first")
        self.refuse_another_year("last")
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", "Le dernier jour doit suivre le premier.")
        if not self.errors:
            self.cleaned_data["added"] = self._added()
        return self.cleaned_data

    def _added(self) -> list[Row]:
        """The rows of the days meant, but for those already there."""
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        days = [first + dt.timedelta(days=offset) for offset in range((last - first).days + 1)]
        meant = [day for day in days if day.weekday() in (self.cleaned_data["days"] or range(7))]
        added = [self._row(day) for day in meant]
        added = [row for row in added if not any(_hours(row) == _hours(other) for other in self.rows)]
        total = len(added) + len(self.rows)
        if not meant:
            between = f"entre le {spoken_day(first)} et le {spoken_day(last)}"
            self.add_error("days", f"Aucun des jours cochés ne tombe {between}.")
        elif not added:
            self.add_error("first", "Ces créneaux sont déjà saisis.")
        elif total > MOST:
            self.add_error(
                "last",
                f"Cela ferait {total} créneaux, et un événement en a {MOST} au plus : choisissez moins de jours.",
            )
        return added

    def _row(self, day: dt.date) -> Row:
        start, end, capacity = (self.cleaned_data[name] for name in HOURS)
        return _blank() | {
            "date": day.isoformat(),
            "start_time": f"{start:%H:%M}",
            "end_time": f"{end:%H:%M}",
            "capacity": "" if capacity is None else str(capacity),
        }


def moved(data: Mapping[str, Any], repeat: RepeatForm) -> Mapping[str, Any]:
    """What is posted, with its rows as the button that was pressed asks for them."""
    asked = _ASKED.fullmatch(str(data.get("action", "")))
    if not asked or _total(data) is None or (repeat.is_bound and not repeat.added):
        return data
    if asked[1] == "repeat-slots":
        return _posted([*repeat.rows, *repeat.added])
    if asked[1] == "add-slot":
        rows = _rows(data, with_blanks=True)
        # The next slot often has the hours and the places of the last.
        return _posted([*rows, {**(rows[-1] if rows else _blank()), "known": "", "date": ""}])
    return _posted(_rows({**_plain(data), f"slots-{int(asked[2])}-DELETE": "on"}, with_blanks=True))


def _rows(data: Mapping[str, Any], *, with_blanks: bool = False) -> list[Row]:
    rows = [
        {name: str(data.get(f"slots-{index}-{name}") or "") for name in _blank()}
        for index in range(_total(data) or 0)
        if not data.get(f"slots-{index}-DELETE")
    ]
    return [row for row in rows if with_blanks or any(row[name] for name in ("date", *HOURS))]


def _total(data: Mapping[str, Any]) -> int | None:
    """How many rows are posted; nothing where that is no number of rows."""
    total = str(data.get("slots-TOTAL_FORMS", ""))
    return int(total) if re.fullmatch(r"\d{1,3}", total, re.ASCII) and int(total) <= MOST_POSTED else None


def _posted(rows: list[Row]) -> Row:
    count = {"slots-TOTAL_FORMS": str(len(rows)), "slots-INITIAL_FORMS": "0"}
    return count | {f"slots-{index}-{name}": value for index, row in enumerate(rows) for name, value in row.items()}


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data.get(name) for name in data}


def _blank() -> Row:
    return dict.fromkeys(("known", "date", *HOURS), "")


def _hours(row: Row) -> tuple[str, str, str]:
    return row["date"], row["start_time"], row["end_time"]
