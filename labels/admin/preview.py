"""The event as the public will see it, for the frame of an application's page, by this site alone."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from events.models import Event
from labels.admin.desk import DeskAdmin


class PreviewAdmin(DeskAdmin):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview)
        return [path("<path:object_id>/apercu/", view, name="labels_application_preview"), *super().get_urls()]

    @method_decorator(require_safe)
    @method_decorator(xframe_options_sameorigin)
    @method_decorator(csp_replace({"frame-ancestors": [SELF]}))
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For whoever may read the application, in any of its states; links leave the frame for a tab of their own."""
        application = self.get_object(request, object_id)
        event = Event.objects.for_page().get(pk=application.event_id)
        return TemplateResponse(request, "admin/labels/application/preview.html", {"event": event})
