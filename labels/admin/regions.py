"""An application entrusted to the examiners of another région or to the national team, alone or with others."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from accounts.models import User
from core.fields import TextField
from labels import workflow
from labels.admin.decisions import NOTE_AT_MOST, typed
from labels.admin.desk import DeskAdmin, first_fault
from labels.admin.selection import NOT_VISIBLE, VersionsField, queue_address, report, selected, since, versions_of
from labels.models import Action, Application
from places.models import Region

# In the form, where a région has its INSEE code.
NATIONAL = "nationale"
ENTRUSTED = ("confiée", "confiées")


class RegionForm(forms.Form):
    """Whose examiners are to decide, and why; ``of`` is left out, being the région that holds it already."""

    default_renderer = DjangoTemplates

    region = forms.ChoiceField(
        label="Confier à",
        error_messages={"required": "Choisissez une région.", "invalid_choice": "Cette région n’existe pas."},
    )
    note = TextField(
        label="Motif",
        help_text="Gardé dans l’historique ; l’organisateur ne le reçoit pas.",
        multiline=True,
        max_length=NOTE_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Indiquez le motif."},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, of: str | None = "", **kwargs: Any) -> None:
        super().__init__(data, auto_id="region-%s", **kwargs)
        regions = [*Region.objects.named(), (NATIONAL, "Équipe nationale")]
        there = of if of is not None else NATIONAL
        choices = [("", "Choisissez"), *(choice for choice in regions if choice[0] != there)]
        cast(forms.ChoiceField, self.fields["region"]).choices = choices

    @property
    def code(self) -> str | None:
        """Of the région chosen; None is the national team."""
        chosen: str = self.cleaned_data["region"]
        return None if chosen == NATIONAL else chosen


class OneForm(RegionForm):
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class ManyForm(RegionForm):
    versions = VersionsField()


def offered(application: Application, user: User) -> OneForm | None:
    """The form that the page of an application holds, for whoever may hand it over."""
    if not workflow.MOVES[Action.MOVE].who(user, application):
        return None
    return OneForm(of=application.region_id, initial={"version": application.version})


def entrust_each(versions: dict[int, int], code: str | None, user: User, note: str) -> tuple[int, Counter[str]]:
    """The number handed over, and of the others how many for which reason; each in its own transaction."""
    visible = Application.objects.visible_to(user).select_related("event").in_bulk(list(versions))
    done, skipped = 0, Counter({NOT_VISIBLE: len(versions) - len(visible)})
    for pk, application in visible.items():
        application.version = versions[pk]
        try:
            workflow.perform(application, Action.MOVE, by=user, note=note, changes={"region": code})
        except workflow.StaleError:
            skipped[since(application)] += 1
        except workflow.MoveRefused as refusal:
            skipped[str(refusal)] += 1
        else:
            done += 1
    return done, +skipped


class RegionAdmin(DeskAdmin):
    """The half of the application's admin that hands one over."""

    actions: Any = ("entrust_selected",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("lot/region/", view(self.entrust_in_bulk), name="labels_application_bulk_region"),
            path("<path:object_id>/region/", view(self.entrust), name="labels_application_region"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def entrust(self, request: HttpRequest, object_id: str) -> HttpResponse:
        application, user = self.get_object(request, object_id), cast(User, request.user)
        if not workflow.MOVES[Action.MOVE].who(user, application):
            raise PermissionDenied("Vous ne pouvez pas confier cette demande à une autre région.")
        # Of the région where it was when the form was shown, it is not said here: that is the version's to tell.
        form = OneForm(request.POST)
        is_complete = form.is_valid()
        if "version" in form.errors:
            raise BadRequest("Ce formulaire n’est pas lisible.")
        if form.cleaned_data["version"] != application.version:
            return self._conflict(request, application, **typed(form))
        return self._entrust(request, application, form) if is_complete else self._again(request, application, form)

    def _entrust(self, request: HttpRequest, application: Application, form: OneForm) -> HttpResponse:
        note, user = form.cleaned_data["note"], cast(User, request.user)
        try:
            workflow.perform(application, Action.MOVE, by=user, note=note, changes={"region": form.code})
        except workflow.StaleError:
            return self._conflict(request, application, **typed(form))
        except workflow.MoveRefused as refusal:
            form.add_error("region", str(refusal))
            return self._again(request, application, form)
        holder = application.region.name if application.region else "l’équipe nationale"
        is_seen = Application.objects.visible_to(user).filter(pk=application.pk).exists()
        left = "" if is_seen else " Elle n’est plus dans votre file."
        messages.success(request, f"La demande {application} est confiée à : {holder}.{left}")
        return HttpResponseRedirect(self._address(request, application.pk if is_seen else None))

    def _again(self, request: HttpRequest, application: Application, form: OneForm) -> HttpResponse:
        return self._page(request, application, region_form=form)

    @admin.action(description="Confier la sélection à une autre région", permissions=["examine"])
    def entrust_selected(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        applications = selected(request, queryset.select_related("event__organisation", "region"))
        if applications is None:
            return None
        form = ManyForm(initial={"versions": versions_of(applications)})
        return self._ask_region(request, applications, request.GET.urlencode(), form)

    def _ask_region(
        self, request: HttpRequest, applications: Iterable[Application], filters: str, form: ManyForm
    ) -> HttpResponse:
        rows = list(applications)
        title = f"Confier {len(rows)} demande{'s' if len(rows) > 1 else ''} à une autre région"
        return self.render(
            request,
            "bulk_region",
            title=title,
            rows=rows,
            region_form=form,
            fault=first_fault(form),
            filters=filters,
            queue_url=queue_address(filters),
        )

    @method_decorator(require_POST)
    def entrust_in_bulk(self, request: HttpRequest) -> HttpResponse:
        if not self.has_examine_permission(request):
            raise PermissionDenied
        form, user = ManyForm(request.POST), cast(User, request.user)
        is_complete = form.is_valid()
        if "versions" in form.errors:
            raise BadRequest("Cette sélection n’est pas lisible.")
        filters, versions = request.GET.get("_changelist_filters", ""), form.cleaned_data["versions"]
        if not is_complete:
            listed = Application.objects.visible_to(user).filter(pk__in=versions)
            return self._ask_region(request, listed.select_related("event__organisation", "region"), filters, form)
        done, skipped = entrust_each(versions, form.code, user, form.cleaned_data["note"])
        report(request, done, ENTRUSTED, skipped)
        return HttpResponseRedirect(queue_address(filters))
