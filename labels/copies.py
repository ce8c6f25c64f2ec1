"""An event asked for again: all is copied but its dates, which are proposed and wait for a person’s word."""

from datetime import date, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery

from accounts.models import User
from events import pictures
from events.models import Edition, Event, Slot
from labels.models import Application, ApplicationQuerySet, State

WEEK = timedelta(days=7)
# What belongs to one year's event: the workflow's own columns are not editable and stay behind by themselves.
_OF_ITS_YEAR = {"edition", "is_full"}


def to_redo(user: User, edition: Edition) -> ApplicationQuerySet:
    """The events of the user's last edition before ``edition`` that it has none of yet."""
    earlier = Application.objects.of(user).filter(
        state__in=(State.APPROVED, State.CANCELLED), event__edition__week_starts_on__lt=edition.week_starts_on
    )
    last = earlier.order_by("-event__edition__week_starts_on").values("event__edition")[:1]
    same = Q(copied_from=OuterRef("pk")) | Q(
        event__organisation=OuterRef("event__organisation"), event__title=OuterRef("event__title")
    )
    redone = Application.objects.filter(same, event__edition=edition).exclude(state=State.WITHDRAWN)
    wanted = earlier.filter(event__edition=Subquery(last)).exclude(Exists(redone))
    return wanted.for_desk().order_by("event__title", "pk")


@transaction.atomic
def copy(source: Application, edition: Edition, by: User) -> Application:
    """A draft of ``by`` for ``edition`` with all that ``source`` says; a second click gives the first one's draft."""
    # Held until the transaction ends: of two clicks at once, the second finds the copy of the first.
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    untouched = source.copies.editable().filter(created_by=by, event__edition=edition, version=0)
    if found := untouched.first():
        return found
    contact = {name: value for name, value in _values(source).items() if name.startswith("contact_")}
    return Application.objects.create(
        reference=edition.next_reference(),
        event=_event_like(source.event, edition),
        created_by=by,
        copied_from=source,
        are_dates_proposed=True,
        **contact,
    )


def confirm_dates(application: Application) -> None:
    application.are_dates_proposed = False
    Application.objects.filter(pk=application.pk).update(are_dates_proposed=False)


def same_weekday(day: date, old: Edition, new: Edition) -> date:
    """``day`` as far from the new week's Monday as it was from the old one's.

    Outside the new window, the nearest same weekday inside it, where there is one.
    """
    proposed = _at_same_distance(day, old, new)
    inside = proposed
    while inside < new.window_starts_on:
        inside += WEEK
    while inside > new.window_ends_on:
        inside -= WEEK
    return inside if inside >= new.window_starts_on else proposed


def moved_slots(application: Application) -> set[int]:
    """The copied slots that could not keep their distance from the week: a person is told which."""
    event, source = application.event, application.copied_from
    if source is None:
        return set()
    kept = {_at_same_distance(slot.date, source.event.edition, event.edition) for slot in source.event.slots.all()}
    return {slot.pk for slot in event.slots.all() if slot.date not in kept}


def _at_same_distance(day: date, old: Edition, new: Edition) -> date:
    return _monday(new.week_starts_on) + (day - _monday(old.week_starts_on))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _values(row: models.Model) -> dict[str, Any]:
    """What people wrote of a row, ready to make another one."""
    fields = (field for field in row._meta.concrete_fields if field.editable and not field.primary_key)
    return {field.name: getattr(row, field.name) for field in fields}


def _event_like(original: Event, edition: Edition) -> Event:
    """Without the entries of lists that are no more proposed."""
    values = {name: value for name, value in _values(original).items() if name not in _OF_ITS_YEAR}
    if original.format and not original.format.is_active:
        values["format"] = None
    event = Event.objects.create(edition=edition, **values)
    for field in Event._meta.many_to_many:
        getattr(event, field.name).set(getattr(original, field.name).filter(is_active=True))
    pictures.set_values(event, pictures.as_values(original))
    _propose_slots(event, original)
    event.index()
    return event


def _propose_slots(event: Event, original: Event) -> None:
    """Two dates brought to the same day with the same hours are one slot."""
    proposed = {}
    for slot in original.slots.all():
        day = same_weekday(slot.date, original.edition, event.edition)
        values = {**_values(slot), "event": event, "date": day, "time_zone": slot.time_zone}
        proposed[day, slot.start_time, slot.end_time] = Slot(**values)
    Slot.objects.bulk_create(proposed.values())
