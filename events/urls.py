"""Addresses of the public pages of events."""

from django.urls import path

from events import views

app_name = "events"
urlpatterns = [
    path("evenements/", views.list, name="list"),
    path("evenements/<uuid:uid>.ics", views.calendar, name="calendar"),
    path("evenements/<uuid:uid>/<slug:slug>/", views.detail, name="detail"),
]
