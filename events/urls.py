"""Addresses of the public pages of events and of their pictures."""

from django.urls import path

from events import views

app_name = "events"
urlpatterns = [
    path("evenements/", views.list, name="list"),
    path("media/<str:name>", views.media, name="media"),
    path("evenements/<uuid:uid>.ics", views.calendar, name="calendar"),
    path("evenements/<uuid:uid>/<slug:slug>/", views.detail, name="detail"),
]
