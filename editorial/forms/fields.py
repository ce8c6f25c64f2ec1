"""Form fields of the DGE's team: a file to offer, a text in Markdown."""

from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.fields import TextField
from core.templatetags.french import weight
from core.uploads import LARGEST_FILE
from editorial.documents import ACCEPTED, Document, UnreadableDocument, read
from editorial.markup import headings

LONGEST_TEXT = 20_000


class DocumentField(forms.FileField):
    """A file that is read at once; its name is of no use, the resource's own is given to who downloads it."""

    widget = forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg,image/webp"})
    default_error_messages = {
        "invalid": "Ce fichier n’est pas arrivé. Choisissez-le de nouveau.",
        "missing": "Ce fichier n’est pas arrivé. Choisissez-le de nouveau.",
        "empty": f"Ce fichier est vide. Choisissez-en un autre. {ACCEPTED}",
        "max_length": "Le nom de ce fichier est trop long : renommez-le, puis choisissez-le de nouveau.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=250, **kwargs)

    def to_python(self, data: Any) -> Document | None:  # type: ignore[override]
        file = super().to_python(data)
        if file is None:
            return None
        if (file.size or 0) > LARGEST_FILE:
            raise ValidationError(f"Ce fichier pèse {weight(file.size)} : 8 Mo au plus. {ACCEPTED}", code="size")
        try:
            return read(file)
        except UnreadableDocument as fault:
            raise ValidationError(str(fault), code="unreadable") from None


class MarkupField(TextField):
    """Markdown whose headings go down one level at a time, as who listens to a page moves through it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 20, "class": "vLargeTextField"})
        super().__init__(multiline=True, max_length=LONGEST_TEXT, widget=widget, **kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        levels = [1, *(max(level, 2) for level in headings(value))]
        if any(level > before + 1 for before, level in pairwise(levels)):
            raise ValidationError("Un titre « ### » vient sous un titre « ## » : n’en sautez pas.", code="headings")
