"""Editions and the lists of the form at the desk, where what applications hold of them is known."""

from collections.abc import Sequence

from django.contrib import admin
from django.db import transaction

from events.admin import EditionAdmin, ListItemAdmin
from events.consequences import Consequence, Facts
from events.models import Audience, Edition, Format, Level, ListItem, Sector
from labels.consequences import consequences, terms_changed
from labels.models import Revision, Transition
from labels.tasks import reassess_soon

# How a change of an event names each list.
_FIELDS: dict[type[ListItem], str] = {Format: "format", Audience: "audiences", Sector: "sectors", Level: "levels"}


@admin.register(Edition)
class LabelledEditionAdmin(EditionAdmin):
    def consequences(self, known: Sequence[Facts], before: Facts | None, after: Facts) -> list[Consequence]:
        found = super().consequences(known, before, after)
        return [*found, *consequences(before, after)] if before else found

    def edition_changed(self, edition: Edition, before: Facts | None, after: Facts) -> None:
        """What waits is read anew by the edition's new terms, once the change is committed."""
        if before and terms_changed(before, after):
            pk = edition.pk
            transaction.on_commit(lambda: reassess_soon(pk))


@admin.register(Format, Audience, Sector, Level)
class HeldListItemAdmin(ListItemAdmin):
    def is_held(self, item: ListItem) -> bool:
        """By an event too once a change or a correction is accepted: these name their entries by their codes."""
        asked = _FIELDS[type(item)], item.slug
        return super().is_held(item) or Revision.objects.asks_for(*asked) or Transition.objects.asks_for(*asked)
