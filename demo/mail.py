"""Mails of a demonstration: printed in the terminal as their reader sees them, so that a sign-in code is read there."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend


class TerminalBackend(EmailBackend):
    """Addressee, subject and text; the HTML part is on the staff's page of mails."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            with self._lock:
                self.stream.write(
                    f"\n── Courriel pour {', '.join(message.to)}\n   {message.subject}\n\n{message.body}\n──\n"
                )
                self.stream.flush()
        return len(email_messages)
