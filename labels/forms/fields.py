"""SIRET and UAI as people write them: stored in one form, refused in words that help."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.contact_fields import compact

LA_POSTE = "356000000"


# The letter that checks the number of a school: 23 of them, without I, O and Q.
UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


class NumberField(forms.CharField):
    """The SIRET of an establishment (14 digits) or the UAI of a school (7 digits, a letter), checked offline."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    default_error_messages = {
        "spreadsheet": "Ce numéro a été abîmé par un tableur (5,52E+13) : recopiez les 14 chiffres du SIRET.",
        "length": "Un SIRET compte 14 chiffres ; l’UAI d’un établissement scolaire, 7 chiffres et une lettre.",
        "siret": "Ce SIRET n’existe pas : vérifiez les 14 chiffres.",
        "uai": "Cet UAI n’existe pas : vérifiez les 7 chiffres et la lettre.",
    }

    def to_python(self, value: Any) -> str:
        number = compact(value).upper()
        if not number:
            return ""
        if re.fullmatch(r"\d+[.,]?\d*E\+?\d+", number, re.ASCII):
            raise ValidationError(self.error_messages["spreadsheet"], code="spreadsheet")
        if re.fullmatch(r"\d{14}", number, re.ASCII):
            return self._checked(number, "siret", is_known=is_siret(number))
        if re.fullmatch(r"\d{7}[A-Z]", number, re.ASCII):
            return self._checked(number, "uai", is_known=is_uai(number))
        raise ValidationError(self.error_messages["length"], code="length")

    def _checked(self, number: str, code: str, *, is_known: bool) -> str:
        if not is_known:
            raise ValidationError(self.error_messages[code], code=code)
        return number


def columns_of(number: str) -> dict[str, str]:
    """A number of ``NumberField`` as the columns of an organisation."""
    return {"siret": number if len(number) == 14 else "", "uai": number if len(number) == 8 else ""}


def is_uai(number: str) -> bool:
    return UAI_LETTERS[int(number[:7]) % len(UAI_LETTERS)] == number[7]


def is_siret(digits: str) -> bool:
    """Luhn's check, or for La Poste a sum of digits that five divides."""
    if not int(digits[:9]):
        return False
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(digits)]
    is_luhn = sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0
    return is_luhn or (digits.startswith(LA_POSTE) and sum(map(int, digits)) % 5 == 0)
