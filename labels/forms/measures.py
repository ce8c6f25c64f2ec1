"""Numbers, prices, degrees and hours as French writes them, in plain digits."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.contact_fields import compact


class WholeNumberField(forms.IntegerField):
    """A whole number in plain digits, with the spaces that French puts between thousands."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    default_error_messages = {"invalid": "Saisissez un nombre entier, par exemple 25."}

    def to_python(self, value: Any) -> int | None:
        text = compact(value)
        if text and not re.fullmatch(r"\d{1,12}", text, re.ASCII):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(text) if text else None


class PriceField(forms.DecimalField):
    """An amount in euros with a decimal comma; « gratuit » is 0."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    default_error_messages = {"invalid": "Saisissez un montant en euros, par exemple 0 ou 12,50."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 8, "decimal_places": 2, "min_value": Decimal(0), **kwargs})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = compact(value).lower().removesuffix("€").removesuffix("euros").replace(",", ".")
        if not text:
            return None
        if text == "gratuit":
            return Decimal(0)
        if not re.fullmatch(r"-?\d{1,12}(\.\d*)?", text, re.ASCII):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(text)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return f"{value:f}".replace(".", ",").removesuffix(",00")


class DegreesField(forms.FloatField):
    """A latitude or a longitude in decimal degrees, kept to six decimals."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    default_error_messages = {"invalid": "Saisissez des degrés décimaux, par exemple 48,8566."}

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]
        text = compact(value).replace(",", ".")
        if not text:
            return None
        if not re.fullmatch(r"-?\d{1,3}(\.\d{1,15})?", text, re.ASCII):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return round(float(text), 6)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",") if isinstance(value, float) else value


class DayField(forms.DateField):
    """A date as a browser sends it or as French writes it: 16/11/2026, 16-11-2026, 16.11.2026."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {
        "invalid": "Saisissez une date qui existe, jour puis mois puis année, par exemple 16/11/2026."
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"input_formats": ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"], **kwargs})


class ClockField(forms.TimeField):
    """An hour of the day as the clock shows it: 14:30, 14h30, 14 h."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    default_error_messages = {
        "invalid": "Saisissez une heure entre 00:00 et 23:59, par exemple 14:30 ; "
        "après minuit, ajoutez un créneau le lendemain."
    }

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return super().to_python(value)
        text = re.sub(r"(?i)h", ":", compact(value))
        if text and not re.fullmatch(r"\d{1,2}:(\d{2}(:\d{2})?)?", text, re.ASCII):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text + "00" if text.endswith(":") else text)
