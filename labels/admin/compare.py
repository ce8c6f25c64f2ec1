"""Two applications side by side, field by field."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from events.changes import snapshot
from events.diffs import Labels, rows
from labels import duplicates
from labels.admin.desk import DeskAdmin
from labels.models import Application


class CompareAdmin(DeskAdmin):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.compare)
        address = "<int:object_id>/comparer/<int:other>/"
        return [path(address, view, name="labels_application_compare"), *super().get_urls()]

    @method_decorator(require_safe)
    def compare(self, request: HttpRequest, object_id: int, other: int) -> HttpResponse:
        """Both must be the user's to see: what one is told of the other is told of both."""
        pair = [
            Application.objects.for_verdict().get(pk=self.get_object(request, str(pk)).pk) for pk in (object_id, other)
        ]
        one, two = pair
        likeness = duplicates.compare(duplicates.sketch(one), duplicates.sketch(two))
        before, after = snapshot(one.event), snapshot(two.event)
        return self.render(
            request,
            "compare",
            title=f"Comparer {one} et {two}",
            application=one,
            pair=[(item, self._address(request, item.pk)) for item in pair],
            likeness=likeness,
            rows=rows(before, after, Labels().expecting(before, after), only_changed=False),
            queue_url=self._address(request, None),
            page_url=self._address(request, one.pk),
        )
