"""Addresses of the map and of its data."""

from django.urls import path

from maps import views

app_name = "maps"
urlpatterns = [
    path("", views.page, name="page"),
    path("evenements.geojson", views.geojson, name="geojson"),
]
