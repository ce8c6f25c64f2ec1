"""Form fields whose text went through ``clean_text``."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from core.text import clean_text

# RFC 5321, 4.5.3.1.1: the longest name before the @ that a server must take.
LOCAL_PART = 64


class TextField(forms.CharField):
    """One line of cleaned text; several with ``multiline``."""

    def __init__(self, *, multiline: bool = False, **kwargs: Any) -> None:
        self.multiline = multiline
        if multiline:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 6}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "", multiline=self.multiline)


class EmailField(forms.EmailField):
    """An address that an SMTP server takes: Django's own rule also lets through what no server delivers to."""

    default_validators = [EmailValidator(allowlist=[])]

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        if not text.isascii():
            raise ValidationError("Saisissez une adresse électronique sans accent ni caractère spécial.", code="ascii")
        return clean_text(text)

    def run_validators(self, value: str) -> None:
        super().run_validators(value)
        local, _, _ = value.rpartition("@")
        if len(local) > LOCAL_PART or '"' in local:
            raise ValidationError("Saisissez une adresse électronique valide.", code="invalid")
