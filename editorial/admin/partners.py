"""Partners, as the national team and the DGE's communication edit them."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from editorial import rendering
from editorial.admin.published import DATES, IMAGE, PublishedAdmin
from editorial.forms import PartnerForm
from editorial.models import Partner


@admin.register(Partner)
class PartnerAdmin(PublishedAdmin[Partner]):
    form = PartnerForm
    list_display = ("name", "kind", "publication", "published_from", "published_until", "position")
    readonly_fields = ("stored_image",)
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "kind", "address")}),
        ("Logo", {"fields": IMAGE}),
        DATES,
    )

    def preview(self, request: HttpRequest, row: Partner, where: str) -> HttpResponse:
        return rendering.partners_page(request, previewed=row)
