"""Addresses of the organisers: the desk, the application form, what may be done with it, and what signed links open."""

from django.urls import include, path

from labels import views

app_name = "labels"
_organisers = [
    path("", views.desk, name="desk"),
    path("demandes/nouvelle/", views.new, name="new"),
    path("demandes/<slug:reference>/", views.application, name="application"),
    path("demandes/<slug:reference>/retirer/", views.withdraw, name="withdraw"),
    path("demandes/<slug:reference>/annuler/", views.cancel, name="cancel"),
    path("demandes/<slug:reference>/refaire/", views.redo, name="redo"),
    path("demandes/<slug:reference>/complet/", views.full, name="full"),
    path("demandes/<slug:reference>/modifier/", views.changes, name="changes"),
    path("demandes/<slug:reference>/modifier/retirer/", views.drop, name="drop"),
    path("demandes/<slug:reference>/modifier/<slug:step>/", views.change, name="change"),
    path("demandes/<slug:reference>/<slug:step>/", views.step, name="step"),
]
urlpatterns = [
    path("organisateurs/", include(_organisers)),
    path("apercu/<str:token>/", views.preview, name="preview"),
    path("suivi/<str:token>/", views.follow, name="follow"),
    path("rappels/<str:token>/", views.reminders, name="reminders"),
]
