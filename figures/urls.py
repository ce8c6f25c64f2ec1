"""Addresses of the figures: an edition's page, its tables and its drawings."""

from django.urls import path

from figures import views

app_name = "figures"
urlpatterns = [
    path("chiffres/", views.page, name="page"),
    path("chiffres.csv", views.data, name="data"),
    path("chiffres/<int:year>/", views.page, name="page"),
    path("chiffres/<int:year>.csv", views.data, name="data"),
    path("chiffres/<int:year>/<slug:slug>.csv", views.table, name="table"),
    path("chiffres/<int:year>/<slug:slug>.svg", views.drawing, name="drawing"),
]
