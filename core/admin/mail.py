"""The outbox as staff read it: what left, what waits, what was refused and may be sent again."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import urlize
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import outbox
from core.admin.lists import ColumnFilter, ListAdmin
from core.outbox import Mail


class StateFilter(ColumnFilter):
    title = "état"
    parameter_name = "etat"
    column = "state"
    choices_offered = Mail.State.choices


class MailAdmin(ListAdmin[Mail]):
    """Registered by the app that knows who may read which mail."""

    list_display = ("what", "to", "state", "created_at", "sent_at", "attempts")
    list_filter = (StateFilter,)
    search_fields = ("to", "subject")
    search_help_text = "Destinataire ou objet."
    fields = ("what", "to", "state", "created_at", "send_after", "sent_at", "attempts", "last_error", "body")
    readonly_fields = fields
    actions = ("send_again",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Mail], search_term: str
    ) -> tuple[QuerySet[Mail], bool]:
        """A subject that is not shown is not searched either: a code would be found digit by digit."""
        found, repeats = super().get_search_results(request, queryset, search_term)
        if settings.DEMO or not search_term:
            return found, repeats
        return found.filter(Q(is_secret=False) | Q(to__icontains=search_term.strip())), repeats

    @admin.display(description="objet", ordering="subject")
    def what(self, mail: Mail) -> str:
        return "Message confidentiel" if is_hidden(mail) else mail.subject

    @admin.display(description="texte")
    def body(self, mail: Mail) -> SafeString:
        if is_hidden(mail):
            return format_html("<em>{}</em>", "Ce message contient un code de connexion : son texte n’est pas montré.")
        return format_html('<div class="typed">{}</div>', urlize(self.readable(mail), autoescape=True))

    def readable(self, mail: Mail) -> str:
        """Its text, without what opens something to whoever reads it."""
        return mail.text

    @admin.action(description="Renvoyer les courriels refusés", permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Mail]) -> None:
        mails = list(queryset)
        count = sum(self.retry(request, mail) for mail in mails)
        level = messages.SUCCESS if count else messages.WARNING
        sent = "1 courriel remis dans la file" if count == 1 else f"{count} courriels remis dans la file"
        skipped = len(mails) - count
        self.message_user(request, f"{sent} ; {skipped} laissé(s) de côté, qui n’étaient pas en échec.", level)

    def retry(self, request: HttpRequest, mail: Mail) -> bool:
        return outbox.retry(mail.pk)


def is_hidden(mail: Mail) -> bool:
    """Codes are nobody else's to read, but in a demonstration there is no other way to get one."""
    return mail.is_secret and not settings.DEMO
