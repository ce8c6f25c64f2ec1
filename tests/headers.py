"""What an answer says of itself, read as a browser reads it."""

from typing import Any


def policy(answer: Any) -> dict[str, str]:
    """The content security policy by directive, whose order has no meaning and changes from process to process."""
    parts = answer.headers["Content-Security-Policy"].split(";")
    return dict(part.strip().partition(" ")[::2] for part in parts)
