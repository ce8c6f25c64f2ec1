"""Form fields of an image: the file, drawn anew as soon as it is read, and what it shows in words."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.fields import TextField
from core.templatetags.french import weight
from core.uploads import LARGEST_FILE
from events.images import ACCEPTED, Drawn, UnreadableImage, draw

# Minutes that whoever sent too many files waits; who counts them sets ``is_refused``.
REFUSED_FOR = 10
_TOO_OFTEN = (
    f"Trop de fichiers d’un coup : celui-ci n’est pas gardé. Choisissez-le de nouveau dans {REFUSED_FOR} minutes."
)
_TYPES = "image/png,image/jpeg,image/webp"
_FILE_NAME = re.compile(r".*\.(?:png|jpe?g|webp|gif|hei[cf]|pdf|tiff?|bmp|svg)", re.IGNORECASE)
# What cameras, telephones and hurried people write: no word of what is seen.
_SAYS_NOTHING = re.compile(
    r"(?:img|images?|photos?|dscn?|dscf|pxl|mvimg|scans?|captures?|screenshots?|visuels?|documents?|doc|fichiers?"
    r"|sans titre|untitled|whatsapp image)?[\W\d_]*|\w{1,2}",
    re.IGNORECASE,
)


class PictureField(forms.FileField):
    """A file that is read at once, as the image it holds drawn anew; its name is of no use to anyone."""

    widget = forms.FileInput(attrs={"accept": _TYPES, "data-most": LARGEST_FILE})
    default_error_messages = {
        "invalid": "Ce fichier n’est pas arrivé. Choisissez-le de nouveau.",
        "missing": "Ce fichier n’est pas arrivé. Choisissez-le de nouveau.",
        "empty": f"Ce fichier est vide. Choisissez-en un autre. {ACCEPTED}",
        "too often": _TOO_OFTEN,
        "max_length": "Le nom de ce fichier est trop long : renommez-le, puis choisissez-le de nouveau.",
    }

    # Set on a form's own field when its sender has sent too many: the file is not even read.
    is_refused = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=250, **kwargs)

    def to_python(self, data: Any) -> Drawn | None:  # type: ignore[override]
        file = super().to_python(data)
        if file is None:
            return None
        if self.is_refused:
            raise ValidationError(self.error_messages["too often"], code="too often")
        if (file.size or 0) > LARGEST_FILE:
            raise ValidationError(f"Ce fichier pèse {weight(file.size)} : 8 Mo au plus. {ACCEPTED}", code="size")
        try:
            return draw(file)
        except UnreadableImage as fault:
            raise ValidationError(str(fault), code="unreadable") from None


class AlternativeField(TextField):
    """What the picture shows, said to who does not see it."""

    default_error_messages = {"required": "Dites ce que montre l’image, pour les personnes qui ne la voient pas."}

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (_FILE_NAME.fullmatch(value) or _SAYS_NOTHING.fullmatch(value)):
            raise ValidationError(
                f"« {value} » ne dit pas ce que l’on voit. Décrivez l’image, par exemple "
                "« Une apprentie règle un tour dans l’atelier d’usinage ».",
                code="empty words",
            )
