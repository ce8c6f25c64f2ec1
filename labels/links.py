"""Signed links: each opens one page to whoever holds it, without signing in, for as long as it is good for."""

import re
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.urls import reverse


class Link(StrEnum):
    """What a link opens, by the name of its address."""

    PREVIEW = "preview"
    FOLLOW = "follow"
    REMINDERS = "reminders"
    PROPOSAL = "proposal"

    @property
    def days(self) -> int:
        return {Link.PREVIEW: 14, Link.FOLLOW: 90, Link.REMINDERS: 400, Link.PROPOSAL: 30}[self]

    @property
    def _signer(self) -> signing.TimestampSigner:
        return signing.TimestampSigner(salt=f"labels.{self}", sep=".")

    def to(self, subject: str) -> str:
        """The whole address, about ``subject``: a reference, a person's key."""
        path = reverse(f"labels:{self}", args=[self.sign(subject)])
        return f"{settings.SITE_URL}{path}"

    def sign(self, subject: str) -> str:
        token: str = self._signer.sign(subject)
        return token

    def read(self, token: str) -> str:
        """Its subject; raises SignatureExpired past its days, BadSignature for what was not signed here."""
        subject: str = self._signer.unsign(token, max_age=self.days * 24 * 3600)
        return subject

    def masked_in(self, text: str) -> str:
        """``text`` with such links as only their addressee may open left out."""
        before, after = self._address("\0").split("\0")
        return re.sub(rf"{re.escape(before)}[^/\s]+{re.escape(after)}", "[lien personnel]", text)

    def _address(self, token: str) -> str:
        # Not by the name alone: what is no token would be quoted.
        return f"{settings.SITE_URL}{reverse(f'labels:{self}', args=['-'])}".replace("/-/", f"/{token}/")
