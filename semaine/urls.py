"""Every address of the portal, each app's list under its own French prefix."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    # First, as it is asked for most and has a prefix that tells.
    path("carte/", include("maps.urls")),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("pages.urls")),
    path("", include("places.urls")),
    path("", include("events.urls")),
    path("", include("editorial.urls")),
    path("", include("figures.urls")),
    path("", include("labels.urls")),
]
handler400 = "pages.errors.bad_request"
handler403 = "pages.errors.permission_denied"
handler404 = "pages.errors.page_not_found"
handler500 = "pages.errors.server_error"
