"""How tests have and show a second factor."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts.models import User
from tests import factories

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WRONG = "000000"


def code(secret: str = SECRET, *, steps: int = 0) -> str:
    """What the application shows now, or some half minutes away."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def with_application(user: User) -> User:
    TOTP.activate(user, SECRET)
    return user


def with_passkey(user: User) -> Authenticator:
    """A key that a browser made, with « none » for attestation; nobody holds its private half."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())  # type: ignore[no-untyped-call]
    made = AttestedCredentialData.create(b"\0" * 16, b"0123456789abcdef", key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(sha256(b"localhost"), flags, 0, made)
    client_data = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"challenge", "http://localhost")
    response = {
        "clientDataJSON": websafe_encode(client_data),
        "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
    }
    identity = websafe_encode(made.credential_id)
    credential = {"id": identity, "rawId": identity, "type": "public-key", "response": response}
    return WebAuthn.add(user, "Clé du bureau", credential).instance


def recovery_codes(user: User) -> list[str]:
    """Those of someone who has kept them."""
    codes = RecoveryCodes.activate(user)
    codes.mark_as_viewed()
    return list(codes.get_unused_codes())


def by_password(client: Client, user: User, *, asking: str = "/admin/") -> Any:
    typed = {"username": user.email, "password": factories.PASSWORD, "next": asking}
    return client.post(reverse("admin:login"), typed)


def by_code(client: Client, typed: str) -> Any:
    return client.post(reverse("mfa_authenticate"), {"code": typed})


def sign_in(client: Client, user: User) -> Any:
    """By password, then by the application."""
    by_password(client, user)
    return by_code(client, code())


def kinds(user: User) -> list[str]:
    return list(Authenticator.objects.filter(user=user).order_by("type").values_list("type", flat=True))
