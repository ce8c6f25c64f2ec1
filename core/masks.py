"""What must stand in no log and reach no outside service: addresses of people, and the tokens of signed links."""

import re

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.-])(?:(?:\+33|0033)[ .-]?|0)[1-9](?:\d{8}|(?:[ .-]\d\d){4})(?![\w-])")
# Addresses that open a page to whoever holds them, and the signature of a picture that is not public.
_SIGNED = re.compile(
    r"(?<=/)((?:invitations|apercu|suivi|correction|rappels|mot-de-passe)/)[^\s\"'<>?]{8,}|([?&]s=)[^\s\"'<>&]+"
)


def masked(text: str) -> str:
    """``text`` with « … » where it named a mailbox, a telephone or a signed link."""
    text = _SIGNED.sub(lambda found: f"{found[1] or found[2]}…", text)
    return _PHONE.sub("…", _EMAIL.sub("…", text))
