"""Addresses of the public pages of events and of their pictures."""

from django.urls import path

from events import feeds, label_check, printing, reports, views

app_name = "events"
urlpatterns = [
    path("evenements/", views.list, name="list"),
    path("evenements/imprimer/", printing.print_list, name="print_list"),
    path("evenements.csv", feeds.csv, name="csv"),
    path("evenements.json", feeds.json, name="json"),
    path("evenements.ics", feeds.ics, name="ics"),
    path("evenements.rss", feeds.rss, name="rss"),
    path("evenements.schema.json", feeds.schema, name="schema"),
    path("media/<str:name>", views.media, name="media"),
    path("evenements/<uuid:uid>.ics", views.calendar, name="calendar"),
    path("evenements/<uuid:uid>/<str:start>.ics", views.slot_calendar, name="slot_calendar"),
    path("evenements/<uuid:uid>/<slug:slug>/", views.detail, name="detail"),
    path("signaler/<uuid:uid>/", reports.report, name="report"),
    path("signaler/<uuid:uid>/merci/", reports.reported, name="reported"),
    path("label/", label_check.label_check, name="label_check"),
    path("label/<str:number>/", label_check.label, name="label"),
]
