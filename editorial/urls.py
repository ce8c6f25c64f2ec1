"""Addresses of the spaces, of what they offer, and of the partners."""

from django.urls import path

from editorial import views

app_name = "editorial"
urlpatterns = [
    path("ressources/enseignants/", views.teachers, name="teachers"),
    path("ressources/entreprises/", views.companies, name="companies"),
    path("ressources/visiteurs/", views.visitors, name="visitors"),
    path("ressources/images/<str:name>", views.image, name="image"),
    path("ressources/lire/<slug:slug>/", views.resource, name="resource"),
    path("ressources/telecharger/<slug:slug>", views.download, name="download"),
    path("partenaires/", views.partners, name="partners"),
    path("presse/", views.press, name="press"),
]
