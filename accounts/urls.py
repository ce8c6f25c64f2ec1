"""Signing in and out, the staff's password and second factor: allauth's views under French addresses."""

from allauth.account import views as allauth_views
from django.urls import path
from django.views.generic import RedirectView

from accounts.views import factors, passwords, sign_in

_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)
_security = "connexion/securite"

urlpatterns = [
    path("connexion/", sign_in.RequestCodeView.as_view(), name="account_login"),
    path("connexion/code/", sign_in.ConfirmCodeView.as_view(), name="account_confirm_login_code"),
    path("deconnexion/", allauth_views.logout, name="account_logout"),
    path("connexion/compte-inactif/", allauth_views.account_inactive, name="account_inactive"),
    # Names that allauth's own code resolves; organisers have one way in.
    path("connexion/demande/", _sign_in, name="account_request_login_code"),
    path("connexion/inscription/", _sign_in, name="account_signup"),
    path("connexion/adresse/", _sign_in, name="account_email"),
    # the staff's password
    path("connexion/mot-de-passe/", passwords.RequestView.as_view(), name="account_reset_password"),
    path(
        "connexion/mot-de-passe/<slug:uidb64>/<slug:token>/",
        passwords.ChooseView.as_view(),
        name="account_choose_password",
    ),
    # the staff's second factor
    path("connexion/second-facteur/", factors.AuthenticateView.as_view(), name="mfa_authenticate"),
    path(f"{_security}/", factors.IndexView.as_view(), name="mfa_index"),
    path(f"{_security}/confirmer/", factors.ByPasswordView.as_view(), name="account_reauthenticate"),
    path(f"{_security}/confirmer/code/", factors.ByCodeView.as_view(), name="mfa_reauthenticate"),
    path(f"{_security}/confirmer/cle/", factors.ByPasskeyView.as_view(), name="mfa_reauthenticate_webauthn"),
    path(f"{_security}/application/", factors.ActivateTOTPView.as_view(), name="mfa_activate_totp"),
    path(f"{_security}/application/retirer/", factors.DeactivateTOTPView.as_view(), name="mfa_deactivate_totp"),
    path(f"{_security}/cles/ajouter/", factors.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path(f"{_security}/cles/<int:pk>/retirer/", factors.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
    path(f"{_security}/codes/", factors.CodesView.as_view(), name="mfa_view_recovery_codes"),
    path(f"{_security}/codes/nouveaux/", factors.GenerateCodesView.as_view(), name="mfa_generate_recovery_codes"),
]
