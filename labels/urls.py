"""Addresses of the organisers: the desk, the application form, what may be done with it, and what signed links open."""

from django.urls import include, path, register_converter
from django.urls.converters import IntConverter

from labels import views


class KeyConverter(IntConverter):
    """A number that a database takes for a key: a longer one is no address."""

    regex = "[0-9]{1,18}"


register_converter(KeyConverter, "key")

app_name = "labels"
_organisers = [
    path("", views.desk, name="desk"),
    path("demandes/nouvelle/", views.new, name="new"),
    path("demandes/<slug:reference>/", views.application, name="application"),
    path("demandes/<slug:reference>/retirer/", views.withdraw, name="withdraw"),
    path("demandes/<slug:reference>/annuler/", views.cancel, name="cancel"),
    path("demandes/<slug:reference>/refaire/", views.redo, name="redo"),
    path("demandes/<slug:reference>/correction/", views.agree, name="agree"),
    path("demandes/<slug:reference>/complet/", views.full, name="full"),
    path("demandes/<slug:reference>/modifier/", views.changes, name="changes"),
    path("demandes/<slug:reference>/modifier/retirer/", views.drop, name="drop"),
    path("demandes/<slug:reference>/modifier/images/", views.pictures, name="pictures"),
    path("demandes/<slug:reference>/modifier/contact/", views.contact, name="contact"),
    path("demandes/<slug:reference>/modifier/<slug:step>/", views.change, name="change"),
    path("demandes/<slug:reference>/<slug:step>/", views.step, name="step"),
    path("organismes/", views.organisation_list, name="organisation_list"),
    path("organismes/siret.json", views.establishment, name="establishment"),
    path("organismes/<key:pk>/", views.organisation, name="organisation"),
    path("organismes/<key:pk>/inviter/", views.invite, name="invite"),
    path("organismes/<key:pk>/invitations/<key:invitation>/", views.cancel_invitation, name="cancel_invitation"),
    path("organismes/<key:pk>/ajouter/", views.add_applicant, name="add_applicant"),
    path("organismes/<key:pk>/membres/<key:member>/role/", views.set_role, name="set_role"),
    path("organismes/<key:pk>/membres/<key:member>/retirer/", views.remove_member, name="remove_member"),
    path("organismes/<key:pk>/quitter/", views.leave, name="leave"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
]
urlpatterns = [
    path("organisateurs/", include(_organisers)),
    path("apercu/<str:token>/", views.preview, name="preview"),
    path("suivi/<str:token>/", views.follow, name="follow"),
    path("correction/<str:token>/", views.proposal, name="proposal"),
    path("rappels/<str:token>/", views.reminders, name="reminders"),
]
