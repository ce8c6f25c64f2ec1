"""What a staff's password must be: the CNIL's recommendation of 2022, for one that would stand alone."""

import re
from typing import Any

from django.core.exceptions import ValidationError

_KINDS = (r"[a-zà-öø-ÿœ]", r"[A-ZÀ-ÖØ-ÞŒ]", r"\d", r"[^\w\s]|_")
WORDS = 7


def is_strong(password: str) -> bool:
    """Twelve characters of four kinds, fourteen of three, or seven different words."""
    kinds = sum(bool(re.search(kind, password)) for kind in _KINDS)
    words = {word.lower() for word in re.findall(r"[^\W\d_]{2,}", password)}
    distinct = len(set(password))
    return (
        (len(password) >= 12 and kinds == 4 and distinct >= 6)
        or (len(password) >= 14 and kinds >= 3 and distinct >= 6)
        or len(words) >= WORDS
    )


class StrengthValidator:
    help_text = (
        "Au moins douze caractères avec des majuscules, des minuscules, des chiffres et des signes ; "
        "ou quatorze caractères de trois de ces sortes ; ou une phrase d’au moins sept mots différents."
    )

    def validate(self, password: str, user: Any = None) -> None:
        if not is_strong(password):
            raise ValidationError(
                f"Ce mot de passe est trop facile à deviner. {self.help_text}", code="password_too_weak"
            )

    def get_help_text(self) -> str:
        return self.help_text
