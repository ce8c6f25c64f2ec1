"""An invitation to share an organisation: a mail with a signed link, taken by the account of the address it went to."""

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts import members
from accounts.models import Invitation, Membership, Organisation, User
from core import outbox

_SALT = "accounts.invitation"


@transaction.atomic
def send(organisation: Organisation, email: str, role: str, by: User) -> Invitation:
    """Invite ``email``, or again; the same whether or not the address has an account. One mail an hour at most."""
    invitation, _ = Invitation.objects.update_or_create(
        organisation=organisation,
        email=email.lower(),
        defaults={"role": role, "invited_by": by, "sent_at": timezone.now()},
    )
    context = {
        "invitation": invitation,
        "organisation": organisation,
        "site_url": settings.SITE_URL,
        "invitation_url": settings.SITE_URL + reverse("labels:invitation", args=[token_of(invitation)]),
    }
    subject, text, html = (
        render_to_string(f"accounts/emails/invitation_{part}", context)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    key = f"invitation-{invitation.pk}-{invitation.sent_at:%Y%m%d%H}"
    outbox.post(key=key, to=invitation.email, subject=subject, text=text, html=html)
    return invitation


def token_of(invitation: Invitation) -> str:
    return signing.dumps(invitation.pk, salt=_SALT)


def find(token: str) -> Invitation | None:
    """The invitation of a link, None once it was taken, cancelled or is too old. Raises signing.BadSignature."""
    try:
        pk = signing.loads(token, salt=_SALT, max_age=Invitation.OPEN_FOR)
    except signing.SignatureExpired:
        return None
    return Invitation.objects.open().select_related("organisation", "invited_by").filter(pk=pk).first()


def is_for(invitation: Invitation, user: User) -> bool:
    return invitation.email == user.email


@transaction.atomic
def accept(invitation: Invitation, user: User) -> Membership | None:
    """Let the invited person in; the invitation is used up. None where it was cancelled or taken since it was read.

    Where its organisation was joined to another meanwhile, it is that one's.
    """
    members.hold(invitation.organisation)
    current = Invitation.objects.open().select_related("organisation").filter(pk=invitation.pk).first()
    if current is None:
        return None
    if current.organisation != invitation.organisation:
        return accept(current, user)
    return members.join(current.organisation, user, current.role)
