"""The list behind the queue: one bounded read of keys instead of a count, and the search."""

import re
from typing import Any

from django.contrib.admin.views.main import SEARCH_VAR, ChangeList, ChangeListSearchForm
from django.db.models import Q
from django.http import HttpRequest

from core.fields import TextField
from core.text import fold
from labels.models import ApplicationQuerySet

# Nobody leafs through more; a count of all there is would read all there is.
LISTED_AT_MOST = 1000
WORDS_AT_MOST = 8
_REFERENCE = re.compile(r"SI\d{4}-\d{6}", re.ASCII)
_PART = re.compile(r"[A-Z0-9-]*[0-9][A-Z0-9-]*", re.ASCII)


class SearchForm(ChangeListSearchForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {SEARCH_VAR: TextField(required=False, max_length=200)}


class Queue(ChangeList):
    """``is_cut`` when there is more than ``LISTED_AT_MOST``, which ``result_count`` then is."""

    search_form_class = SearchForm
    is_cut = False

    def __init__(self, request: HttpRequest, model: Any, list_display: Any, *args: Any) -> None:
        """The link of a row comes before its checkbox, for whoever goes from key to key."""
        columns = list(list_display)
        if columns[0] == "action_checkbox":
            columns.insert(1, columns.pop(0))
        super().__init__(request, model, columns, *args)

    def get_results(self, request: HttpRequest) -> None:
        """The keys in their order tell how many there are and which stand on the page: a search is run once."""
        keys = list(self.queryset.values_list("pk", flat=True)[: LISTED_AT_MOST + 1])
        self.is_cut = len(keys) > LISTED_AT_MOST
        self.paginator = self.model_admin.get_paginator(request, keys[:LISTED_AT_MOST], self.list_per_page)  # type: ignore[arg-type]
        self.result_count = self.paginator.count
        self.full_result_count = None
        self.show_full_result_count = False
        self.show_admin_actions = True
        self.can_show_all = self.result_count <= self.list_max_show_all
        self.multi_page = self.result_count > self.list_per_page
        shown = keys
        if self.multi_page and not (self.show_all and self.can_show_all):
            shown = self.paginator.page(self.page_num).object_list
        self.result_list = self.queryset.filter(pk__in=shown)

    @property
    def told(self) -> str:
        """How many there are, in words."""
        if self.is_cut:
            return f"plus de {self.result_count:,} demandes : affinez par un filtre".replace(",", "\u202f")
        if self.result_count == 0:
            return "aucune demande"
        return f"{self.result_count} demande{'s' if self.result_count > 1 else ''}"

    @property
    def is_filtered(self) -> bool:
        return bool(self.query) or any(getattr(spec, "is_active", False) for spec in self.filter_specs)


class Unread(Queue):
    """The queue as it is filtered and ordered, for what reads none of its pages."""

    def get_results(self, request: HttpRequest) -> None:
        pass


def search(queryset: ApplicationQuerySet, text: str) -> ApplicationQuerySet:
    """Every word in the event's folded text, or the whole in the reference; a reference in full is looked up."""
    typed = "".join(text.split()).upper()
    if _REFERENCE.fullmatch(typed):
        return queryset.filter(reference=typed)
    found = Q()
    for word in fold(text).split()[:WORDS_AT_MOST]:
        found &= Q(event__search_text__contains=word)
    if found and _PART.fullmatch(typed):
        found |= Q(reference__contains=typed)
    return queryset.filter(found)
