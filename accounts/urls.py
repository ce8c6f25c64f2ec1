"""Signing in and out: allauth's views under the portal's French addresses."""

from allauth.account import views as allauth_views
from django.urls import path
from django.views.generic import RedirectView

from accounts import views

_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    path("connexion/", allauth_views.request_login_code, name="account_login"),
    path("connexion/code/", views.ConfirmCodeView.as_view(), name="account_confirm_login_code"),
    path("deconnexion/", allauth_views.logout, name="account_logout"),
    path("connexion/compte-inactif/", allauth_views.account_inactive, name="account_inactive"),
    # Names that allauth's own code resolves; there is one way in.
    path("connexion/demande/", _sign_in, name="account_request_login_code"),
    path("connexion/inscription/", _sign_in, name="account_signup"),
    path("connexion/nouvelle/", _sign_in, name="account_reauthenticate"),
    path("connexion/mot-de-passe/", _sign_in, name="account_reset_password"),
    path("connexion/adresse/", _sign_in, name="account_email"),
]
