"""The organiser's pages as one, for a member of staff who puts right what an event declares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates

from accounts.models import User
from events.changes import difference, snapshot, tried
from events.models import Event
from labels.forms.base import Flaw, StepForm
from labels.forms.event import EventForm
from labels.forms.place import PlaceForm
from labels.forms.publics import PublicsForm
from labels.forms.repetition import moves_rows
from labels.models import Application

_HIDDEN = ("commune_code", "latitude", "longitude", "point_of", "is_point_confirmed")


@dataclass(frozen=True)
class Section:
    """A part of the sheet: its questions in the order of the organiser's page."""

    heading: str
    fields: list[forms.BoundField]
    page: StepForm


class CorrectionSheet:
    """All that is asked of an event but its pictures, prefilled with what it declares; only what differs is a change.

    The pin is not moved by hand: it follows the address, as it does for an organiser without a script.
    """

    def __init__(self, application: Application, user: User, data: Mapping[str, Any] | None = None) -> None:
        # What a form stores is read again: nothing fetched ahead may stand in for it.
        self.application = Application.objects.for_desk().get(pk=application.pk)
        self.event, self.place, self.publics = pages = (
            EventForm(self.application, user, data),
            PlaceForm(self.application, user, data),
            PublicsForm(self.application, user, data),
        )
        self.pages: tuple[StepForm, ...] = pages
        # Django's own field templates, for the admin's own style sheets: those of the public pages are the DSFR's.
        for form in (*pages, *self.place.slots.forms):
            form.renderer = DjangoTemplates()
        self.is_moved = data is not None and moves_rows(data)

    def is_valid(self) -> bool:
        # Each of them, for all their faults.
        faulty = [page for page in self.pages if not page.is_valid()]
        return not faulty

    def flaws(self) -> list[Flaw]:
        return [flaw for page in self.pages for flaw in page.flaws()]

    @property
    def sections(self) -> Iterator[Section]:
        for page in self.pages:
            fields = [page[name] for name in page.fields if name not in _HIDDEN]
            yield Section(page.heading, fields, page)

    @property
    def hidden(self) -> Iterator[tuple[str, Any]]:
        """What follows from the address, to be posted as it was read; a list of communes asks for the code itself."""
        for name in _HIDDEN:
            value = self.place[name].value()
            if name == "commune_code" and self.place.candidates:
                continue
            if name == "is_point_confirmed":
                value = "on" if value else ""
            yield name, self.place.fields[name].prepare_value(value) if value is not None else ""

    def changes(self) -> dict[str, Any]:
        """What the sheet, which is valid, would change of the event, in the values of ``events.changes``."""
        # Apart from any transaction: an address may be asked of an outside service.
        for page in self.pages:
            page.look_up()
        with tried(self.application.event, {}):
            for page in self.pages:
                page.store()
            proposed = snapshot(Event.objects.get(pk=self.application.event_id))
        return difference(Event.objects.get(pk=self.application.event_id), proposed)
