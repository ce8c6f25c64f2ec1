"""Addresses of the pages of no other app: home, help, resources, legal pages, health, what programs ask for."""

from django.contrib.sitemaps import views as sitemap_views
from django.urls import path
from django.views.generic import TemplateView

from pages import account, health, machines, metrics, open_data, views
from pages.home import home
from pages.sitemaps import SITEMAPS

app_name = "pages"
urlpatterns = [
    path("", home, name="home"),
    path("aide/", views.help, name="help"),
    path("aide/organisateurs/", views.organisers_guide, name="organisers_guide"),
    path("donnees/", open_data.data, name="data"),
    path("contact/", views.contact, name="contact"),
    path("ressources/", TemplateView.as_view(template_name="pages/resources.html"), name="resources"),
    path("plan-du-site/", views.sitemap_page, name="sitemap_page"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("mentions-legales/", views.legal, name="legal"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("mes-donnees/", account.personal_data, name="personal_data"),
    path("mes-donnees/telecharger/", account.download, name="download"),
    path("mes-donnees/effacer/", account.erase, name="erase"),
    path("cookies/", views.cookies, name="cookies"),
    path("sante/vivant", health.live, name="live"),
    path("sante/pret", health.ready, name="ready"),
    path("sante/mesures", metrics.metrics, name="metrics"),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/security.txt", machines.security, name="security"),
    path(
        "sitemap.xml",
        sitemap_views.index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "pages:sitemap_section"},
        name="sitemap",
    ),
    path("sitemap-<section>.xml", sitemap_views.sitemap, {"sitemaps": SITEMAPS}, name="sitemap_section"),
]
