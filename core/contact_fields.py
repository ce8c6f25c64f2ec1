"""Web addresses and telephones as people write them: stored in one form, refused in words that help."""

import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from core.templatetags.french import phone
from core.text import clean_text

_SPACES = re.compile("[ \u00a0\u202f\u2009]")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])", re.ASCII)
_LOCAL_NAMES = ("local", "localhost", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "arpa")


def compact(value: Any) -> str:
    return _SPACES.sub("", clean_text("" if value is None else str(value)))


class WebAddressField(forms.URLField):
    """An http or https address of a public host; ``https://`` is added where no scheme is typed."""

    default_validators = [URLValidator(schemes=["http", "https"])]
    default_error_messages = {
        "invalid": "Saisissez une adresse complète, par exemple https://www.exemple.fr/visite",
        "scheme": "L’adresse doit commencer par https:// ou http://",
        "host": "Saisissez l’adresse d’un site public, par exemple https://www.exemple.fr",
        "length": "Cette adresse est trop longue pour être conservée.",
        "credentials": "L’adresse ne doit contenir ni identifiant ni mot de passe.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"assume_scheme": "https", **kwargs})

    def to_python(self, value: Any) -> str:
        text = clean_text(str(value or ""))
        if not text:
            return ""
        if self.max_length and len(text) > self.max_length:
            raise ValidationError(self.error_messages["length"], code="length")
        if re.search(r"[\s\\]", text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if (scheme := re.match(r"([a-z][a-z0-9+.-]*):(?!\d)", text, re.IGNORECASE)) and scheme[1].lower() not in (
            "http",
            "https",
        ):
            raise ValidationError(self.error_messages["scheme"], code="scheme")
        return self._with_public_host(super().to_python(text if "://" in text else f"https://{text}") or "")

    def _with_public_host(self, address: str) -> str:
        """``address`` with its host in the letters that browsers send (punycode), refused when it is not public."""
        try:
            parts = urlsplit(address)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if "@" in parts.netloc:
            raise ValidationError(self.error_messages["credentials"], code="credentials")
        try:
            host = host.encode("idna").decode().rstrip(".")
        except UnicodeError as error:
            raise ValidationError(self.error_messages["host"], code="host") from error
        if not _HOST.fullmatch(host) or host.rsplit(".", 1)[-1] in _LOCAL_NAMES:
            raise ValidationError(self.error_messages["host"], code="host")
        return urlunsplit(parts._replace(netloc=f"{host}:{port}" if port else host))


# The national prefixes of the overseas départements, which have country codes of their own.
_OVERSEAS = {
    "590": ("590", "690", "691"),
    "594": ("594", "694"),
    "596": ("596", "696", "697"),
    "262": ("262", "263", "269", "639", "692", "693"),
}
_COUNTRY_OF = {prefix: country for country, prefixes in _OVERSEAS.items() for prefix in prefixes}
# Collectivities whose numbers have no national prefix: digits after the country code.
_SHORT = {"508": 6, "681": 6, "687": 6, "689": 8}


class PhoneField(forms.CharField):
    """A French telephone number, overseas included, or a foreign one with its code; stored as +<digits> (E.164)."""

    widget = forms.TextInput(attrs={"inputmode": "tel"})
    default_error_messages = {
        "invalid": "Saisissez un numéro de téléphone, par exemple 01 23 45 67 89, 0692 12 34 56 ou +687 12 34 56."
    }

    def to_python(self, value: Any) -> str:
        text = re.sub(r"[.\-/]|\(0\)", "", compact(value))
        if not text:
            return ""
        international = "+" + text[2:] if text.startswith("00") else text
        number = self._of_france(international) or self._from_abroad(international)
        if not number:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return number

    @staticmethod
    def _of_france(text: str) -> str:
        found = re.fullmatch(r"(?:0|\+33|\+(?:590|594|596|262))0?([1-9]\d{8})", text, re.ASCII)
        if not found:
            return ""
        country = _COUNTRY_OF.get(found[1][:3], "33")
        return f"+{country}{found[1]}"

    @staticmethod
    def _from_abroad(text: str) -> str:
        if text.startswith(("+33", "+590", "+594", "+596", "+262")):
            return ""
        if (length := _SHORT.get(text[1:4])) and text.startswith("+"):
            return text if re.fullmatch(rf"\+\d{{{3 + length}}}", text, re.ASCII) else ""
        return text if re.fullmatch(r"\+[1-9]\d{7,14}", text, re.ASCII) else ""

    def prepare_value(self, value: Any) -> Any:
        return phone(value) if isinstance(value, str) else value
