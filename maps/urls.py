"""Addresses of the map and of its data."""

from django.urls import path

from maps import embed, views

app_name = "maps"
urlpatterns = [
    path("", views.page, name="page"),
    path("evenements.geojson", views.geojson, name="geojson"),
    path("points.json", views.points, name="points"),
    path("ids.json", views.ids, name="ids"),
    path("fiches.json", views.cards, name="cards"),
    path("integrer/", embed.frame, name="frame"),
    path("integrer/code/", embed.snippet, name="snippet"),
]
