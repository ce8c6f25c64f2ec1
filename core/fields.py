"""Form fields whose text went through ``clean_text``."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.text import clean_text


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
    """An address without the invisible characters that Django lets through, and of characters an SMTP server takes."""

    def to_python(self, value: Any) -> str:
        text = clean_text(super().to_python(value) or "")
        if text and not text.isascii():
            raise ValidationError("Saisissez une adresse électronique sans accent ni caractère spécial.", code="ascii")
        return text
