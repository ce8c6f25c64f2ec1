"""allauth's second factor in French, with its secrets stored encrypted."""

import base64
import hashlib
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction

from accounts import second_factor


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Ce code n’est pas le bon. Recopiez celui qui s’affiche maintenant.",
        "cannot_delete_authenticator": "C’est votre seul second facteur : ajoutez-en un autre avant de le retirer.",
        "cannot_generate_recovery_codes": "Ajoutez d’abord une application d’authentification ou une clé d’accès.",
    }

    def _get_site_name(self) -> str:
        return "Semaine de l’industrie"

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A secret that another SECRET_KEY closed opens nothing: no code is the right one."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise self.validation_error("incorrect_code") from None

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not (second_factor.must_have(authenticator.user) and second_factor.is_the_last(authenticator))

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Clé d’accès {count + 1}" if count else "Clé d’accès"


def reseal() -> tuple[int, int]:
    """Close every stored secret by the key of today; how many were, and how many no known key opens."""
    outcomes = [
        _reseal(pk)
        for pk in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk", flat=True)
    ]
    return outcomes.count(True), outcomes.count(False)


@transaction.atomic
def _reseal(pk: int) -> bool | None:
    """False where no key opens it; None where it went meanwhile."""
    # Held: a recovery code may be used at this moment.
    found = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        return None
    name = "secret" if found.type == Authenticator.Type.TOTP else "seed"
    try:
        found.data[name] = _box().rotate(found.data[name].encode()).decode()
    except InvalidToken:
        return False
    found.save(update_fields=["data"])
    return True


def _box() -> MultiFernet:
    """The key of today first; those before it still open what they closed."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"accounts.mfa" + secret.encode()).digest()))
