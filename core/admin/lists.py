"""What every list of the admin keeps: filters of known values, pages in range, no count of what is not shown.

Django hands the values of a query string to the database as they come: a NUL in one is a failure on PostgreSQL.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.core.paginator import InvalidPage, Paginator
from django.db.models import Model, QuerySet
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

M = TypeVar("M", bound=Model)

if TYPE_CHECKING:

    class _ModelAdmin(admin.ModelAdmin[M]):
        pass

    class _Paginator(Paginator[M]):
        pass

else:

    class _ModelAdmin(admin.ModelAdmin, Generic[M]):
        pass

    class _Paginator(Paginator, Generic[M]):
        pass


class ForgivingPaginator(_Paginator[M]):
    """The nearest page where the one asked for does not exist."""

    def validate_number(self, number: float | str) -> int:
        try:
            return super().validate_number(number)
        except InvalidPage:
            return self.num_pages if str(number).isdigit() and str(number).strip("0") else 1


class ChoiceFilter(admin.SimpleListFilter):
    """A filter that takes the values it offers; any other is named in a message and left aside."""

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: type[Model], model_admin: admin.ModelAdmin[Any]
    ) -> None:
        super().__init__(request, params, model, model_admin)
        if self.value() == "":
            # What a form of filters sends of a field left alone.
            self.used_parameters.clear()
        if self.value() is not None and self.value() not in self.known_values():
            self.used_parameters.clear()
            messages.warning(request, f"Filtre « {self.title} » : cette valeur n’existe pas, elle est laissée de côté.")

    def known_values(self) -> set[str]:
        return {str(value) for value, _ in self.lookup_choices}


class ColumnFilter(ChoiceFilter):
    """A ``ChoiceFilter`` on one column with choices of its own, or on a boolean."""

    column: str
    choices_offered: Iterable[tuple[str, str]]

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> Iterable[tuple[str, str]]:
        return self.choices_offered

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.column: self.value()}) if self.value() else queryset


class ListAdmin(_ModelAdmin[M]):
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    paginator = ForgivingPaginator

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only the filters shown: Django would else let any column be guessed, one letter at a time."""
        return lookup in {getattr(item, "parameter_name", None) for item in self.get_list_filter(request)}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Under a title without an article, since Django's own (« Ajout de édition ») knows no elision."""
        name = str(self.opts.verbose_name)
        title = capfirst(name) if object_id else f"Ajouter : {name}"
        return super().changeform_view(request, object_id, form_url, {"title": title, **(extra_context or {})})

    def get_form(self, request: HttpRequest, obj: M | None = None, *args: Any, **kwargs: Any) -> type[Any]:
        """Django's own field templates, for Django's own style sheets: those of the public pages are the DSFR's."""
        form: type[Any] = super().get_form(request, obj, *args, **kwargs)
        form.default_renderer = DjangoTemplates
        return form

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        return super().get_search_results(request, queryset, search_term.replace("\0", " "))

    def response_action(self, request: HttpRequest, queryset: QuerySet[M], *args: Any) -> HttpResponse | None:
        if not all(len(pk) < 19 and pk.isascii() and pk.isdigit() for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("Cette sélection n’est pas lisible.")
        return super().response_action(request, queryset, *args)
