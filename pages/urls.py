"""Addresses of the pages that belong to no other app: home, help, resources, legal pages, health, robots."""

from django.contrib.sitemaps import views as sitemap_views
from django.urls import URLPattern, path
from django.views.generic import TemplateView

from pages import account, health, views
from pages.home import home
from pages.sitemaps import SITEMAPS


def _page(address: str, name: str) -> URLPattern:
    """A page whose text is all in its template."""
    return path(address, TemplateView.as_view(template_name=f"pages/{name}.html"), name=name)


app_name = "pages"
urlpatterns = [
    path("", home, name="home"),
    path("aide/", views.help, name="help"),
    path("aide/organisateurs/", views.organisers_guide, name="organisers_guide"),
    path("contact/", views.contact, name="contact"),
    _page("ressources/", "resources"),
    path("plan-du-site/", views.sitemap_page, name="sitemap_page"),
    _page("accessibilite/", "accessibility"),
    path("mentions-legales/", views.legal, name="legal"),
    _page("donnees-personnelles/", "privacy"),
    path("mes-donnees/", account.personal_data, name="personal_data"),
    path("mes-donnees/telecharger/", account.download, name="download"),
    path("mes-donnees/effacer/", account.erase, name="erase"),
    path("cookies/", views.cookies, name="cookies"),
    path("sante/vivant", health.live, name="live"),
    path("sante/pret", health.ready, name="ready"),
    path("robots.txt", views.robots, name="robots"),
    path(
        "sitemap.xml",
        sitemap_views.index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "pages:sitemap_section"},
        name="sitemap",
    ),
    path("sitemap-<section>.xml", sitemap_views.sitemap, {"sitemaps": SITEMAPS}, name="sitemap_section"),
]
