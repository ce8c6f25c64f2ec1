"""The outbox at the desk: an examiner reads the mails about what they may see, and has those refused sent again."""

from typing import Any, cast

from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from accounts import audit
from accounts.models import User
from core import outbox
from core.admin import mail as core_mail
from core.outbox import Mail
from labels.links import Link
from labels.models import Application


def visible_mails(user: User) -> QuerySet[Mail]:
    """All of them for the national team; to a région those about its applications, and no code to sign in."""
    if user.has_perm("labels.examine_everywhere"):
        return Mail.objects.all()
    references = Application.objects.visible_to(user).order_by().values("reference")
    return Mail.objects.filter(about__in=references, is_secret=False)


@transaction.atomic
def send_again(mail: Mail, by: User) -> bool:
    """Put a mail that was refused back among those to send, and log it; False when it was not refused."""
    if not outbox.retry(mail.pk):
        return False
    audit.record(by, "mail.resend", "Courriel refusé remis à l’envoi", about=mail.about, details={"mail": mail.pk})
    return True


@admin.register(Mail)
class MailAdmin(core_mail.MailAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[Mail]:
        return visible_mails(cast(User, request.user)).order_by(*self.get_ordering(request) or ("-pk",))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Mail:
        found: Any = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404("Ce courriel n’existe pas.")
        return cast(Mail, found)

    def readable(self, mail: Mail) -> str:
        """Without the link by which its organiser accepts a correction: who proposed it could say yes to themselves.

        In a demonstration there is no other way to get one.
        """
        return mail.text if settings.DEMO else Link.PROPOSAL.masked_in(mail.text)

    def retry(self, request: HttpRequest, mail: Mail) -> bool:
        return send_again(mail, cast(User, request.user))
