"""The mails that left about an application, or wait to; one may be sent again."""

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.models import User
from core import outbox
from core.outbox import Mail
from labels.admin.desk import DeskAdmin
from labels.models import Application

AT_MOST = 50
# A second click within it sends nothing more.
PAUSE = timedelta(minutes=1)


class NotSent(Exception):
    """This mail is not sent again; the message is French, for the person who asked."""


def mails_about(application: Application) -> QuerySet[Mail]:
    """The latest first; codes to sign in are nobody else's."""
    return Mail.objects.filter(about=application.reference, is_secret=False)


@transaction.atomic
def send_again(mail: Mail) -> None:
    """Let a mail leave once more, whole. Raises NotSent."""
    if mail.state == Mail.State.CANCELLED:
        raise NotSent("Ce courriel a été annulé avant son envoi : ce qu’il annonçait n’est plus vrai.")
    if mail.is_forgotten:
        raise NotSent("Le texte et le destinataire de ce courriel sont effacés : il ne peut plus être renvoyé.")
    if mail.state == Mail.State.FAILED and outbox.retry(mail.pk):
        return
    if mail.state != Mail.State.SENT:
        raise NotSent("Ce courriel attend son envoi : il partira de lui-même.")
    if not mail.text:
        raise NotSent("Le texte de ce courriel a été effacé avec le compte de son destinataire.")
    copies = Mail.objects.filter(key__startswith=f"again-{mail.pk}-")
    if copies.filter(created_at__gt=timezone.now() - PAUSE).exists():
        raise NotSent("Ce courriel vient d’être renvoyé.")
    outbox.post(
        # Not a copy by its key: an undo of the decision has nothing to take back here.
        key=f"again-{mail.pk}-{copies.count() + 1}",
        to=mail.to,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        unsubscribe_url=mail.unsubscribe_url,
        about=mail.about,
    )


class CorrespondenceAdmin(DeskAdmin):
    def get_urls(self) -> list[URLPattern]:
        address = "<path:object_id>/courriels/<int:mail>/renvoyer/"
        view = self.admin_site.admin_view(self.send_mail_again)
        return [path(address, view, name="labels_application_resend"), *super().get_urls()]

    @method_decorator(require_POST)
    def send_mail_again(self, request: HttpRequest, object_id: str, mail: int) -> HttpResponse:
        application, user = self.get_object(request, object_id), cast(User, request.user)
        if not self.has_examine_permission(request):
            raise PermissionDenied("Votre compte permet de lire les demandes, pas d’écrire aux organisateurs.")
        # A longer number is the key of nothing.
        found = mails_about(application).filter(pk=mail).first() if mail < 2**63 else None
        if found is None:
            raise Http404("Ce courriel n’existe pas.")
        try:
            with transaction.atomic():
                send_again(found)
                audit.record(
                    user,
                    "mail.resend",
                    "Courriel renvoyé",
                    about=application.reference,
                    details={"mail": found.pk, "subject": found.subject},
                )
        except NotSent as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Le courriel « {found.subject} » est renvoyé.")
        return HttpResponseRedirect(f"{self._address(request, application.pk)}#courriels")
